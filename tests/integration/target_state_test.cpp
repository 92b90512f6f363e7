// What the campaigns of interruptions compare with does see a difference of every kind.
#include "support/target_state.hpp"

#include <gtest/gtest.h>

#include "integration/crowd_databases.hpp"
#include "support/dataset.hpp"

namespace mighost::test {
namespace {

class ReleaseOnlyTargetState : public testing::Test {
 protected:
  ReleaseOnlyTargetState() {
    migration_.source(crowd_source());
    migration_.target(crowd_target);
    const Outcome outcome = migration_.run();
    EXPECT_EQ(outcome.exit_code, 0) << outcome.error;
    run_ = migration_.report["run_id"];
  }
  std::string name() const {
    const std::string name = migration_.target("SELECT current_database()");
    return name.substr(0, name.size() - 1);
  }

  Migration migration_{"crowd"};
  std::string run_;
};

TEST_F(ReleaseOnlyTargetState, TellsEveryChangeOfRowsAndCatalogs) {
  std::string before = database_state(migration_.target_url());
  for (const std::string change :
       {"DELETE FROM visits WHERE id = (SELECT min(id::text)::uuid FROM visits)",
        "UPDATE people SET friend_id = NULL WHERE id = (SELECT min(id::text)::uuid FROM people "
        "WHERE friend_id IS NOT NULL)",
        "INSERT INTO visit_log SELECT * FROM visit_log LIMIT 1", "DROP INDEX people_debt",
        "ALTER INDEX people_lower SET (fillfactor = 70)", "DROP TRIGGER counted ON visits",
        "ALTER TABLE people ENABLE TRIGGER off", "ALTER TABLE people DISABLE TRIGGER ALL",
        "ALTER TABLE people DROP CONSTRAINT people_friend",
        "ALTER TABLE visits DROP CONSTRAINT visits_host_id_fkey, ADD CONSTRAINT "
        "visits_host_id_fkey FOREIGN KEY (host_id) REFERENCES people NOT VALID",
        "COMMENT ON CONSTRAINT people_code ON people IS NULL", "SELECT setval('towns_id_seq', 41)",
        "SELECT setval('towns_id_seq', 41, false)", "ALTER TABLE towns ALTER name DROP NOT NULL",
        "CREATE TABLE public.one_more (id int)", "CREATE SCHEMA another"}) {
    migration_.target(change);
    const std::string after = database_state(migration_.target_url());
    EXPECT_NE(changed_lines(before, after), "") << change;
    before = after;
  }
}

TEST_F(ReleaseOnlyTargetState, TellsEveryFaultOfALedger) {
  const auto faults = [&] { return ledger_faults(migration_.target_url()); };
  ASSERT_EQ(faults(), "");
  const std::string known = ledger_state(migration_.target_url());
  const std::string any =
      "(SELECT * FROM mighost.quarantine WHERE entity = 'crowd.people' "
      "ORDER BY legacy_key LIMIT 1)";
  // Each is taken back, so that each is found for itself.
  const std::pair<std::string, std::string> wrong[] = {
      {"INSERT INTO mighost.notes SELECT * FROM mighost.notes ORDER BY legacy_key LIMIT 1",
       "noted twice"},
      {"INSERT INTO mighost.quarantine SELECT q.* FROM " + any + " AS q", "held back twice"},
      {"UPDATE mighost.quarantine SET legacy_key = '1' WHERE legacy_key = (SELECT legacy_key "
       "FROM " +
           any + " AS q) AND entity = 'crowd.people'",
       "brought and held back: crowd.people 1"},
      {"INSERT INTO mighost.new_keys SELECT * FROM mighost.new_keys ORDER BY legacy_key LIMIT 1",
       "a key told twice"},
      {"DELETE FROM mighost.quarantine WHERE entity = 'crowd.towns'",
       "the books of crowd.towns do not balance"},
      {"UPDATE mighost.runs SET status = 'failed'", "of a run that brought nothing"},
      {"UPDATE mighost.runs SET status = 'running'", "is still running"},
      {"INSERT INTO mighost.deferred VALUES ('" + run_ + "', 'crowd.people', 1, 'an index', '{}')",
       "still taken away: crowd.people an index"},
      {"INSERT INTO mighost.chunks (run_id, entity, number, key_range) VALUES ('" + run_ +
           "', 'crowd.people', 1, '')",
       "a chunk is not done: crowd.people 1 open"},
      {"CREATE TABLE mighost.late_people (id int)", "left over: mighost.late_people"}};
  for (const auto& [change, fault] : wrong) {
    SCOPED_TRACE(change);
    migration_.cluster().drop_database("before_fault");
    migration_.cluster().psql(migration_.cluster().url("postgres"),
                              "CREATE DATABASE before_fault TEMPLATE " + name());
    const std::string url = migration_.cluster().url("before_fault");
    psql(url, change);
    EXPECT_NE(ledger_faults(url).find(fault), std::string::npos) << ledger_faults(url);
  }
  migration_.cluster().drop_database("before_fault");
  migration_.target("UPDATE mighost.notes SET code = 'other' WHERE legacy_key = '100'");
  EXPECT_NE(changed_lines(known, ledger_state(migration_.target_url())), "");
}

}  // namespace
}  // namespace mighost::test
