#include "plugin/manifest.hpp"

namespace mighost {

std::string plugin_title(const Plugin& plugin) { return plugin.family + " " + plugin.version; }

bool host_fills_identity(const Entity& entity) {
  return !entity.identity_column.empty() &&
         (entity.identity == MIG_IDENTITY_UUID5 || entity.identity == MIG_IDENTITY_KEEP);
}

std::vector<std::string> sent_columns(const Entity& entity) {
  std::vector<std::string> columns;
  for (const Column& column : entity.target_columns) columns.push_back(column.name);
  if (host_fills_identity(entity)) columns.push_back(entity.identity_column);
  return columns;
}

std::string check_name(const Validator& validator) {
  return validator.plugin->family + "." + validator.name;
}

std::string check_name(const Validator& validator, const std::string& inside) {
  return check_name(validator) + "/" + inside;
}

std::string check_name(const Entity& entity, const std::string& inside) {
  return entity.name + "/" + inside;
}

std::string_view type_name(mig_type type) {
  switch (type) {
    case MIG_INT8:
      return "int8";
    case MIG_FLOAT8:
      return "float8";
    case MIG_BOOL:
      return "bool";
    case MIG_TEXT:
      return "text";
    case MIG_NUMERIC:
      return "numeric";
    case MIG_TIMESTAMPTZ:
      return "timestamptz";
    case MIG_DATE:
      return "date";
    case MIG_UUID:
      return "uuid";
    case MIG_BYTES:
      return "bytes";
    case MIG_JSON:
      return "json";
    default:
      return "invalid";
  }
}

}  // namespace mighost
