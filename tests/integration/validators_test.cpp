// The real program with validators of third parties beside a family whose source they have never
// seen: what they find, what the configuration makes of it, and that a faulty one never passes.
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <filesystem>

#include "support/migration.hpp"

namespace mighost::test {
namespace {

namespace fs = std::filesystem;
using json = nlohmann::json;

/// 40 things; 2 below zero, 2 above 900, 1 of exactly 500.
constexpr const char* validators_source = R"sql(
CREATE TABLE things (id int PRIMARY KEY, code text, amount numeric, shelf int, kind text,
  small int);
INSERT INTO things SELECT n, 'c' || n, n, 1, 'plain', 1 FROM generate_series(1, 40) AS n;
UPDATE things SET amount = -1 WHERE id IN (5, 6, 7);
UPDATE things SET amount = 901 WHERE id IN (20, 21);
UPDATE things SET amount = 500 WHERE id = 30;
)sql";

constexpr const char* validators_target = R"sql(
CREATE TABLE things (id uuid PRIMARY KEY, legacy_id int UNIQUE, code text, amount numeric(8,2),
  shelf int, kind text, small int);
INSERT INTO things VALUES ('00000000-0000-0000-0000-000000000001', NULL, 'was here before');
)sql";

/// A directory of plugins of its own: the probe and these validators.
class PluginFolder {
 public:
  explicit PluginFolder(const std::vector<std::string>& validators) {
    std::string pattern = (fs::temp_directory_path() / "mighost-guards-XXXXXX").string();
    path_ = mkdtemp(pattern.data());
    add("probe");
    for (const auto& validator : validators) add(validator);
  }
  ~PluginFolder() { fs::remove_all(path_); }
  PluginFolder(const PluginFolder&) = delete;
  PluginFolder& operator=(const PluginFolder&) = delete;
  const fs::path& path() const { return path_; }

 private:
  void add(const std::string& name) const {
    const std::string file = name + ".mig.so";
    fs::create_symlink(fs::path(MIGHOST_BINARY_DIR) / "test-plugins" / name / file, path_ / file);
  }
  fs::path path_;
};

class Guarded {
 public:
  explicit Guarded(const std::vector<std::string>& validators) : folder_(validators) {
    migration.source(validators_source);
    migration.target(validators_target);
    before_ = migration.target_structure() + migration.target_rows();
  }

  Outcome run(const std::string& configuration) {
    migration.configure(configuration);
    return migration.run({"--only", "probe.things"});
  }
  bool untouched() const {
    return migration.target_structure() + migration.target_rows() == before_;
  }
  /// The finding of a check, by its code too when there is one.
  json finding(const std::string& check, const std::string& code = {}) const {
    for (const auto& each : migration.report.at("findings")) {
      if (each.at("check") == check && (code.empty() || each.at("code") == code)) return each;
    }
    return nullptr;
  }
  json note_on(const std::string& name) const {
    for (const auto& each : migration.report.at("findings")) {
      if (each.at("entity") == name) return each;
    }
    return nullptr;
  }
  std::string status(const std::string& check) const {
    for (const auto& each : migration.report.at("checks")) {
      if (each.at("check") == check) return each.at("status");
    }
    return "not there";
  }

 private:
  PluginFolder folder_;

 public:
  Migration migration{folder_.path()};

 private:
  std::string before_;
};

TEST(Validators, OfStrangersVetoTheRunAndAllFindingsAreReportedAtOnce) {
  Guarded guarded({"auditor", "second-look"});
  guarded.migration.source(
      "UPDATE things SET amount = 777 WHERE id = 9;"
      "UPDATE things SET code = 'stop!' WHERE id = 33");
  const Outcome outcome = guarded.run("[validation]\nkeys_shown = 2\n");
  EXPECT_EQ(outcome.exit_code, 4) << outcome.error;
  EXPECT_TRUE(guarded.untouched());
  EXPECT_EQ(guarded.migration.report["status"], "vetoed");
  for (const std::string plugin : {"auditor", "second-look"}) {
    const json debt = guarded.finding(plugin + ".amounts", "debt");
    ASSERT_FALSE(debt.is_null()) << guarded.migration.report.dump(1);
    EXPECT_EQ(debt["plugin"], plugin + " 1.0.0");
    EXPECT_EQ(debt["entity"], "probe.things");
    EXPECT_EQ(debt["severity"], "veto");
    EXPECT_EQ(debt["offenders"], 3);
    EXPECT_EQ(debt["keys"], (json{"5", "6"}));
    EXPECT_EQ(guarded.finding(plugin + ".labels", "loud")["keys"], json{"33"});
    EXPECT_EQ(guarded.finding(plugin + ".amounts", "round")["severity"], "warn");
    const json rejected = guarded.finding(plugin + ".amounts", "too_much");
    EXPECT_EQ(rejected["severity"], "warn") << "its rows are in the quarantine";
    EXPECT_EQ(rejected["offenders"], 2);
    const json sevens = guarded.finding(plugin + ".amounts/no-sevens");
    EXPECT_EQ(sevens["plugin"], plugin + " 1.0.0");
    EXPECT_EQ(sevens["keys"], json{"9"});
    EXPECT_EQ(guarded.status(plugin + ".amounts"), "vetoed");
    EXPECT_EQ(guarded.note_on(plugin + ".painters")["severity"], "note") << "it looks at nothing";
  }
  bool total_named = false;
  for (const auto& each : guarded.migration.report["findings"]) {
    total_named = total_named || (each["entity"] == "second-look.amounts/worth" &&
                                  each["plugin"] == "second-look 1.0.0");
  }
  EXPECT_TRUE(total_named) << guarded.migration.report["findings"].dump(1);
  for (const std::string said : {"auditor 1.0.0", "debt: an amount below zero",
                                 "3 offenders: 5, 6, ...", "second-look.labels"}) {
    EXPECT_NE(outcome.output.find(said), std::string::npos) << said << "\n" << outcome.output;
  }
  EXPECT_EQ(outcome.output.find("stop!"), std::string::npos) << "no value of a row is told";
}

TEST(Validators, HaveTheSeverityThatTheConfigurationGivesThem) {
  Guarded guarded({"auditor"});
  const Outcome warned = guarded.run("[validation.checks]\n\"auditor.amounts\" = \"warn\"\n");
  EXPECT_EQ(warned.exit_code, 0) << warned.error;
  EXPECT_EQ(guarded.finding("auditor.amounts", "debt")["severity"], "warn");
  EXPECT_EQ(guarded.migration.entity("probe.things")["written"], 40);
  EXPECT_EQ(guarded.status("auditor.amounts"), "warned");
  EXPECT_EQ(guarded.migration.target("SELECT legacy_key, code, column_name, detail "
                                     "FROM mighost.notes WHERE plugin = 'auditor 1.0.0' "
                                     "AND code = 'round'"),
            "30|round|amount|half a thousand\n");

  guarded.migration.target("DELETE FROM things WHERE legacy_id IS NOT NULL");
  const Outcome rejected = guarded.run(
      "[validation.checks]\n\"auditor.amounts\" = \"warn\"\n"
      "[entities.\"probe.things\"]\nchecks = { \"auditor.amounts\" = \"reject\" }\n");
  EXPECT_EQ(rejected.exit_code, 0) << rejected.error;
  EXPECT_EQ(guarded.migration.entity("probe.things")["quarantined"], 6);
  EXPECT_EQ(guarded.migration.target("SELECT code, plugin, stage, count(*) FROM mighost.held_back "
                                     "GROUP BY 1, 2, 3 ORDER BY 1"),
            "debt|auditor 1.0.0|validate|3\nround|auditor 1.0.0|validate|1\n"
            "too_much|auditor 1.0.0|validate|2\n");

  guarded.migration.target("DELETE FROM things WHERE legacy_id IS NOT NULL");
  const Outcome off = guarded.run("[validation.checks]\n\"auditor.amounts\" = \"off\"\n");
  EXPECT_EQ(off.exit_code, 0) << off.error;
  EXPECT_EQ(guarded.migration.entity("probe.things")["written"], 40);
  EXPECT_TRUE(guarded.finding("auditor.amounts").is_null());
  EXPECT_EQ(guarded.status("auditor.amounts"), "off");
}

TEST(Validators, ThatTheConfigurationMisspellsAreRefusedWithTheNearest) {
  Guarded guarded({"auditor"});
  const Outcome outcome = guarded.run("[validation.checks]\n\"auditor.amount\" = \"off\"\n");
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_NE(outcome.error.find("there is no check `auditor.amount`"), std::string::npos)
      << outcome.error;
  EXPECT_NE(outcome.error.find("did you mean \"auditor.amounts\"?"), std::string::npos)
      << outcome.error;
  EXPECT_TRUE(guarded.untouched());
}

TEST(Validators, ThatNeedAColumnWhichIsNotWrittenAreRefusedBeforeTheRun) {
  Guarded guarded({"misfit"});
  const Outcome outcome = guarded.run("");
  EXPECT_EQ(outcome.exit_code, 2);
  for (const std::string said : {"guard.watch", "guard 3.2.1", "needs the column colour"}) {
    EXPECT_NE(outcome.error.find(said), std::string::npos) << said << "\n" << outcome.error;
  }
  EXPECT_TRUE(guarded.untouched());
}

TEST(Validators, ThatThrowAreFaultyAndNothingIsCommitted) {
  Guarded guarded({"auditor"});
  const Outcome thrown = guarded.run("[plugins.auditor]\nthrows = true\n");
  EXPECT_EQ(thrown.exit_code, 4) << thrown.error;
  const std::string message = guarded.finding("auditor.amounts")["message"];
  EXPECT_NE(message.find("faulty: it failed: the moon is not full"), std::string::npos) << message;
  EXPECT_EQ(guarded.finding("auditor.amounts")["plugin"], "auditor 1.0.0");
  EXPECT_TRUE(guarded.untouched());
  const Outcome refused = guarded.run("[plugins.auditor]\nrefuses = true\n");
  EXPECT_EQ(refused.exit_code, 4) << refused.error;
  EXPECT_NE(refused.output.find("does not start: no licence was found"), std::string::npos)
      << refused.output;
  EXPECT_TRUE(guarded.migration.report["entities"].empty()) << "no row was moved in vain";
  EXPECT_TRUE(guarded.untouched());
}

struct Rule {
  const char* mode;
  const char* said;
};

/// One database for all of them: none changes it.
TEST(Validators, ThatBreakARuleAreNamedAndNeverPass) {
  Guarded guarded({"guard"});
  const std::string common =
      "[validation]\ntime_limit = \"1s\"\n"
      "[validation.checks]\n\"guard.watch/slow\" = \"off\"\n"
      "[plugins.guard]\nmode = ";
  for (const auto& [mode, said] : {
           Rule{"fails", "failed: the moon is not full"},
           Rule{"fails_without_a_word", "failed: it gives no reason"},
           Rule{"gives_up", "failed: it gives no reason"},
           Rule{"fails_at_the_end", "failed at the end: the moon is not full"},
           Rule{"speaks_at_the_end", "reported on a row that it was not shown"},
           Rule{"no_begin", "does not start: it gives no reason"},
           Rule{"begins_never", "did not come back within 1 s"},
           Rule{"loops", "did not come back within 1 s"},
           Rule{"other_code", "reported the code `made_up`, which it does not declare"},
           Rule{"other_row", "reported on a row that it was not shown"},
           Rule{"other_column", "reported on the column amount, which it was not shown"},
           Rule{"floods", "reported more than 64 times for each row"},
       }) {
    const Outcome outcome = guarded.run(common + "\"" + mode + "\"\n");
    EXPECT_EQ(outcome.exit_code, 4) << mode << "\n" << outcome.error;
    EXPECT_EQ(outcome.signal, 0) << mode;
    const json finding = guarded.finding("guard.watch");
    ASSERT_FALSE(finding.is_null()) << mode << "\n" << guarded.migration.report.dump(1);
    EXPECT_EQ(finding["plugin"], "guard 3.2.1") << mode;
    EXPECT_EQ(finding["severity"], "veto") << mode;
    const std::string message = finding["message"];
    EXPECT_NE(message.find(said), std::string::npos) << mode << ": " << message;
    EXPECT_EQ(guarded.status("guard.watch"), "faulty") << mode;
    EXPECT_NE(outcome.output.find("guard 3.2.1"), std::string::npos) << mode;
    EXPECT_EQ(guarded.migration.target("SELECT count(*) FROM things"), "1\n") << mode;
  }
  EXPECT_TRUE(guarded.untouched());
  const Outcome sound = guarded.run(common + "\"sound\"\n");
  EXPECT_EQ(sound.exit_code, 0) << sound.error;
}

TEST(Validators, AssertionThatTakesTooLongIsFaultyHoweverMildItIs) {
  Guarded guarded({"guard"});
  const Outcome outcome = guarded.run("[validation]\ntime_limit = \"300ms\"\n");
  EXPECT_EQ(outcome.exit_code, 4) << outcome.error;
  const json finding = guarded.finding("guard.watch/slow");
  ASSERT_FALSE(finding.is_null());
  EXPECT_EQ(finding["severity"], "veto");
  EXPECT_EQ(guarded.status("guard.watch/slow"), "faulty");
  EXPECT_TRUE(guarded.untouched());
}

TEST(Validators, ABuiltInCheckThatIsOffIsNamedWhereItHasNothingToLookAtToo) {
  Guarded guarded({});
  ASSERT_EQ(guarded.run("").exit_code, 0);
  EXPECT_EQ(guarded.status("sequences"), "not there") << "no sequence stands behind a column";
  const Outcome outcome = guarded.run("[validation.checks]\nsequences = \"off\"\n");
  EXPECT_EQ(outcome.exit_code, 0) << outcome.error;
  EXPECT_EQ(guarded.status("sequences"), "off");
}

TEST(Validators, AssertionThatWritesIsFaultyAndWritesNothing) {
  Guarded guarded({"writer"});
  guarded.migration.target("CREATE SEQUENCE counter");
  const Outcome outcome = guarded.run("");
  EXPECT_EQ(outcome.exit_code, 4) << outcome.error;
  EXPECT_EQ(guarded.status("guard.watch/slow"), "faulty");
  const json finding = guarded.finding("guard.watch/slow");
  ASSERT_FALSE(finding.is_null());
  EXPECT_NE(finding["message"].get<std::string>().find("read-only"), std::string::npos) << finding;
  EXPECT_EQ(guarded.migration.target("SELECT last_value, is_called FROM counter"), "1|f\n");
}

TEST(Validators, OneThatTakesTheProcessWithItIsNamed) {
  Guarded guarded({"guard"});
  const Outcome outcome = guarded.run(
      "[validation.checks]\n\"guard.watch/slow\" = \"off\"\n[plugins.guard]\nmode = \"aborts\"\n");
  EXPECT_EQ(outcome.signal, SIGABRT);
  EXPECT_NE(outcome.error.find("in plugin guard 3.2.1, at probe.things"), std::string::npos)
      << outcome.error;
  EXPECT_EQ(guarded.migration.target("SELECT count(*) FROM things"), "1\n");
}

}  // namespace
}  // namespace mighost::test
