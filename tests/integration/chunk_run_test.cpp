// A run in scope chunk against one in scope run: the same rows, books, quarantine, notes, sums and
// structure, however it is cut and whoever loads it.
#include <gtest/gtest.h>

#include <algorithm>

#include "integration/chunk_databases.hpp"

namespace mighost::test {
namespace {

using json = nlohmann::json;
using Words = std::vector<std::string>;

class ReleaseOnlyChunkRun : public testing::Test {
 protected:
  /// A target anew, and what a run in scope run makes of it.
  Result in_scope_run(Migration& migration, const std::string& schema, const std::string& config,
                      const Words& words = {}) {
    const Outcome outcome = run_anew(migration, schema, config, words);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.error;
    return Result(migration);
  }
  void expect_the_same(Migration& migration, const std::string& schema, const Result& wanted,
                       const std::string& config, const Words& words = {}) {
    const Outcome outcome = run_anew(migration, schema, config, words);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.error;
    expect_equal(wanted, Result(migration));
    EXPECT_EQ(queue_state(migration), "0|0|0|0|0\n");
    const Outcome verified =
        run_process(migration.command({"verify", "--config", migration.config_file().string()}));
    EXPECT_EQ(verified.exit_code, 0) << verified.output << verified.error;
  }
};

TEST_F(ReleaseOnlyChunkRun, BringsWhatARunInOneTransactionBringsForEveryKindOfKey) {
  Migration migration("chain");
  migration.source(std::string(chain_source) + many_chain_rows);
  for (const char* defer : {"always", "never"}) {
    SCOPED_TRACE(defer);
    const std::string load = "[load]\ndefer = \"" + std::string(defer) + "\"\n";
    const Result wanted = in_scope_run(migration, chain_target, load);
    for (const int lanes : {1, 3}) {
      SCOPED_TRACE(lanes);
      expect_the_same(migration, chain_target, wanted, chunk_config(lanes, 50, load));
    }
  }
}

TEST_F(ReleaseOnlyChunkRun, FindsTheSameOffendersOnceTheIndexesStandAgain) {
  Migration migration("probe");
  migration.source(std::string(probe_source) + many_probe_rows);
  const std::string more =
      std::string(always_deferred) + "[entities.\"probe.pairs\"]\ntriggers = \"disable\"\n";
  const Result wanted = in_scope_run(migration, probe_target, more);
  EXPECT_EQ(migration.entity("probe.things")["codes"]["unique"], 3);
  EXPECT_EQ(migration.entity("probe.things")["codes"]["foreign_key"], 2);
  for (const int lanes : {1, 3}) {
    SCOPED_TRACE(lanes);
    expect_the_same(migration, probe_target, wanted, chunk_config(lanes, 100, more));
  }
}

/// Which of two rows with one key stays is not decided by who was quicker.
TEST_F(ReleaseOnlyChunkRun, OfTwoRowsWithOneKeyKeepsTheSameWhateverComesFirst) {
  Migration migration("probe");
  migration.source(std::string(probe_source) + many_probe_rows);
  migration.source("UPDATE things SET code = 'c-1000' WHERE id IN (-100, 20, 950)");
  const Words only = {"--only", "probe.things"};
  const Result wanted = in_scope_run(migration, probe_target, always_deferred, only);
  renew_target(migration, probe_target);
  migration.configure(chunk_config(3, 100, always_deferred));
  const Outcome outcome =
      run_process(with_failpoints(migration.run_command(only), "chunk.claimed=stall:700@1"));
  ASSERT_EQ(outcome.exit_code, 0) << outcome.error;
  migration.report = json();
  expect_equal(wanted, Result(migration), false);
}

/// A foreign key that no plugin declares goes with one of two entities, and needs the unique index
/// that goes with the other: they are not loaded side by side.
TEST_F(ReleaseOnlyChunkRun, EntitiesWhoseTablesAForeignKeyJoinsGoOneAfterTheOther) {
  Migration migration("probe");
  migration.source(std::string(probe_source) + many_probe_rows);
  const std::string schema = std::string(probe_target) +
                             "ALTER TABLE pairs ADD COLUMN kept_id int REFERENCES kept; "
                             "ALTER TABLE kept ADD COLUMN pair_id uuid REFERENCES pairs;";
  const std::string triggers = "[entities.\"probe.pairs\"]\ntriggers = \"disable\"\n";
  const Words only = {"--only", "probe.pairs,probe.kept"};
  const Result wanted = in_scope_run(migration, schema, always_deferred + triggers, only);
  expect_the_same(migration, schema, wanted, chunk_config(4, 100) + always_deferred + triggers,
                  only);
}

TEST_F(ReleaseOnlyChunkRun, FindsWhatIsThereAlreadyAndBuildsNoIndexAgain) {
  Migration migration("chain");
  migration.source(std::string(chain_source) + many_chain_rows);
  in_scope_run(migration, chain_target, "");
  migration.source("UPDATE estates SET remark = 'other' WHERE number = 3");
  ASSERT_EQ(migration.run().exit_code, 0);
  const Result wanted(migration);
  const std::string indexes =
      "SELECT indexrelid, indexrelid::regclass, relfilenode FROM pg_index JOIN pg_class c ON c.oid "
      "= indexrelid WHERE relnamespace = 'public'::regnamespace ORDER BY 1";
  const std::string before = migration.target(indexes);
  migration.configure(chunk_config(3, 60));
  const Outcome outcome = migration.run();
  ASSERT_EQ(outcome.exit_code, 0) << outcome.error;
  EXPECT_EQ(migration.report["totals"]["written"], 0);
  EXPECT_GT(migration.entity("chain.estates")["drift"], 0);
  EXPECT_EQ(migration.target(indexes), before);
  expect_equal(wanted, Result(migration));
}

/// Natural keys, keys of the handler's making, rows that are merged: entities in one chunk.
TEST_F(ReleaseOnlyChunkRun, LeavesWhatIsNotParallelInOneChunk) {
  Migration migration("probe");
  migration.source(R"sql(
CREATE TABLE members (id int PRIMARY KEY, email text NOT NULL);
INSERT INTO members SELECT n, 'm' || n % 300 FROM generate_series(1, 400) AS n;
CREATE TABLE badges (id int PRIMARY KEY, member int NOT NULL, serial int);
INSERT INTO badges SELECT n, n, CASE WHEN n % 4 > 0 THEN n + 1000 END FROM
  generate_series(1, 500) AS n;
CREATE TABLE loans (id int PRIMARY KEY, badge int NOT NULL);
INSERT INTO loans SELECT n, n + 30 FROM generate_series(1, 600) AS n;
)sql");
  const std::string schema = R"sql(
CREATE TABLE accounts (id uuid PRIMARY KEY, email text UNIQUE);
INSERT INTO accounts SELECT md5(n::text)::uuid, 'm' || n FROM generate_series(20, 280) AS n;
CREATE TABLE badges (serial int PRIMARY KEY, legacy_id int UNIQUE,
  account_id uuid REFERENCES accounts);
CREATE TABLE loans (id uuid PRIMARY KEY, legacy_id int UNIQUE, badge_serial int REFERENCES badges);
)sql";
  std::string more = always_deferred;
  for (const char* name : {"members", "badges", "loans"}) {
    more += "[entities.\"probe." + std::string(name) + "\"]\nenabled = true\n";
  }
  const Words only = {"--only", "probe.members,probe.badges,probe.loans"};
  const Result wanted = in_scope_run(migration, schema, more, only);
  expect_the_same(migration, schema, wanted, chunk_config(3, 50, more), only);
}

/// Source queries, tables that two entities share, every kind of dirt.
TEST_F(ReleaseOnlyChunkRun, BringsTheFamiliesWithTheirDirt) {
  Migration migration(shipped_plugins());
  const json oracle = fill(migration, {"XS", 1, false, {}});
  migration.configure(always_deferred);
  ASSERT_EQ(migration.run().exit_code, 0);
  const Result wanted(migration);
  fill(migration, {"XS", 1, false, {}});
  migration.configure(chunk_config(3, 100, always_deferred));
  const Outcome outcome = migration.run();
  ASSERT_EQ(outcome.exit_code, 0) << outcome.error;
  EXPECT_EQ(differences(migration.report, oracle), "");
  expect_equal(wanted, Result(migration));
  EXPECT_EQ(queue_state(migration), "0|0|0|0|0\n");
}

}  // namespace
}  // namespace mighost::test
