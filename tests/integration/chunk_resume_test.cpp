// A run in scope chunk that dies, is stopped or finds an error in its middle, and what resume makes
// of it: what is finished is not touched again, and in the end all is as if nothing had happened.
#include <gtest/gtest.h>

#include "integration/chunk_databases.hpp"

namespace mighost::test {
namespace {

using json = nlohmann::json;

class ReleaseOnlyChunkResume : public ChunkTest {
 protected:
  /// Several batches in a chunk.
  ReleaseOnlyChunkResume()
      : ChunkTest("chain", std::string(chain_source) + many_chain_rows, chain_target,
                  chunk_config(2, 150, std::string(always_deferred) + "batch_rows = 50\n")) {}
  /// Rows that no later step of the run writes again, and where they lie.
  std::string places() const {
    return migration_.target(
        "SELECT 'estates', ctid, xmin, id FROM estates UNION ALL SELECT 'rooms', ctid, xmin, id "
        "FROM rooms UNION ALL SELECT 'items', ctid, xmin, id FROM items ORDER BY 1, 4");
  }
  /// The lines of `some` that `all` has not.
  static std::string missing(const std::string& some, const std::string& all) {
    std::string lines, line;
    std::istringstream stream(changed_lines(some, all));
    while (std::getline(stream, line)) lines += line.starts_with("-") ? line + "\n" : "";
    return lines;
  }
};

/// M2, M3, M4, M5: rows and checkpoint agree, finished work is kept, nothing is there twice, and no
/// snapshot is needed.
TEST_F(ReleaseOnlyChunkResume, M2M3M4M5AfterAKillAnywhereTheRunBecomesWhatItWouldHaveBeen) {
  const Result wanted = undisturbed();
  for (const char* place : {"run.started=kill", "entity.beginning=kill@3", "entity.begun=kill@2",
                            "chunk.claimed=kill@9", "chunk.reading=kill@10", "chunk.loaded=kill@12",
                            "chunk.recorded=kill@14", "chunk.committed=kill@20",
                            "entity.finishing=kill@3", "entity.restored=kill@2",
                            "entity.finished=kill@4", "chunk.loaded=error@11;entity.stopping=kill",
                            "run.concluding=kill", "run.checked=kill", "run.committing=kill"}) {
    SCOPED_TRACE(place);
    renew();
    die_at(place);
    const std::string before = places();
    const std::string chunks =
        "SELECT entity, number, worker, done_at FROM mighost.chunks WHERE status = 'done' "
        "ORDER BY 1, 2";
    const std::string done = migration_.target(chunks);
    // Half way once more, so that what is done can still be looked at.
    run_process(with_failpoints(migration_.resume_command(), "run.committing=kill"));
    wait_for_sessions_to_end(migration_);
    EXPECT_EQ(missing(done, migration_.target(chunks)), "");
    const Outcome outcome = migration_.resume();
    ASSERT_EQ(outcome.exit_code, 0) << outcome.error;
    EXPECT_EQ(missing(before, places()), "");
    expect_equal(wanted, Result(migration_), false);
    EXPECT_EQ(queue_state(migration_), "0|0|0|0|0\n");
    EXPECT_EQ(migration_.resume().exit_code, 1) << "nothing waits any more";
  }
}

/// A lane meets an error, and before it can stop the entity another one has done what it could not:
/// the entity is there, or the whole run is.
TEST_F(ReleaseOnlyChunkResume, WhatAnotherLaneCouldDoStopsNoEntity) {
  const Result wanted = undisturbed();
  for (const char* orders : {"chunk.loaded=error@5;entity.stopping=stall:5000",
                             "chunk.loaded=error@5;entity.stopping=stall:4000;"
                             "run.concluding=stall:8000"}) {
    SCOPED_TRACE(orders);
    renew();
    const Outcome outcome = run_process(with_failpoints(migration_.run_command(), orders));
    EXPECT_EQ(outcome.exit_code, 0) << outcome.error;
    expect_equal(wanted, Result(migration_), false);
    EXPECT_EQ(queue_state(migration_), "0|0|0|0|0\n");
  }
}

/// What goes wrong behind a COMMIT is not the entity's: it is there, with its keys.
TEST_F(ReleaseOnlyChunkResume, ErrorBehindACommitStopsNoEntityThatIsThere) {
  const Result wanted = undisturbed();
  for (const char* place :
       {"entity.begun=error@2", "chunk.committed=error@3", "entity.finished=error@2"}) {
    SCOPED_TRACE(place);
    renew();
    const Outcome failed = run_process(with_failpoints(migration_.run_command(), place));
    ASSERT_EQ(failed.exit_code, 3) << failed.error;
    EXPECT_EQ(migration_.target("SELECT count(*) FROM mighost.loads WHERE status = 'stopped'"),
              "0\n");
    const Outcome outcome = migration_.resume();
    ASSERT_EQ(outcome.exit_code, 0) << outcome.error;
    expect_equal(wanted, Result(migration_), false);
  }
}

TEST_F(ReleaseOnlyChunkResume, IsRefusedForOtherPluginsConfigurationOrSourceWithTheDifference) {
  die_at("chunk.committed=kill@10");
  const Outcome again = migration_.run();
  const std::string run =
      migration_.target("SELECT run_id FROM mighost.runs WHERE status = 'running'").substr(0, 36);
  for (const Outcome& outcome : {again, migration_.replay()}) {
    EXPECT_EQ(outcome.exit_code, 2) << outcome.error;
    const std::string file = " --config " + migration_.config_file().string();
    EXPECT_TRUE(contains(outcome.error, "mighost resume " + run + " --plugins " +
                                            MIGHOST_BINARY_DIR "/test-plugins/chain" + file))
        << outcome.error;
    EXPECT_TRUE(contains(outcome.error, "mighost rollback " + run + file)) << outcome.error;
  }
  const std::string state = ledger_state(migration_) + row_digests(migration_.target_url());
  const std::string plugins = migration_.target("SELECT plugins FROM mighost.runs");

  migration_.target(
      "UPDATE mighost.runs SET plugins = replace(plugins::text, '\"1.0.0\"', "
      "'\"0.9.9\"')::jsonb");
  const Outcome other_version = migration_.resume();
  EXPECT_EQ(other_version.exit_code, 1);
  EXPECT_TRUE(contains(other_version.error, "plugin chain is 1.0.0, the run began with 0.9.9"))
      << other_version.error;
  migration_.target(
      "UPDATE mighost.runs SET plugins = regexp_replace(replace(plugins::text, "
      "'\"0.9.9\"', '\"1.0.0\"'), '\"sha256\": \"[0-9a-f]{4}', "
      "'\"sha256\": \"0000')::jsonb");
  const Outcome other_build = migration_.resume();
  EXPECT_EQ(other_build.exit_code, 1);
  EXPECT_TRUE(contains(other_build.error, "another build")) << other_build.error;

  migration_.configure(config_ + "[quarantine]\nmax_rejects = 100000\n");
  const Outcome all = migration_.resume();
  EXPECT_EQ(all.exit_code, 1);
  EXPECT_TRUE(contains(all.error, "[quarantine] max_rejects (left out then)")) << all.error;
  EXPECT_FALSE(contains(all.error, "[load]")) << all.error;
  EXPECT_TRUE(contains(all.error, "another build")) << all.error;
  EXPECT_TRUE(contains(all.error, "--accept-changes")) << all.error;
  const Outcome joined = migration_.run({"--join", run});
  EXPECT_EQ(joined.exit_code, 1);
  EXPECT_TRUE(contains(joined.error, "[quarantine]")) << joined.error;

  migration_.configure(config_);
  migration_.target("UPDATE mighost.runs SET source_identity = '1/2', plugins = $q$" + plugins +
                    "$q$");
  const Outcome other_source = migration_.resume();
  EXPECT_EQ(other_source.exit_code, 1);
  EXPECT_TRUE(contains(other_source.error, "the source is another database")) << other_source.error;
  EXPECT_EQ(ledger_state(migration_) + row_digests(migration_.target_url()), state);

  const Outcome accepted = migration_.resume({"--accept-changes"});
  EXPECT_EQ(accepted.exit_code, 0) << accepted.error;
  const Outcome over = migration_.run({"--join", run});
  EXPECT_EQ(over.exit_code, 1);
  EXPECT_TRUE(contains(over.error, "is over: done")) << over.error;
}

/// Whoever comes after a resume that took changes as they are goes on with these, and not with what
/// was before.
TEST_F(ReleaseOnlyChunkResume, ChangesThatWereAcceptedAreThoseOfTheRunFromThenOn) {
  migration_.target("ALTER TABLE estates ADD CONSTRAINT by_hand CHECK (true)");
  die_at("chunk.recorded=kill@9");
  migration_.target("ALTER TABLE estates DROP CONSTRAINT by_hand");
  migration_.configure(config_ + "[quarantine]\nmax_rejects = 100000\n");
  EXPECT_EQ(migration_.resume().exit_code, 1);
  const Outcome killed = run_process(
      with_failpoints(migration_.resume_command({"--accept-changes"}), "chunk.committed=kill@2"));
  ASSERT_EQ(killed.signal, SIGKILL) << killed.error;
  wait_for_sessions_to_end(migration_);
  migration_.configure(config_);
  const Outcome as_before = migration_.resume();
  EXPECT_EQ(as_before.exit_code, 1);
  EXPECT_TRUE(contains(as_before.error, "[quarantine]")) << as_before.error;
  migration_.configure(config_ + "[quarantine]\nmax_rejects = 100000\n");
  const Outcome outcome = migration_.resume();
  EXPECT_EQ(outcome.exit_code, 0) << outcome.error;
  bool told = false;
  for (const auto& finding : migration_.report["findings"]) {
    told =
        told || (finding["check"] == "structure" &&
                 contains(finding["message"], "accepted (missing: constraint by_hand of estates"));
  }
  EXPECT_TRUE(told) << migration_.report["findings"].dump(1);
}

/// What has changed in the source since is told with its counts and left to a later run.
TEST_F(ReleaseOnlyChunkResume, M5TellsWhatHasChangedInTheSourceAndBringsNothingOfIt) {
  die_at("entity.finished=kill@4");
  const std::string estates = migration_.target("SELECT count(*) FROM estates");
  migration_.source(R"sql(
UPDATE estates SET remark = 'other' WHERE (district, number) IN (SELECT district, number
  FROM estates WHERE owner LIKE 'o%' AND agent IS NULL ORDER BY 1, 2 LIMIT 3);
INSERT INTO owners VALUES ('new 1', 1, NULL, 5), ('new 2', 1, NULL, 5);
INSERT INTO estates SELECT 99, n, 'new 1', NULL, 'x' FROM generate_series(1, 4) AS n;
)sql");
  const std::string gone = migration_.target(
      "SELECT legacy_id FROM rooms r WHERE NOT EXISTS (SELECT FROM items WHERE room_id = r.id) "
      "ORDER BY 1 LIMIT 1");
  migration_.source("DELETE FROM rooms WHERE id = " + gone);
  const Outcome outcome = migration_.resume();
  ASSERT_EQ(outcome.exit_code, 0) << outcome.error;
  std::map<std::string, json> drift;
  for (const auto& finding : migration_.report["findings"]) {
    if (finding["check"] == "source_drift") drift[finding["entity"]] = finding;
  }
  ASSERT_EQ(drift.size(), 3u) << migration_.report["findings"];
  EXPECT_EQ(drift["chain.owners"]["offenders"], 2);
  EXPECT_TRUE(contains(drift["chain.owners"]["message"], "2 rows appeared"));
  EXPECT_EQ(drift["chain.estates"]["offenders"], 7) << drift["chain.estates"];
  EXPECT_TRUE(contains(drift["chain.estates"]["message"], "3 rows changed"));
  EXPECT_TRUE(contains(drift["chain.rooms"]["message"], "1 row vanished"));
  EXPECT_EQ(migration_.target("SELECT count(*) FROM estates"), estates);
  EXPECT_EQ(migration_.target("SELECT count(*) FROM owners WHERE legacy_code LIKE 'new%'"), "0\n");

  migration_.run();
  EXPECT_EQ(migration_.entity("chain.owners")["written"], 2);
  EXPECT_EQ(migration_.entity("chain.estates")["written"], 4);
  EXPECT_EQ(migration_.entity("chain.estates")["drift"], 3);
}

}  // namespace
}  // namespace mighost::test
