#include "cli/manifest_words.hpp"

namespace mighost {

std::string_view identity_word(mig_identity identity) {
  switch (identity) {
    case MIG_IDENTITY_UUID5:
      return "uuid5";
    case MIG_IDENTITY_KEEP:
      return "keep";
    case MIG_IDENTITY_ASSIGNED:
      return "assigned";
    case MIG_IDENTITY_NATURAL:
      return "natural";
    default:
      return "unknown";
  }
}

std::string_view policy_word(mig_policy policy) {
  switch (policy) {
    case MIG_MISSING_REJECT:
      return "reject";
    case MIG_MISSING_NULL:
      return "null";
    case MIG_MISSING_PARK:
      return "park";
    default:
      return "unknown";
  }
}

std::string_view severity_word(mig_severity severity) {
  switch (severity) {
    case MIG_NOTE:
      return "note";
    case MIG_REJECT:
      return "reject";
    default:
      return "abort";
  }
}

std::string_view setting_kind_word(mig_setting_kind kind) {
  switch (kind) {
    case MIG_SETTING_TEXT:
      return "text";
    case MIG_SETTING_INTEGER:
      return "integer";
    case MIG_SETTING_BOOLEAN:
      return "boolean";
    case MIG_SETTING_LIST:
      return "list";
    case MIG_SETTING_MAP:
      return "map";
    default:
      return "unknown";
  }
}

}  // namespace mighost
