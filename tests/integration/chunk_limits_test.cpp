// What ends a run in scope chunk: budgets that chunks use up together, validators, locks of others,
// errors that concern one entity.
#include <gtest/gtest.h>

#include <csignal>
#include <thread>

#include "integration/chunk_databases.hpp"

namespace mighost::test {
namespace {

using json = nlohmann::json;
using Words = std::vector<std::string>;

class ReleaseOnlyChunkLimits : public testing::Test {
 protected:
  Outcome run(Migration& migration, const std::string& schema, const std::string& config,
              const Words& words = {}) {
    renew_target(migration, schema);
    migration.configure(config);
    return migration.run(words);
  }
};

/// Rows that only the indexes refuse, once they stand again, are rows that are held back.
TEST_F(ReleaseOnlyChunkLimits, BudgetsAreJudgedAsInScopeRun) {
  Migration migration("probe");
  migration.source(std::string(probe_source) + many_probe_rows);
  const Words only = {"--only", "probe.things,probe.parts"};
  ASSERT_EQ(run(migration, probe_target, always_deferred, only).exit_code, 0);
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
          run(migration, probe_target, scope + always_deferred + one.limits, only);
      EXPECT_EQ(outcome.exit_code, one.exit_code) << outcome.error;
    }
  }
}

/// Concluding a large run takes longer than anybody waits for a lock.
TEST_F(ReleaseOnlyChunkLimits, ALongConclusionDisturbsNobodyElse) {
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

}  // namespace
}  // namespace mighost::test
