// mighost quarantine: what is held back and why, out of the ledger alone; export, waivers, audit.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <sstream>

#include "support/migration.hpp"

namespace mighost::test {
namespace {

using json = nlohmann::json;
using Words = std::vector<std::string>;

constexpr const char* quarantine_source = R"sql(
CREATE TABLE things (id int PRIMARY KEY, code text, amount numeric, shelf int, kind text,
  small int);
CREATE TABLE parts (id int PRIMARY KEY, thing int, spare int);
CREATE TABLE nodes (id int PRIMARY KEY, parent int);
CREATE TABLE pairs (name text, token uuid, rank int NOT NULL, PRIMARY KEY (name, token));
CREATE TABLE kept (id int PRIMARY KEY, label text NOT NULL);
INSERT INTO things SELECT n, 'secret' || n, CASE WHEN n IN (3, 5) THEN -1 ELSE n END, 1,
  'plain', CASE n WHEN 7 THEN 70000 ELSE 1 END FROM generate_series(1, 9) AS n;
INSERT INTO parts SELECT 10 * thing + n, thing, NULL FROM generate_series(1, 9) AS thing,
  generate_series(1, 3) AS n WHERE thing <> 7 AND n <= CASE thing WHEN 3 THEN 3 ELSE 2 END;
INSERT INTO parts VALUES (991, 99, NULL), (4, NULL, 1);
)sql";

constexpr const char* quarantine_target = R"sql(
CREATE TABLE things (id uuid PRIMARY KEY, legacy_id int NOT NULL UNIQUE, code text,
  amount numeric CONSTRAINT no_debt CHECK (amount >= 0), shelf int, kind text, small smallint);
CREATE TABLE parts (id uuid PRIMARY KEY, legacy_id int UNIQUE, thing_id uuid REFERENCES things,
  spare_id uuid REFERENCES things);
CREATE TABLE nodes (id uuid PRIMARY KEY, legacy_id int UNIQUE, parent_id uuid REFERENCES nodes);
CREATE TABLE pairs (id uuid PRIMARY KEY, name text NOT NULL, rank int NOT NULL);
CREATE TABLE kept (id serial PRIMARY KEY, label text NOT NULL);
)sql";

class Quarantine : public testing::Test {
 protected:
  Quarantine() {
    migration_.source(quarantine_source);
    migration_.target(quarantine_target);
  }
  /// The source's address is unknown to it.
  Outcome quarantine(const Words& options) {
    migration_.run_command();  // writes the configuration
    Words words = {"quarantine", "--config", migration_.config_file().string()};
    words.insert(words.end(), options.begin(), options.end());
    Command command = migration_.command(words);
    command.environment["MIGHOST_SOURCE_URL"] = std::nullopt;
    Outcome outcome = run_process(command);
    EXPECT_EQ((outcome.output + outcome.error).find("secret"), std::string::npos)
        << "a value of a row reached the terminal: " << outcome.output;
    return outcome;
  }
  json found(Words options = {}) {
    options.insert(options.end(), {"--json", "-"});
    const Outcome outcome = quarantine(options);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.error;
    return outcome.exit_code == 0 ? json::parse(outcome.output) : json();
  }
  std::string read(const std::string& name) const {
    std::stringstream text;
    text << std::ifstream(migration_.directory() / name).rdbuf();
    return text.str();
  }
  /// Rows of the ledger as a run would have left them: row n waits for the row that is named.
  void make_held(const std::string& rows) {
    migration_.target(
        "INSERT INTO mighost.quarantine (run_id, entity, legacy_key, outcome, code, "
        "waits_for_entity, waits_for_key) SELECT run_id, held.* FROM (SELECT run_id FROM "
        "mighost.runs LIMIT 1) AS r, (" +
        rows + ") AS held");
  }
  Migration migration_{"probe"};
};

json cause(const std::string& entity, const std::string& key, const std::string& state,
           const json& code, const json& waiting, int behind) {
  int rows = behind;
  for (const auto& one : waiting) rows += one["rows"].get<int>();
  return {{"entity", entity}, {"key", key},   {"state", state},     {"code", code},
          {"waived", false},  {"rows", rows}, {"waiting", waiting}, {"behind", behind}};
}

TEST_F(Quarantine, ATargetWithoutALedgerIsAnsweredWell) {
  const Outcome outcome = quarantine({});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_NE(outcome.error.find("the target has no ledger"), std::string::npos) << outcome.error;
  EXPECT_NE(outcome.error.find("next:"), std::string::npos) << outcome.error;
  EXPECT_EQ(migration_.target("SELECT to_regnamespace('mighost')"), "\n");
}

/// Things 3 and 5 are refused, and 7; parts 31-33, 51, 52 wait; 991 has no parent and 4 no key.
TEST_F(Quarantine, TellsRootCausesExportsAndTakesWaivers) {
  ASSERT_EQ(migration_.run().exit_code, 0);
  const json all = found();
  EXPECT_EQ(all["open"], 3 + 5 + 2);
  EXPECT_EQ(all["waived"], 0);
  EXPECT_EQ(all["root_causes"],
            json::array({cause("probe.things", "3", "held", "check",
                               json::array({{{"entity", "probe.parts"}, {"rows", 3}}}), 0),
                         cause("probe.things", "5", "held", "check",
                               json::array({{{"entity", "probe.parts"}, {"rows", 2}}}), 0),
                         cause("probe.things", "99", "absent", nullptr,
                               json::array({{{"entity", "probe.parts"}, {"rows", 1}}}), 0)}));
  EXPECT_EQ(all["alone"], 2) << "thing 7 and part 4";
  EXPECT_EQ(found({"--limit", "1"})["root_causes_more"], 2);

  const json things = found({"--entity", "probe.things", "--code", "check"});
  EXPECT_EQ(things["open"], 2);
  EXPECT_EQ(things["rows"][1]["key"], "5");
  EXPECT_EQ(found({"--key", "51"})["rows"][0]["root_key"], "5");
  const Outcome unknown = quarantine({"--entity", "probe.thing"});
  EXPECT_EQ(unknown.exit_code, 1);
  EXPECT_NE(unknown.error.find("did you mean \"probe.things\"?"), std::string::npos);

  for (const std::string name : {"rows.csv", "rows.json", "rows.jsonl"}) {
    const auto file = migration_.directory() / name;
    ASSERT_EQ(quarantine({"--code", "check", "--export", file.string()}).exit_code, 0);
    struct stat status = {};
    ASSERT_EQ(stat(file.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0600U) << name;
  }
  const json exported = json::parse(read("rows.json"));
  ASSERT_EQ(exported.size(), 2U);
  EXPECT_EQ(exported[0]["legacy_key"], "3");
  EXPECT_EQ(exported[0]["source_row"]["code"], "secret3");
  EXPECT_EQ(exported[0]["constraint_name"], "no_debt");
  std::istringstream lines(read("rows.jsonl"));
  for (const json& row : exported) {
    std::string line;
    ASSERT_TRUE(std::getline(lines, line));
    EXPECT_EQ(json::parse(line), row);
  }
  const std::string csv = read("rows.csv");
  EXPECT_TRUE(csv.starts_with("entity,legacy_key,outcome,code,column_name,")) << csv;
  EXPECT_NE(csv.find("\nprobe.things,3,quarantined,check,"), std::string::npos) << csv;
  EXPECT_EQ(quarantine({"--export", (migration_.directory() / "rows.xls").string()}).exit_code, 1);

  // Thing 3 will never come: its parts are waived with it. Thing 99 never stood in the quarantine.
  EXPECT_EQ(quarantine({"--key", "3", "--waive", "--why", "sold", "--who", "anna"}).exit_code, 0);
  const json waived = found(
      {"--entity", "probe.things", "--key", "99", "--waive", "--why", "lost", "--who", "anna"});
  EXPECT_EQ(waived["waivers_recorded"], 1);
  EXPECT_EQ(quarantine({"--key", "3", "--waive", "--why", "sold"}).exit_code, 1);
  EXPECT_EQ(quarantine({"--key", "77", "--waive", "--why", "sold"}).exit_code, 1);
  const json after = found();
  EXPECT_EQ(after["open"], 5);
  EXPECT_EQ(after["waived"], 5);
  EXPECT_EQ(after["waivers"].size(), 2U);
  EXPECT_EQ(after["waivers"][0]["who"], "anna");
  EXPECT_EQ(after["root_causes"][0]["key"], "5") << "what is open comes first";
  EXPECT_EQ(quarantine({"--key", "31", "--unwaive"}).exit_code, 1) << "has no waiver of its own";
  EXPECT_EQ(found({"--key", "3", "--unwaive", "--who", "bert"})["waivers_withdrawn"], 1);
  EXPECT_EQ(found()["waived"], 1);
  EXPECT_EQ(migration_.target("SELECT event, detail->>'who', detail->'rows'->0->>'key', "
                              "detail->'rows'->0->>'why', detail->>'why' FROM mighost.audit "
                              "WHERE event LIKE '%waive%' ORDER BY id"),
            "rows waived|anna|3||sold\n"
            "rows waived|anna|99||lost\n"
            "waivers withdrawn|bert|3|sold|\n");
}

/// Chains of any length end, and so do circles.
TEST_F(Quarantine, FollowsChainsAndCirclesToTheirEnd) {
  ASSERT_EQ(migration_.run().exit_code, 0);
  migration_.target("DELETE FROM mighost.quarantine");
  // 1 <- 2 <- ... <- 3000, and two more at the end.
  make_held(
      "SELECT 'probe.nodes', n::text, CASE n WHEN 1 THEN 'quarantined' ELSE 'parked' END, "
      "CASE n WHEN 1 THEN 'orphan' ELSE 'waits_for_parent' END, "
      "CASE WHEN n > 1 THEN 'probe.nodes' END, CASE WHEN n > 1 THEN least(n - 1, 2999)::text END "
      "FROM generate_series(1, 3002) AS n");
  // 10 <- 11 <- 12 <- 10, and 13 waits for 12; 20 is there twice, once for itself.
  make_held(
      "VALUES ('probe.parts', '10', 'quarantined', 'missing_parent', 'probe.parts', '12'), "
      "('probe.parts', '11', 'parked', 'waits_for_parent', 'probe.parts', '10'), "
      "('probe.parts', '12', 'parked', 'waits_for_parent', 'probe.parts', '11'), "
      "('probe.parts', '13', 'parked', 'waits_for_parent', 'probe.parts', '12'), "
      "('probe.parts', '20', 'parked', 'waits_for_parent', 'probe.nodes', '1'), "
      "('probe.parts', '20', 'quarantined', 'duplicate_key', NULL, NULL), "
      "('probe.parts', '21', 'parked', 'waits_for_parent', 'probe.parts', '20')");
  const json all = found();
  EXPECT_EQ(all["open"], 3002 + 7);
  ASSERT_EQ(all["root_causes"].size(), 3U) << all["root_causes"];
  EXPECT_EQ(all["root_causes"][0],
            cause("probe.nodes", "1", "held", "orphan",
                  json::array({{{"entity", "probe.nodes"}, {"rows", 1}}}), 3000));
  EXPECT_EQ(all["root_causes"][1]["state"], "circle");
  EXPECT_EQ(all["root_causes"][1]["rows"], 3) << "three of the four wait for the one that is named";
  EXPECT_EQ(all["root_causes"][2],
            cause("probe.parts", "20", "held", "duplicate_key",
                  json::array({{{"entity", "probe.parts"}, {"rows", 1}}}), 0));
  // A waiver in the middle takes what is behind it.
  EXPECT_EQ(
      found({"--entity", "probe.nodes", "--key", "2001", "--waive", "--why", "old"})["waived"], 1);
  const json after = found();
  EXPECT_EQ(after["waived"], 3002 - 2000);
  EXPECT_EQ(after["root_causes"][0]["rows"], 1999);
}

}  // namespace
}  // namespace mighost::test
