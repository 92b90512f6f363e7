// Undoing a run: the target as it was before, catalogs and rows, whatever stands in the way told
// first.
#include <gtest/gtest.h>

#include <csignal>

#include "integration/chain_databases.hpp"
#include "support/dataset.hpp"

namespace mighost::test {
namespace {

using json = nlohmann::json;
using Words = std::vector<std::string>;

/// What the application had before.
constexpr const char* there_before = R"sql(
INSERT INTO regions VALUES ('00000000-0000-0000-0000-000000000001', NULL, 'was here before');
COMMENT ON CONSTRAINT rooms_estate_id_fkey ON rooms IS 'of the application';
)sql";

/// What the ledger says of rows, but for its runs and the audit.
constexpr const char* ledger_rows =
    "SELECT 'leaves', count(*) FROM mighost.fingerprint_leaves UNION ALL "
    "SELECT 'sums', count(*) FROM mighost.fingerprints UNION ALL "
    "SELECT 'steps', count(*) FROM mighost.steps UNION ALL "
    "SELECT 'keys', count(*) FROM mighost.new_keys UNION ALL "
    "SELECT 'held ' || entity || ' ' || legacy_key, 1 FROM mighost.held_back UNION ALL "
    "SELECT 'note ' || entity || ' ' || legacy_key, 1 FROM mighost.notes "
    "WHERE taken_up_by IS NULL ORDER BY 1";

class Rollback : public testing::Test {
 protected:
  void SetUp() override {
    migration_.source(std::string(chain_source) + chain_rows);
    migration_.target(std::string(chain_target) + there_before);
  }

  Outcome rollback(const Words& words, const std::string& json_file = "-") {
    Words all = {"rollback"};
    all.insert(all.end(), words.begin(), words.end());
    all.insert(all.end(), {"--config", migration_.config_file().string(), "--json", json_file});
    const Outcome outcome = run_process(migration_.command(all));
    report_ = json::parse(outcome.output, nullptr, false);
    return outcome;
  }
  std::string run_id() const { return migration_.report.at("run_id"); }
  std::string state() const { return migration_.target_structure() + migration_.target_rows(); }
  std::string ledger() const { return migration_.target(ledger_rows); }
  Outcome verify() {
    return run_process(
        migration_.command({"verify", "--config", migration_.config_file().string()}));
  }
  /// Of those that are no rollback.
  json status_of_newest_run() const {
    const Outcome outcome = run_process(migration_.command(
        {"status", "--config", migration_.config_file().string(), "--json", "-"}));
    const json seen = json::parse(outcome.output);
    for (const auto& run : seen.at("runs")) {
      if (run.at("kind") == "run") return run;
    }
    return nullptr;
  }
  json entity(const std::string& name) const {
    for (const auto& each : report_.at("entities")) {
      if (each.at("name") == name) return each;
    }
    return nullptr;
  }

  Migration migration_{"chain"};
  json report_;
};

TEST_F(Rollback, LeavesTheTargetAsItWasAndARunBringsItAllAgain) {
  const std::string before = state();
  ASSERT_EQ(migration_.run().exit_code, 0);
  const std::string after = state();

  ASSERT_EQ(rollback({run_id(), "--dry-run"}).exit_code, 0);
  EXPECT_EQ(report_["status"], "dry-run");
  EXPECT_EQ(state(), after);

  const Outcome outcome = rollback({run_id().substr(0, 8)});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.error;
  EXPECT_EQ(report_["status"], "done");
  EXPECT_EQ(entity("chain.owners")["removed"], 4);
  EXPECT_EQ(entity("chain.items")["removed"], 4);
  EXPECT_EQ(state(), before);
  EXPECT_EQ(ledger(), "keys|0\nleaves|0\nsteps|0\nsums|0\n") << "or rows that were there before";
  EXPECT_EQ(migration_.target("SELECT kind, status FROM mighost.runs ORDER BY started_at"),
            "run|rolled-back\nrollback|done\n");

  const Outcome again = rollback({run_id()});
  EXPECT_EQ(again.exit_code, 0) << "there is nothing to undo";
  EXPECT_EQ(report_["status"], "nothing") << again.output;
  EXPECT_EQ(state(), before);
  ASSERT_EQ(migration_.run().exit_code, 0);
  EXPECT_EQ(state(), after);
  EXPECT_EQ(verify().exit_code, 0);
}

TEST_F(Rollback, OfALaterRunLeavesWhatEarlierOnesBrought) {
  ASSERT_EQ(migration_.run().exit_code, 0);
  const std::string first = run_id(), before = state(), books = ledger();
  migration_.source(
      "INSERT INTO owners VALUES ('o5', 1, 'o/1', 1); INSERT INTO rooms VALUES (9, 2, 2); "
      "INSERT INTO items VALUES (9, 9), (10, 1)");
  ASSERT_EQ(migration_.run().exit_code, 0);
  const std::string second = run_id(), both = state();

  const Outcome refused = rollback({first});
  EXPECT_EQ(refused.exit_code, 2);
  const std::string next =
      "mighost rollback " + second + " --config " + migration_.config_file().string() + "\n";
  EXPECT_NE(refused.error.find(next), std::string::npos) << refused.error;
  EXPECT_EQ(state(), both);

  ASSERT_EQ(rollback({"--all", "--dry-run"}).exit_code, 0) << "nothing to be sure of";
  ASSERT_EQ(report_.size(), 1u);
  EXPECT_EQ(report_[0]["run_id"], second);
  EXPECT_NE(rollback({"--all", "--dry-run"}, (migration_.directory() / "look.json").string())
                .output.find("This is the newest of 2 runs"),
            std::string::npos);
  EXPECT_EQ(state(), both);

  ASSERT_EQ(rollback({second}).exit_code, 0);
  EXPECT_EQ(entity("chain.items")["removed"], 2);
  EXPECT_EQ(state(), before);
  EXPECT_EQ(verify().exit_code, 0);
  ASSERT_EQ(migration_.replay().exit_code, 0) << "which has nothing to do";
  ASSERT_EQ(rollback({"--all", "--yes", "--entity", "chain.items"}).exit_code, 0);
  EXPECT_EQ(migration_.target("SELECT count(*) FROM rooms WHERE legacy_id IS NOT NULL"), "3\n");
  ASSERT_EQ(rollback({"--all", "--yes"}).exit_code, 0);
  EXPECT_EQ(migration_.target("SELECT count(*) FROM rooms"), "0\n");
  EXPECT_EQ(migration_.target("SELECT count(*) FROM items"), "0\n");
}

TEST_F(Rollback, M23IsStoppedByRowsThatHaveChangedUnlessTheyMayStay) {
  ASSERT_EQ(migration_.run().exit_code, 0);
  migration_.target(
      "UPDATE estates SET remark = 'ours now' WHERE legacy_number = 2 AND "
      "legacy_district = 1; DELETE FROM items WHERE room_id = (SELECT id FROM rooms "
      "WHERE legacy_id = 3)");
  const std::string changed = state();
  const Outcome stopped = rollback({run_id()});
  EXPECT_EQ(stopped.exit_code, 4) << stopped.error;
  EXPECT_EQ(report_["status"], "stopped");
  EXPECT_EQ(entity("chain.estates")["changed_keys"], json::array({"1/2"}));
  EXPECT_EQ(entity("chain.items")["gone"], 1);
  EXPECT_EQ((stopped.output + stopped.error).find("ours now"), std::string::npos);
  EXPECT_EQ(state(), changed);

  ASSERT_EQ(rollback({run_id(), "--keep-changed"}).exit_code, 0);
  EXPECT_EQ(migration_.target("SELECT remark FROM estates"), "ours now\n");
  // Its owner and agent, their bosses and regions are needed; o"3\ and o,4 are not.
  EXPECT_EQ(migration_.target("SELECT legacy_code FROM owners ORDER BY 1"), "o/1\no/2\n");
  EXPECT_EQ(migration_.target("SELECT name FROM regions ORDER BY 1"),
            "north\nsouth\nwas here before\n");
  EXPECT_EQ(migration_.target("SELECT count(*) FROM rooms"), "0\n");
  EXPECT_EQ(entity("chain.owners")["kept"], 2);
  const Outcome verified = verify();
  EXPECT_EQ(verified.exit_code, 0) << verified.output;
}

/// PostgreSQL alters no table whose deferred triggers wait for COMMIT (error 55006).
TEST_F(Rollback, TakesBackRowsOfTablesWithDeferredTriggersAndKeys) {
  migration_.target(R"sql(
CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
CREATE CONSTRAINT TRIGGER late AFTER INSERT OR UPDATE OR DELETE ON rooms
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nothing();
CREATE TABLE visits (room uuid);
ALTER TABLE visits ADD CONSTRAINT visits_room FOREIGN KEY (room) REFERENCES rooms
  DEFERRABLE INITIALLY DEFERRED NOT VALID;
)sql");
  const std::string before = state();
  ASSERT_EQ(migration_.run().exit_code, 0);
  const Outcome outcome = rollback({run_id()});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.error;
  EXPECT_EQ(state(), before);
  ASSERT_EQ(migration_.run().exit_code, 0);
  const Outcome one_by_one = rollback({run_id(), "--by-entity"});
  ASSERT_EQ(one_by_one.exit_code, 0) << one_by_one.error;
  EXPECT_EQ(state(), before);
}

/// A key that would delete rows on its own, and that cannot be taken away and put back as it was.
TEST_F(Rollback, NamesTheKeyThatStandsInItsWayAndWhatHelps) {
  migration_.target(
      "CREATE TABLE notes (item uuid); CREATE TABLE visits (room uuid);"
      "ALTER TABLE notes ADD CONSTRAINT notes_item FOREIGN KEY (item) REFERENCES items NOT VALID;"
      "ALTER TABLE visits ADD CONSTRAINT visits_room FOREIGN KEY (room) REFERENCES rooms "
      "ON DELETE CASCADE NOT VALID");
  const std::string before = state();
  ASSERT_EQ(migration_.run().exit_code, 0);
  const Outcome refused = rollback({run_id()});
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_NE(refused.error.find("visits_room stays: it is not validated"), std::string::npos)
      << refused.error;
  EXPECT_NE(refused.error.find("validate the key"), std::string::npos) << refused.error;
  migration_.target("ALTER TABLE visits VALIDATE CONSTRAINT visits_room");
  EXPECT_EQ(rollback({run_id()}).exit_code, 0);
  migration_.target(
      "ALTER TABLE visits DROP CONSTRAINT visits_room, ADD CONSTRAINT visits_room FOREIGN KEY "
      "(room) REFERENCES rooms ON DELETE CASCADE NOT VALID");
  EXPECT_EQ(state(), before);
}

TEST_F(Rollback, IsStoppedByNewRowsThatReferToTheRun) {
  ASSERT_EQ(migration_.run().exit_code, 0);
  migration_.target(
      "INSERT INTO items SELECT '00000000-0000-0000-0000-0000000000aa', id FROM rooms "
      "WHERE legacy_id = 2");
  const std::string before = state();
  const Outcome stopped = rollback({run_id()});
  EXPECT_EQ(stopped.exit_code, 4) << stopped.error;
  ASSERT_EQ(report_["obstacles"].size(), 1u) << report_.dump(1);
  EXPECT_EQ(report_["obstacles"][0]["keys"], json::array({"00000000-0000-0000-0000-0000000000aa"}));
  EXPECT_NE(report_["obstacles"][0]["message"].get<std::string>().find("items_room_id_fkey"),
            std::string::npos);
  EXPECT_EQ(state(), before);

  ASSERT_EQ(rollback({run_id(), "--keep-changed"}).exit_code, 0);
  EXPECT_EQ(migration_.target("SELECT count(*) FROM items"), "1\n");
  EXPECT_EQ(migration_.target("SELECT legacy_id FROM rooms"), "2\n");
  EXPECT_EQ(migration_.target("SELECT legacy_district, legacy_number FROM estates"), "1|2\n");
}

TEST_F(Rollback, OfAReplayTakesItsReferencesBackToo) {
  migration_.source(
      "CREATE TABLE aside AS SELECT * FROM owners WHERE code = 'o/2'; "
      "DELETE FROM owners WHERE code = 'o/2'");
  ASSERT_EQ(migration_.run().exit_code, 0);
  const std::string before = state(), books = ledger(), first = run_id();
  migration_.source("INSERT INTO owners SELECT * FROM aside");
  ASSERT_EQ(migration_.replay().exit_code, 0);
  const std::string replayed = state(), replay = run_id();
  ASSERT_NE(before, replayed);
  EXPECT_EQ(rollback({first}).exit_code, 2) << "the replay stands on it";

  ASSERT_EQ(rollback({replay}).exit_code, 0);
  EXPECT_GT(entity("chain.estates")["unset"], 0) << report_.dump(1);
  EXPECT_EQ(state(), before);
  EXPECT_EQ(ledger(), books);
  EXPECT_EQ(verify().exit_code, 0);
  ASSERT_EQ(migration_.replay().exit_code, 0);
  EXPECT_EQ(state(), replayed);
}

TEST_F(Rollback, OfAReplayIsStoppedByReferencesThatAreOthersNow) {
  migration_.source(
      "CREATE TABLE aside AS SELECT * FROM owners WHERE code = 'o/2'; "
      "DELETE FROM owners WHERE code = 'o/2'");
  ASSERT_EQ(migration_.run().exit_code, 0);
  migration_.source("INSERT INTO owners SELECT * FROM aside");
  ASSERT_EQ(migration_.replay().exit_code, 0);
  // Both were set by the replay: one in its order, one late.
  migration_.target(
      "UPDATE estates SET agent_id = owner_id WHERE legacy_number = 2 AND "
      "legacy_district = 1; UPDATE owners SET boss_id = id WHERE legacy_code = "
      "'o\"3\\'");
  const std::string changed = state();
  EXPECT_EQ(rollback({run_id()}).exit_code, 4);
  EXPECT_EQ(report_["obstacles"].size(), 2u) << report_.dump(1);
  EXPECT_EQ(entity("chain.estates")["changed_keys"], json::array({"1/2"}));
  EXPECT_EQ(state(), changed);

  ASSERT_EQ(rollback({run_id(), "--keep-changed"}).exit_code, 0);
  EXPECT_EQ(migration_.target("SELECT agent_id = owner_id FROM estates WHERE legacy_number = 2 AND "
                              "legacy_district = 1"),
            "t\n");
  EXPECT_EQ(migration_.target("SELECT boss_id = id FROM owners WHERE legacy_code = 'o\"3\\'"),
            "t\n");
}

TEST_F(Rollback, IsStoppedByRowsThatHaveAnotherKeyNow) {
  ASSERT_EQ(migration_.run().exit_code, 0);
  migration_.target("UPDATE rooms SET legacy_id = 99 WHERE legacy_id = 3");
  const std::string changed = state();
  EXPECT_EQ(rollback({run_id()}).exit_code, 4);
  EXPECT_EQ(entity("chain.rooms")["gone"], 1);
  EXPECT_EQ(report_["obstacles"][0]["keys"], json::array({"3"}));
  migration_.target(
      "ALTER TABLE rooms DROP CONSTRAINT rooms_legacy_id_key; INSERT INTO rooms "
      "SELECT gen_random_uuid(), 1, estate_id FROM rooms WHERE legacy_id = 1; "
      "UPDATE rooms SET legacy_id = 3 WHERE legacy_id = 99");
  EXPECT_EQ(rollback({run_id(), "--keep-changed"}).exit_code, 2) << "whose row is it?";
  EXPECT_EQ(migration_.target("SELECT count(*) FROM rooms"), "4\n");
}

TEST_F(Rollback, SeesThatALateReferenceHasChanged) {
  ASSERT_EQ(migration_.run().exit_code, 0);
  migration_.target("UPDATE owners SET boss_id = id WHERE legacy_code IN ('o/1', 'o/2')");
  EXPECT_EQ(rollback({run_id()}).exit_code, 4) << "one had a boss, the other none";
  EXPECT_EQ(entity("chain.owners")["changed"], 2);
}

TEST_F(Rollback, OfSomeEntitiesLeavesTheOthers) {
  ASSERT_EQ(migration_.run().exit_code, 0);
  EXPECT_EQ(rollback({run_id(), "--entity", "chain.rooms"}).exit_code, 4) << "items need them";
  ASSERT_EQ(rollback({run_id(), "--entity", "chain.rooms,chain.items"}).exit_code, 0);
  EXPECT_EQ(report_["whole"], false);
  EXPECT_EQ(migration_.target("SELECT count(*) FROM estates"), "4\n");
  EXPECT_EQ(migration_.target("SELECT count(*) FROM rooms"), "0\n");
  EXPECT_EQ(status_of_newest_run()["rolled_back"], json::array({"chain.items", "chain.rooms"}));
  EXPECT_EQ(verify().exit_code, 0);
  EXPECT_EQ(rollback({run_id(), "--family", "nobody"}).exit_code, 1);
  EXPECT_EQ(rollback({run_id(), "--entity", "chain.items"}).exit_code, 1) << "it has gone";
  ASSERT_EQ(rollback({run_id()}).exit_code, 0) << "the rest";
  EXPECT_EQ(status_of_newest_run()["status"], "rolled-back");
  EXPECT_EQ(status_of_newest_run()["rolled_back"], json::array());
  EXPECT_EQ(migration_.target("SELECT count(*) FROM owners"), "0\n");
}

/// Also beside names that are right: what was meant would stay, and nobody would know.
TEST_F(Rollback, RefusesAMisspeltName) {
  ASSERT_EQ(migration_.run().exit_code, 0);
  const std::string after = state();
  for (const Words& who :
       {Words{run_id()}, Words{"--all", "--yes"}, Words{run_id(), "--by-entity"}}) {
    Words words = who;
    words.insert(words.end(), {"--entity", "chain.rooms,chain.itens"});
    const Outcome entity = rollback(words);
    EXPECT_EQ(entity.exit_code, 1);
    EXPECT_NE(entity.error.find("\"chain.itens\""), std::string::npos) << entity.error;
    EXPECT_NE(entity.error.find("did you mean \"chain.items\"?"), std::string::npos)
        << entity.error;
    words = who;
    words.insert(words.end(), {"--family", "chian", "--entity", "chain.items"});
    EXPECT_EQ(rollback(words).exit_code, 1);
  }
  EXPECT_EQ(state(), after);
  ASSERT_EQ(rollback({run_id(), "--by-entity", "--entity", "chain.rooms,chain.items"}).exit_code,
            0);
  EXPECT_EQ(migration_.target("SELECT count(*) FROM items"), "0\n");
}

TEST_F(Rollback, RefusesWhatItCannotUndo) {
  migration_.run_command();  // writes the configuration
  EXPECT_EQ(rollback({"12345678"}).exit_code, 2) << "there is no ledger";
  EXPECT_EQ(rollback({"12345678", "--by-entity"}).exit_code, 2);
  migration_.configure("[verify]\nfingerprints = false\n");
  ASSERT_EQ(migration_.run().exit_code, 0);
  const std::string after = state();
  const Outcome blind = rollback({run_id()});
  EXPECT_EQ(blind.exit_code, 2);
  EXPECT_NE(blind.error.find("no fingerprints"), std::string::npos) << blind.error;
  EXPECT_EQ(rollback({"no run"}).exit_code, 1);
  EXPECT_EQ(rollback({"00000000"}).exit_code, 1);
  EXPECT_EQ(rollback({"--all"}).exit_code, 1) << "without --yes";
  EXPECT_EQ(state(), after);
}

/// What is committed says so itself, whatever becomes of the process behind it.
TEST_F(Rollback, KilledBehindItsCommitIsDone) {
  const std::string before = state();
  ASSERT_EQ(migration_.run().exit_code, 0);
  const Words words = {"rollback", run_id(), "--config", migration_.config_file().string()};
  const Outcome killed =
      run_process(with_failpoints(migration_.command(words), "rollback.committed=kill"));
  EXPECT_EQ(killed.signal, SIGKILL) << killed.error;
  EXPECT_EQ(migration_.target("SELECT kind, status, exit_code FROM mighost.runs ORDER BY kind"),
            "rollback|done|0\nrun|rolled-back|0\n");
  EXPECT_EQ(state(), before);
  EXPECT_EQ(rollback({run_id()}).exit_code, 0);
  EXPECT_EQ(report_["status"], "nothing");
  EXPECT_EQ(migration_.target("SELECT count(*) FROM mighost.workers"), "0\n");
}

TEST_F(Rollback, KilledLeavesEverythingAndCanBeDoneAgain) {
  const std::string before = state();
  ASSERT_EQ(migration_.run().exit_code, 0);
  const std::string after = state();
  // It waits for a table that somebody reads, in the midst of its transaction.
  Command reading;
  reading.arguments = {"psql", "-Xq", migration_.target_url(), "-c",
                       "BEGIN; LOCK TABLE regions IN ACCESS SHARE MODE; SELECT pg_sleep(60)"};
  Process reader(reading);
  ASSERT_EQ(
      ask_until(migration_.target_url(),
                "SELECT count(*) FROM pg_locks WHERE relation = to_regclass('regions') AND mode "
                "= 'AccessShareLock' AND pid <> pg_backend_pid()",
                "1\n"),
      "1\n");
  Process undoing(
      migration_.command({"rollback", run_id(), "--config", migration_.config_file().string()}));
  ASSERT_EQ(ask_until(migration_.target_url(),
                      "SELECT count(*) FROM pg_locks WHERE relation = 'regions'::regclass AND NOT "
                      "granted",
                      "1\n"),
            "1\n");
  undoing.kill(SIGKILL);
  EXPECT_EQ(undoing.wait().signal, SIGKILL);
  migration_.target(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60)%' "
      "AND pid <> pg_backend_pid()");
  reader.wait();
  EXPECT_EQ(state(), after);
  ASSERT_EQ(rollback({run_id()}).exit_code, 0);
  EXPECT_EQ(state(), before);
}

TEST(ReleaseOnlyRollback, LeavesAnEmptyTargetAndTheSameRunAfterwards) {
  Migration migration{shipped_plugins()};
  const json oracle = fill(migration, {"XS", 5, false, {}});
  const std::string structure = migration.target_structure();
  const std::string before = row_digests(migration.target_url());
  ASSERT_EQ(migration.run().exit_code, 0);
  const std::string after = row_digests(migration.target_url(), timeless);
  const Outcome outcome =
      run_process(migration.command({"rollback", std::string(migration.report["run_id"]),
                                     "--config", migration.config_file().string()}));
  ASSERT_EQ(outcome.exit_code, 0) << outcome.output << outcome.error;
  EXPECT_EQ(migration.target_structure(), structure);
  EXPECT_EQ(row_digests(migration.target_url()), before);
  ASSERT_EQ(migration.run().exit_code, 0);
  EXPECT_EQ(differences(migration.report, oracle), "");
  EXPECT_EQ(row_digests(migration.target_url(), timeless), after);
}

/// The sums hold a row twice that was deleted and came again; a copy of it must not fit them.
TEST_F(Rollback, IsNotNeededForVerifyToSeeACopyOfARowThatCameAgain) {
  ASSERT_EQ(migration_.run().exit_code, 0);
  migration_.target("DELETE FROM items WHERE room_id = (SELECT id FROM rooms WHERE legacy_id = 2)");
  ASSERT_EQ(migration_.run().exit_code, 0);
  EXPECT_EQ(verify().exit_code, 0);
  migration_.target(
      "ALTER TABLE items DROP CONSTRAINT items_pkey; INSERT INTO items SELECT * FROM "
      "items WHERE room_id = (SELECT id FROM rooms WHERE legacy_id = 2)");
  const Outcome outcome = verify();
  EXPECT_EQ(outcome.exit_code, 4) << outcome.output;
  EXPECT_NE(outcome.output.find("1 row that no run brought"), std::string::npos) << outcome.output;
}

}  // namespace
}  // namespace mighost::test
