#include "run/natural_keys.hpp"

#include <algorithm>

#include "pg/copy_out.hpp"
#include "pg/decode.hpp"
#include "pg/oids.hpp"
#include "report/error.hpp"
#include "run/existing_rows.hpp"

namespace mighost {

mig_type key_type(const CatalogColumn& column) {
  switch (column.base_type_oid) {
    case oid::int2:
    case oid::int4:
    case oid::int8:
      return MIG_INT8;
    case oid::uuid:
      return MIG_UUID;
    default:
      return MIG_TEXT;
  }
}

NaturalKeys::NaturalKeys(Session& target, const Entity& entity) {
  std::vector<mig_type> types;
  std::string list;
  for (const std::string& name : entity.natural_key) {
    const auto found = std::find_if(entity.target_columns.begin(), entity.target_columns.end(),
                                    [&](const Column& column) { return column.name == name; });
    columns_.push_back(static_cast<std::size_t>(found - entity.target_columns.begin()));
    types.push_back(found->type);
    list += quote_identifier(name) + ", ";
  }
  const std::string query = "SELECT " + list + quote_identifier(entity.identity_column) + " FROM " +
                            quote_relation(entity.target);
  types.push_back(key_type(query_columns(target, query).back()));
  const RowDecoder decoder = decoder_for(target, query, types);
  std::vector<mig_cell> cells(types.size());
  CopyOut copy(target, query);
  for (std::string_view row; copy.next(row);) {
    decoder.decode(row, cells.data());
    LegacyKey key;
    if (!read_key(cells.data(), static_cast<std::uint32_t>(columns_.size()), key)) continue;
    std::string text = key.is_integer ? std::to_string(key.integer) : std::move(key.text);
    if (!keys_.emplace(std::move(text), NewKey::from(cells.back())).second) {
      throw Error(Exit::preflight,
                  "two rows of " + entity.target + " share the natural key of " + entity.name,
                  entity.name,
                  "choose columns that are unique in the target, and declare them as natural key");
    }
  }
}

const NewKey* NaturalKeys::find(const mig_cell* target_cells) const {
  std::vector<mig_cell> cells;
  for (const std::size_t column : columns_) cells.push_back(target_cells[column]);
  LegacyKey key;
  if (!read_key(cells.data(), static_cast<std::uint32_t>(cells.size()), key)) return nullptr;
  const auto found = keys_.find(key.is_integer ? std::to_string(key.integer) : key.text);
  return found == keys_.end() ? nullptr : &found->second;
}

}  // namespace mighost
