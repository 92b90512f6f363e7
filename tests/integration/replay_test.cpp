// A replay drives again what the quarantine holds back, with everything that hangs on it: the
// target becomes what a run over the repaired source would have made.
#include <gtest/gtest.h>

#include <csignal>

#include "integration/chain_databases.hpp"
#include "support/dataset.hpp"

namespace mighost::test {
namespace {

using json = nlohmann::json;

constexpr const char* region_2 = "INSERT INTO regions VALUES (2, 'south')";
constexpr const char* owner_2 = "INSERT INTO owners VALUES ('o/2', 2, 'o/1', 7.25)";
constexpr const char* without_owner_2 =
    "DELETE FROM owners WHERE code = 'o/2'; DELETE FROM regions WHERE id = 2";

void prepare(const Migration& migration) {
  migration.source(std::string(chain_source) + chain_rows);
  migration.target(chain_target);
}

std::string books(const Migration& migration) {
  return migration.target("SELECT * FROM mighost.books ORDER BY entity");
}

/// What a record says, whoever made it when.
std::string held_back(const Migration& migration) {
  return migration.target(
      "SELECT entity, legacy_key, outcome, code, column_name, waits_for_entity, waits_for_key "
      "FROM mighost.held_back ORDER BY entity, legacy_key");
}

std::string open_notes(const Migration& migration) {
  return migration.target(
      "SELECT entity, legacy_key, column_name, waits_for_key FROM mighost.notes "
      "WHERE taken_up_by IS NULL ORDER BY 1, 2, 3");
}

class Replay : public testing::Test {
 protected:
  void SetUp() override { prepare(migration_); }

  void run_without_owner_2() {
    migration_.source(without_owner_2);
    const Outcome outcome = migration_.run();
    ASSERT_EQ(outcome.exit_code, 0) << outcome.error;
    ASSERT_EQ(held_back(migration_),
              "chain.estates|1/1|quarantined|missing_parent|owner_id|chain.owners|o\\/2\n"
              "chain.estates|2/1|quarantined|missing_parent|owner_id|chain.owners|o\\/2\n"
              "chain.items|1|parked|waits_for_parent|room_id|chain.rooms|1\n"
              "chain.items|3|parked|waits_for_parent|room_id|chain.rooms|3\n"
              "chain.items|5|parked|waits_for_parent|room_id|chain.rooms|1\n"
              "chain.rooms|1|parked|waits_for_parent|estate_id|chain.estates|1/1\n"
              "chain.rooms|3|parked|waits_for_parent|estate_id|chain.estates|2/1\n");
  }

  Outcome replay(const std::vector<std::string>& options = {}) {
    Outcome outcome = migration_.replay(options);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.error;
    return outcome;
  }

  /// By entity: taken up, written, healed.
  std::string done() const {
    std::string text;
    for (const json& entity : migration_.report["entities"]) {
      text += entity["name"].get<std::string>().substr(6) + " " + entity["taken_up"].dump() + " " +
              entity["written"].dump() + " " + entity["healed"].dump() + "\n";
    }
    return text;
  }

  /// What a run over the clean rows makes.
  void expect_as_after_a_clean_run() {
    Migration clean{"chain"};
    prepare(clean);
    ASSERT_EQ(clean.run().exit_code, 0);
    EXPECT_EQ(changed_lines(row_digests(clean.target_url()), row_digests(migration_.target_url())),
              "");
    EXPECT_EQ(changed_lines(books(clean), books(migration_)), "");
    EXPECT_EQ(changed_lines(open_notes(clean), open_notes(migration_)), "");
    EXPECT_EQ(held_back(migration_), "");
  }

  Migration migration_{"chain"};
};

/// Nobody has read region 2 before, and nothing in the ledger names it: it is found on the way.
TEST_F(Replay, MakesTheTargetThatACleanRunWouldHaveMade) {
  run_without_owner_2();
  EXPECT_EQ(open_notes(migration_),
            "chain.estates|1/2|agent_id|o\\/2\n"
            "chain.estates|2/2|agent_id|nobody\n"
            "chain.owners|o\"3\\\\|boss_id|o\\/2\n");
  migration_.source(std::string(region_2) + ";" + owner_2);
  const Outcome outcome = replay();
  EXPECT_EQ(migration_.report["kind"], "replay");
  EXPECT_EQ(migration_.report["replay"]["passes"], 2);
  EXPECT_EQ(migration_.report["replay"]["waiting"], 0);
  EXPECT_EQ(done(), "regions 0 1 0\nowners 0 1 1\nestates 2 2 1\nrooms 2 2 0\nitems 3 3 0\n");
  EXPECT_NE(outcome.output.find("7 rows taken up"), std::string::npos) << outcome.output;
  EXPECT_NE(outcome.output.find("9 written and 2 healed"), std::string::npos) << outcome.output;
  expect_as_after_a_clean_run();
  EXPECT_EQ(migration_.target("SELECT r.kind, count(*) FROM mighost.quarantine q "
                              "JOIN mighost.runs r ON r.run_id = q.taken_up_by GROUP BY 1"),
            "replay|7\n");

  const Outcome again = replay();
  EXPECT_NE(again.output.find("Nothing to replay: no row is held back"), std::string::npos)
      << again.output;
  EXPECT_EQ(migration_.run().exit_code, 0);
  EXPECT_EQ(migration_.report["totals"]["written"], 0);
  EXPECT_EQ(migration_.report["totals"]["drift"], 0);
}

TEST_F(Replay, OfWhatHasNotChangedHoldsItBackForTheSameReasons) {
  run_without_owner_2();
  migration_.source(owner_2);  // and region 2 is not there
  replay();
  const std::string rows = row_digests(migration_.target_url()), held = held_back(migration_),
                    notes = open_notes(migration_), standing = books(migration_);
  EXPECT_EQ(done(), "owners 0 0 0\nestates 2 0 0\nrooms 2 0 0\nitems 3 0 0\n");
  EXPECT_NE(held.find("chain.estates|1/1|parked|waits_for_parent|owner_id|chain.owners|o\\/2\n"),
            std::string::npos)
      << "whose parent is held back now, instead of missing";
  EXPECT_NE(held.find("chain.owners|o\\/2|quarantined|missing_parent|region_id|chain.regions|2\n"),
            std::string::npos);
  for (int times = 0; times < 2; ++times) {
    const Outcome outcome = replay();
    EXPECT_EQ(migration_.report["totals"]["written"], 0);
    EXPECT_EQ(migration_.report["replay"]["taken_up"], 8);
    EXPECT_NE(outcome.output.find("8 rows are still held back"), std::string::npos)
        << outcome.output;
    EXPECT_EQ(changed_lines(rows, row_digests(migration_.target_url())), "");
    EXPECT_EQ(changed_lines(held, held_back(migration_)), "");
    EXPECT_EQ(changed_lines(notes, open_notes(migration_)), "");
    EXPECT_EQ(changed_lines(standing, books(migration_)), "");
  }
  migration_.source(region_2);
  replay();
  expect_as_after_a_clean_run();
}

/// Estates 1/1 and 2/1 wait for the same owner; only what is chosen goes, with what hangs on it.
TEST_F(Replay, TakesWhatIsChosenAndWhatHangsOnIt) {
  migration_.source(
      "UPDATE regions SET name = NULL WHERE id = 2; INSERT INTO regions VALUES (4, NULL);"
      "INSERT INTO owners VALUES ('o5', 4, NULL, 1); INSERT INTO estates VALUES (5, 5, 'o5')");
  ASSERT_EQ(migration_.run().exit_code, 0);
  const std::string all = held_back(migration_);
  migration_.source("UPDATE regions SET name = 'east' WHERE id = 4");

  replay({"--code", "no_such_code"});
  EXPECT_EQ(migration_.report["entities"], json::array());
  replay({"--entity", "chain.estates", "--key", "9/9"});
  EXPECT_EQ(migration_.report["entities"], json::array());
  EXPECT_EQ(held_back(migration_), all);
  const Outcome unknown = migration_.replay({"--entity", "chain.ownres"});
  EXPECT_EQ(unknown.exit_code, 1);
  EXPECT_NE(unknown.error.find("chain.owners"), std::string::npos) << unknown.error;

  // What 5/5 waits for is repaired, and goes with it.
  replay({"--entity", "chain.estates", "--key", "5/5"});
  EXPECT_EQ(done(), "regions 1 1 0\nowners 1 1 0\nestates 1 1 0\n");
  // A region behind which everything else waits: found by its code alone.
  migration_.source("UPDATE regions SET name = 'south' WHERE id = 2");
  replay({"--code", "nameless", "--entity", "chain.regions"});
  EXPECT_EQ(done(), "regions 1 1 0\nowners 1 1 1\nestates 2 2 1\nrooms 2 2 0\nitems 3 3 0\n");
  EXPECT_EQ(held_back(migration_), "");
  migration_.source(
      "DELETE FROM estates WHERE number = 5; DELETE FROM owners WHERE code = 'o5';"
      "DELETE FROM regions WHERE id = 4");
  migration_.target(
      "DELETE FROM estates WHERE legacy_number = 5;"
      "DELETE FROM owners WHERE legacy_code = 'o5';"
      "DELETE FROM regions WHERE legacy_id = 4");
  Migration clean{"chain"};
  prepare(clean);
  ASSERT_EQ(clean.run().exit_code, 0);
  EXPECT_EQ(changed_lines(row_digests(clean.target_url()), row_digests(migration_.target_url())),
            "");
}

TEST_F(Replay, SetsOnlyTheReferenceThatWasMissing) {
  run_without_owner_2();
  // The application has been at work since: an agent was found, a remark and a boss were changed.
  migration_.target(
      "UPDATE estates SET remark = 'their own' WHERE (legacy_district, legacy_number) = (1, 2);"
      "UPDATE estates SET agent_id = owner_id WHERE (legacy_district, legacy_number) = (2, 2);"
      "UPDATE owners SET boss_id = id WHERE legacy_code LIKE 'o\"3%'");
  migration_.source(std::string(region_2) + ";" + owner_2 +
                    ";INSERT INTO owners VALUES ('nobody', 1, NULL, 0);"
                    "UPDATE estates SET remark = 'changed' WHERE number = 2");
  const std::string others =
      "SELECT legacy_code, boss_id FROM owners WHERE legacy_code LIKE 'o\"3%' UNION ALL "
      "SELECT remark, owner_id FROM estates WHERE legacy_number = 2 UNION ALL "
      "SELECT remark, agent_id FROM estates WHERE (legacy_district, legacy_number) = (2, 2) "
      "ORDER BY 1, 2";
  const std::string before = migration_.target(others);
  replay();
  EXPECT_EQ(migration_.entity("chain.owners")["healed"], 0) << "it has a boss";
  EXPECT_EQ(migration_.entity("chain.estates")["healed"], 1);
  EXPECT_EQ(migration_.entity("chain.estates")["drift"], 2);
  EXPECT_EQ(migration_.target("SELECT legacy_code FROM owners o JOIN estates e ON agent_id = o.id "
                              "WHERE (legacy_district, legacy_number) = (1, 2)"),
            "o/2\n");
  EXPECT_EQ(changed_lines(before, migration_.target(others)), "");
}

/// A parent that a later run brought, or that nobody ever held back, heals too.
TEST_F(Replay, HealsRowsWhoseParentCameByItself) {
  run_without_owner_2();
  migration_.source("INSERT INTO owners VALUES ('nobody', 1, NULL, 3)");
  replay({"--entity", "chain.estates", "--key", "2/2"});
  EXPECT_EQ(done(), "owners 0 1 0\nestates 0 0 1\n");
  EXPECT_EQ(migration_.target("SELECT count(*) FROM mighost.held_back"), "7\n");
  EXPECT_EQ(migration_.target("SELECT legacy_code FROM owners o JOIN estates e ON agent_id = o.id"),
            "nobody\n");
  migration_.source(std::string(region_2) + ";" + owner_2);
  ASSERT_EQ(migration_.run().exit_code, 0);
  EXPECT_EQ(held_back(migration_), "");
  EXPECT_EQ(migration_.entity("chain.estates")["drift"], 1) << "estate 1/2 lacks its agent";
  replay();
  EXPECT_EQ(done(), "owners 0 0 1\nestates 0 0 1\n");
  EXPECT_EQ(open_notes(migration_), "");
  ASSERT_EQ(migration_.run().exit_code, 0);
  EXPECT_EQ(migration_.report["totals"]["drift"], 0);
  EXPECT_EQ(migration_.report["totals"]["written"], 0);
}

TEST_F(Replay, LeavesOutWhatIsWaivedAndTakesUpWhatIsGone) {
  run_without_owner_2();
  migration_.source(std::string(region_2) + ";" + owner_2 +
                    ";DELETE FROM items WHERE id = 3;"
                    "UPDATE regions SET name = 'closed' WHERE id = 2");
  migration_.target("INSERT INTO mighost.waivers VALUES ('chain.rooms', '1', 'tester', 'broken')");
  const std::string rows = row_digests(migration_.target_url());
  // The region is there and left out by a filter, so the owner waits for nothing that could come.
  const Outcome outcome = replay();
  EXPECT_EQ(migration_.report["replay"]["waived"], 3);  // room 1, items 1 and 5 behind it
  EXPECT_EQ(migration_.report["replay"]["gone"], 1);
  EXPECT_NE(outcome.output.find("3 of them waived"), std::string::npos) << outcome.output;
  EXPECT_EQ(changed_lines(rows, row_digests(migration_.target_url())), "");
  EXPECT_EQ(migration_.target("SELECT read, held_back FROM mighost.books "
                              "WHERE entity = 'chain.items'"),
            "3|2\n");

  migration_.source("UPDATE regions SET name = 'south' WHERE id = 2");
  replay();
  EXPECT_EQ(held_back(migration_),
            "chain.items|1|parked|waits_for_parent|room_id|chain.rooms|1\n"
            "chain.items|5|parked|waits_for_parent|room_id|chain.rooms|1\n"
            "chain.rooms|1|parked|waits_for_parent|estate_id|chain.estates|1/1\n");
  const Outcome nothing = replay();
  EXPECT_NE(nothing.output.find("is waived (3 rows)"), std::string::npos) << nothing.output;
  replay({"--key", "1", "--entity", "chain.rooms"});
  EXPECT_EQ(held_back(migration_), "");
  EXPECT_EQ(migration_.target("SELECT count(*) FROM items"), "3\n");
}

/// Two rows of one key: the first is in the target, the second stays where it is.
TEST_F(Replay, OfASecondRowWithAKeyDoesNotMistakeItForTheFirst) {
  migration_.source(
      "ALTER TABLE rooms DROP CONSTRAINT rooms_pkey; INSERT INTO rooms VALUES "
      "(2, 1, 2)");
  ASSERT_EQ(migration_.run().exit_code, 0);
  const std::string held = held_back(migration_), standing = books(migration_);
  EXPECT_EQ(held, "chain.rooms|2|quarantined|duplicate_key|||\n");
  replay();
  EXPECT_EQ(held_back(migration_), held);
  EXPECT_EQ(changed_lines(standing, books(migration_)), "");
}

TEST_F(Replay, LeavesTheTargetAsItWasWhenItIsKilledOrOnlyTried) {
  EXPECT_EQ(migration_.replay().exit_code, 2) << "no run has been there";
  run_without_owner_2();
  migration_.source(std::string(region_2) + ";" + owner_2);
  const std::string rows = row_digests(migration_.target_url()), held = held_back(migration_),
                    notes = open_notes(migration_), standing = books(migration_);
  const std::string structure = migration_.target_structure();
  const auto expect_untouched = [&] {
    EXPECT_EQ(changed_lines(rows, row_digests(migration_.target_url())), "");
    EXPECT_EQ(changed_lines(held, held_back(migration_)), "");
    EXPECT_EQ(changed_lines(notes, open_notes(migration_)), "");
    EXPECT_EQ(changed_lines(standing, books(migration_)), "");
  };
  const Outcome tried = replay({"--dry-run"});
  EXPECT_EQ(migration_.report["totals"]["written"], 9);
  EXPECT_EQ(migration_.report["replay"]["healed"], 2);
  EXPECT_NE(tried.output.find("Dry run: nothing was written"), std::string::npos) << tried.output;
  expect_untouched();
  EXPECT_EQ(changed_lines(structure, migration_.target_structure()), "");

  Gate gate(migration_.target_url());
  migration_.target(
      "CREATE TRIGGER gate BEFORE INSERT ON items FOR EACH ROW "
      "EXECUTE FUNCTION public.trigger_gate()");
  gate.close();
  Process process(migration_.replay_command());
  ASSERT_TRUE(gate.wait_for_visitor());
  const Outcome second = migration_.replay();
  EXPECT_EQ(second.exit_code, 2) << "two at once";
  process.kill(SIGKILL);
  process.wait();
  gate.open();
  wait_for_sessions_to_end(migration_);
  expect_untouched();
  migration_.target("DROP TRIGGER gate ON items");
  // The parent that is absent can be named too: what waits for it is chosen.
  replay({"--entity", "chain.owners", "--key", "o\\/2"});
  expect_as_after_a_clean_run();
  EXPECT_EQ(migration_.target("SELECT status, count(*) FROM mighost.runs WHERE kind = 'replay' "
                              "GROUP BY 1 ORDER BY 1"),
            "done|1\nfailed|1\n");
}

}  // namespace
}  // namespace mighost::test
