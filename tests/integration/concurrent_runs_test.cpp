// Two runs into one target exclude each other: the second is refused at once, and told by whom.
#include <gtest/gtest.h>

#include <csignal>
#include <optional>

#include "support/dataset.hpp"

namespace mighost::test {
namespace {

class TwoRuns : public testing::Test {
 protected:
  void SetUp() override {
    oracle_ = fill(migration_, {"XS", 6, false, few_rows});
    gate_.emplace(migration_.target_url());
    migration_.target(
        "CREATE TRIGGER at_gate BEFORE INSERT ON patients "
        "FOR EACH STATEMENT EXECUTE FUNCTION public.trigger_gate()");
  }

  std::string running() const {
    return migration_.target("SELECT run_id FROM mighost.runs WHERE status = 'running'");
  }

  Migration migration_{shipped_plugins()};
  nlohmann::json oracle_;
  std::optional<Gate> gate_;
};

class TwoRunsDeferred : public TwoRuns, public testing::WithParamInterface<const char*> {};

/// Also when the first one holds its tables with locks that nobody can look past.
TEST_P(TwoRunsDeferred, ExcludeEachOther) {
  migration_.configure("[load]\ndefer = \"" + std::string(GetParam()) + "\"\n");
  gate_->close();
  Process first(migration_.run_command());
  ASSERT_TRUE(gate_->wait_for_visitor()) << first.error();
  std::string first_id = running();
  first_id.pop_back();
  ASSERT_EQ(first_id.size(), 36U) << first_id;
  for (const auto& options : {std::vector<std::string>{}, {"--only", "core.teams"}}) {
    const Outcome second = migration_.run(options);
    EXPECT_EQ(second.exit_code, 2) << second.error;
    EXPECT_LT(second.seconds, 25);  // it would wait for lock_timeout, 30 s
    EXPECT_NE(second.error.find(first_id), std::string::npos) << second.error;
    EXPECT_NE(second.error.find("wait for it to end"), std::string::npos) << second.error;
    EXPECT_EQ(migration_.report["status"], "failed");
  }
  // Neither has it disturbed the first one.
  EXPECT_EQ(running(), first_id + "\n");
  gate_->open();
  const Outcome outcome = first.wait();
  EXPECT_EQ(outcome.exit_code, 0) << outcome.error;
  const Outcome after = migration_.run();
  EXPECT_EQ(after.exit_code, 0) << after.error;
  EXPECT_EQ(migration_.report["totals"]["written"], 0);
  EXPECT_EQ(migration_.target("SELECT status, count(*) FROM mighost.runs GROUP BY 1"), "done|2\n");
}

INSTANTIATE_TEST_SUITE_P(ReleaseOnly, TwoRunsDeferred, testing::Values("always", "never"),
                         [](const auto& mode) { return std::string(mode.param); });

/// Also while the first one is still looking at the tables, and no ledger knows of it yet.
TEST_F(TwoRuns, ExcludeEachOtherFromTheStart) {
  auto holder = std::make_unique<Holder>(migration_.target_url(), "LOCK TABLE courses");
  Process first(migration_.run_command());
  const std::string waiting =
      "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'mighost %' "
      "AND wait_event_type = 'Lock'";
  ASSERT_EQ(ask_until(migration_.target_url(), waiting, "1\n"), "1\n");
  const Outcome second = migration_.run();
  EXPECT_EQ(second.exit_code, 2) << second.error;
  EXPECT_NE(second.error.find("is at work on this target"), std::string::npos) << second.error;
  holder.reset();
  EXPECT_EQ(first.wait().exit_code, 0);
}

/// A run that was killed does not keep the next one out.
TEST_F(TwoRuns, ADeadRunExcludesNobody) {
  gate_->close();
  Process first(migration_.run_command());
  ASSERT_TRUE(gate_->wait_for_visitor()) << first.error();
  first.kill(SIGKILL);
  first.wait();
  gate_->open();
  wait_for_sessions_to_end(migration_);
  const Outcome after = migration_.run();
  EXPECT_EQ(after.exit_code, 0) << after.error;
  EXPECT_EQ(differences(migration_.report, oracle_), "");
  EXPECT_EQ(migration_.target("SELECT status, count(*) FROM mighost.runs GROUP BY 1 ORDER BY 1"),
            "done|1\nfailed|1\n");
}

/// plan, check and a dry run only look; whoever waits for a long run may do that meanwhile.
TEST_F(TwoRuns, LookingIsAllowedMeanwhile) {
  gate_->close();
  Process first(migration_.run_command());
  ASSERT_TRUE(gate_->wait_for_visitor()) << first.error();
  for (const std::string command : {"plan", "check"}) {
    const Outcome outcome =
        run_process(migration_.command({command, "--plugins", shipped_plugins().string(),
                                        "--config", migration_.config_file().string()}));
    EXPECT_EQ(outcome.exit_code, 0) << outcome.error;
  }
  gate_->open();
  EXPECT_EQ(first.wait().exit_code, 0);
}

/// The lock is the target's: runs into two databases of one server do not know of each other.
TEST_F(TwoRuns, IntoTwoTargetsDoNotMeet) {
  Migration other(shipped_plugins());
  const auto oracle = fill(other, {"XS", 7, false, few_rows});
  gate_->close();
  Process first(migration_.run_command());
  ASSERT_TRUE(gate_->wait_for_visitor()) << first.error();
  const Outcome outcome = other.run();
  EXPECT_EQ(outcome.exit_code, 0) << outcome.error;
  EXPECT_EQ(differences(other.report, oracle), "");
  gate_->open();
  EXPECT_EQ(first.wait().exit_code, 0);
}

}  // namespace
}  // namespace mighost::test
