// --dry-run does everything but the commit: the same counts as the real run, and no trace.
#include <gtest/gtest.h>

#include "support/dataset.hpp"

namespace mighost::test {
namespace {

using json = nlohmann::json;

/// A report without what differs by nature: who, when, how fast.
json facts_of(json report) {
  for (const char* field : {"run_id", "status", "dry_run", "seconds"}) report.erase(field);
  report["totals"].erase("seconds");
  for (auto& check : report["checks"]) check.erase("seconds");
  report["totals"].erase("rows_per_second");
  for (json& entity : report["entities"]) {
    entity.erase("seconds");
    entity.erase("rows_per_second");
  }
  return report;
}

class DryRun : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    oracle_ = fill(migration_, {"XS", 9, false, {}});
    migration_.configure("[load]\ndefer = \"" + std::string(GetParam()) + "\"\n");
  }

  void remember() {
    structure_ = migration_.target_structure();
    rows_ = row_digests(migration_.target_url());
    everything_ = relations();
  }

  /// All relations and schemas but the server's own, whoever made them.
  std::string relations() const {
    return migration_.target(
        "SELECT relnamespace::regnamespace, relname, relkind, oid, relfilenode FROM pg_class "
        "WHERE relnamespace::regnamespace::text !~ '^(pg_|information_schema)' "
        "UNION ALL SELECT nspname::regnamespace, nspname, 'n', oid, 0 FROM pg_namespace "
        "WHERE nspname !~ '^(pg_|information_schema)' ORDER BY 1, 2");
  }

  json dry_run() {
    const Outcome outcome = migration_.run({"--dry-run"});
    EXPECT_EQ(outcome.exit_code, 0) << outcome.error;
    EXPECT_NE(outcome.output.find("nothing was written"), std::string::npos) << outcome.output;
    EXPECT_EQ(migration_.report["status"], "dry-run");
    EXPECT_EQ(migration_.report["dry_run"], true);
    EXPECT_EQ(changed_lines(structure_, migration_.target_structure()), "");
    EXPECT_EQ(changed_lines(rows_, row_digests(migration_.target_url())), "");
    EXPECT_EQ(changed_lines(everything_, relations()), "");
    return facts_of(migration_.report);
  }

  json real_run() {
    const Outcome outcome = migration_.run();
    EXPECT_EQ(outcome.exit_code, 0) << outcome.error;
    EXPECT_EQ(migration_.report["dry_run"], false);
    return facts_of(migration_.report);
  }

  Migration migration_{shipped_plugins()};
  json oracle_;
  std::string structure_, rows_, everything_;
};

TEST_P(DryRun, CountsWhatTheRealRunThenDoes) {
  remember();
  const json foreseen = dry_run();
  EXPECT_EQ(differences(migration_.report, oracle_), "");
  EXPECT_EQ(migration_.target("SELECT to_regnamespace('mighost') IS NULL"), "t\n");
  EXPECT_EQ(real_run(), foreseen);
}

/// Half of the rows are there, and the ledger too.
TEST_P(DryRun, CountsOnATargetWithRowsToo) {
  ASSERT_EQ(real_run()["entities"].size(), oracle_["entities"].size());
  migration_.target("DELETE FROM tasks WHERE legacy_task_id % 2 = 0");
  migration_.source(
      "UPDATE dispatch_office SET city = 'Moved' WHERE id = "
      "(SELECT max(id) FROM dispatch_office)");
  remember();
  const std::string ledger =
      "SELECT (SELECT count(*) FROM mighost.runs), "
      "(SELECT count(*) FROM mighost.steps), "
      "(SELECT count(*) FROM mighost.quarantine), "
      "(SELECT count(*) FROM mighost.notes), "
      "(SELECT count(*) FROM mighost.audit)";
  const std::string before = migration_.target(ledger);
  const json foreseen = dry_run();
  EXPECT_EQ(migration_.target(ledger), before);
  const json real = real_run();
  EXPECT_EQ(real, foreseen);
  EXPECT_GT(migration_.entity("business.tasks")["written"], 1000);
  EXPECT_EQ(migration_.entity("core.offices")["drift"], 1);
}

// Under the sanitizers they take minutes.
INSTANTIATE_TEST_SUITE_P(ReleaseOnly, DryRun, testing::Values("always", "never"),
                         [](const auto& mode) { return std::string(mode.param); });

/// Sequences do not follow a rollback.
TEST(DryRunSequences, LeavesThemWhereTheyAre) {
  Migration migration("probe");
  migration.source(
      "CREATE TABLE kept (id int PRIMARY KEY, label text NOT NULL);"
      "INSERT INTO kept SELECT n, 'label' FROM generate_series(1, 100) AS n");
  migration.target(
      "CREATE TABLE kept (id serial PRIMARY KEY, label text NOT NULL);"
      "SELECT setval('kept_id_seq', 7)");
  const Outcome outcome = migration.run({"--dry-run", "--only", "probe.kept"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.error;
  EXPECT_EQ(migration.entity("probe.kept")["written"], 100);
  EXPECT_EQ(migration.target("SELECT last_value, is_called FROM kept_id_seq"), "7|t\n");
  EXPECT_EQ(migration.target("SELECT count(*) FROM kept"), "0\n");
}

/// What would fail fails in a dry run too.
TEST(ReleaseOnlyDryRunFailure, HasTheExitCodeOfTheRealOne) {
  Migration migration(shipped_plugins());
  fill(migration, {"XS", 1, false, {}});
  migration.target(R"sql(
CREATE FUNCTION renumber() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN NEW.order_number := NEW.order_number || 'x'; RETURN NEW; END $$;
CREATE TRIGGER renumber BEFORE INSERT ON orders FOR EACH ROW EXECUTE FUNCTION renumber();
)sql");
  const Outcome dry = migration.run({"--dry-run"});
  EXPECT_EQ(dry.exit_code, 4) << dry.error;
  EXPECT_EQ(migration.target("SELECT to_regnamespace('mighost') IS NULL"), "t\n");
  EXPECT_EQ(migration.run().exit_code, 4);
}

}  // namespace
}  // namespace mighost::test
