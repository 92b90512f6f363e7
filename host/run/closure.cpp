#include "run/closure.hpp"

#include <utility>

namespace mighost {

const char* const closure_table = "pg_temp.mighost_closure";

namespace {

constexpr const char* tables_sql = R"sql(
CREATE TEMPORARY TABLE mighost_held ON COMMIT DROP AS
  SELECT run_id, entity, legacy_key, code, waits_for_entity, waits_for_key, false AS waived,
         code = 'not_null' AND stage = 'transform' AND message = 'the legacy key is NULL' AS keyless
  FROM mighost.held_back;
CREATE INDEX ON pg_temp.mighost_held (entity, legacy_key);
CREATE INDEX ON pg_temp.mighost_held (waits_for_entity, waits_for_key);
ANALYZE pg_temp.mighost_held;
CREATE TEMPORARY TABLE mighost_closure (
  entity text, legacy_key text, held boolean, duplicate boolean, noted boolean,
  level int NOT NULL, told boolean NOT NULL DEFAULT false, PRIMARY KEY (entity, legacy_key)
) ON COMMIT DROP;
)sql";

/// A note that a row went without its parent and that no replay has taken up.
constexpr const char* open_note =
    "n.code = 'missing_parent' AND n.waits_for_entity IS NOT NULL AND n.waits_for_key IS NOT NULL "
    "AND n.taken_up_by IS NULL";

std::string in_list(const std::string& value, const std::vector<std::string>& list) {
  return value + " = ANY (" + quote_literal(text_array(list)) + "::text[])";
}

std::string same_row(const std::string& left, const std::string& right) {
  return left + ".entity = " + right + ".entity AND " + left + ".legacy_key = " + right +
         ".legacy_key";
}

std::string arrays_of(const std::vector<RowName>& rows) {
  std::vector<std::string> entities, keys;
  for (const RowName& row : rows) {
    entities.push_back(row.entity);
    keys.push_back(row.key);
  }
  return "unnest(" + quote_literal(text_array(entities)) + "::text[], " +
         quote_literal(text_array(keys)) + "::text[])";
}

bool is_true(const std::optional<std::string>& value) { return value == "t"; }

}  // namespace

Closure::Closure(Session& target, std::string run_id, const ReplayChoice& choice,
                 const std::vector<std::string>& drivable)
    : target_(target),
      run_id_(std::move(run_id)),
      choice_(choice),
      drivable_("ANY (" + quote_literal(text_array(drivable)) + "::text[])") {
  read_held();
  mark_waived();
  choose();
}

void Closure::read_held() {
  target_.execute(tables_sql);
  keyless_ = std::stoull(
      *target_.query("SELECT count(*) FROM pg_temp.mighost_held h WHERE keyless AND " + chosen("h"))
           .value());
  target_.execute("DELETE FROM pg_temp.mighost_held WHERE keyless");
}

/// What waits behind a waived row is waived with it. Whoever names a key means that row.
void Closure::mark_waived() {
  std::string named = "false";
  if (!choice_.keys.empty()) {
    named = in_list("w.legacy_key", choice_.keys);
    if (!choice_.entities.empty()) named += " AND " + in_list("w.entity", choice_.entities);
  }
  target_.execute(
      "WITH RECURSIVE waived AS (SELECT w.entity, w.legacy_key FROM mighost.waivers w WHERE NOT (" +
      named +
      ") UNION SELECT h.entity, h.legacy_key FROM waived w JOIN pg_temp.mighost_held h "
      "ON h.waits_for_entity = w.entity AND h.waits_for_key = w.legacy_key) "
      "UPDATE pg_temp.mighost_held h SET waived = true FROM waived w WHERE " +
      same_row("h", "w"));
  any_waived_ =
      target_.query("SELECT EXISTS (SELECT FROM pg_temp.mighost_held WHERE waived)").value() == "t";
  waived_ = std::stoull(
      *target_.query("SELECT count(*) FROM pg_temp.mighost_held h WHERE waived AND " + chosen("h"))
           .value());
}

std::string Closure::chosen(const std::string& row) const {
  std::string condition = "true";
  if (!choice_.entities.empty()) condition += " AND " + in_list(row + ".entity", choice_.entities);
  if (!choice_.codes.empty()) condition += " AND " + in_list(row + ".code", choice_.codes);
  if (!choice_.keys.empty()) condition += " AND " + in_list(row + ".legacy_key", choice_.keys);
  return condition;
}

/// Whoever names the key of a parent means the rows that wait for it.
std::string Closure::chosen_parent(const std::string& row) const {
  if (choice_.keys.empty() || !choice_.codes.empty()) return "false";
  std::string condition = in_list(row + ".waits_for_key", choice_.keys);
  if (!choice_.entities.empty()) {
    condition += " AND " + in_list(row + ".waits_for_entity", choice_.entities);
  }
  return condition;
}

void Closure::choose() {
  expand("SELECT h.entity, h.legacy_key FROM pg_temp.mighost_held h WHERE NOT h.waived AND (" +
         chosen("h") + " OR " + chosen_parent("h") + ")");
}

void Closure::add(const std::vector<RowName>& rows) {
  if (rows.empty()) return;
  expand("SELECT * FROM " + arrays_of(rows) + " AS s(entity, legacy_key)");
}

/// Level by level, so that the server can join each with the whole ledger at once. Whatever hangs
/// on a row that is in the closure already came in with it.
void Closure::expand(const std::string& seeds) {
  bool grows = take_in(seeds);
  while (grows) {
    const std::string rows =
        "SELECT entity, legacy_key FROM pg_temp.mighost_closure WHERE level = " +
        std::to_string(level_);
    grows = take_in(
        // What the rows wait for,
        "SELECT h.waits_for_entity AS entity, h.waits_for_key AS legacy_key "
        "FROM pg_temp.mighost_held h JOIN (" +
        rows +
        ") AS r USING (entity, legacy_key) "
        // what waits for them,
        "UNION SELECT h.entity, h.legacy_key FROM pg_temp.mighost_held h JOIN (" +
        rows +
        ") AS r ON h.waits_for_entity = r.entity AND h.waits_for_key = r.legacy_key "
        // and what went without them.
        "UNION SELECT n.entity, n.legacy_key FROM mighost.notes n JOIN (" +
        rows + ") AS r ON n.waits_for_entity = r.entity AND n.waits_for_key = r.legacy_key WHERE " +
        open_note);
  }
}

/// The next level; false when none of the rows is new.
bool Closure::take_in(const std::string& rows) {
  ++level_;
  const std::string held = "SELECT FROM pg_temp.mighost_held h WHERE " + same_row("h", "s");
  const Rows inserted = target_.query(
      "WITH news AS (INSERT INTO pg_temp.mighost_closure "
      "(entity, legacy_key, held, duplicate, noted, level) SELECT s.entity, s.legacy_key, EXISTS "
      "(" +
      held + "), EXISTS (" + held +
      " AND h.code = 'duplicate_key'), EXISTS (SELECT FROM mighost.notes n WHERE " + open_note +
      " AND " + same_row("n", "s") + "), " + std::to_string(level_) + " FROM (" + rows +
      ") AS s WHERE s.legacy_key IS NOT NULL AND s.entity = " + drivable_ +
      (any_waived_ ? " AND NOT EXISTS (" + held + " AND h.waived)" : "") +
      " ON CONFLICT DO NOTHING RETURNING 1) SELECT count(*) FROM news");
  if (inserted.value() == "0") return false;
  target_.execute("ANALYZE pg_temp.mighost_closure");
  return true;
}

std::vector<RowName> Closure::awaited_by_notes() {
  const Rows found = target_.query(
      "SELECT DISTINCT n.waits_for_entity, n.waits_for_key FROM mighost.notes n WHERE " +
      std::string(open_note) + " AND ((" + chosen("n") + ") OR (" + chosen_parent("n") +
      ")) AND n.entity = " + drivable_ + " AND n.waits_for_entity = " + drivable_ +
      " AND NOT EXISTS (SELECT FROM pg_temp.mighost_held h WHERE h.entity = n.waits_for_entity "
      "AND h.legacy_key = n.waits_for_key) "
      "AND NOT EXISTS (SELECT FROM pg_temp.mighost_closure c WHERE c.entity = n.waits_for_entity "
      "AND c.legacy_key = n.waits_for_key)");
  std::vector<RowName> rows;
  for (const auto& row : found.rows) rows.push_back({*row[0], *row[1]});
  return rows;
}

std::vector<ClosureRow> Closure::asked_for() {
  const Rows found = target_.query(
      "SELECT w.entity, w.legacy_key, EXISTS (SELECT FROM pg_temp.mighost_held h WHERE " +
          same_row("h", "w") +
          ") FROM (SELECT waits_for_entity AS entity, waits_for_key AS legacy_key "
          "FROM mighost.quarantine WHERE run_id = $1 UNION "
          "SELECT waits_for_entity, waits_for_key FROM mighost.notes WHERE run_id = $1) AS w "
          "WHERE w.legacy_key IS NOT NULL AND w.entity = " +
          drivable_ + " AND NOT EXISTS (SELECT FROM pg_temp.mighost_closure c WHERE " +
          same_row("c", "w") +
          ") AND NOT EXISTS (SELECT FROM pg_temp.mighost_held h WHERE h.waived AND " +
          same_row("h", "w") + ")",
      {run_id_});
  std::vector<ClosureRow> rows;
  for (const auto& row : found.rows) {
    ClosureRow& asked = rows.emplace_back();
    asked.name = {*row[0], *row[1]};
    asked.held = is_true(row[2]);
  }
  return rows;
}

std::map<std::string, std::vector<ClosureRow>> Closure::news() {
  const Rows found = target_.query(
      "UPDATE pg_temp.mighost_closure SET told = true WHERE NOT told "
      "RETURNING entity, legacy_key, held, duplicate, noted");
  std::map<std::string, std::vector<ClosureRow>> rows;
  for (const auto& row : found.rows) {
    rows[*row[0]].push_back(
        {{*row[0], *row[1]}, is_true(row[2]), is_true(row[3]), is_true(row[4])});
  }
  return rows;
}

std::map<std::string, std::uint64_t> Closure::take_up(
    const std::map<std::string, std::set<std::string>>& kept) {
  const Rows counts = target_.query(
      "WITH taken AS (UPDATE mighost.quarantine q SET taken_up_by = $1 "
      "FROM (SELECT DISTINCT h.run_id, h.entity, h.legacy_key FROM pg_temp.mighost_held h "
      "JOIN pg_temp.mighost_closure c USING (entity, legacy_key)) AS h "
      "WHERE q.run_id = h.run_id AND q.taken_up_by IS NULL AND " +
          same_row("q", "h") +
          " RETURNING q.entity) SELECT entity, count(*) FROM taken GROUP BY entity",
      {run_id_});
  std::map<std::string, std::uint64_t> taken;
  for (const auto& row : counts.rows) taken[*row[0]] = std::stoull(*row[1]);
  std::vector<RowName> keeping;
  for (const auto& [entity, keys] : kept) {
    for (const std::string& key : keys) keeping.push_back({entity, key});
  }
  target_.query(
      "UPDATE mighost.notes n SET taken_up_by = $1 FROM pg_temp.mighost_closure c "
      "WHERE c.noted AND n.run_id <> $1 AND " +
          same_row("n", "c") + " AND " + open_note + " AND n.waits_for_entity = " + drivable_ +
          " AND NOT EXISTS (SELECT FROM " + arrays_of(keeping) +
          " AS k(entity, legacy_key) WHERE " + same_row("k", "n") + ")",
      {run_id_});
  return taken;
}

std::vector<std::string> Closure::not_drivable() {
  std::vector<std::string> entities;
  const Rows found =
      target_.query("SELECT DISTINCT h.entity FROM pg_temp.mighost_held h WHERE " + chosen("h") +
                    " AND NOT h.entity = " + drivable_ + " ORDER BY 1");
  for (const auto& row : found.rows) entities.push_back(*row.front());
  return entities;
}

}  // namespace mighost
