// --only, --family and entities that are switched off: a migration in steps brings the same rows as
// one in a single run, and whoever asks for what is not there is told.
#include <gtest/gtest.h>

#include "support/contains.hpp"
#include "support/dataset.hpp"

namespace mighost::test {
namespace {

using json = nlohmann::json;

std::string names_of(const json& report) {
  std::string names;
  for (const json& entity : report["entities"]) {
    names += (names.empty() ? "" : " ") + entity["name"].get<std::string>();
  }
  return names;
}

class Selection : public testing::Test {
 protected:
  void SetUp() override { oracle_ = fill(migration_, {"XS", 4, false, few_rows}); }

  /// The rows of one run for everything; each migration has databases of its own.
  static std::string rows_of_a_full_run() {
    Migration whole(shipped_plugins());
    fill(whole, {"XS", 4, false, few_rows});
    EXPECT_EQ(whole.run().exit_code, 0);
    return row_digests(whole.target_url(), timeless);
  }

  Migration migration_{shipped_plugins()};
  json oracle_;
};

// Many whole runs; the others go the same ways under the sanitizers.
using ReleaseOnlySelection = Selection;

TEST_F(ReleaseOnlySelection, InStepsBringsTheRowsOfAFullRun) {
  // Parents first; each step finds them in the target. The last one, for everything, has nothing
  // left to do.
  const std::vector<std::vector<std::string>> steps = {
      {"--only", "core.profiles,core.offices"},
      {"--only", "core.doctors", "--only", "core.doctor_offices"},
      {"--only", "core.patients"},
      {"--only", "core.orders"},
      {"--family", "core"},
      {"--only", "business.cases"},
      {"--family", "clinical"},
      {"--family", "business", "--family", "financial"},
      {}};
  for (const auto& step : steps) {
    const Outcome outcome = migration_.run(step);
    ASSERT_EQ(outcome.exit_code, 0) << outcome.error;
  }
  for (const auto& [name, expected] : oracle_["entities"].items()) {
    const json entity = migration_.entity(name);
    EXPECT_EQ(entity["unchanged"], expected["written"]) << name;
    EXPECT_EQ(entity["filtered"], expected["filtered"]) << name;
    EXPECT_EQ(entity["quarantined"], expected["quarantined"]) << name;
    EXPECT_EQ(entity["parked"], expected["parked"]) << name;
  }
  EXPECT_EQ(changed_lines(rows_of_a_full_run(), row_digests(migration_.target_url(), timeless)),
            "");
}

/// A selected child resolves what is in the target exactly as it would in one run. What an earlier
/// step held back is not in the target, and nothing tells it from what never was.
TEST_F(Selection, OfAChildFindsItsParentsInTheTarget) {
  ASSERT_EQ(
      migration_.run({"--only", "core.profiles,core.offices,core.doctors,core.patients"}).exit_code,
      0);
  EXPECT_EQ(names_of(migration_.report), "core.offices core.profiles core.doctors core.patients");
  const Outcome outcome = migration_.run({"--only", "core.orders"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.error;
  EXPECT_EQ(names_of(migration_.report), "core.orders");
  const json orders = migration_.entity("core.orders"),
             expected = oracle_["entities"]["core.orders"];
  EXPECT_EQ(orders["written"], expected["written"]);
  EXPECT_EQ(orders["quarantined"].get<int>() + orders["parked"].get<int>(),
            expected["quarantined"].get<int>() + expected["parked"].get<int>());
  EXPECT_EQ(migration_.target("SELECT count(*) FROM orders o JOIN patients p ON p.id = patient_id "
                              "JOIN doctors d ON d.id = doctor_id"),
            expected["written"].dump() + "\n");
}

TEST_F(Selection, WithoutItsParentsWritesNothingAndSaysWhy) {
  const Outcome outcome = migration_.run({"--only", "core.orders"});
  EXPECT_EQ(outcome.exit_code, 2) << outcome.error;
  EXPECT_EQ(migration_.target("SELECT count(*) FROM orders"), "0\n");
  // Not only that the rows were refused, but that the parents were never brought.
  const std::string said = outcome.output + outcome.error;
  EXPECT_TRUE(contains(said, "core.patients")) << said;
  EXPECT_TRUE(contains(said, "core.doctors")) << said;
  // Once they are there, the same command brings everything.
  ASSERT_EQ(migration_.run({"--family", "core"}).exit_code, 0);
  EXPECT_EQ(migration_.entity("core.orders")["written"],
            oracle_["entities"]["core.orders"]["written"]);
}

/// A reference that may be NULL is no licence to lose it because of a selection: it would stay NULL
/// for good.
TEST_F(Selection, WithoutAParentThatMayBeMissingIsRefused) {
  ASSERT_EQ(migration_.run({"--only", "core.profiles"}).exit_code, 0);
  const Outcome outcome = migration_.run({"--only", "core.doctors"});
  EXPECT_EQ(outcome.exit_code, 2) << outcome.error;
  EXPECT_TRUE(contains(outcome.output + outcome.error, "core.offices")) << outcome.output;
}

TEST_F(Selection, OfAFamilyIsEverythingOfIt) {
  ASSERT_EQ(migration_.run({"--family", "core"}).exit_code, 0);
  const json core = of_families(oracle_, {"core"});
  EXPECT_EQ(differences(migration_.report, core), "");
  // Asking twice for the same is no mistake.
  ASSERT_EQ(migration_.run({"--family", "core", "--only", "core.teams,core.teams"}).exit_code, 0);
  EXPECT_EQ(migration_.report["entities"].size(), core["entities"].size());
}

struct Wrong {
  const char* name;
  std::vector<std::string> options;
  std::vector<std::string> said;
};

void PrintTo(const Wrong& wrong, std::ostream* out) { *out << wrong.name; }

class SelectionWrong : public Selection, public testing::WithParamInterface<Wrong> {};

TEST_P(SelectionWrong, IsRefusedWithTheNearestName) {
  migration_.configure("[entities.\"core.teams\"]\nenabled = false\n");
  const Outcome outcome = migration_.run(GetParam().options);
  EXPECT_EQ(outcome.exit_code, 1) << outcome.error;
  for (const auto& part : GetParam().said)
    EXPECT_TRUE(contains(outcome.error, part)) << outcome.error;
  // Nothing was begun: not even the ledger is there.
  EXPECT_EQ(migration_.target("SELECT to_regnamespace('mighost') IS NULL"), "t\n");
}

INSTANTIATE_TEST_SUITE_P(
    Names, SelectionWrong,
    testing::Values(
        Wrong{"Entity", {"--only", "core.ordrs"}, {"core.ordrs", "core.orders"}},
        Wrong{"EntityOfAnotherFamily", {"--only", "cor.orders"}, {"cor.orders", "core.orders"}},
        Wrong{"Family", {"--family", "cores"}, {"cores", "core"}},
        Wrong{"EntityWithoutFamily", {"--only", "orders"}, {"orders", "family.entity"}},
        Wrong{"Several",
              {"--only", "core.ordrs,core.patiens", "--family", "fore"},
              {"core.orders", "core.patients", "fore"}},
        Wrong{"SwitchedOff", {"--only", "core.teams"}, {"core.teams", "run.toml:", "enabled"}}),
    [](const auto& test) { return test.param.name; });

TEST_F(Selection, LeavesOutWhatIsSwitchedOff) {
  migration_.configure(
      "[entities.\"core.role_permissions\"]\nenabled = false\n"
      "[entities.\"core.roles\"]\nenabled = true\n");
  ASSERT_EQ(migration_.run().exit_code, 0);
  EXPECT_FALSE(contains(names_of(migration_.report), "core.role_permissions"));
  EXPECT_TRUE(contains(names_of(migration_.report), "core.roles"));
  EXPECT_EQ(migration_.target("SELECT count(*) FROM role_permissions"), "0\n");
  json others = oracle_;
  others["entities"].erase("core.role_permissions");
  EXPECT_EQ(differences(migration_.report, others), "");
  migration_.configure("");
  ASSERT_EQ(migration_.run().exit_code, 0);
  EXPECT_EQ(migration_.entity("core.role_permissions")["written"],
            oracle_["entities"]["core.role_permissions"]["written"]);
}

TEST_F(Selection, RefusesANameInTheConfigurationThatNobodyHas) {
  migration_.configure("[entities.\"core.team\"]\nenabled = false\n");
  const Outcome outcome = migration_.run();
  EXPECT_EQ(outcome.exit_code, 1) << outcome.error;
  EXPECT_TRUE(contains(outcome.error, "core.teams")) << outcome.error;
  EXPECT_TRUE(contains(outcome.error, "run.toml:")) << outcome.error;
}

/// An optional entity runs when the configuration says so, and not because it is asked for.
TEST(SelectionOptional, RunsOnlyWhenItIsSwitchedOn) {
  Migration migration("probe");
  migration.source(
      "CREATE TABLE kept (id int PRIMARY KEY, label text NOT NULL);"
      "CREATE TABLE members (id int PRIMARY KEY, email text NOT NULL);"
      "INSERT INTO kept VALUES (1, 'one'); INSERT INTO members VALUES (1, 'ada@example.org')");
  migration.target(
      "CREATE TABLE kept (id serial PRIMARY KEY, label text NOT NULL);"
      "CREATE TABLE accounts (id uuid PRIMARY KEY, email text UNIQUE);"
      "INSERT INTO accounts VALUES ('6f9619ff-8b86-5011-b42d-00c04fc964ff', 'ada@example.org')");
  std::string off;
  for (const std::string name : {"things", "parts", "nodes", "pairs"}) {
    off += "[entities.\"probe." + name + "\"]\nenabled = false\n";
  }
  migration.configure(off);
  const Outcome refused = migration.run({"--only", "probe.kept,probe.members"});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_TRUE(contains(refused.error, "probe.members")) << refused.error;
  EXPECT_TRUE(contains(refused.error, "optional")) << refused.error;
  ASSERT_EQ(migration.run().exit_code, 0);
  EXPECT_EQ(names_of(migration.report), "probe.kept");
  migration.configure(off + "[entities.\"probe.members\"]\nenabled = true\n");
  ASSERT_EQ(migration.run().exit_code, 0);
  EXPECT_EQ(names_of(migration.report), "probe.kept probe.members");
}

}  // namespace
}  // namespace mighost::test
