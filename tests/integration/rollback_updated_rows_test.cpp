// Undoing a run whose rows somebody has updated since: whatever column that was about, and also
// when it left the values as they were. Who wrote a row last is its xmin.
#include <gtest/gtest.h>

#include <set>

#include "integration/chunk_databases.hpp"
#include "support/contains.hpp"

namespace mighost::test {
namespace {

using json = nlohmann::json;
using Words = std::vector<std::string>;

/// Columns of the application, which no plugin knows.
constexpr const char* own_columns =
    "ALTER TABLE rooms ADD COLUMN keeper text, ADD COLUMN items int NOT NULL DEFAULT 0;"
    "ALTER TABLE owners ADD COLUMN keeper text;";

/// Write rows again in the transaction that brings, updates or removes them, or others.
constexpr const char* counting_triggers = R"sql(
CREATE FUNCTION count_items() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  UPDATE rooms SET items = items + CASE TG_OP WHEN 'DELETE' THEN -1 ELSE 1 END
    WHERE id = coalesce(NEW.room_id, OLD.room_id);
  RETURN NULL; END $$;
CREATE CONSTRAINT TRIGGER count_items AFTER INSERT OR DELETE ON items
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION count_items();
CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  UPDATE owners SET keeper = coalesce(keeper, '') || left(TG_OP, 1) WHERE id = NEW.id;
  RETURN NULL; END $$;
CREATE TRIGGER keep AFTER INSERT OR UPDATE ON owners FOR EACH ROW
  WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION keep();
)sql";

class RollbackOfUpdatedRows : public testing::Test {
 protected:
  void SetUp() override {
    migration_.source(std::string(chain_source) + chain_rows);
    migration_.target(std::string(chain_target) + own_columns);
  }

  Outcome rollback(const Words& words, const std::string& json_file = "-") {
    Words all = {"rollback"};
    all.insert(all.end(), words.begin(), words.end());
    all.insert(all.end(), {"--config", migration_.config_file().string(), "--json", json_file});
    const Outcome outcome = run_process(migration_.command(all));
    if (json_file == "-") report_ = json::parse(outcome.output, nullptr, false);
    return outcome;
  }
  Outcome verify() {
    return run_process(
        migration_.command({"verify", "--config", migration_.config_file().string()}));
  }
  std::string run_id() const { return migration_.report.at("run_id"); }
  std::string state() const { return migration_.target_structure() + migration_.target_rows(); }
  json entity(const std::string& name) const {
    for (const auto& each : report_.at("entities")) {
      if (each.at("name") == name) return each;
    }
    return nullptr;
  }
  json changed_keys(const std::string& name) const {
    return entity(name)["changed_keys"].get<std::set<std::string>>();
  }
  void expect_undone(const Words& words) {
    const Outcome outcome = rollback(words);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.error << outcome.output;
    EXPECT_EQ(report_["remarks"], json::array());
  }
  void expect_stopped(const Words& words, const std::string& name, const json& keys) {
    const std::string before = state();
    const Outcome outcome = rollback(words);
    EXPECT_EQ(outcome.exit_code, 4) << outcome.error << outcome.output;
    EXPECT_EQ(changed_keys(name), keys) << report_.dump(1);
    EXPECT_EQ(entity(name)["changed"], keys.size());
    EXPECT_EQ(report_["obstacles"].size(), 1u) << report_.dump(1);
    EXPECT_EQ(state(), before);
  }

  void run_until_killed_at(const std::string& orders) {
    const Outcome killed = run_process(with_failpoints(migration_.run_command(), orders));
    ASSERT_EQ(killed.signal, SIGKILL) << killed.error;
    wait_for_sessions_to_end(migration_);
  }

  /// Everything in the target is dropped and comes back. `how`: a flag of psql.
  void dump_and_restore(const std::string& how) {
    const std::string file = (migration_.directory() / "target.sql").string();
    Command restore;
    restore.arguments = {"bash", "-ceu",
                         "pg_dump --clean --if-exists -f " + file + " -d " +
                             migration_.target_url() + "; psql -Xq -v ON_ERROR_STOP=1 " + how +
                             " -f " + file + " -d " + migration_.target_url()};
    const Outcome restored = run_process(restore);
    ASSERT_EQ(restored.exit_code, 0) << restored.error;
  }

  Migration migration_{"chain"};
  json report_;
};

/// The sanitizers have seen it all in the others.
class ReleaseOnlyRollbackOfUpdatedRows : public RollbackOfUpdatedRows {};

TEST_F(ReleaseOnlyRollbackOfUpdatedRows, StopsAtColumnsThatNoPluginWritesInEveryScope) {
  const std::string before = state();
  for (const char* scope : {"", "[transaction]\nscope = \"family\"\n",
                            "[transaction]\nscope = \"chunk\"\nlanes = 2\nchunk_rows = 2\n"}) {
    SCOPED_TRACE(scope);
    migration_.configure(scope);
    ASSERT_EQ(migration_.run().exit_code, 0);
    migration_.target("UPDATE rooms SET keeper = 'ours now' WHERE legacy_id = 2");
    expect_stopped({run_id()}, "chain.rooms", {"2"});
    EXPECT_EQ(entity("chain.rooms")["updated_only"], 1);
    const Outcome told = rollback({run_id()}, (migration_.directory() / "told.json").string());
    EXPECT_TRUE(contains(told.output,
                         "1 row of chain.rooms has been updated since the run brought it, and "
                         "holds what it wrote\n    keys: 2\n"));
    EXPECT_TRUE(contains(told.output, "--by-value removes those that hold what the run wrote."));

    // Freezing, and writing a table anew as it is, change no row.
    migration_.target("VACUUM (FREEZE) rooms; VACUUM FULL estates");
    expect_stopped({run_id()}, "chain.rooms", {"2"});
    // Neither does a lock, nor an UPDATE that was taken back.
    migration_.target(
        "BEGIN; SELECT * FROM estates FOR UPDATE; COMMIT; "
        "BEGIN; UPDATE estates SET remark = 'no'; ROLLBACK");
    expect_stopped({run_id()}, "chain.rooms", {"2"});
    // One row found in two ways is one row.
    migration_.target("UPDATE rooms SET legacy_id = legacy_id WHERE legacy_id = 3");
    migration_.target("UPDATE owners SET boss_id = id WHERE legacy_code = 'o/2'");
    EXPECT_EQ(rollback({run_id()}).exit_code, 4);
    EXPECT_EQ(changed_keys("chain.rooms"), json::array({"2", "3"}));
    EXPECT_EQ(entity("chain.owners")["changed"], 1) << report_.dump(1);
    EXPECT_EQ(entity("chain.owners")["updated_only"], 0);
    const Outcome both = rollback({run_id()}, (migration_.directory() / "told.json").string());
    EXPECT_TRUE(contains(both.output, "With --by-value too, only those that hold something else."));

    ASSERT_EQ(rollback({run_id(), "--keep-changed"}).exit_code, 0);
    EXPECT_EQ(entity("chain.rooms")["kept"], 2);
    EXPECT_EQ(entity("chain.rooms")["updated_only"], 2);
    EXPECT_EQ(entity("chain.rooms")["removed"], 1);
    EXPECT_EQ(migration_.target("SELECT legacy_id, keeper FROM rooms ORDER BY 1"),
              "2|ours now\n3|\n");
    EXPECT_EQ(verify().exit_code, 0);
    migration_.target(
        "TRUNCATE regions, owners, estates, rooms, items; DROP SCHEMA mighost CASCADE");
    ASSERT_EQ(state(), before);
  }
}

TEST_F(ReleaseOnlyRollbackOfUpdatedRows, StopsWhenItIsAllRowsOfATable) {
  ASSERT_EQ(migration_.run().exit_code, 0);
  migration_.target("UPDATE rooms SET keeper = 'ours now'");
  expect_stopped({run_id()}, "chain.rooms", {"1", "2", "3"});
  expect_stopped({run_id(), "--entity", "chain.rooms,chain.items"}, "chain.rooms", {"1", "2", "3"});
  ASSERT_EQ(rollback({run_id(), "--entity", "chain.items"}).exit_code, 0);
  // Nor can be told from that what writes a table anew.
  migration_.target("ALTER TABLE estates ADD COLUMN since timestamptz DEFAULT clock_timestamp()");
  EXPECT_EQ(rollback({run_id()}).exit_code, 4);
  EXPECT_EQ(entity("chain.estates")["updated_only"], 4);
  expect_undone({run_id(), "--by-value"});
}

/// Keys are written as everywhere: a slash stands between their parts.
TEST_F(ReleaseOnlyRollbackOfUpdatedRows, NamesThoseThatAreGone) {
  ASSERT_EQ(migration_.run().exit_code, 0);
  migration_.target(
      "DELETE FROM owners WHERE legacy_code = 'o\"3\\'; UPDATE owners SET boss_id = NULL; "
      "DELETE FROM items; DELETE FROM rooms; DELETE FROM estates; "
      "DELETE FROM owners WHERE legacy_code = 'o/2'");
  EXPECT_EQ(rollback({run_id()}).exit_code, 4);
  EXPECT_EQ(entity("chain.owners")["gone_keys"], json::array({"o\"3\\\\", "o\\/2"}));
  EXPECT_EQ(entity("chain.estates")["gone_keys"], json::array({"1/1", "1/2", "2/1", "2/2"}));
  EXPECT_EQ(entity("chain.owners")["gone"], 2);
}

TEST_F(ReleaseOnlyRollbackOfUpdatedRows, StopsAtThoseOfAPartition) {
  migration_.target(
      "DROP TABLE items; CREATE TABLE items (id uuid PRIMARY KEY, room_id uuid NOT NULL REFERENCES "
      "rooms, seen boolean) PARTITION BY HASH (id); "
      "CREATE TABLE items_0 PARTITION OF items FOR VALUES WITH (MODULUS 2, REMAINDER 0); "
      "CREATE TABLE items_1 PARTITION OF items FOR VALUES WITH (MODULUS 2, REMAINDER 1)");
  const std::string before = state();
  ASSERT_EQ(migration_.run().exit_code, 0);
  migration_.target(
      "UPDATE items SET seen = true WHERE room_id = (SELECT id FROM rooms WHERE legacy_id = 2)");
  EXPECT_EQ(rollback({run_id()}).exit_code, 4);
  EXPECT_EQ(entity("chain.items")["updated_only"], 1) << report_.dump(1);
  migration_.target("DELETE FROM items WHERE seen; DELETE FROM rooms WHERE legacy_id = 2");
  EXPECT_EQ(rollback({run_id()}).exit_code, 4) << "they are gone";
  ASSERT_EQ(rollback({run_id(), "--keep-changed"}).exit_code, 0);
  EXPECT_EQ(state(), before);
}

TEST_F(RollbackOfUpdatedRows, ByValueTheyGoIfTheyHoldWhatTheRunWrote) {
  const std::string before = state();
  ASSERT_EQ(migration_.run().exit_code, 0);
  migration_.target(
      "UPDATE rooms SET keeper = 'ours now'; UPDATE owners SET debt = debt + 1; "
      "UPDATE estates SET remark = 'changed' WHERE legacy_district = 2 AND legacy_number = 1");
  EXPECT_EQ(rollback({run_id(), "--by-value"}).exit_code, 4);
  EXPECT_EQ(entity("chain.rooms")["changed"], 0);
  EXPECT_EQ(entity("chain.estates")["changed_keys"], json::array({"2/1"}));
  EXPECT_EQ(entity("chain.owners")["changed"], 3) << "of the fourth the debt is NULL";
  migration_.target(
      "UPDATE owners SET debt = debt - 1; UPDATE estates SET remark = 'y' WHERE remark = "
      "'changed'");
  expect_undone({run_id(), "--by-value", "--by-entity"});
  EXPECT_EQ(state(), before);
}

TEST_F(ReleaseOnlyRollbackOfUpdatedRows, ThatTriggersUpdatedWithTheRunGo) {
  migration_.target(counting_triggers);
  const std::string before = state();
  for (const char* scope : {"",
                            "[transaction]\nscope = \"chunk\"\nlanes = 2\nchunk_rows = 2\n"
                            "[load]\ndefer = \"always\"\n"}) {
    SCOPED_TRACE(scope);
    migration_.configure(scope);
    ASSERT_EQ(migration_.run().exit_code, 0);
    ASSERT_EQ(migration_.target("SELECT sum(items) FROM rooms"), "4\n");
    ASSERT_EQ(migration_.target("SELECT keeper, count(*) FROM owners GROUP BY 1 ORDER BY 1"),
              "I|1\nIU|3\n");
    expect_undone({run_id()});
    EXPECT_EQ(state(), before);
  }
}

/// The run itself sets a late reference in a row that the application has updated meanwhile.
TEST_F(ReleaseOnlyRollbackOfUpdatedRows, StopsAtThoseUpdatedWhileTheRunWasDead) {
  migration_.configure(chunk_config(2, 2));
  run_until_killed_at("run.concluding=kill");
  ASSERT_EQ(migration_.target("SELECT count(boss_id) FROM owners"), "0\n");
  migration_.target("UPDATE owners SET keeper = 'ours now' WHERE legacy_code = 'o/2'");
  ASSERT_EQ(migration_.resume().exit_code, 0);
  ASSERT_EQ(migration_.target("SELECT count(boss_id) FROM owners WHERE keeper = 'ours now'"),
            "1\n");
  expect_stopped({run_id()}, "chain.owners", {"o\\/2"});
}

/// A row of one run that a later one has updated by a trigger: when the later one has gone, which
/// updates it again, nobody else has written it still.
TEST_F(ReleaseOnlyRollbackOfUpdatedRows, ThatTriggersUpdatedWithALaterRunGoAfterIt) {
  migration_.target(counting_triggers);
  const std::string before = state();
  ASSERT_EQ(migration_.run().exit_code, 0);
  migration_.source("INSERT INTO items VALUES (9, 2), (10, 3)");
  ASSERT_EQ(migration_.run().exit_code, 0);
  ASSERT_EQ(migration_.target("SELECT sum(items) FROM rooms"), "6\n");
  const std::string second = run_id();
  expect_undone({second, "--dry-run"});
  expect_undone({second, "--by-entity"});
  EXPECT_EQ(migration_.target("SELECT sum(items) FROM rooms"), "4\n") << "by the rollback itself";
  ASSERT_EQ(migration_.run().exit_code, 0);
  const Outcome outcome = rollback({"--all", "--yes", "--by-entity"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.error << outcome.output;
  for (const json& each : report_) EXPECT_EQ(each["remarks"], json::array());
  EXPECT_EQ(state(), before);
}

/// It waits for the row, finds that somebody else has written it, and sets its reference all the
/// same.
TEST_F(ReleaseOnlyRollbackOfUpdatedRows, StopsAtOneUpdatedWhileTheRunSetItsReference) {
  migration_.configure(chunk_config(2, 2));
  run_until_killed_at("run.concluding=kill");
  Command updating;
  updating.arguments = {"psql", "-Xq", migration_.target_url(), "-c",
                        "BEGIN; UPDATE owners SET keeper = 'ours now' WHERE legacy_code = 'o/2'; "
                        "SELECT pg_sleep(3); COMMIT"};
  Process application(updating);
  ASSERT_EQ(ask_until(migration_.target_url(),
                      "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(3)%' AND "
                      "pid <> pg_backend_pid() AND wait_event = 'PgSleep'",
                      "1\n"),
            "1\n");
  ASSERT_EQ(migration_.resume().exit_code, 0);
  EXPECT_EQ(application.wait().exit_code, 0);
  ASSERT_EQ(migration_.target("SELECT keeper FROM owners WHERE boss_id IS NOT NULL AND keeper IS "
                              "NOT NULL"),
            "ours now\n");
  expect_stopped({run_id()}, "chain.owners", {"o\\/2"});
}

/// The rows that were there then have lost who wrote them, and those that came since have not.
TEST_F(ReleaseOnlyRollbackOfUpdatedRows, OfATargetRestoredInTheMidstOfTheRunAreComparedByValue) {
  const std::string before = state();
  migration_.configure(chunk_config(2, 2));
  run_until_killed_at("chunk.committed=kill@4");
  dump_and_restore("-1");
  const Outcome resumed = migration_.resume({"--accept-changes"});
  ASSERT_EQ(resumed.exit_code, 0) << resumed.error;
  ASSERT_EQ(rollback({run_id(), "--by-entity"}).exit_code, 0) << report_.dump(1);
  EXPECT_EQ(report_["remarks"].size(), 1u) << report_.dump(1);
  EXPECT_EQ(state(), before);
}

TEST_F(ReleaseOnlyRollbackOfUpdatedRows, OfARunThatHadBroughtNoneGoWithoutAWord) {
  migration_.configure("[transaction]\nscope = \"chunk\"\n");
  run_until_killed_at("entity.beginning=kill@1");
  std::string run = migration_.target("SELECT run_id FROM mighost.runs");
  run.pop_back();
  expect_undone({run});
}

/// Its first rows tell nothing, whatever became of the ledger meanwhile.
TEST_F(ReleaseOnlyRollbackOfUpdatedRows, OfARunThatAnEarlierVersionBeganAreComparedByValue) {
  const std::string before = state();
  migration_.configure(chunk_config(2, 2));
  run_until_killed_at("chunk.committed=kill@4");
  migration_.target(
      "DROP TABLE mighost.transactions; ALTER TABLE mighost.runs DROP COLUMN "
      "records_transactions; UPDATE mighost.version SET version = 6");
  ASSERT_EQ(migration_.resume().exit_code, 0);
  ASSERT_EQ(rollback({run_id()}).exit_code, 0) << report_.dump(1);
  EXPECT_EQ(report_["remarks"].size(), 1u);
  EXPECT_EQ(state(), before);
}

/// What the server knows of a savepoint inside of a trigger nobody can tell from outside.
TEST_F(ReleaseOnlyRollbackOfUpdatedRows, ThatATriggerUpdatedUnderASavepointOfItsOwnWantByValue) {
  migration_.target(R"sql(
CREATE FUNCTION careful() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  BEGIN UPDATE rooms SET keeper = 'trigger' WHERE id = NEW.id;
  EXCEPTION WHEN unique_violation THEN NULL; END; RETURN NULL; END $$;
CREATE TRIGGER careful AFTER INSERT ON rooms FOR EACH ROW WHEN (NEW.legacy_id = 3)
  EXECUTE FUNCTION careful())sql");
  const std::string before = state();
  ASSERT_EQ(migration_.run().exit_code, 0);
  expect_stopped({run_id()}, "chain.rooms", {"3"});
  expect_undone({run_id(), "--by-value"});
  EXPECT_EQ(state(), before);
}

/// Its references are set in rows that somebody else has updated since, and taken out again: of the
/// run these rows go on telling that they were updated.
TEST_F(RollbackOfUpdatedRows, OfAReplayLeavesOpenWhoUpdatedTheRowsOfItsRun) {
  const std::string before = state();
  migration_.source(
      "CREATE TABLE aside AS SELECT * FROM owners WHERE code = 'o/2'; "
      "DELETE FROM owners WHERE code = 'o/2'");
  ASSERT_EQ(migration_.run().exit_code, 0);
  const std::string first = run_id();
  migration_.source("INSERT INTO owners SELECT * FROM aside");
  ASSERT_EQ(migration_.replay().exit_code, 0);
  expect_undone({run_id()});
  EXPECT_GT(entity("chain.estates")["unset"], 0) << report_.dump(1);
  EXPECT_GT(entity("chain.owners")["unset"], 0) << report_.dump(1);
  expect_undone({first, "--dry-run"});

  migration_.target(
      "UPDATE estates SET remark = remark WHERE legacy_number = 2 AND legacy_district = 1; "
      "UPDATE owners SET keeper = 'ours now' WHERE legacy_code = 'o\"3\\'");
  ASSERT_EQ(migration_.replay().exit_code, 0);
  EXPECT_EQ(migration_.target("SELECT count(agent_id) FROM estates WHERE legacy_number = 2 AND "
                              "legacy_district = 1"),
            "1\n");
  expect_undone({run_id()});
  EXPECT_GT(entity("chain.estates")["unset"], 0) << report_.dump(1);
  EXPECT_EQ(rollback({first}).exit_code, 4);
  EXPECT_EQ(entity("chain.estates")["changed_keys"], json::array({"1/2"})) << report_.dump(1);
  EXPECT_EQ(entity("chain.owners")["changed"], 1);
  EXPECT_EQ(report_["obstacles"].size(), 2u) << report_.dump(1);
  expect_undone({first, "--by-value"});
  EXPECT_EQ(state(), before);
}

TEST_F(ReleaseOnlyRollbackOfUpdatedRows, OfARestoredTargetAreComparedByValueAndItSaysSo) {
  const std::string before = state();
  ASSERT_EQ(migration_.run().exit_code, 0);
  // In one transaction all rows have one xmin, those of the ledger too.
  for (const char* how : {"-1", "-q"}) {
    SCOPED_TRACE(how);
    dump_and_restore(how);
    migration_.target("UPDATE rooms SET keeper = 'nobody sees it' WHERE legacy_id = 2");
    ASSERT_EQ(rollback({run_id(), "--dry-run"}).exit_code, 0);
    ASSERT_EQ(report_["remarks"].size(), 1u) << report_.dump(1);
    EXPECT_TRUE(contains(report_["remarks"][0], "restored from a dump"));
    migration_.target(
        "UPDATE estates SET remark = 'seen' WHERE legacy_district = 2 AND "
        "legacy_number = 1");
    expect_stopped({run_id()}, "chain.estates", {"2/1"});
    migration_.target("UPDATE estates SET remark = 'y' WHERE remark = 'seen'");
  }
  ASSERT_EQ(rollback({run_id()}).exit_code, 0);
  EXPECT_EQ(state(), before);
}

/// Also those around rows that the server refuses, whose COPY is sent again in pieces.
TEST(ReleaseOnlyRowsOfRuns, TellTheTransactionsThatWroteThem) {
  Migration migration{"probe"};
  migration.source(std::string(probe_source) + many_probe_rows);
  for (const std::string& scope :
       {std::string(), std::string("[transaction]\nscope = \"family\"\n"), chunk_config(2, 300),
        chunk_config(2, 300, always_deferred)}) {
    SCOPED_TRACE(scope);
    const Outcome outcome =
        run_anew(migration, probe_target,
                 scope + "[validation.checks]\nfingerprints = \"off\"\nsample = \"off\"\n");
    ASSERT_EQ(outcome.exit_code, 0) << outcome.error << outcome.output;
    EXPECT_NE(migration.target("SELECT count(*) FROM mighost.quarantine WHERE stage = 'load'"),
              "0\n");
    for (const char* table : {"things", "parts", "nodes", "pairs", "kept"}) {
      EXPECT_EQ(migration.target(std::string("SELECT count(*) > 0, count(*) FILTER (WHERE t.xmin "
                                             "NOT IN (SELECT w.xmin FROM mighost.transactions w)) "
                                             "FROM ") +
                                 table + " AS t"),
                "t|0\n")
          << table;
    }
  }
}

}  // namespace
}  // namespace mighost::test
