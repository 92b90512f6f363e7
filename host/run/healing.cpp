#include "run/healing.hpp"

#include <set>

#include "ledger/transactions.hpp"
#include "pg/copy_out.hpp"
#include "report/text.hpp"
#include "run/existing_rows.hpp"
#include "run/row_loader.hpp"

namespace mighost {
namespace {

/// As NewKey holds it, whatever the column's width in the target.
const char* wire_type(mig_type type) {
  if (type == MIG_INT8) return "bigint";
  return type == MIG_UUID ? "uuid" : "text";
}

/// One reference column of the rows to heal, as parts of an UPDATE.
class ColumnHealing {
 public:
  ColumnHealing(RunContext& run, const PlannedEntity& planned, const std::string& comparison,
                const std::string& healing, const std::string& column)
      : run_(run),
        entity_(planned.entity->name),
        table_(planned.target.qualified()),
        column_(quote_identifier(column)) {
    condition_ = " WHERE t." + column_ + " IS NULL AND s." + column_ + " IS NOT NULL";
    std::string keys;
    for (const std::string& key : comparison_keys(*planned.entity)) {
      const std::string name = quote_identifier(key);
      condition_ += " AND t." + name + " = s." + name;
      keys += (keys.empty() ? "t." : ", t.") + name;
    }
    id_ = keys.find(',') == std::string::npos ? keys + "::text" : "ROW(" + keys + ")::text";
    from_ = comparison + " AS s";
    legacy_key_ = "NULL";
    if (!healing.empty()) {
      legacy_key_ = "h.legacy_key";
      const std::string name = quote_identifier(planned.entity->identity_column);
      from_ += " JOIN " + healing + " AS h ON h.id = s." + name;
    }
  }

  /// Returns how many rows the server refuses.
  std::size_t heal() {
    // What somebody else has written last goes on telling so (update_recorded()).
    std::size_t left_out = 0;
    for (const bool ours : {true, false}) {
      who_ = std::string(" AND ") + (ours ? "" : "NOT ") + written_by_mighost("t");
      record_ = ours ? "; " + record_transaction_sql(run_.run_id.to_text()) : "";
      left_out += heal_who();
    }
    return left_out;
  }

 private:
  std::size_t heal_who() {
    const auto refused = update({});
    if (!refused) return 0;
    if (refusal_code(*refused).empty()) throw SqlError(*refused, "UPDATE " + table_);
    std::size_t left_out = 0;
    const Rows rows = run_.target.query("SELECT " + id_ + ", " + legacy_key_ + " FROM " + table_ +
                                        " AS t, " + from_ + condition_ + who_);
    for (const auto& row : rows.rows) {
      if (!update(row[0])) continue;
      ++left_out;
      if (row[1]) run_.unhealed[entity_].insert(*row[1]);
    }
    return left_out;
  }

  /// Of all rows, or of the one with this id. Returns the server's refusal.
  std::optional<ServerError> update(const std::optional<std::string>& only) {
    std::string sql = "UPDATE " + table_ + " AS t SET " + column_ + " = s." + column_ + " FROM " +
                      from_ + condition_ + who_;
    if (only) sql += " AND " + id_ + " = " + quote_literal(*only);
    run_.target.execute("SAVEPOINT mighost_heal" + record_);
    try {
      for (const auto& row : run_.target.query(sql + " RETURNING " + id_).rows) {
        run_.healed[entity_].insert(*row.front());
      }
      run_.target.execute("RELEASE SAVEPOINT mighost_heal");
      return std::nullopt;
    } catch (const SqlError& refused) {
      if (refused.error().connection_lost) throw;
      run_.target.execute("ROLLBACK TO SAVEPOINT mighost_heal");
      run_.target.execute("RELEASE SAVEPOINT mighost_heal");
      return refused.error();
    }
  }

  RunContext& run_;
  std::string entity_, table_, column_, id_, legacy_key_, from_, condition_, who_, record_;
};

/// The rows that may be healed, as binary COPY carries them.
template <class Take>
void each_row(RunContext& run, const PlannedEntity& planned, const FingerprintSubject& subject,
              const std::string& comparison, const std::string& healing, Take take) {
  std::string list, equal;
  for (const auto& column : subject.layout.columns) {
    list += (list.empty() ? "t." : ", t.") + quote_identifier(column.name);
  }
  for (const std::string& key : comparison_keys(*planned.entity)) {
    const std::string name = quote_identifier(key);
    equal += (equal.empty() ? "s." : " AND s.") + name + " = t." + name;
  }
  std::string from = comparison + " AS s";
  if (!healing.empty()) {
    from += " JOIN " + healing + " AS h ON h.id = s." +
            quote_identifier(planned.entity->identity_column);
  }
  CopyOut copy(run.target, "SELECT " + list + " FROM " + planned.target.qualified() +
                               " AS t WHERE EXISTS (SELECT FROM " + from + " WHERE " + equal + ")");
  for (std::string_view row; copy.next(row);) take(row);
}

}  // namespace

std::string create_healing_table(RunContext& run, const PlannedEntity& planned,
                                 std::size_t position) {
  const Entity& entity = *planned.entity;
  if (entity.identity_column.empty()) return {};
  const std::string name = "mighost_healing_" + std::to_string(position);
  run.target.execute("CREATE TEMPORARY TABLE " + name + " (id " + wire_type(identity_type(entity)) +
                     ", legacy_key text) ON COMMIT DROP");
  return "pg_temp." + quote_identifier(name);
}

void heal_rows(RunContext& run, const PlannedEntity& planned, const std::string& comparison_table,
               const std::string& healing_table, Fingerprints* fingerprints, EntityReport& report) {
  const Entity& entity = *planned.entity;
  run.target.execute("ANALYZE " + comparison_table);
  if (!healing_table.empty()) run.target.execute("ANALYZE " + healing_table);
  std::set<std::string> columns;
  for (const Reference& reference : entity.references) {
    if (reference.policy == MIG_MISSING_NULL && !reference.late) columns.insert(reference.column);
  }
  if (columns.empty()) return;
  if (fingerprints != nullptr) {
    each_row(run, planned, fingerprints->subject(), comparison_table, healing_table,
             [&](std::string_view row) { fingerprints->subtract(row); });
  }
  for (const std::string& column : columns) {
    ColumnHealing healing(run, planned, comparison_table, healing_table, column);
    const std::size_t left_out = healing.heal();
    if (left_out == 0) continue;
    report.remarks.push_back(counted(left_out, "row keeps", "rows keep") + " NULL in " + column +
                             ": the server refuses to set it now");
  }
  if (fingerprints != nullptr) {
    each_row(run, planned, fingerprints->subject(), comparison_table, healing_table,
             [&](std::string_view row) { fingerprints->add(row); });
  }
}

}  // namespace mighost
