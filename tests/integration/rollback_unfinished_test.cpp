// Undoing a run in scope chunk that has not come to its end: killed at any place, vetoed, its
// indexes away, its rows half there.
#include <gtest/gtest.h>

#include <csignal>

#include "integration/chain_databases.hpp"
#include "support/contains.hpp"
#include "support/dataset.hpp"

namespace mighost::test {
namespace {

using json = nlohmann::json;
using Words = std::vector<std::string>;

/// Enough for several chunks of every entity; some regions are rejected, so that rows are held back
/// down to the bottom.
constexpr const char* rows_for_chunks = R"sql(
INSERT INTO regions SELECT n, CASE WHEN n % 9 <> 4 THEN 'region ' || n END
  FROM generate_series(1, 40) AS n;
INSERT INTO owners SELECT 'o/' || n, n % 40 + 1, 'o/' || (n * 7) % 130, n + 0.25
  FROM generate_series(1, 120) AS n;
INSERT INTO estates SELECT n % 5, n, 'o/' || n % 120 + 1, 'o/' || n % 140, 'estate ' || n
  FROM generate_series(1, 150) AS n;
INSERT INTO rooms SELECT n, (n % 150 + 1) % 5, n % 150 + 1 FROM generate_series(1, 180) AS n;
INSERT INTO items SELECT n, n % 200 FROM generate_series(1, 240) AS n;
ANALYZE;
)sql";

/// What the application had before, with triggers and an index of its own.
constexpr const char* there_with_triggers = R"sql(
INSERT INTO regions VALUES ('00000000-0000-0000-0000-000000000001', NULL, 'was here before');
INSERT INTO owners VALUES ('00000000-0000-0000-0000-000000000002', NULL,
  '00000000-0000-0000-0000-000000000001', NULL, 1);
COMMENT ON CONSTRAINT rooms_estate_id_fkey ON rooms IS 'of the application';
CREATE INDEX rooms_by_estate ON rooms (estate_id, legacy_id) WHERE legacy_id > 0;
CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER stamp BEFORE INSERT ON rooms FOR EACH ROW EXECUTE FUNCTION stamp();
CREATE TRIGGER off BEFORE INSERT ON rooms FOR EACH ROW EXECUTE FUNCTION stamp();
ALTER TABLE rooms DISABLE TRIGGER off;
)sql";

constexpr const char* late_tables =
    "SELECT relname, 1 FROM pg_class WHERE relnamespace = 'mighost'::regnamespace AND relname LIKE "
    "'late\\_%'";
constexpr const char* in_chunks =
    "[transaction]\nscope = \"chunk\"\nlanes = 2\nchunk_rows = 30\n[load]\ndefer = \"always\"\n";
constexpr const char* without_triggers = "[entities.\"chain.rooms\"]\ntriggers = \"disable\"\n";

class ReleaseOnlyRollbackUnfinished : public testing::Test {
 protected:
  void SetUp() override {
    migration_.source(std::string(chain_source) + rows_for_chunks);
    migration_.target(std::string(chain_target) + there_with_triggers);
    migration_.configure(in_chunks);
  }

  Command rollback_command(const Words& words) const {
    Words all = {"rollback"};
    all.insert(all.end(), words.begin(), words.end());
    all.insert(all.end(), {"--config", migration_.config_file().string(), "--json", "-"});
    return migration_.command(all);
  }
  Outcome rollback(const Words& words) {
    Outcome outcome = run_process(rollback_command(words));
    report_ = json::parse(outcome.output, nullptr, false);
    return outcome;
  }
  void expect_undone(const Words& words) {
    const Outcome outcome = rollback(words);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.error << outcome.output;
  }
  /// Dies by the order; returns the run's id.
  std::string killed_at(const std::string& orders) {
    const Outcome outcome = run_process(with_failpoints(migration_.run_command(), orders));
    EXPECT_EQ(outcome.signal, SIGKILL) << orders << ": " << outcome.error;
    wait_for_sessions_to_end(migration_);
    return latest_run();
  }
  std::string latest_run() const {
    std::string id = migration_.target(
        "SELECT run_id FROM mighost.runs WHERE kind = 'run' ORDER BY started_at DESC LIMIT 1");
    id.pop_back();
    return id;
  }
  std::string state() const { return migration_.target_structure() + migration_.target_rows(); }
  /// Everything that the ledger has of a run but for its record and the audit.
  std::string left_of(const std::string& run) const {
    std::string sql;
    for (const char* table :
         {"loads", "chunks", "deferred", "workers", "steps", "quarantine", "notes", "fingerprints",
          "fingerprint_leaves", "new_keys", "retries"}) {
      sql += "SELECT '" + std::string(table) + "' AS name, count(*) AS rows FROM mighost." + table +
             " WHERE run_id = '" + run + "' UNION ALL ";
    }
    return migration_.target("SELECT * FROM (" + sql + late_tables + ") AS l WHERE rows > 0");
  }
  std::string status_of(const std::string& run) const {
    return migration_.target("SELECT status FROM mighost.runs WHERE run_id = '" + run + "'");
  }
  Outcome verify() const {
    return run_process(
        migration_.command({"verify", "--config", migration_.config_file().string()}));
  }
  void expect_run(int exit_code = 0) {
    const Outcome outcome = migration_.run();
    EXPECT_EQ(outcome.exit_code, exit_code) << outcome.error << outcome.output;
  }
  /// Killed at each place and undone, the target is as it was, and a run does what it would have
  /// done at once; that one is undone too.
  void kill_and_undo_at(const Words& places) {
    const std::string before = state();
    expect_run();
    const std::string undisturbed = state(), first = latest_run();
    const json totals = migration_.report["totals"];
    EXPECT_EQ(verify().exit_code, 0);
    expect_undone({first});
    EXPECT_EQ(changed_lines(before, state()), "");
    for (const std::string& place : places) {
      SCOPED_TRACE(place);
      const std::string run = killed_at(place);
      away_ += migration_.target("SELECT object FROM mighost.deferred");
      late_tables_ += migration_.target(late_tables);
      expect_run(2);  // the indexes of this one are away
      expect_undone({run});
      EXPECT_EQ(changed_lines(before, state()), "");
      EXPECT_EQ(left_of(run), "");
      EXPECT_EQ(status_of(run), "rolled-back\n");
      expect_run();
      EXPECT_EQ(changed_lines(undisturbed, state()), "");
      EXPECT_EQ(migration_.report["totals"]["written"], totals["written"]);
      EXPECT_EQ(migration_.report["totals"]["quarantined"], totals["quarantined"]);
      EXPECT_EQ(migration_.report["totals"]["parked"], totals["parked"]);
      EXPECT_EQ(verify().exit_code, 0);
      expect_undone({latest_run()});
      EXPECT_EQ(changed_lines(before, state()), "");
      if (HasFailure()) return;
    }
  }

  Migration migration_{"chain"};
  json report_;
  std::string away_, late_tables_;  // what the killed runs had left
};

TEST_F(ReleaseOnlyRollbackUnfinished, KilledAnywhereLeavesTheTargetAsItWasAndARunBringsItAll) {
  kill_and_undo_at({"entity.beginning=kill@2", "entity.begun=kill@3", "chunk.claimed=kill@14",
                    "chunk.recorded=kill@4", "entity.restored=kill@3", "entity.finished=kill@4",
                    "run.concluding=kill", "run.committing=kill"});
  EXPECT_NE(away_.find("rooms_by_estate"), std::string::npos) << away_;
  EXPECT_NE(away_.find("boss_id_fkey"), std::string::npos) << away_;
  EXPECT_NE(late_tables_, "");
}

TEST_F(ReleaseOnlyRollbackUnfinished, KilledAnywhereSwitchesTriggersOnAgainThatWereOn) {
  migration_.configure(std::string(in_chunks) + without_triggers);
  kill_and_undo_at({"chunk.recorded=kill@14", "entity.restored=kill@4"});
  EXPECT_NE(away_.find("ENABLE TRIGGER"), std::string::npos) << away_;
}

TEST_F(ReleaseOnlyRollbackUnfinished, KilledAnywhereLeavesWhatAnEarlierRunBrought) {
  expect_run();
  migration_.source(
      "INSERT INTO owners SELECT 'late/' || n, 1, 'o/' || n, 1 FROM generate_series(1, 70) n; "
      "INSERT INTO estates SELECT 9, n, 'late/' || n, 'o/1', '' FROM generate_series(1, 70) n; "
      "INSERT INTO rooms SELECT 1000 + n, 9, n FROM generate_series(1, 70) AS n; "
      "UPDATE regions SET name = 'has one now' WHERE id = 4; ANALYZE");
  kill_and_undo_at({"chunk.recorded=kill@9", "entity.restored=kill@3", "run.committing=kill"});
  EXPECT_EQ(verify().exit_code, 0);
}

/// What somebody has put back by hand, exactly as it was, stands.
TEST_F(ReleaseOnlyRollbackUnfinished, TakesWhatWasPutBackByHandAsItWas) {
  const std::string before = state();
  const char* by_hand =
      "CREATE INDEX rooms_by_estate ON rooms (estate_id, legacy_id) WHERE legacy_id > 0; "
      "ALTER TABLE rooms ADD UNIQUE (legacy_id); "
      "ALTER TABLE rooms ADD CONSTRAINT rooms_estate_id_fkey FOREIGN KEY (estate_id) REFERENCES "
      "estates(id); COMMENT ON CONSTRAINT rooms_estate_id_fkey ON rooms IS 'of the application'";
  const std::string undone = killed_at("chunk.recorded=kill@14");
  migration_.target(by_hand);
  expect_undone({undone});
  EXPECT_EQ(changed_lines(before, state()), "");
  const std::string structure = migration_.target_structure();
  killed_at("chunk.recorded=kill@14");
  migration_.target(by_hand);
  const Outcome resumed = migration_.resume();
  EXPECT_EQ(resumed.exit_code, 0) << resumed.error;
  EXPECT_EQ(migration_.target_structure(), structure);
}

/// Who puts back another one is told what to do, and it helps.
TEST_F(ReleaseOnlyRollbackUnfinished, TellsWhoHasPutAnIndexBackWhatHelps) {
  const std::string before = state();
  const std::string run = killed_at("chunk.recorded=kill@14");
  migration_.target("CREATE INDEX rooms_by_estate ON rooms (estate_id)");
  const std::string why = "cannot restore rooms_by_estate: somebody has put it back by hand",
                    words = "drop rooms_by_estate: it will be put back as it was";
  const Outcome resumed = migration_.resume();
  EXPECT_EQ(resumed.exit_code, 3);
  EXPECT_TRUE(contains(resumed.error, why)) << resumed.error;
  const Outcome refused = run_process(rollback_command({run}));
  EXPECT_EQ(refused.exit_code, 3);
  EXPECT_TRUE(contains(refused.error, why)) << refused.error;
  EXPECT_TRUE(contains(refused.error, words)) << refused.error;
  migration_.target("DROP INDEX rooms_by_estate");
  expect_undone({run});
  EXPECT_EQ(changed_lines(before, state()), "");
}

TEST_F(ReleaseOnlyRollbackUnfinished, KilledItselfIsDoneAgainWithTheSameEnd) {
  const std::string before = state();
  for (const char* at : {"chunk.recorded=kill@9", "run.concluding=kill"}) {
    for (const char* place : {"rollback.staged", "rollback.removed", "rollback.committing"}) {
      SCOPED_TRACE(std::string(at) + ", then " + place);
      const std::string run = killed_at(at), half = state();
      ASSERT_NE(half, before);
      const Outcome outcome =
          run_process(with_failpoints(rollback_command({run}), std::string(place) + "=kill"));
      EXPECT_EQ(outcome.signal, SIGKILL) << outcome.error;
      wait_for_sessions_to_end(migration_);
      EXPECT_EQ(changed_lines(half, state()), "") << "its transaction went with it";
      expect_run(2);
      expect_undone({run});
      EXPECT_EQ(changed_lines(before, state()), "");
      EXPECT_EQ(left_of(run), "");
    }
  }
  expect_run();
}

/// What died is over when another command has the target: status tells of the run, not of it.
TEST_F(ReleaseOnlyRollbackUnfinished, KilledItselfIsOverWhenTheRunIsResumedInstead) {
  const std::string run = killed_at("chunk.recorded=kill@9");
  const Outcome killed =
      run_process(with_failpoints(rollback_command({run}), "rollback.removed=kill"));
  EXPECT_EQ(killed.signal, SIGKILL) << killed.error;
  wait_for_sessions_to_end(migration_);
  const Outcome resumed = migration_.resume();
  EXPECT_EQ(resumed.exit_code, 0) << resumed.error;
  EXPECT_EQ(migration_.target("SELECT kind, status FROM mighost.runs ORDER BY kind"),
            "rollback|failed\nrun|done\n");
  EXPECT_EQ(migration_.target("SELECT count(*) FROM mighost.workers"), "0\n");
}

TEST_F(ReleaseOnlyRollbackUnfinished, M23IsStoppedByRowsThatHaveChangedUnlessTheyMayStay) {
  const std::string structure = migration_.target_structure();
  for (const char* at : {"chunk.recorded=kill@15", "run.concluding=kill"}) {
    SCOPED_TRACE(at);
    const std::string run = killed_at(at);
    migration_.target(
        "UPDATE estates SET remark = 'ours now' WHERE id = (SELECT id FROM estates e WHERE EXISTS "
        "(SELECT FROM owners o WHERE o.id = e.owner_id) ORDER BY legacy_number LIMIT 1)");
    ASSERT_EQ(migration_.target("SELECT count(*) FROM estates WHERE remark = 'ours now'"), "1\n");
    const std::string changed = state();
    EXPECT_EQ(rollback({run}).exit_code, 4);
    EXPECT_EQ(report_["status"], "stopped");
    EXPECT_EQ(changed_lines(changed, state()), "");

    expect_undone({run, "--keep-changed"});
    EXPECT_EQ(migration_.target_structure(), structure);
    EXPECT_EQ(left_of(run), "");
    EXPECT_EQ(migration_.target("SELECT remark FROM estates"), "ours now\n");
    // Its owner, its agent and their regions are needed, beside what was there before.
    EXPECT_EQ(migration_.target("SELECT count(*) FROM owners o WHERE legacy_code IS NOT NULL AND "
                                "NOT EXISTS (SELECT FROM estates WHERE o.id IN (owner_id, "
                                "agent_id)) AND NOT EXISTS (SELECT FROM owners w WHERE "
                                "w.boss_id = o.id)"),
              "0\n");
    EXPECT_EQ(migration_.target("SELECT count(*) FROM rooms"), "0\n");
    EXPECT_EQ(migration_.target("SELECT count(*) FROM regions WHERE legacy_id IS NULL"), "1\n");
    migration_.target(
        "DELETE FROM estates; DELETE FROM owners WHERE legacy_code IS NOT NULL; "
        "DELETE FROM regions WHERE legacy_id IS NOT NULL; DROP SCHEMA mighost "
        "CASCADE");
  }
}

TEST_F(ReleaseOnlyRollbackUnfinished, IsStoppedByTablesThatWereAlteredUnlessTheyMayStaySo) {
  const std::string run = killed_at("chunk.recorded=kill@9"), half = state();
  migration_.target("DROP TRIGGER stamp ON rooms");
  const Outcome stopped = rollback({run});
  EXPECT_EQ(stopped.exit_code, 3);
  EXPECT_NE(stopped.error.find("--keep-changed"), std::string::npos) << stopped.error;
  EXPECT_NE(
      stopped.error.find("missing: trigger CREATE TRIGGER stamp BEFORE INSERT ON public.rooms"),
      std::string::npos)
      << stopped.error;
  EXPECT_EQ(stopped.error.find("; new:"), std::string::npos) << stopped.error;
  EXPECT_EQ(stopped.error.find("; altered:"), std::string::npos) << stopped.error;
  migration_.target("INSERT INTO mighost.retries (run_id, entity, attempt, message) VALUES ('" +
                    run + "', NULL, 1, 'of no entity'), ('" + run +
                    "', 'chain.rooms', 1, 'of one')");
  expect_undone({run, "--keep-changed"});
  EXPECT_EQ(report_["remarks"].size(), 1u) << report_.dump(1);
  EXPECT_EQ(left_of(run), "");
  EXPECT_EQ(migration_.target("SELECT count(*) FROM rooms"), "0\n");
  expect_run();
}

TEST_F(ReleaseOnlyRollbackUnfinished, TakesTheRunAsAWholeAndAllTakesItToo) {
  const std::string before = state();
  const std::string run = killed_at("chunk.recorded=kill@9"), half = state();
  for (const Words& part :
       {Words{"--entity", "chain.items"}, Words{"--family", "chain"}, Words{"--to", "1"}}) {
    Words words = {run};
    words.insert(words.end(), part.begin(), part.end());
    const Outcome refused = rollback(words);
    EXPECT_EQ(refused.exit_code, 1);
    EXPECT_NE(refused.error.find("goes as a whole"), std::string::npos) << refused.error;
  }
  EXPECT_EQ(rollback({run, "--dry-run"}).exit_code, 0);
  EXPECT_EQ(report_["status"], "dry-run");
  EXPECT_EQ(changed_lines(half, state()), "");
  expect_undone({"--all", "--yes"});
  EXPECT_EQ(changed_lines(before, state()), "");
  EXPECT_EQ(left_of(run), "");
  expect_undone({run});
  EXPECT_EQ(report_["status"], "nothing");
}

TEST_F(ReleaseOnlyRollbackUnfinished, IsRefusedWhileAProcessIsAtWorkAndDisturbsNothing) {
  Process run(with_failpoints(migration_.run_command(), "chunk.committed=stall:4000@5"));
  ASSERT_EQ(
      ask_until(migration_.target_url(), "SELECT to_regclass('mighost.chunks') IS NOT NULL", "t\n"),
      "t\n");
  ASSERT_EQ(ask_until(migration_.target_url(),
                      "SELECT count(*) >= 4 FROM mighost.chunks WHERE status = 'done'", "t\n"),
            "t\n");
  const Outcome refused = rollback({latest_run()});
  EXPECT_EQ(refused.exit_code, 2) << refused.output;
  EXPECT_NE(refused.error.find("is at work on this target"), std::string::npos) << refused.error;
  EXPECT_EQ(run.wait().exit_code, 0) << run.error();
  EXPECT_EQ(verify().exit_code, 0);
}

TEST_F(ReleaseOnlyRollbackUnfinished, OfAVetoedRunTakesBackWhatItHadCommitted) {
  migration_.target(
      "CREATE FUNCTION dearer() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
      "NEW.debt := NEW.debt + 1; RETURN NEW; END $$; "
      "CREATE TRIGGER dearer BEFORE INSERT ON owners FOR EACH ROW EXECUTE FUNCTION dearer()");
  migration_.configure(std::string(in_chunks) +
                       "[validation.checks]\nfingerprints = \"off\"\nsample = \"off\"\n");
  const std::string before = state();
  expect_run(4);
  const std::string run = latest_run();
  EXPECT_EQ(status_of(run), "vetoed\n");
  // The trigger has changed every owner, so all that hangs on them stays unless it may go.
  EXPECT_EQ(rollback({run}).exit_code, 4);
  migration_.target("UPDATE owners SET debt = debt - 1 WHERE legacy_code IS NOT NULL");
  expect_undone({run, "--by-value"});
  EXPECT_EQ(changed_lines(before, state()), "");
  EXPECT_EQ(left_of(run), "");
  migration_.target("DROP TRIGGER dearer ON owners");
  expect_run();
  EXPECT_EQ(verify().exit_code, 0);
}

TEST_F(ReleaseOnlyRollbackUnfinished, ToAPhaseOfAFinishedRunLeavesTheEarlierOnes) {
  expect_run();
  const std::string run = latest_run(), all = state();
  std::string phase =
      migration_.target("SELECT phase FROM mighost.steps WHERE entity = 'chain.owners'");
  phase.pop_back();
  EXPECT_EQ(rollback({run, "--to", "99"}).exit_code, 0);
  EXPECT_EQ(report_["status"], "nothing") << report_.dump(1);
  EXPECT_EQ(rollback({run, "--to", "0", "--family", "nobody"}).exit_code, 1);
  EXPECT_EQ(rollback({run, "--to", phase, "--entity", "chain.regions"}).exit_code, 0)
      << "it is named, and not later";
  EXPECT_EQ(changed_lines(all, state()), "");
  ASSERT_EQ(rollback({run, "--to", phase, "--entity", "chain.items,chain.regions", "--dry-run"})
                .exit_code,
            0);
  ASSERT_EQ(report_["entities"].size(), 1u) << report_.dump(1);
  EXPECT_EQ(report_["entities"][0]["name"], "chain.items");
  expect_undone({run, "--to", phase});
  EXPECT_EQ(report_["whole"], false);
  EXPECT_EQ(migration_.target("SELECT (SELECT count(*) FROM estates), (SELECT count(*) FROM "
                              "rooms), (SELECT count(*) FROM items)"),
            "0|0|0\n");
  EXPECT_EQ(migration_.target("SELECT string_agg(entity, ' ' ORDER BY entity) FROM mighost.steps"),
            "chain.owners chain.regions\n");
  EXPECT_EQ(verify().exit_code, 0);
  expect_run();
  EXPECT_EQ(changed_lines(all, state()), "");
  EXPECT_EQ(migration_.entity("chain.owners")["written"], 0);
  EXPECT_EQ(verify().exit_code, 0);
}

TEST_F(ReleaseOnlyRollbackUnfinished, EntityByEntityKilledInTheMiddleGoesOnWithTheSameCommand) {
  const std::string before = state();
  expect_run();
  const std::string run = latest_run();
  // The first is that of the look beforehand, then one of each entity.
  const Outcome outcome = run_process(
      with_failpoints(rollback_command({run, "--by-entity"}), "rollback.committing=kill@4"));
  EXPECT_EQ(outcome.signal, SIGKILL) << outcome.error;
  wait_for_sessions_to_end(migration_);
  EXPECT_EQ(migration_.target("SELECT string_agg(entity, ' ' ORDER BY position) FROM "
                              "mighost.steps"),
            "chain.regions chain.owners chain.estates\n");
  EXPECT_EQ(verify().exit_code, 0) << "between two entities all is well";
  expect_undone({run, "--by-entity"});
  EXPECT_EQ(changed_lines(before, state()), "");
  EXPECT_EQ(left_of(run), "");
  EXPECT_EQ(status_of(run), "rolled-back\n");
  expect_undone({run, "--by-entity"});
}

TEST(ReleaseOnlyRollbackRing, EntityByEntityTakesTogetherWhatRefersInACircle) {
  Migration migration{"ring"};
  migration.source(
      "CREATE TABLE teams (id int PRIMARY KEY, lead int); CREATE TABLE people (id int PRIMARY KEY, "
      "team int NOT NULL); CREATE TABLE badges (id int PRIMARY KEY, team int NOT NULL); "
      "INSERT INTO teams SELECT n, n * 2 FROM generate_series(1, 40) AS n; "
      "INSERT INTO people SELECT n, n % 40 + 1 FROM generate_series(1, 90) AS n; "
      "INSERT INTO badges SELECT n, n FROM generate_series(1, 40) AS n; ANALYZE");
  migration.target(
      "CREATE TABLE teams (id uuid PRIMARY KEY, legacy_id int UNIQUE, lead_id uuid); "
      "CREATE TABLE people (id uuid PRIMARY KEY, legacy_id int UNIQUE, team_id uuid NOT NULL "
      "REFERENCES teams); ALTER TABLE teams ADD FOREIGN KEY (lead_id) REFERENCES people; "
      "CREATE TABLE badges (id uuid PRIMARY KEY, legacy_id int UNIQUE, team_id uuid NOT NULL "
      "REFERENCES teams)");
  migration.configure(in_chunks);
  const auto state = [&] { return migration.target_structure() + migration.target_rows(); };
  const std::string before = state();
  const auto undo = [&](const std::string& orders) {
    const std::string run = migration.target(
        "SELECT run_id FROM mighost.runs WHERE kind = 'run' ORDER BY started_at "
        "DESC LIMIT 1");
    Command command = migration.command({"rollback", run.substr(0, run.size() - 1), "--by-entity",
                                         "--config", migration.config_file().string()});
    Outcome outcome = run_process(with_failpoints(command, orders));
    wait_for_sessions_to_end(migration);
    return outcome;
  };
  for (const char* orders : {"", "rollback.committing=kill@3", "rollback.removed=kill@3"}) {
    SCOPED_TRACE(orders);
    const Outcome ran = migration.run();
    ASSERT_EQ(ran.exit_code, 0) << ran.error << ran.output;
    EXPECT_EQ(migration.target("SELECT count(*) FROM teams WHERE lead_id IS NOT NULL"), "40\n");
    const int signal = *orders == '\0' ? 0 : SIGKILL;
    EXPECT_EQ(undo(orders).signal, signal);
    const Outcome undone = undo("");
    EXPECT_EQ(undone.exit_code, 0) << undone.error << undone.output;
    EXPECT_EQ(changed_lines(before, state()), "");
  }
}

}  // namespace
}  // namespace mighost::test
