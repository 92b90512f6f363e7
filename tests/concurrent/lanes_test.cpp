// What the lanes of a run in scope chunk share, in the program itself: under the preset tsan a race
// ends it with another exit code.
#include <gtest/gtest.h>

#include "integration/chunk_databases.hpp"

namespace mighost::test {
namespace {

class ConcurrentLanes : public ChunkTest {
 protected:
  ConcurrentLanes()
      : ChunkTest("chain", std::string(chain_source) + many_chain_rows, chain_target,
                  chunk_config(4, 80, more)) {}
  /// What a run in one transaction brings; the target is anew after it.
  Result wanted() {
    migration_.configure(more);
    return undisturbed();
  }
  void expect_whole(const Result& wanted) {
    expect_equal(wanted, Result(migration_), false);
    EXPECT_EQ(queue_state(migration_), "0|0|0|0|0\n");
  }
  void wait_until_done(int chunks, int processes) {
    const std::string sql =
        "SELECT 1 FROM mighost.chunks WHERE status = 'done' HAVING count(*) >= " +
        std::to_string(chunks) + " AND count(DISTINCT worker) = " + std::to_string(processes);
    ASSERT_NE(wait_for(sql), "");
  }

  // Budgets that all lanes use up, and batches that are handed over.
  static constexpr const char* more =
      "[load]\ndefer = \"always\"\nbatch_rows = 20\n[quarantine]\nmax_rejects = 100000\n";
  const std::vector<std::string> painted_{"--progress", "always"};
};

TEST_F(ConcurrentLanes, BringWhatOneTransactionBrings) {
  const Result one = wanted();
  const Outcome outcome = migration_.run(painted_);
  ASSERT_EQ(outcome.exit_code, 0) << outcome.error;
  expect_whole(one);
}

TEST_F(ConcurrentLanes, OfTwoProcessesGoOnAfterAKillAndWhenTheSnapshotIsLost) {
  const Result one = wanted();
  die_at("chunk.recorded=kill@12", painted_);
  const std::string run = wait_for_run();
  // The first is slow enough to find company.
  Process first(with_failpoints(migration_.resume_command(painted_), "chunk.loaded=stall:400"));
  ASSERT_NE(wait_for("SELECT 1 FROM mighost.runs WHERE epoch > 0"), "") << first.error();
  Process second(with_failpoints(migration_.run_command({"--join", run}), "chunk.loaded=stall:50"));
  wait_until_done(20, 3);
  migration_.source(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() "
      "AND pid <> pg_backend_pid()");
  for (Process* process : {&first, &second}) {
    const Outcome outcome = process->wait();
    EXPECT_EQ(outcome.exit_code, 0) << outcome.error;
  }
  EXPECT_NE(migration_.target("SELECT count(*) FROM mighost.retries"), "0\n");
  expect_whole(one);
}

TEST_F(ConcurrentLanes, GoOnAfterAnErrorOfOneOfThemAndAfterASignal) {
  const Result one = wanted();
  // The others are slow enough not to do the failed chunk before it stops its entity.
  const Outcome failed = run_process(with_failpoints(
      migration_.run_command(painted_), "chunk.claimed=stall:500;chunk.loaded=error@9"));
  EXPECT_EQ(failed.exit_code, 3) << failed.error;
  const std::string done = "SELECT count(*) FROM mighost.chunks WHERE status = 'done'";
  Process stopped(with_failpoints(migration_.resume_command(painted_), "chunk.loaded=stall:200"));
  wait_until_done(std::stoi(migration_.target(done)) + 4, 2);
  stopped.kill(SIGINT);
  EXPECT_EQ(stopped.wait().exit_code, 6) << stopped.error();
  const Outcome outcome = migration_.resume(painted_);
  EXPECT_EQ(outcome.exit_code, 0) << outcome.error;
  expect_whole(one);
}

}  // namespace
}  // namespace mighost::test
