#include "ledger/waivers.hpp"

namespace mighost {
namespace {

/// One line of the audit for a statement that calls its changed rows `changed` and its parameters
/// who and why: every key, and of a waiver that is taken back also who gave it and why.
std::string audit_sql(const std::string& event, const std::string& of_each_row) {
  return "audited AS (INSERT INTO mighost.audit (event, detail) SELECT " + quote_literal(event) +
         ", jsonb_build_object('who', $1::text, 'why', $2::text, 'rows', (SELECT jsonb_agg("
         "jsonb_build_object('entity', entity, 'key', legacy_key" +
         of_each_row + ")) FROM changed)) WHERE EXISTS (SELECT FROM changed)) ";
}

WaiverCount counted(const Rows& rows) {
  return {std::stoull(rows.at(0, 0).value()), std::stoull(rows.at(0, 1).value())};
}

std::optional<std::string> or_null(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

}  // namespace

WaiverCount record_waivers(Session& target, const RowFilter& filter, const WaiverWords& words) {
  std::string absent;
  if (!filter.keys.empty() && filter.codes.empty()) {
    absent = " UNION SELECT entity, legacy_key FROM mighost_nodes AS n WHERE " +
             filter_condition(filter, "n");
    for (const std::string& entity : filter.entities) {
      for (const std::string& key : filter.keys) {
        absent += " UNION SELECT " + quote_literal(entity) + ", " + quote_literal(key);
      }
    }
  }
  return counted(
      target.query("WITH chosen AS (SELECT entity, legacy_key FROM mighost_standing AS s WHERE " +
                       filter_condition(filter, "s") + " GROUP BY 1, 2" + absent +
                       "), changed AS (INSERT INTO mighost.waivers (entity, legacy_key, who, why) "
                       "SELECT entity, legacy_key, $1, $2 FROM chosen ON CONFLICT DO NOTHING "
                       "RETURNING entity, legacy_key), " +
                       audit_sql("rows waived", "") +
                       "SELECT (SELECT count(*) FROM chosen), (SELECT count(*) FROM changed)",
                   {words.who, words.why}));
}

WaiverCount withdraw_waivers(Session& target, const RowFilter& filter, const WaiverWords& words) {
  const RowFilter keys{filter.entities, {}, filter.keys};
  const std::string with_code =
      filter.codes.empty() ? ""
                           : " AND (w.entity, w.legacy_key) IN (SELECT entity, legacy_key FROM "
                             "mighost_standing AS s WHERE " +
                                 filter_condition(filter, "s") + ")";
  return counted(target.query(
      "WITH chosen AS (SELECT DISTINCT entity, legacy_key FROM mighost_standing AS s WHERE " +
          filter_condition(filter, "s") + "), changed AS (DELETE FROM mighost.waivers AS w WHERE " +
          filter_condition(keys, "w") + with_code + " RETURNING *), " +
          audit_sql("waivers withdrawn", ", 'who', who, 'why', why, 'at', at") +
          "SELECT (SELECT count(*) FROM (SELECT * FROM chosen UNION SELECT entity, legacy_key FROM "
          "changed) AS a), "
          "(SELECT count(*) FROM changed)",
      {words.who, or_null(words.why)}));
}

std::vector<std::string> waived_keys(Session& target, const std::string& entity) {
  std::vector<std::string> keys;
  const Rows rows =
      target.query("SELECT legacy_key FROM mighost.waivers WHERE entity = $1", {entity});
  for (const auto& row : rows.rows) keys.push_back(row.front().value());
  return keys;
}

}  // namespace mighost
