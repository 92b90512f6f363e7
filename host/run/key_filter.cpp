#include "run/key_filter.hpp"

#include <optional>

#include "batch/legacy_key.hpp"
#include "pg/oids.hpp"

namespace mighost {
namespace {

// Up to here the server tries the keys one by one in an index; a longer list it joins.
constexpr std::size_t listed_keys_max = 20'000;

std::string array_type(const PlannedEntity& planned, std::size_t index) {
  switch (planned.entity->source_columns[index].type) {
    case MIG_INT8:
      return "bigint[]";
    case MIG_UUID:
      return "uuid[]";
    default:
      // Blanks at the end of a char(n) count for text and do not for its own type.
      return planned.source_types[index].base_type_oid == oid::bpchar ? "bpchar[]" : "text[]";
  }
}

/// The column as it stands where the server can compare it with the array, so that its index
/// serves; else what the run reads of it.
std::string compared_column(const PlannedEntity& planned, std::size_t index) {
  std::string column = quote_identifier(planned.entity->source_columns[index].name);
  if (planned.entity->source_columns[index].type != MIG_TEXT) return column;
  switch (planned.source_types[index].base_type_oid) {
    case oid::text:
    case oid::varchar:
    case oid::bpchar:
    case oid::name:
      return column;
    default:
      return "(" + planned.source_selects[index] + ")::text";
  }
}

void append_element(std::string& array, const std::string& text) {
  array += array.size() == 1 ? "\"" : ",\"";
  for (const char letter : text) {
    if (letter == '"' || letter == '\\') array += '\\';
    array += letter;
  }
  array += '"';
}

}  // namespace

std::string key_condition(const PlannedEntity& planned, const std::vector<std::string>& keys) {
  const Entity& entity = *planned.entity;
  std::vector<std::string> arrays(entity.n_key, "{");
  std::size_t listed = 0;
  for (const std::string& key : keys) {
    const auto parts = key_parts(entity.source_columns, entity.n_key, key);
    if (!parts) continue;
    for (std::size_t index = 0; index < parts->size(); ++index) {
      append_element(arrays[index], (*parts)[index]);
    }
    ++listed;
  }
  if (listed == 0) return "false";
  std::string columns, literals;
  for (std::size_t index = 0; index < arrays.size(); ++index) {
    columns += (index == 0 ? "" : ", ") + compared_column(planned, index);
    literals += (index == 0 ? "" : ", ") + quote_literal(arrays[index] + "}") +
                "::" + array_type(planned, index);
  }
  if (arrays.size() == 1 && listed <= listed_keys_max) {
    return columns + " = ANY (" + literals + ")";
  }
  return "(" + columns + ") IN (SELECT * FROM unnest(" + literals + "))";
}

}  // namespace mighost
