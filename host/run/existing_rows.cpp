#include "run/existing_rows.hpp"

#include <algorithm>
#include <cstring>

#include "pg/copy_out.hpp"
#include "pg/decode.hpp"
#include "report/error.hpp"

namespace mighost {
namespace {

std::string quoted_list(const std::vector<std::string>& columns) {
  std::string list;
  for (const auto& column : columns) list += (list.empty() ? "" : ", ") + quote_identifier(column);
  return list;
}

}  // namespace

RowDecoder decoder_for(Session& target, const std::string& query,
                       const std::vector<mig_type>& types) {
  const auto live = query_columns(target, query);
  std::vector<WireColumn> columns;
  for (std::size_t index = 0; index < live.size(); ++index) {
    columns.push_back({live[index].base_type_oid, live[index].type_type, types[index]});
  }
  return RowDecoder(columns);
}

mig_type identity_type(const Entity& entity) {
  if (entity.identity == MIG_IDENTITY_KEEP) return entity.source_columns[0].type;
  for (const Column& column : entity.target_columns) {
    if (column.name == entity.identity_column) return column.type;
  }
  return MIG_UUID;
}

bool target_has_rows(Session& target, const std::string& quoted_table) {
  return target.query("SELECT EXISTS (SELECT FROM " + quoted_table + ")").value() == "t";
}

bool rows_tell_keys(const Entity& entity) {
  const bool computed =
      entity.identity == MIG_IDENTITY_UUID5 || entity.identity == MIG_IDENTITY_KEEP;
  return computed && (!entity.legacy_columns.empty() || !entity.identity_column.empty());
}

void load_existing_keys(Session& target, const Entity& entity, KeyBook& book) {
  if (entity.identity == MIG_IDENTITY_NATURAL) {
    throw Error(Exit::preflight,
                entity.name + " finds its rows by a natural key, which only its handler can tell",
                entity.name, "select " + entity.name + " as well; it writes nothing");
  }
  const bool computed = entity.identity == MIG_IDENTITY_UUID5;
  const bool has_identity = !entity.identity_column.empty();
  std::vector<std::string> columns = entity.legacy_columns;
  std::vector<mig_type> types;
  for (std::size_t index = 0; index < columns.size(); ++index)
    types.push_back(entity.source_columns[index].type);
  if (columns.empty() && entity.identity == MIG_IDENTITY_KEEP) {
    columns = {entity.identity_column};
    types = {identity_type(entity)};
  }
  const std::size_t key_columns = columns.size();
  if (key_columns == 0 && !(computed && has_identity)) {
    throw Error(
        Exit::preflight,
        entity.target + " has rows, and nothing tells which of them " + entity.name + " brought",
        entity.name, "declare legacy columns for the entity, or empty the table");
  }
  if (has_identity) {
    columns.push_back(entity.identity_column);
    types.push_back(identity_type(entity));
  }
  std::string query = "SELECT " + quoted_list(columns) + " FROM " + quote_relation(entity.target);
  for (std::size_t index = 0; index < key_columns; ++index) {
    query += (index == 0 ? " WHERE " : " AND ") + quote_identifier(columns[index]) + " IS NOT NULL";
  }
  const RowDecoder decoder = decoder_for(target, query, types);
  std::vector<mig_cell> cells(columns.size());
  LegacyKey key;
  CopyOut copy(target, query);
  for (std::string_view row; copy.next(row);) {
    decoder.decode(row, cells.data());
    if (key_columns == 0) {
      mig::uuid id;
      std::memcpy(id.bytes.data(), cells[0].as.data, id.bytes.size());
      book.add_existing_id(id);
      continue;
    }
    read_key(cells.data(), static_cast<std::uint32_t>(key_columns), key);
    std::optional<NewKey> stored;
    if (has_identity) {
      // Rows that somebody else brought under other keys are adopted: references follow the key
      // that is there.
      NewKey there = NewKey::from(cells[key_columns]);
      const bool as_computed =
          computed && std::memcmp(book.computed(key).bytes.data(), there.bytes.data(), 16) == 0;
      if (!as_computed && entity.identity != MIG_IDENTITY_KEEP) stored = std::move(there);
    }
    book.add_existing(key, std::move(stored));
  }
}

std::string create_comparison_table(Session& target, const PlannedEntity& planned,
                                    std::size_t position, const std::vector<std::string>& columns) {
  const std::string name = "mighost_existing_" + std::to_string(position);
  target.execute("CREATE TEMPORARY TABLE " + name + " ON COMMIT DROP AS SELECT " +
                 quoted_list(columns) + " FROM " + planned.target.qualified() + " WITH NO DATA");
  return "pg_temp." + quote_identifier(name);
}

std::vector<std::string> comparison_keys(const Entity& entity) {
  if (entity.identity_column.empty()) return entity.legacy_columns;
  return {entity.identity_column};
}

std::optional<std::string> drift_of_total(Session& target, const PlannedEntity& planned,
                                          const std::string& comparison_table, const Total& total) {
  const std::string keys = quoted_list(comparison_keys(*planned.entity));
  const auto sum = [&](const std::string& table, const std::string& other) {
    return "(SELECT coalesce(sum((" + total.target_expression + "\n)::numeric), 0) FROM " + table +
           " WHERE (" + keys + ") IN (SELECT " + keys + " FROM " + other + "))";
  };
  const std::string there = planned.target.qualified();
  target.execute("SAVEPOINT mighost_total");
  std::optional<std::string> drift;
  try {
    drift =
        target
            .query("SELECT " + sum(there, comparison_table) + " - " + sum(comparison_table, there))
            .value();
  } catch (const SqlError& refused) {
    if (refused.error().connection_lost) throw;
    target.execute("ROLLBACK TO SAVEPOINT mighost_total");
  }
  target.execute("RELEASE SAVEPOINT mighost_total");
  return drift;
}

Drift compare_existing(Session& target, const PlannedEntity& planned,
                       const std::string& comparison_table) {
  const Entity& entity = *planned.entity;
  const std::vector<std::string> keys = comparison_keys(entity);
  std::string on;
  for (const auto& key : keys) {
    on += (on.empty() ? "" : " AND ") + ("t." + quote_identifier(key)) + " = s." +
          quote_identifier(key);
  }
  std::vector<std::string> compared;
  std::string any, each;
  for (std::size_t index = 0; index < entity.target_columns.size(); ++index) {
    const std::string& name = entity.target_columns[index].name;
    const bool late = std::any_of(
        entity.references.begin(), entity.references.end(),
        [&](const Reference& reference) { return reference.late && reference.column == name; });
    if (late) continue;  // set in a second pass, so not in the comparison table
    // json has no equality of its own.
    const std::string cast = planned.target_types[index]->type_name == "json" ? "::jsonb" : "";
    const std::string column = quote_identifier(name) + cast;
    const std::string differs = "s." + column + " IS DISTINCT FROM t." + column;
    any += (any.empty() ? "" : " OR ") + differs;
    each += ", count(*) FILTER (WHERE " + differs + ")";
    compared.push_back(name);
  }
  if (any.empty()) return {};
  const Rows counts = target.query("SELECT count(*), count(*) FILTER (WHERE " + any + ")" + each +
                                   " FROM " + comparison_table + " AS s JOIN " +
                                   planned.target.qualified() + " AS t ON " + on);
  Drift drift;
  drift.compared = std::stoull(*counts.at(0, 0));
  drift.rows = std::stoull(*counts.at(0, 1));
  if (drift.rows == 0) return drift;
  std::string shown;
  for (const auto& key : entity.legacy_columns.empty() ? keys : entity.legacy_columns) {
    shown += (shown.empty() ? "" : " || '/' || ") + ("t." + quote_identifier(key)) + "::text";
  }
  for (const auto& row : target
                             .query("SELECT " + shown + " FROM " + comparison_table +
                                    " AS s JOIN " + planned.target.qualified() + " AS t ON " + on +
                                    " WHERE " + any + " ORDER BY 1 LIMIT 10")
                             .rows) {
    drift.keys.push_back(row.front().value_or(""));
  }
  for (std::size_t index = 0; index < compared.size(); ++index) {
    const std::string& rows = *counts.at(0, index + 2);
    if (rows != "0")
      drift.remark += (drift.remark.empty() ? "" : ", ") + compared[index] + " (" + rows + ")";
  }
  drift.remark =
      "rows already there differ from what the source says now, by column: " + drift.remark;
  return drift;
}

}  // namespace mighost
