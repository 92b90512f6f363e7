#include "ledger/standing.hpp"

#include <map>

namespace mighost {
namespace {

// Each key once: a row that is there twice under one key waits once. A key that is waited for and
// not held back is absent.
constexpr const char* nodes_sql = R"sql(
CREATE TEMPORARY TABLE mighost_nodes ON COMMIT DROP AS
WITH held AS (
  SELECT DISTINCT ON (entity, legacy_key) entity, legacy_key, waits_for_entity, waits_for_key
  FROM mighost_held ORDER BY entity, legacy_key, waits_for_key IS NOT NULL, id
), keys AS (
  SELECT entity, legacy_key, waits_for_entity, waits_for_key, true AS held FROM held
  UNION ALL
  SELECT entity, legacy_key, NULL, NULL, false FROM (
    SELECT waits_for_entity AS entity, waits_for_key AS legacy_key FROM held
    WHERE waits_for_key IS NOT NULL EXCEPT SELECT entity, legacy_key FROM held) AS absent
)
SELECT row_number() OVER () AS id, keys.*,
  EXISTS (SELECT FROM mighost.waivers w
          WHERE w.entity = keys.entity AND w.legacy_key = keys.legacy_key) AS waiver
FROM keys)sql";

constexpr const char* first_look_sql = R"sql(
CREATE TEMPORARY TABLE mighost_look ON COMMIT DROP AS
SELECT child.id, parent.id AS parent, coalesce(parent.id, child.id) AS next, child.id AS lowest,
  child.waiver AS waived
FROM mighost_nodes AS child LEFT JOIN mighost_nodes AS parent
  ON parent.entity = child.waits_for_entity AND parent.legacy_key = child.waits_for_key)sql";

// `next` is twice as far along the chain as before; `lowest` and `waived` are over all that was
// passed.
constexpr const char* next_look_sql = R"sql(
CREATE TEMPORARY TABLE mighost_further ON COMMIT DROP AS
SELECT near.id, near.parent, far.next, least(near.lowest, far.lowest) AS lowest,
  near.waived OR far.waived AS waived
FROM mighost_look AS near JOIN mighost_look AS far ON far.id = near.next)sql";

// Who has gone far enough stands at a root, or goes round in a circle: then the lowest number of
// the circle stands for it.
constexpr const char* standing_sql = R"sql(
CREATE TEMPORARY TABLE mighost_standing ON COMMIT DROP AS
SELECT held.*, look.id AS node, look.parent,
  CASE WHEN last.parent IS NULL THEN last.id ELSE last.lowest END AS root,
  look.waived OR last.waived AS waived
FROM mighost_held AS held JOIN mighost_nodes AS node USING (entity, legacy_key)
JOIN mighost_look AS look ON look.id = node.id
JOIN mighost_look AS last ON last.id = look.next)sql";

std::string list_of(const std::vector<std::string>& texts) {
  std::string list;
  for (const std::string& text : texts) list += (list.empty() ? "" : ", ") + quote_literal(text);
  return "(" + list + ")";
}

std::string limit_clause(std::uint64_t limit) {
  return " LIMIT " + (limit == 0 ? "ALL" : std::to_string(limit));
}

std::uint64_t number(const std::optional<std::string>& text) { return std::stoull(text.value()); }

std::string text(const std::optional<std::string>& value) { return value.value_or(""); }

/// Puts the lines into a page; the last column is the number of all lines.
template <typename Item, typename Function>
Page<Item> page_of(const Rows& lines, Function item) {
  Page<Item> page;
  for (std::size_t line = 0; line < lines.size(); ++line) page.shown.push_back(item(line));
  if (!lines.empty()) {
    page.more = number(lines.at(0, lines.columns.size() - 1)) - page.shown.size();
  }
  return page;
}

}  // namespace

std::string filter_condition(const RowFilter& filter, const std::string& alias) {
  std::string condition = "true";
  if (!filter.entities.empty())
    condition += " AND " + alias + ".entity IN " + list_of(filter.entities);
  if (!filter.codes.empty()) condition += " AND " + alias + ".code IN " + list_of(filter.codes);
  if (!filter.keys.empty()) condition += " AND " + alias + ".legacy_key IN " + list_of(filter.keys);
  return condition;
}

Standing::Standing(Session& target, Detail detail) : target_(target) {
  target_.execute(
      "DROP TABLE IF EXISTS pg_temp.mighost_held, pg_temp.mighost_nodes, pg_temp.mighost_look, "
      "pg_temp.mighost_standing");
  const std::string whole = detail == Detail::whole_rows
                                ? ", constraint_name, sqlstate, plugin, stage, message, run_id, "
                                  "at, source_row"
                                : "";
  target_.execute(
      "CREATE TEMPORARY TABLE mighost_held ON COMMIT DROP AS SELECT row_number() OVER () AS id, "
      "entity, legacy_key, outcome, code, column_name, waits_for_entity, waits_for_key" +
      whole + " FROM mighost.held_back");
  target_.execute("ANALYZE pg_temp.mighost_held");
  target_.execute(nodes_sql);
  target_.execute("ANALYZE pg_temp.mighost_nodes");
  resolve_roots();
}

/// Each round doubles how far every row has looked along its chain: a chain of 100,000 rows takes
/// 17 rounds, and so does a circle, where a recursive query takes a step for every row or never
/// ends.
void Standing::resolve_roots() {
  target_.execute(first_look_sql);
  const std::uint64_t nodes = number(target_.query("SELECT count(*) FROM mighost_look").value());
  for (std::uint64_t looked = 1; looked < nodes; looked *= 2) {
    target_.execute("ANALYZE pg_temp.mighost_look");
    // Counted, because the server answers EXISTS by trying row after row.
    const auto farther = target_.query(
        "SELECT count(*) FROM mighost_look AS near JOIN mighost_look AS far ON far.id = near.next "
        "WHERE far.next <> far.id");
    if (farther.value() == "0") break;
    target_.execute(next_look_sql);
    target_.execute("DROP TABLE pg_temp.mighost_look");
    target_.execute("ALTER TABLE pg_temp.mighost_further RENAME TO mighost_look");
  }
  target_.execute(standing_sql);
  target_.execute("ANALYZE pg_temp.mighost_standing");
}

std::vector<std::string> Standing::known_entities() const {
  std::vector<std::string> names;
  const Rows rows = target_.query(
      "SELECT entity FROM mighost.steps UNION SELECT entity FROM mighost_nodes "
      "UNION SELECT entity FROM mighost.waivers WHERE EXISTS (SELECT FROM mighost.steps) "
      "ORDER BY 1");
  for (const auto& row : rows.rows) names.push_back(text(row.front()));
  return names;
}

std::vector<HeldByCode> Standing::by_code(const RowFilter& filter) const {
  std::vector<HeldByCode> result;
  const Rows rows = target_.query(
      "SELECT entity, code, count(*) FILTER (WHERE NOT waived), count(*) FILTER (WHERE waived) "
      "FROM mighost_standing AS s WHERE " +
      filter_condition(filter, "s") + " GROUP BY 1, 2 ORDER BY 1, count(*) DESC, 2");
  for (const auto& row : rows.rows) {
    result.push_back({text(row[0]), text(row[1]), number(row[2]), number(row[3])});
  }
  return result;
}

/// Rows behind a waiver of their own are not what an open root cause is about.
Page<RootCause> Standing::root_causes(const RowFilter& filter, std::uint64_t limit) const {
  // A code is a property of rows that are held back; a root may be none.
  const bool means_roots = filter.codes.empty() && !filter.empty();
  const std::string meant = means_roots ? " UNION SELECT id FROM mighost_nodes AS n WHERE " +
                                              filter_condition(filter, "n")
                                        : "";
  target_.execute("DROP TABLE IF EXISTS pg_temp.mighost_causes");
  target_.execute(
      "CREATE TEMPORARY TABLE mighost_causes ON COMMIT DROP AS WITH chosen AS ("
      "SELECT root FROM mighost_standing AS s WHERE " +
      filter_condition(filter, "s") + meant +
      "), settled AS (SELECT root, bool_and(waived) AS waived FROM mighost_standing "
      "WHERE node <> root AND root IN (SELECT root FROM chosen) GROUP BY root"
      "), weighed AS (SELECT root, s.waived, count(*) AS waiting, "
      "count(*) FILTER (WHERE parent = root) AS direct FROM mighost_standing AS s "
      "JOIN settled USING (root, waived) WHERE node <> root GROUP BY 1, 2) "
      "SELECT *, row_number() OVER (ORDER BY waived, waiting DESC, root) AS place FROM weighed");
  target_.execute("ANALYZE pg_temp.mighost_causes");
  const Rows lines = target_.query(
      "SELECT c.root, n.entity, n.legacy_key, own.code, n.held, own.circle, c.waived, "
      "c.waiting - c.direct, count(*) OVER () FROM mighost_causes AS c "
      "JOIN mighost_nodes AS n ON n.id = c.root LEFT JOIN (SELECT node, min(code) AS code, "
      "bool_or(parent IS NOT NULL) AS circle FROM mighost_standing WHERE node = root GROUP BY node"
      ") AS own ON own.node = c.root ORDER BY place" +
      limit_clause(limit));
  std::map<std::string, std::size_t> place;
  auto page = page_of<RootCause>(lines, [&](std::size_t line) {
    place[text(lines.at(line, 0))] = line;
    const bool held = lines.at(line, 4) == "t", circle = lines.at(line, 5) == "t";
    return RootCause{text(lines.at(line, 1)),
                     text(lines.at(line, 2)),
                     text(lines.at(line, 3)),
                     !held    ? RootCause::State::absent
                     : circle ? RootCause::State::circle
                              : RootCause::State::held,
                     lines.at(line, 6) == "t",
                     {},
                     number(lines.at(line, 7))};
  });
  const Rows direct = target_.query(
      "SELECT root, s.entity, count(*) FROM mighost_standing AS s JOIN mighost_causes "
      "USING (root, waived) WHERE parent = root AND node <> root AND place <= " +
      std::to_string(page.shown.size()) + " GROUP BY 1, 2 ORDER BY 1, 3 DESC, 2");
  for (const auto& row : direct.rows) {
    page.shown[place.at(text(row[0]))].waiting.emplace_back(text(row[1]), number(row[2]));
  }
  return page;
}

std::uint64_t Standing::alone(const RowFilter& filter) const {
  return number(target_
                    .query("SELECT count(*) FROM mighost_standing AS s WHERE node = root "
                           "AND NOT waived AND NOT EXISTS (SELECT FROM mighost_standing AS behind "
                           "WHERE behind.root = s.node AND behind.node <> s.node) AND " +
                           filter_condition(filter, "s"))
                    .value());
}

Page<HeldRow> Standing::rows(const RowFilter& filter, std::uint64_t limit) const {
  const Rows lines = target_.query(
      "SELECT s.entity, s.legacy_key, outcome, code, column_name, s.waits_for_entity, "
      "s.waits_for_key, r.entity, r.legacy_key, waived, count(*) OVER () "
      "FROM mighost_standing AS s JOIN mighost_nodes AS r ON r.id = root WHERE " +
      filter_condition(filter, "s") +
      " ORDER BY s.entity, length(s.legacy_key), s.legacy_key, s.id" + limit_clause(limit));
  return page_of<HeldRow>(lines, [&](std::size_t line) {
    const auto& row = lines.rows[line];
    return HeldRow{text(row[0]), text(row[1]), text(row[2]), text(row[3]), text(row[4]),
                   text(row[5]), text(row[6]), text(row[7]), text(row[8]), row[9] == "t"};
  });
}

Page<Waiver> Standing::waivers(const RowFilter& filter, std::uint64_t limit) const {
  const RowFilter rows{filter.entities, {}, filter.keys};
  const Rows lines = target_.query(
      "SELECT w.entity, w.legacy_key, who, why, to_char(at, 'YYYY-MM-DD HH24:MI'), "
      "n.id IS NOT NULL, count(*) OVER () FROM mighost.waivers AS w "
      "LEFT JOIN mighost_nodes AS n USING (entity, legacy_key) WHERE " +
      filter_condition(rows, "w") + " ORDER BY w.entity, length(w.legacy_key), w.legacy_key" +
      limit_clause(limit));
  return page_of<Waiver>(lines, [&](std::size_t line) {
    const auto& row = lines.rows[line];
    return Waiver{text(row[0]), text(row[1]), text(row[2]),
                  text(row[3]), text(row[4]), row[5] == "t"};
  });
}

std::vector<std::string> Standing::waived_keys(const std::string& entity) const {
  std::vector<std::string> keys;
  const Rows rows = target_.query(
      "SELECT DISTINCT legacy_key FROM mighost_standing WHERE waived AND entity = $1", {entity});
  for (const auto& row : rows.rows) keys.push_back(text(row.front()));
  return keys;
}

std::string Standing::export_query(const RowFilter& filter) {
  return "SELECT s.entity, s.legacy_key, outcome, code, column_name, constraint_name, sqlstate, "
         "plugin, stage, message, s.waits_for_entity, s.waits_for_key, r.entity AS root_entity, "
         "r.legacy_key AS root_key, waived, w.who AS waived_by, w.why AS waived_why, run_id, "
         "s.at, source_row FROM mighost_standing AS s JOIN mighost_nodes AS r ON r.id = root "
         "LEFT JOIN mighost.waivers AS w ON w.entity = s.entity AND w.legacy_key = s.legacy_key "
         "WHERE " +
         filter_condition(filter, "s") +
         " ORDER BY s.entity, length(s.legacy_key), s.legacy_key, s.id";
}

}  // namespace mighost
