// Who works on a run: each process says that it lives, the dead are told from the slow, and what a
// dead one holds is taken from it.
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>

#include "integration/chain_databases.hpp"
#include "ledger/workers.hpp"
#include "support/dataset.hpp"

namespace mighost::test {
namespace {

using namespace std::chrono_literals;

class ReleaseOnlyHeartbeat : public testing::Test {
 protected:
  void SetUp() override {
    migration_.source(std::string(chain_source) + chain_rows);
    migration_.target(chain_target);
    gate_.emplace(migration_.target_url());
    migration_.target(
        "CREATE TRIGGER at_gate BEFORE INSERT ON rooms FOR EACH STATEMENT EXECUTE FUNCTION "
        "public.trigger_gate()");
  }

  Session session() {
    return Session({migration_.target_url(), "the target", "a test"}, Session::Role::control, {},
                   "a test");
  }
  std::string workers() { return migration_.target("SELECT count(*) FROM mighost.workers"); }

  Migration migration_{"chain"};
  std::optional<Gate> gate_;
};

TEST_F(ReleaseOnlyHeartbeat, TellsWhoWorksAtWhatWhileARunIsAtWorkAndNotAfterwards) {
  gate_->close();
  Process run(migration_.run_command());
  ASSERT_TRUE(gate_->wait_for_visitor()) << run.error();
  const std::string at_rooms =
      "SELECT count(*) FROM mighost.workers w JOIN mighost.runs r USING (run_id) WHERE "
      "r.status = 'running' AND w.lanes = 1 AND w.host <> '' AND w.process = " +
      std::to_string(run.id()) + " AND w.activity->0->>'entity' = 'chain.rooms'";
  EXPECT_EQ(ask_until(migration_.target_url(), at_rooms, "1\n"), "1\n");
  const std::string seen = migration_.target("SELECT seen_at FROM mighost.workers");
  const std::string later = "SELECT seen_at > '" + seen + "' FROM mighost.workers";
  EXPECT_EQ(ask_until(migration_.target_url(), later, "t\n"), "t\n");

  // Its connection is its own matter: it comes back, and the run goes on.
  migration_.target(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE "
      "'mighost heartbeat %'");
  const std::string lost = migration_.target("SELECT clock_timestamp()");
  const std::string again = "SELECT seen_at > '" + lost + "' FROM mighost.workers";
  EXPECT_EQ(ask_until(migration_.target_url(), again, "t\n"), "t\n");
  gate_->open();
  const Outcome outcome = run.wait();
  EXPECT_EQ(outcome.exit_code, 0) << outcome.error;
  EXPECT_EQ(outcome.error.find("heartbeat"), std::string::npos) << outcome.error;
  EXPECT_EQ(workers(), "0\n");
}

TEST_F(ReleaseOnlyHeartbeat, OfAKilledRunStaysUntilTheNextRun) {
  gate_->close();
  Process run(migration_.run_command());
  ASSERT_TRUE(gate_->wait_for_visitor()) << run.error();
  run.kill(SIGKILL);
  run.wait();
  gate_->open();
  wait_for_sessions_to_end(migration_);
  EXPECT_EQ(workers(), "1\n");
  const Outcome dry = migration_.run({"--dry-run"});
  EXPECT_EQ(dry.exit_code, 0) << dry.error;
  EXPECT_EQ(workers(), "1\n") << "a dry run leaves no trace";
  ASSERT_EQ(migration_.run().exit_code, 0);
  EXPECT_EQ(workers(), "0\n");
}

/// The server stops answering one session only: the run must not wait for it at its end.
TEST_F(ReleaseOnlyHeartbeat, WithoutAnAnswerDoesNotHoldTheRunUp) {
  ASSERT_EQ(migration_.run({"--only", "chain.regions"}).exit_code, 0);
  gate_->close();
  Process run(migration_.run_command());
  ASSERT_TRUE(gate_->wait_for_visitor()) << run.error();
  const std::string beating =
      "SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'mighost heartbeat %'";
  const std::string backend = migration_.target(beating);
  ASSERT_FALSE(backend.empty());
  ASSERT_EQ(::kill(std::stoi(backend), SIGSTOP), 0);
  gate_->open();
  const Outcome outcome = run.wait();
  ::kill(std::stoi(backend), SIGCONT);
  EXPECT_EQ(outcome.exit_code, 0) << outcome.error;
  EXPECT_LT(outcome.seconds, 15);
  EXPECT_EQ(migration_.target("SELECT count(*) FROM items"), "4\n");
}

/// Of three workers one lives, one is the caller's, and one has not been seen for long.
TEST_F(ReleaseOnlyHeartbeat, LosesItsSessionsWhenItHasNotBeenSeenForALease) {
  ASSERT_EQ(migration_.run().exit_code, 0);
  const mig::uuid run = *mig::uuid::parse(std::string(migration_.report["run_id"]));
  const auto worker = [](const char* digits) {
    return *mig::uuid::parse(std::string(digits) + "-0000-4000-8000-000000000000");
  };
  const mig::uuid lost = worker("10000000"), alive = worker("20000000"), own = worker("30000000");
  Session caller = session();
  for (const mig::uuid& each : {lost, alive, own}) {
    worker_seen(caller, {each, run, "far", 7, 2, "[]"});
  }
  caller.execute(
      "UPDATE mighost.workers SET seen_at = seen_at - interval '42 s' WHERE worker <> '" +
      alive.to_text() + "'");
  std::vector<Session> lanes;
  for (const mig::uuid& each : {lost, lost, alive, own}) {
    lanes.emplace_back(Endpoint{migration_.target_url(), "the target", "a test"},
                       Session::Role::target, LoadConfig{}, worker_application(run, each));
  }
  const auto seen = workers_of(caller, run);
  ASSERT_EQ(seen.size(), 3u);
  EXPECT_GE(seen[0].age_s, 42);
  EXPECT_LT(seen[1].age_s, 30);

  EXPECT_TRUE(end_lost_workers(caller, run, 60s, own).empty());
  const auto ended = end_lost_workers(caller, run, 30s, own);
  ASSERT_EQ(ended.size(), 1u);
  EXPECT_EQ(ended[0].id, lost);
  EXPECT_EQ(ended[0].host, "far");
  EXPECT_THROW(lanes[0].query("SELECT 1"), SqlError);
  EXPECT_THROW(lanes[1].query("SELECT 1"), SqlError);
  EXPECT_EQ(lanes[2].query("SELECT 1").value(), "1");
  EXPECT_EQ(lanes[3].query("SELECT 1").value(), "1");
  EXPECT_EQ(workers(), "2\n");
  remove_workers_of_ended_runs(caller);
  EXPECT_EQ(workers(), "0\n");
}

}  // namespace
}  // namespace mighost::test
