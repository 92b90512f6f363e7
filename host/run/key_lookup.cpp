#include "run/key_lookup.hpp"

#include "batch/legacy_key.hpp"
#include "pg/copy_out.hpp"
#include "pg/decode.hpp"
#include "run/existing_rows.hpp"
#include "run/key_filter.hpp"
#include "run/source_reader.hpp"

namespace mighost {

std::map<std::string, bool> look_up_keys(Session& source, const PlannedEntity& planned,
                                         const std::vector<std::string>& keys) {
  std::map<std::string, bool> found;
  if (keys.empty()) return found;
  const Entity& entity = *planned.entity;
  const std::string kept = filter_condition(entity);
  std::string list;
  std::vector<mig_type> types;
  for (std::uint32_t index = 0; index < entity.n_key; ++index) {
    list += planned.source_selects[index] + ", ";
    types.push_back(entity.source_columns[index].type);
  }
  types.push_back(MIG_BOOL);
  const std::string query = "SELECT " + list + (kept.empty() ? "true" : "(" + kept + ")") +
                            " FROM " + source_relation(entity) + " WHERE " +
                            key_condition(planned, keys);
  const RowDecoder decoder = decoder_for(source, query, types);
  std::vector<mig_cell> cells(types.size());
  std::string text;
  CopyOut copy(source, query);
  for (std::string_view row; copy.next(row);) {
    decoder.decode(row, cells.data());
    text.clear();
    append_key_text(cells.data(), entity.n_key, text);
    bool& passes = found[text];
    passes = passes || cells.back().as.i64 != 0;
  }
  return found;
}

}  // namespace mighost
