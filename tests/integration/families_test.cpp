// A family by itself, and a folder with a plugin less: the others work, and what is missing is
// named.
#include <gtest/gtest.h>

#include "support/contains.hpp"
#include "support/dataset.hpp"

namespace mighost::test {
namespace {

using json = nlohmann::json;
namespace fs = std::filesystem;

/// The shipped plugins but one, in a folder of the test's own.
fs::path plugins_without(const std::string& family, const fs::path& folder) {
  fs::create_directories(folder);
  for (const auto& file : fs::directory_iterator(shipped_plugins())) {
    const std::string name = file.path().filename().string();
    if (!name.ends_with(".mig.so") || name == family + ".mig.so") continue;
    fs::copy_file(file.path(), folder / name, fs::copy_options::overwrite_existing);
  }
  return folder;
}

class Families : public testing::Test {
 protected:
  void SetUp() override { oracle_ = fill(whole_, {"XS", 8, false, few_rows}); }

  /// Outcomes as foretold; notes may differ, because a parent that is not loaded gives none.
  void expect_outcomes(const json& report, const json& oracle,
                       const std::vector<std::string>& but = {}) {
    for (const json& got : report["entities"]) {
      const std::string name = got["name"];
      if (std::find(but.begin(), but.end(), name) != but.end()) continue;
      ASSERT_TRUE(oracle["entities"].contains(name)) << name;
      for (const char* field : {"read", "written", "filtered", "quarantined", "parked", "codes"}) {
        EXPECT_EQ(got[field], oracle["entities"][name][field]) << name << " " << field;
      }
    }
  }

  std::string findings() const { return whole_.report["findings"].dump(); }

  Migration whole_{shipped_plugins()};
  json oracle_;
};

TEST_F(Families, WorkAloneAfterTheirParents) {
  ASSERT_EQ(whole_.run({"--family", "core"}).exit_code, 0);
  const Outcome outcome = whole_.run({"--family", "financial"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.error;
  EXPECT_EQ(whole_.report["entities"].size(), 5u);
  // What an earlier run held back is not in the target: a parked row has no parent there.
  for (const char* name : {"financial.payments", "financial.offers", "financial.purchases"}) {
    EXPECT_EQ(whole_.entity(name)["written"], oracle_["entities"][name]["written"]) << name;
  }
  for (const json& total : whole_.report["control_totals"]) EXPECT_TRUE(total["holds"]) << total;
  // Cases belong to a family that has not run: said once, not found out row by row.
  EXPECT_TRUE(contains(findings(), "business.cases is not part of this run")) << findings();
}

TEST_F(Families, SayWhatTheyNeedWhenTheirParentsAreNotThere) {
  const Outcome outcome = whole_.run({"--family", "financial"});
  EXPECT_EQ(outcome.exit_code, 2) << outcome.error;
  EXPECT_EQ(whole_.target("SELECT count(*) FROM payments"), "0\n");
  const std::string said = outcome.output + outcome.error;
  for (const char* parent : {"core.doctors", "core.orders", "core.patients", "core.products"}) {
    EXPECT_TRUE(contains(said, std::string(parent) + " is not part of this run")) << said;
  }
}

/// Told before the first row is read, with the place in the configuration, by every command.
TEST_F(Families, RefuseSettingsThatCannotBeMeant) {
  whole_.configure(
      "[plugins.financial]\noperation_type = { 3 = \"refnd\" }\n"
      "[plugins.clinical]\njaw_reason = { two = \"other\" }\n");
  const Outcome outcome = whole_.run();
  EXPECT_EQ(outcome.exit_code, 1) << outcome.error;
  for (const char* part : {"operation_type", "'refnd'", "jaw_reason", "'two'", "run.toml:",
                           "financial.operations", "clinical.jaws", "nothing was touched"}) {
    EXPECT_TRUE(contains(outcome.error, part)) << outcome.error;
  }
  EXPECT_EQ(whole_.target("SELECT to_regnamespace('mighost') IS NULL"), "t\n");
  const std::vector<std::string> where = {"--plugins", shipped_plugins().string(), "--config",
                                          whole_.config_file().string()};
  for (const char* name : {"plan", "check"}) {
    std::vector<std::string> words = {name};
    words.insert(words.end(), where.begin(), where.end());
    const Outcome looked = run_process(whole_.command(words));
    EXPECT_NE(looked.exit_code, 0) << name;
    EXPECT_TRUE(contains(looked.output + looked.error, "'refnd'")) << looked.output << looked.error;
  }
}

TEST_F(Families, DoWithoutAPluginThatWasTakenAway) {
  Migration part(plugins_without("clinical", whole_.directory() / "part"));
  const json oracle = fill(part, {"XS", 8, false, few_rows});
  // Settings of a plugin that is away wait for its return.
  part.configure(
      "[plugins.clinical]\njaw_reason = { 2 = \"complete\" }\n"
      "[entities.\"clinical.jaws\"]\nenabled = true\n");
  Outcome outcome = part.run();
  ASSERT_EQ(outcome.exit_code, 0) << outcome.error;
  expect_outcomes(part.report, of_families(oracle, {"core", "business", "financial"}));
  const std::string said = part.report["findings"].dump();
  EXPECT_TRUE(contains(said, "business.treatment_discussions is left out")) << said;
  EXPECT_TRUE(contains(said, "put clinical.mig.so into")) << said;
  EXPECT_TRUE(contains(said, "[plugins.clinical] names no loaded plugin")) << said;
  EXPECT_EQ(part.target("SELECT count(*) FROM treatment_discussions"), "0\n");

  // With it, what was left out comes, and nothing else; the host is the same program.
  fs::copy_file(shipped_plugins() / "clinical.mig.so", whole_.directory() / "part/clinical.mig.so");
  part.configure("");
  outcome = part.run();
  ASSERT_EQ(outcome.exit_code, 0) << outcome.error;
  for (const char* name : {"business.treatment_discussions", "clinical.jaws"}) {
    EXPECT_EQ(part.entity(name)["written"], oracle["entities"][name]["written"]) << name;
  }
  EXPECT_EQ(part.entity("business.tasks")["written"], 0);
}

TEST_F(Families, LeaveAColumnEmptyForAPluginThatIsAway) {
  Migration part(plugins_without("business", whole_.directory() / "part"));
  const json oracle = fill(part, {"XS", 8, false, few_rows});
  const Outcome outcome = part.run();
  ASSERT_EQ(outcome.exit_code, 0) << outcome.error;
  expect_outcomes(part.report, of_families(oracle, {"core", "clinical", "financial"}));
  const std::string said = part.report["findings"].dump();
  EXPECT_TRUE(contains(said, "financial.operations.case_id stays NULL")) << said;
  EXPECT_TRUE(contains(said, "clinical.case_states is left out")) << said;
  EXPECT_EQ(part.target("SELECT count(case_id) FROM operations"), "0\n");
}

}  // namespace
}  // namespace mighost::test
