// docs/coverage.md: no table, no column and no entity is left out without a word.
#include "support/coverage.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "support/dataset.hpp"

namespace mighost::test {
namespace {

using json = nlohmann::json;

std::string text_of(const std::string& file) {
  std::ifstream stream(MIGHOST_SOURCE_DIR "/" + file);
  std::stringstream text;
  text << stream.rdbuf();
  return text.str();
}

std::string page() { return text_of("docs/coverage.md"); }

std::string without_schema(const std::string& table) { return table.substr(table.find('.') + 1); }

std::set<std::string> tables_of(const std::string& url) {
  std::set<std::string> tables;
  std::istringstream lines(psql(url,
                                "SELECT relname FROM pg_class WHERE relkind = 'r' "
                                "AND relnamespace = 'public'::regnamespace"));
  for (std::string line; std::getline(lines, line);) tables.insert(line);
  return tables;
}

/// What the page writes of an entity: its name, then in parentheses what is special about it.
std::string label_of(const json& entity) {
  std::string marks;
  const auto mark = [&](const std::string& text) { marks += (marks.empty() ? "" : ", ") + text; };
  if (entity["projection"]) mark("projection");
  if (entity["optional"]) mark("off");
  for (const json& filter : entity["filters"]) mark("filters " + filter["code"].get<std::string>());
  const std::string name = entity["name"];
  return marks.empty() ? name : name + " (" + marks + ")";
}

/// The entity's source as a query that PostgreSQL can say the tables and columns of.
std::string query_of(const json& entity) {
  std::string query = entity["source_query"];
  if (query.empty()) {
    for (const json& column : entity["source_columns"]) {
      query += (query.empty() ? "SELECT \"" : ", \"") + column["name"].get<std::string>() + "\"";
    }
    query += " FROM " + entity["source"].get<std::string>();
  } else {
    query = "SELECT * FROM (" + query + ") AS q";
  }
  const char* word = " WHERE ";
  for (const json& filter : entity["filters"]) {
    query += word + ("(" + filter["predicate"].get<std::string>()) + ")";
    word = " AND ";
  }
  return query;
}

constexpr const char* columns_read = R"sql(
CREATE TEMPORARY VIEW columns_read AS
SELECT v.relname AS entity, t.oid AS table_id, t.relname AS table_name, d.refobjsubid AS number
FROM pg_depend d JOIN pg_rewrite r ON r.oid = d.objid AND d.classid = 'pg_rewrite'::regclass
JOIN pg_class v ON v.oid = r.ev_class AND v.relname LIKE 'read by %'
JOIN pg_class t ON t.oid = d.refobjid AND t.relnamespace = 'public'::regnamespace;
)sql";

class CoveragePage : public testing::Test {
 protected:
  void SetUp() override {
    migration_.source(text_of("tests/dataset/legacy_schema.sql"));
    for (const char* part : {"schema", "families", "triggers"}) {
      migration_.target(text_of("tests/dataset/target_" + std::string(part) + ".sql"));
    }
    coverage_.legacy_tables = tables_of(migration_.source_url());
    coverage_.target_tables = tables_of(migration_.target_url());
    ask_plugins();
    ask_plan();
    ask_source();
  }

  /// A view of each entity, as PostgreSQL knows what a view depends on.
  void ask_plugins() {
    const Outcome listing =
        run_process(migration_.command({"list", "--plugins", shipped_plugins(), "--json", "-"}));
    ASSERT_EQ(listing.exit_code, 0) << listing.error;
    const json manifests = json::parse(listing.output);
    for (const json& plugin : manifests["plugins"]) {
      for (const json& entity : plugin["entities"]) {
        const std::string name = entity["name"];
        coverage_.entities[name] = {without_schema(entity["source"]),
                                    without_schema(entity["target"]),
                                    label_of(entity),
                                    {}};
        views_ += "CREATE TEMPORARY VIEW \"read by " + name + "\" AS " + query_of(entity) + ";\n";
      }
    }
  }

  void ask_plan() {
    std::ofstream(migration_.config_file()) << "[source]\nurl = \"env:MIGHOST_SOURCE_URL\"\n"
                                               "[target]\nurl = \"env:MIGHOST_TARGET_URL\"\n";
    const Outcome plan =
        run_process(migration_.command({"plan", "--plugins", shipped_plugins(), "--config",
                                        migration_.config_file(), "--json", "-"}));
    ASSERT_EQ(plan.exit_code, 0) << plan.error;
    const json planned = json::parse(plan.output);
    for (const json& table : planned["unmapped_source_tables"]) {
      coverage_.unmapped.insert(without_schema(table));
    }
  }

  void ask_source() {
    std::istringstream reads(migration_.source(
        views_ + columns_read + "SELECT DISTINCT substr(entity, 9), table_name FROM columns_read"));
    for (std::string line; std::getline(reads, line);) {
      const auto bar = line.find('|');
      coverage_.entities.at(line.substr(0, bar)).reads.insert(line.substr(bar + 1));
    }
    std::istringstream behind(migration_.source(
        views_ + columns_read +
        "SELECT t.relname, string_agg(attname, ', ' ORDER BY attnum) FROM pg_class t "
        "JOIN pg_attribute ON attrelid = t.oid AND attnum > 0 AND NOT attisdropped "
        "WHERE t.oid IN (SELECT table_id FROM columns_read) AND (t.oid, attnum) NOT IN "
        "(SELECT table_id, number FROM columns_read) GROUP BY t.relname"));
    for (std::string line; std::getline(behind, line);) {
      const auto bar = line.find('|');
      coverage_.columns_behind[line.substr(0, bar)] = line.substr(bar + 1);
    }
  }

  /// What is wrong with the page when a piece of it is another one.
  std::string problems_with(const std::string& piece, const std::string& instead) const {
    std::string text = page();
    const auto place = text.find(piece);
    if (place == std::string::npos) return "the page has no " + piece;
    return coverage_problems(text.replace(place, piece.size(), instead), coverage_);
  }

  Migration migration_{shipped_plugins()};
  Coverage coverage_;
  std::string views_;
};

TEST_F(CoveragePage, IsRight) {
  EXPECT_EQ(coverage_problems(page(), coverage_), "");
  EXPECT_GE(coverage_.legacy_tables.size(), 65U);
  EXPECT_EQ(coverage_.target_tables.size(), 54U);
}

TEST_F(CoveragePage, IsWrongWhenOneWordOfItIs) {
  const std::vector<std::array<std::string, 3>> mistakes = {
      {"| dispatch_ware |", "| dispatch_goods |",
       "Legacy tables: there is no table dispatch_goods"},
      {"| dispatch_ware |", "| dispatch_goods |",
       "Legacy tables: the table dispatch_ware is missing"},
      {"| dispatch_link |", "| dispatch_ware |", "Legacy tables: dispatch_ware stands there twice"},
      {"| storages |", "| cupboards |", "Target tables: the table storages is missing"},
      {"| dispatch_note | migrated |", "| dispatch_note | read |",
       "dispatch_note: is migrated, not read"},
      {"business.order_cases (projection)", "business.order_cases",
       "dispatch_instruction: write \"business.order_cases (projection)\""},
      {"filters no_actor", "filters nobody",
       "write \"business.user_tasks (projection, off, filters"},
      {"| core.courses | core.products |", "| core.courses | |",
       "dispatch_course: also read by: core.products"},
      {"| clinical.brackets |", "| clinical.projects |",
       "dispatch_bracket: the rows of clinical.projects do not come from it"},
      {"| clinical.brackets |", "| clinical.clamps |",
       "dispatch_bracket: there is no entity clinical.clamps"},
      {"| clinical.brackets |", "| |", "Legacy tables: no line names the entity clinical.brackets"},
      {"| payments | financial.payments |", "| payments | financial.offers |",
       "payments: filled by: financial.payments"},
      {"| auth_user | password |", "| auth_user | |",
       "Legacy columns that stay behind: auth_user leaves behind: password"},
      {"| dispatch_course | type |", "| dispatch_jaw | type |",
       "Legacy columns that stay behind: dispatch_course is missing: type"},
      {"| Languages of the old web site |", "| |", "dispatch_language: the reason is missing"}};
  for (const auto& [piece, instead, complaint] : mistakes) {
    const std::string problems = problems_with(piece, instead);
    EXPECT_NE(problems.find(complaint), std::string::npos) << piece << ": " << problems;
  }
}

/// What changes is not the page but what it is about.
TEST_F(CoveragePage, IsWrongWhenATableOrAnEntityComes) {
  coverage_.legacy_tables.insert("dispatch_aligner");
  coverage_.target_tables.insert("aligners");
  coverage_.entities["core.aligners"] = {"dispatch_ware", "ware", "core.aligners", {}};
  coverage_.unmapped.erase("dispatch_link");
  EXPECT_EQ(coverage_problems(page(), coverage_),
            "Legacy tables: the table dispatch_aligner is missing\n"
            "dispatch_link: mighost plan does not agree that it is unmapped\n"
            "Legacy tables: no line names the entity core.aligners\n"
            "Target tables: the table aligners is missing\n"
            "ware: filled by: core.aligners\n");
}

}  // namespace
}  // namespace mighost::test
