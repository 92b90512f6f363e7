// A run that ends by force leaves the target as it was, or complete: nothing in between, and the
// ledger says which. Moments at random are in interruptions_test.cpp.
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <optional>

#include "support/dataset.hpp"

namespace mighost::test {
namespace {

using json = nlohmann::json;
using std::chrono::duration;
using std::chrono::steady_clock;

/// Deferral at this size too, so that a run has indexes to build.
constexpr const char* defer_always = "[load]\ndefer = \"always\"\n";

class Kill : public testing::Test {
 protected:
  void SetUp() override {
    oracle_ = fill(migration_, {"XS", 1, false, few_rows});
    migration_.configure(defer_always);
    remember();
  }

  void remember() {
    structure_ = migration_.target_structure();
    rows_ = row_digests(migration_.target_url());
  }

  bool ledger_exists() const {
    return migration_.target("SELECT to_regclass('mighost.audit') IS NOT NULL") == "t\n";
  }

  int runs_with(const std::string& status) const {
    if (!ledger_exists()) return 0;
    return std::stoi(
        migration_.target("SELECT count(*) FROM mighost.runs WHERE status = '" + status + "'"));
  }

  void expect_untouched() const {
    EXPECT_EQ(changed_lines(structure_, migration_.target_structure()), "");
    EXPECT_EQ(changed_lines(rows_, row_digests(migration_.target_url())), "");
    if (!ledger_exists()) return;
    EXPECT_EQ(migration_.target("SELECT (SELECT count(*) FROM mighost.runs WHERE status = 'done'), "
                                "(SELECT count(*) FROM mighost.steps), "
                                "(SELECT count(*) FROM mighost.quarantine), "
                                "(SELECT count(*) FROM mighost.notes)"),
              "0|0|0|0\n");
  }

  void expect_complete() const {
    EXPECT_EQ(changed_lines(structure_, migration_.target_structure()), "");
    std::string select, expected;
    for (const auto& [name, entity] : oracle_["entities"].items()) {
      select +=
          (select.empty() ? "SELECT " : ", ") + ("(SELECT count(*) FROM " + rows_of(name) + ")");
      expected += (expected.empty() ? "" : "|") + entity["written"].dump();
    }
    EXPECT_EQ(migration_.target(select), expected + "\n");
    EXPECT_EQ(migration_.target("SELECT count(*) FROM mighost.steps"),
              std::to_string(oracle_["entities"].size()) + "\n");
  }

  /// A normal run afterwards does everything, and knows what became of those before it.
  void expect_a_normal_run_to_succeed() {
    const int unfinished = runs_with("running"), failed = runs_with("failed");
    const Outcome outcome = migration_.run();
    ASSERT_EQ(outcome.exit_code, 0) << outcome.error;
    EXPECT_EQ(differences(migration_.report, oracle_), "");
    expect_complete();
    EXPECT_EQ(runs_with("running"), 0);
    EXPECT_EQ(runs_with("failed"), unfinished + failed);
    EXPECT_EQ(migration_.target("SELECT count(*) FROM mighost.runs WHERE status = 'failed' AND "
                                "(finished_at IS NULL OR exit_code <> 3 OR error = '')"),
              "0\n");
  }

  Migration migration_{shipped_plugins()};
  json oracle_;
  std::string structure_, rows_;
};

/// Where the server is made to wait for the gate; "the middle" is then no matter of luck.
struct Moment {
  const char* name;
  const char* sql;
};

void PrintTo(const Moment& moment, std::ostream* out) { *out << moment.name; }

constexpr Moment while_copying = {"Copying",
                                  "CREATE TRIGGER at_gate BEFORE INSERT ON patients "
                                  "FOR EACH STATEMENT EXECUTE FUNCTION public.trigger_gate()"};

class KillAt : public Kill, public testing::WithParamInterface<Moment> {
 protected:
  void stop_at(const Moment& moment) {
    if (!gate_) gate_.emplace(migration_.target_url());
    migration_.target(moment.sql);
    remember();
    gate_->close();
  }
  std::optional<Gate> gate_;
};

TEST_P(KillAt, LeavesTheTargetAsItWas) {
  stop_at(GetParam());
  Process process(migration_.run_command());
  ASSERT_TRUE(gate_->wait_for_visitor()) << process.error();
  process.kill(SIGKILL);
  EXPECT_EQ(process.wait().signal, SIGKILL);
  gate_->open();
  wait_for_sessions_to_end(migration_);
  expect_untouched();
  expect_a_normal_run_to_succeed();
}

// SIGKILL leaves sanitizers nothing to say.
INSTANTIATE_TEST_SUITE_P(
    ReleaseOnlyMoments, KillAt,
    testing::Values(while_copying,
                    Moment{"BuildingAnIndex",
                           "CREATE INDEX at_gate ON patients (archived) WHERE public.gate() = 0"},
                    Moment{"SettingLateReferences",
                           "CREATE TRIGGER at_gate BEFORE UPDATE ON categories "
                           "FOR EACH ROW EXECUTE FUNCTION public.trigger_gate()"}),
    [](const auto& test) { return test.param.name; });

class ReleaseOnlyKillAtTheEnd : public KillAt {
 protected:
  /// The tables of the ledger are there after any first run.
  void make_ledger() {
    ASSERT_EQ(migration_.run({"--only", "core.teams"}).exit_code, 0);
    migration_.target("DELETE FROM teams; TRUNCATE mighost.runs, mighost.steps, mighost.audit");
  }

  Outcome kill_at(const Moment& moment) {
    stop_at(moment);
    Process process(migration_.run_command());
    EXPECT_TRUE(gate_->wait_for_visitor()) << process.error();
    process.kill(SIGKILL);
    return process.wait();
  }
};

TEST_F(ReleaseOnlyKillAtTheEnd, JustBeforeCommitIsNoSuccess) {
  make_ledger();
  kill_at({"",
           "CREATE TRIGGER at_gate BEFORE UPDATE ON mighost.runs FOR EACH ROW "
           "WHEN (NEW.status = 'done') EXECUTE FUNCTION public.trigger_gate()"});
  gate_->open();
  wait_for_sessions_to_end(migration_);
  expect_untouched();
  expect_a_normal_run_to_succeed();
}

/// The server has COMMIT in its hands when the client dies: whatever it makes of it, the ledger and
/// the rows tell the same story.
TEST_F(ReleaseOnlyKillAtTheEnd, WithinCommitIsEitherAllOrNothing) {
  make_ledger();
  // Deferred by the last statements before COMMIT, whatever was set before.
  kill_at({"", R"sql(
CREATE FUNCTION public.defer_all() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN SET CONSTRAINTS ALL DEFERRED; RETURN NULL; END $$;
CREATE TRIGGER defer_all BEFORE INSERT ON mighost.steps
  FOR EACH STATEMENT EXECUTE FUNCTION public.defer_all();
CREATE CONSTRAINT TRIGGER at_gate AFTER UPDATE ON mighost.runs DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (NEW.status = 'done') EXECUTE FUNCTION public.trigger_gate();
)sql"});
  EXPECT_EQ(migration_.target("SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE "
                              "'mighost %' AND query = 'COMMIT' AND wait_event = 'advisory'"),
            "1\n");
  gate_->open();
  wait_for_sessions_to_end(migration_);
  if (runs_with("done") == 0) {
    expect_untouched();
    expect_a_normal_run_to_succeed();
    return;
  }
  expect_complete();
  const Outcome second = migration_.run();
  EXPECT_EQ(second.exit_code, 0) << second.error;
  EXPECT_EQ(migration_.report["totals"]["written"], 0);
}

class KillPolitely : public KillAt {};

TEST_F(KillPolitely, StopsAtOnceAndSaysWhatNext) {
  stop_at(while_copying);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) {
    Process process(migration_.run_command());
    ASSERT_TRUE(gate_->wait_for_visitor()) << process.error();
    const auto asked = steady_clock::now();
    process.kill(signal);
    const Outcome outcome = process.wait();
    // The gate is still closed: the statement was cancelled, not awaited.
    EXPECT_LT(duration<double>(steady_clock::now() - asked).count(), 5);
    EXPECT_EQ(outcome.exit_code, 6) << outcome.error;
    EXPECT_NE(outcome.error.find("nothing was committed"), std::string::npos) << outcome.error;
    EXPECT_NE(outcome.error.find("run the same command again"), std::string::npos) << outcome.error;
    wait_for_sessions_to_end(migration_);
    expect_untouched();
  }
  EXPECT_EQ(runs_with("interrupted"), 3);
  gate_->open();
  const Outcome outcome = migration_.run();
  EXPECT_EQ(outcome.exit_code, 0) << outcome.error;
  EXPECT_EQ(differences(migration_.report, oracle_), "");
}

/// Before the transaction has begun a run may wait too: here to look at a table.
TEST_F(KillPolitely, StopsAtOnceWhilePlanning) {
  const Holder holder(migration_.target_url(), "LOCK TABLE courses");
  Process process(migration_.run_command());
  const std::string waiting =
      "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE "
      "'mighost %' AND wait_event_type = 'Lock'";
  ASSERT_EQ(ask_until(migration_.target_url(), waiting, "1\n"), "1\n");
  const auto asked = steady_clock::now();
  process.kill(SIGTERM);
  const Outcome outcome = process.wait();
  EXPECT_LT(duration<double>(steady_clock::now() - asked).count(), 5);
  EXPECT_EQ(outcome.exit_code, 6) << outcome.error;
}

struct Victim {
  const char* name;
  const char* application;  // pattern
  bool in_source;
};

void PrintTo(const Victim& victim, std::ostream* out) { *out << victim.name; }

class KillSession : public Kill, public testing::WithParamInterface<Victim> {};

TEST_P(KillSession, EndsTheRunAndLeavesTheTargetAsItWas) {
  Gate gate(migration_.target_url());
  migration_.target(while_copying.sql);
  remember();
  gate.close();
  Process process(migration_.run_command());
  ASSERT_TRUE(gate.wait_for_visitor()) << process.error();
  const std::string database = GetParam().in_source ? "legacy" : "target";
  EXPECT_EQ(migration_.target("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE "
                              "application_name ~ '" +
                              std::string(GetParam().application) + "' AND datname ~ '^" +
                              database + "'"),
            "t\n");
  gate.open();
  const Outcome outcome = process.wait();
  EXPECT_EQ(outcome.exit_code, 3) << outcome.error;
  const std::string side = GetParam().in_source ? "source" : "target";
  EXPECT_NE(outcome.error.find("lost the connection to the " + side), std::string::npos)
      << outcome.error;
  EXPECT_NE(outcome.error.find("nothing was committed"), std::string::npos) << outcome.error;
  wait_for_sessions_to_end(migration_);
  expect_untouched();
  if (!HasFailure()) expect_a_normal_run_to_succeed();
}

INSTANTIATE_TEST_SUITE_P(Sessions, KillSession,
                         testing::Values(Victim{"Source", "^mighost [0-9a-f-]{36}$", true},
                                         Victim{"Target", "^mighost [0-9a-f-]{36}$", false},
                                         Victim{"Control", "^mighost control ", false}),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace mighost::test
