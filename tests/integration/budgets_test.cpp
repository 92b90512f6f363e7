// max_rejects and on_reject: how much may be held back before a run commits nothing.
#include <gtest/gtest.h>

#include "support/migration.hpp"

namespace mighost::test {
namespace {

constexpr const char* budgets_source = R"sql(
CREATE TABLE things (id int PRIMARY KEY, code text, amount numeric, shelf int, kind text,
  small int);
CREATE TABLE parts (id int PRIMARY KEY, thing int, spare int);
CREATE TABLE nodes (id int PRIMARY KEY, parent int);
CREATE TABLE pairs (name text, token uuid, rank int NOT NULL, PRIMARY KEY (name, token));
CREATE TABLE kept (id int PRIMARY KEY, label text NOT NULL);
)sql";

constexpr const char* budgets_target = R"sql(
CREATE TABLE things (id uuid PRIMARY KEY, legacy_id int NOT NULL UNIQUE, code text UNIQUE,
  amount numeric CONSTRAINT no_debt CHECK (amount >= 0), shelf int, kind text, small smallint);
CREATE TABLE parts (id uuid PRIMARY KEY, legacy_id int UNIQUE, thing_id uuid REFERENCES things,
  spare_id uuid REFERENCES things);
CREATE TABLE nodes (id uuid PRIMARY KEY, legacy_id int UNIQUE, parent_id uuid REFERENCES nodes);
CREATE TABLE pairs (id uuid PRIMARY KEY, name text NOT NULL, rank int NOT NULL);
CREATE TABLE kept (id serial PRIMARY KEY, label text NOT NULL);
)sql";

// Of ten things 3 and 5 are refused by a check, 7 cannot be encoded, 9 has the code of 8: four are
// held back. Of twenty parts six wait for 3, 5 and 9, and two have no thing: eight.
constexpr const char* dirty_rows = R"sql(
INSERT INTO things SELECT n, 'c' || CASE n WHEN 9 THEN 8 ELSE n END,
  CASE WHEN n IN (3, 5) THEN -1 ELSE n END, 1, 'plain', CASE n WHEN 7 THEN 70000 ELSE 1 END
  FROM generate_series(1, 10) AS n;
INSERT INTO parts SELECT 10 * thing + n, CASE thing WHEN 7 THEN 10 WHEN 10 THEN n * 100
  ELSE thing END, NULL FROM generate_series(1, 10) AS thing, generate_series(1, 2) AS n
  ORDER BY 1;
)sql";

class Budgets : public testing::Test {
 protected:
  Budgets() {
    migration_.source(budgets_source);
    migration_.target(budgets_target);
    migration_.source(dirty_rows);
  }
  /// The exit code; a run that may commit is rolled back all the same.
  int run(const std::string& config) {
    migration_.configure(config);
    outcome_ = migration_.run({"--dry-run"});
    return outcome_.exit_code;
  }
  static std::string of_run(const std::string& limit) {
    return "[quarantine]\nmax_rejects = " + limit + "\n";
  }
  static std::string of_things(const std::string& limit) {
    return "[entities.\"probe.things\"]\nmax_rejects = " + limit + "\n";
  }
  /// What ended the run.
  nlohmann::json finding() const {
    for (const auto& finding : migration_.report.at("findings")) {
      if (finding["severity"] == "veto") return finding;
    }
    return {};
  }
  Migration migration_{"probe"};
  Outcome outcome_;
};

TEST_F(Budgets, LimitWhatOneEntityMayHoldBack) {
  EXPECT_EQ(run(of_things("4")), 0) << outcome_.error;
  EXPECT_EQ(run(of_things("3")), 4);
  EXPECT_EQ(migration_.report["status"], "vetoed");
  EXPECT_EQ(finding()["check"], "max_rejects");
  EXPECT_EQ(finding()["entity"], "probe.things");
  EXPECT_EQ(finding()["offenders"], 4);
  // The duplicate is found last, when the index is built again.
  EXPECT_EQ(finding()["keys"].back(), "9");
  EXPECT_EQ(finding()["message"],
            "4 rows are held back, max_rejects is 3: 2 check, 1 out_of_range and 1 unique");
  EXPECT_NE(outcome_.error.find("probe.things: 4 rows are held back"), std::string::npos)
      << outcome_.error;
  EXPECT_NE(outcome_.error.find("nothing was committed"), std::string::npos) << outcome_.error;
  EXPECT_EQ(run(of_things("\"40%\"")), 0) << outcome_.error;
  EXPECT_EQ(run(of_things("\"39.9%\"")), 4);
  EXPECT_EQ(finding()["message"],
            "4 rows are held back of 10 read, max_rejects is 39.9%: 2 check, 1 out_of_range and 1 "
            "unique");
}

TEST_F(Budgets, LimitTheRunButForEntitiesWithABudgetOfTheirOwn) {
  EXPECT_EQ(run(of_run("12")), 0) << outcome_.error;
  EXPECT_EQ(run(of_run("11")), 4);
  EXPECT_EQ(finding()["entity"], "");
  EXPECT_EQ(finding()["keys"][0], "probe.things 7") << "refused before it is sent";
  EXPECT_EQ(run(of_run("8") + of_things("4")), 0) << outcome_.error;
  EXPECT_EQ(run(of_run("7") + of_things("4")), 4);
  EXPECT_EQ(run(of_run("\"40%\"")), 0) << "12 of 30";
  EXPECT_EQ(run(of_run("\"39%\"")), 4);
}

TEST_F(Budgets, EndARunAtOnceWhenACountIsExceeded) {
  migration_.source("INSERT INTO parts SELECT n, n, NULL FROM generate_series(1000, 30000) AS n");
  EXPECT_EQ(run("[load]\nbatch_rows = 100\n" + of_run("50")), 4);
  EXPECT_EQ(finding()["offenders"], 51) << "29,001 would be";
}

TEST_F(Budgets, OfNoRejectEndARunAtTheFirstOne) {
  EXPECT_EQ(run("[quarantine]\non_reject = \"abort\"\n"), 4);
  EXPECT_EQ(finding()["check"], "on_reject");
  EXPECT_EQ(finding()["entity"], "probe.things");
  EXPECT_EQ(finding()["offenders"], 1);
  // Parts that wait for a thing are parked, not rejected: the first rejected one has no thing.
  EXPECT_EQ(run("[entities.\"probe.parts\"]\non_reject = \"abort\"\n"), 4);
  EXPECT_EQ(finding()["entity"], "probe.parts");
  EXPECT_EQ(finding()["message"],
            "a row is rejected, and on_reject is \"abort\": 6 waits_for_parent and 1 "
            "missing_parent");
}

TEST_F(Budgets, DoNotCountWaivedRowsNorWhatWaitsForThem) {
  migration_.configure(of_run("0"));
  ASSERT_EQ(migration_.run().exit_code, 4);
  EXPECT_EQ(migration_.target("SELECT (SELECT count(*) FROM things), (SELECT count(*) FROM "
                              "mighost.quarantine), (SELECT status FROM mighost.runs)"),
            "0|0|vetoed\n");
  // The run has left no trace of its rows, so these are waived by name: thing 3 with two parts,
  // thing 9, which is found when the index is built, with two parts, and a thing that is absent
  // with one.
  const Outcome waived = run_process(migration_.command(
      {"quarantine", "--config", migration_.config_file().string(), "--entity", "probe.things",
       "--key", "3", "--key", "9", "--key", "100", "--waive", "--why", "sold"}));
  ASSERT_EQ(waived.exit_code, 0) << waived.error;
  EXPECT_EQ(run(of_run("3")), 4);
  EXPECT_EQ(run(of_run("4")), 4) << "4 things and 8 parts, of which 2 and 5 are waived, are 5";
  EXPECT_EQ(run(of_run("5")), 0) << outcome_.error;
  // Parents that are not part of the run: parts 31, 32, 91, 92 still wait for what is waived.
  migration_.configure("");
  ASSERT_EQ(migration_.run({"--only", "probe.things"}).exit_code, 0);
  migration_.configure(of_run("3"));
  EXPECT_EQ(migration_.run({"--only", "probe.parts", "--dry-run"}).exit_code, 0);
  migration_.configure(of_run("2"));
  EXPECT_EQ(migration_.run({"--only", "probe.parts", "--dry-run"}).exit_code, 4);
}

}  // namespace
}  // namespace mighost::test
