// What ends a run in scope chunk: budgets that chunks use up together, validators, locks of others,
// errors that concern one entity.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <memory>
#include <thread>

#include "integration/chunk_databases.hpp"

namespace mighost::test {
namespace {

using json = nlohmann::json;
using Words = std::vector<std::string>;

/// Rows that only the indexes refuse, once they stand again, are rows that are held back.
TEST(ReleaseOnlyChunkLimits, BudgetsAreJudgedAsInScopeRun) {
  Migration migration("probe");
  migration.source(std::string(probe_source) + many_probe_rows);
  const Words only = {"--only", "probe.things,probe.parts"};
  ASSERT_EQ(run_anew(migration, probe_target, always_deferred, only).exit_code, 0);
  const int things = migration.entity("probe.things")["quarantined"];
  const int parts = migration.entity("probe.parts")["quarantined"].get<int>() +
                    migration.entity("probe.parts")["parked"].get<int>();
  EXPECT_GT(things, 9);
  const auto of_entity = [](int rows) {
    return "[entities.\"probe.things\"]\nmax_rejects = " + std::to_string(rows) + "\n";
  };
  const auto of_run = [](int rows) {
    return "[quarantine]\nmax_rejects = " + std::to_string(rows) + "\n";
  };
  struct Case {
    std::string limits;
    int exit_code;
  };
  const Case cases[] = {
      {of_entity(things), 0},
      {of_entity(things - 1), 4},
      {of_entity(2), 4},
      {of_run(things + parts), 0},
      {of_run(things + parts - 1), 4},
      {of_run(parts) + of_entity(things), 0},
      {of_run(parts - 1) + of_entity(things), 4},
      {"[quarantine]\nmax_rejects = \"0.1%\"\n", 4},
      {"[entities.\"probe.things\"]\non_reject = \"abort\"\n", 4},
  };
  for (const Case& one : cases) {
    SCOPED_TRACE(one.limits);
    for (const std::string& scope : {std::string(), chunk_config(2, 150)}) {
      SCOPED_TRACE(scope);
      const Outcome outcome =
          run_anew(migration, probe_target, scope + always_deferred + one.limits, only);
      EXPECT_EQ(outcome.exit_code, one.exit_code) << outcome.error;
    }
  }
}

/// Concluding a large run takes longer than anybody waits for a lock.
TEST(ReleaseOnlyChunkLimits, ALongConclusionDisturbsNobodyElse) {
  Migration migration("chain");
  migration.source(std::string(chain_source) + many_chain_rows);
  renew_target(migration, chain_target);
  migration.configure(chunk_config(2, 300, "retries = 0\n[load]\nlock_timeout = \"200ms\"\n"));
  Process first(with_failpoints(migration.run_command(), "run.checked=stall:3000"));
  const std::string begun =
      "SELECT 'SELECT run_id FROM mighost.runs WHERE snapshot IS NOT NULL' WHERE "
      "to_regclass('mighost.runs') IS NOT NULL \\gexec";
  std::string run;
  for (int time = 0; time < 200 && run.empty(); ++time) {
    run = migration.target(begun);
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  ASSERT_FALSE(run.empty()) << first.error();
  run.pop_back();
  const Outcome second = run_process(migration.run_command({"--join", run}));
  EXPECT_EQ(second.exit_code, 0) << second.error;
  const Outcome outcome = first.wait();
  EXPECT_EQ(outcome.exit_code, 0) << outcome.error;
  EXPECT_EQ(migration.target("SELECT count(*) FROM mighost.retries"), "0\n");
}

/// What somebody else holds for a while is waited for, and told.
TEST(ReleaseOnlyChunkLimits, ALockOfOthersIsTriedForAgain) {
  Migration migration("chain");
  migration.source(std::string(chain_source) + many_chain_rows);
  const std::string config =
      chunk_config(2, 300, "retries = 20\n[load]\nlock_timeout = \"200ms\"\n");
  ASSERT_EQ(run_anew(migration, chain_target, config).exit_code, 0);
  const Result wanted(migration);
  renew_target(migration, chain_target);
  auto holder =
      std::make_unique<Holder>(migration.target_url(), "LOCK TABLE estates IN SHARE MODE");
  Process process(migration.run_command());
  const std::string retries =
      "SELECT 'SELECT count(*) > 1 FROM mighost.retries' WHERE to_regclass('mighost.retries') IS "
      "NOT NULL \\gexec";
  EXPECT_EQ(ask_until(migration.target_url(), retries, "t\n"), "t\n") << process.error();
  holder.reset();
  const Outcome outcome = process.wait();
  EXPECT_EQ(outcome.exit_code, 0) << outcome.error;
  EXPECT_EQ(migration.target("SELECT DISTINCT sqlstate FROM mighost.retries"), "55P03\n");
  expect_equal(wanted, Result(migration), false);
}

/// Whoever only reads a table keeps its indexes from being put back: that is no fault of its rows.
TEST(ReleaseOnlyChunkLimits, AReaderOfATableIsWaitedForWhenItsIndexesArePutBack) {
  Migration migration("chain");
  migration.source(std::string(chain_source) + many_chain_rows);
  const std::string load = std::string(always_deferred) + "lock_timeout = \"200ms\"\n";
  const std::string config = chunk_config(2, 300, "retries = 20\n" + load);
  ASSERT_EQ(run_anew(migration, chain_target, config).exit_code, 0);
  const Result wanted(migration);
  renew_target(migration, chain_target);
  Process process(with_failpoints(migration.run_command(), "entity.finishing=stall:6000@1"));
  const std::string begun =
      "SELECT 'SELECT count(*) > 0 FROM mighost.chunks WHERE status = $$done$$' WHERE "
      "to_regclass('mighost.chunks') IS NOT NULL \\gexec";
  ASSERT_EQ(ask_until(migration.target_url(), begun, "t\n"), "t\n") << process.error();
  std::string table =
      migration.target("SELECT min(entity) FROM mighost.loads WHERE status = 'loading'");
  table = table.substr(table.find('.') + 1, table.size() - table.find('.') - 2);
  auto reader = std::make_unique<Holder>(migration.target_url(),
                                         "LOCK TABLE " + table + " IN ACCESS SHARE MODE");
  const std::string retries = "SELECT count(*) > 1 FROM mighost.retries WHERE sqlstate = '55P03'";
  EXPECT_EQ(ask_until(migration.target_url(), retries, "t\n"), "t\n") << process.error();
  reader.reset();
  const Outcome outcome = process.wait();
  EXPECT_EQ(outcome.exit_code, 0) << outcome.error;
  expect_equal(wanted, Result(migration), false);
}

/// The attempts are those of all lanes: a lane that finds nothing to do meanwhile gives nobody a
/// new budget.
TEST(ReleaseOnlyChunkLimits, ALockThatStaysStopsItsEntityWithTwoLanesToo) {
  Migration migration("chain");
  migration.source(std::string(chain_source) + many_chain_rows);
  renew_target(migration, chain_target);
  const std::string load = std::string(always_deferred) + "lock_timeout = \"200ms\"\n";
  migration.configure(chunk_config(2, 300, "retries = 3\n" + load));
  Process process(with_failpoints(migration.run_command(), "run.started=stall:6000"));
  const std::string begun =
      "SELECT 'SELECT count(*) > 0 FROM mighost.loads' WHERE to_regclass('mighost.loads') IS NOT "
      "NULL \\gexec";
  ASSERT_EQ(ask_until(migration.target_url(), begun, "t\n"), "t\n") << process.error();
  auto holder =
      std::make_unique<Holder>(migration.target_url(), "LOCK TABLE regions IN SHARE MODE");
  const Outcome outcome = process.wait();
  EXPECT_EQ(outcome.exit_code, 3) << outcome.error;
  EXPECT_NE(outcome.error.find("after 3 more attempts"), std::string::npos) << outcome.error;
  EXPECT_EQ(migration.target("SELECT entity FROM mighost.loads WHERE status = 'stopped'"),
            "chain.regions\n");
  EXPECT_EQ(migration.target("SELECT count(*) FROM mighost.retries"), "3\n");
  holder.reset();
  const Outcome resumed = migration.resume();
  EXPECT_EQ(resumed.exit_code, 0) << resumed.error;
}

/// A validator of strangers, whose veto ends the run before its chunk is committed; the cause is
/// mended in the source.
TEST(ReleaseOnlyChunkLimits, AValidatorVetoesAndTheRunGoesOnOnceItsCauseIsMended) {
  namespace fs = std::filesystem;
  const fs::path folder =
      fs::temp_directory_path() / ("mighost-vetoed-" + std::to_string(getpid()));
  fs::create_directories(folder);
  for (const std::string name : {"probe", "auditor"}) {
    const std::string file = name + ".mig.so";
    fs::create_symlink(fs::path(MIGHOST_BINARY_DIR) / "test-plugins" / name / file, folder / file);
  }
  {
    Migration migration(folder);
    migration.source(std::string(probe_source) +
                     "INSERT INTO things SELECT n, 'c' || n, n % 400, 1, 'plain', 1 FROM "
                     "generate_series(1, 600) AS n; UPDATE things SET amount = -5 WHERE id = 333");
    const std::string schema =
        "CREATE TABLE things (id uuid PRIMARY KEY, legacy_id int UNIQUE, code text, "
        "amount numeric(8,2), shelf int, kind text, small int)";
    const Words only = {"--only", "probe.things"};
    const Outcome outcome = run_anew(migration, schema, chunk_config(2, 100), only);
    EXPECT_EQ(outcome.exit_code, 4) << outcome.error;
    EXPECT_EQ(migration.report["status"], "vetoed");
    EXPECT_NE(outcome.error.find("auditor"), std::string::npos) << outcome.error;
    EXPECT_NE(outcome.error.find("mighost resume "), std::string::npos) << outcome.error;
    EXPECT_EQ(migration.target("SELECT count(*) FROM things"), "0\n");
    migration.source("UPDATE things SET amount = 5 WHERE id = 333");
    const Outcome resumed = migration.resume();
    EXPECT_EQ(resumed.exit_code, 0) << resumed.error;
    EXPECT_EQ(migration.target("SELECT count(*) FROM things"), "600\n");
  }
  fs::remove_all(folder);
}

}  // namespace
}  // namespace mighost::test
