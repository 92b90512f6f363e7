// mighost.migration_mappings: every row that went, its legacy key, its new key, and the run that
// brought it, whether the target table tells that itself or not.
#include <gtest/gtest.h>

#include "support/dataset.hpp"

namespace mighost::test {
namespace {

std::string run_id(const Migration& migration) {
  return migration.report["run_id"].get<std::string>();
}

class ReleaseOnlyMappings : public testing::Test {
 protected:
  void SetUp() override { oracle_ = fill(migration_, {"XS", 3, false, {}}); }

  void run(const std::vector<std::string>& options = {}) {
    const Outcome outcome = migration_.run(options);
    ASSERT_EQ(outcome.exit_code, 0) << outcome.error;
  }

  /// Rows that are missing from the mapping, that should not be there, or that have another key.
  std::string wrong_keys(const std::string& entity, const std::string& table) const {
    return migration_.target(
        "SELECT count(*) FROM " + table + " t FULL JOIN mighost.mappings('" + entity +
        "') m ON m.new_id = t.id WHERE t.id IS NULL OR m.new_id IS NULL OR m.new_id <> "
        "uuid_generate_v5(uuid_generate_v5(uuid_ns_dns(), 'mighost.default'), '" +
        entity + "/' || m.legacy_key)");
  }

  Migration migration_{shipped_plugins()};
  nlohmann::json oracle_;
};

TEST_F(ReleaseOnlyMappings, NameEveryRowThatWent) {
  run();
  migration_.target("CREATE EXTENSION IF NOT EXISTS \"uuid-ossp\"");
  for (const auto& [entity, expected] : oracle_["entities"].items()) {
    EXPECT_EQ(migration_.target("SELECT count(*) FROM mighost.migration_mappings "
                                "WHERE entity_type = '" +
                                entity + "' AND migration_batch = '" + run_id(migration_) +
                                "' AND migrated_at IS NOT NULL"),
              expected["written"].dump() + "\n")
        << entity;
  }
  EXPECT_EQ(wrong_keys("core.orders", "orders"), "0\n");
  // A key of two columns, which no single column of the target holds.
  EXPECT_EQ(wrong_keys("core.doctor_offices", "doctor_offices"), "0\n");
  EXPECT_EQ(migration_.target("SELECT legacy_key ~ '^[0-9]+/[0-9]+$', legacy_id IS NULL "
                              "FROM mighost.mappings('core.doctor_offices') LIMIT 1"),
            "t|t\n");
  EXPECT_EQ(migration_.target("SELECT count(*) FROM mighost.mappings('core.orders') m JOIN orders "
                              "o ON o.legacy_instruction_id = m.legacy_id AND o.id = m.new_id"),
            oracle_["entities"]["core.orders"]["written"].dump() + "\n");
}

TEST_F(ReleaseOnlyMappings, TellWhichRunBroughtARow) {
  run();
  const std::string first = run_id(migration_);
  migration_.target(
      "DELETE FROM role_permissions WHERE legacy_id IN "
      "(SELECT legacy_id FROM role_permissions ORDER BY 1 LIMIT 3)");
  run();
  const std::string second = run_id(migration_);
  const std::string by_run =
      migration_.target("SELECT count(*) FILTER (WHERE migration_batch = '" + first +
                        "') > 1000, count(*) FILTER "
                        "(WHERE migration_batch = '" +
                        second + "') FROM mighost.mappings('core.role_permissions')");
  EXPECT_EQ(by_run, "t|3\n");
  EXPECT_EQ(migration_.target("SELECT count(*) - count(DISTINCT legacy_key) "
                              "FROM mighost.mappings('core.role_permissions')"),
            "0\n");
}

TEST_F(ReleaseOnlyMappings, ForgetRowsThatAreGone) {
  run();
  migration_.target("DELETE FROM role_permissions; DELETE FROM doctor_offices");
  EXPECT_EQ(migration_.target("SELECT count(*) FROM mighost.migration_mappings WHERE entity_type "
                              "IN ('core.role_permissions', 'core.doctor_offices')"),
            "0\n");
}

TEST_F(ReleaseOnlyMappings, DoNotStandInTheWayOfLaterChanges) {
  run();
  migration_.target(
      "ALTER TABLE teams RENAME COLUMN name TO title; "
      "ALTER TABLE teams ALTER COLUMN legacy_group_id TYPE bigint");
  EXPECT_EQ(migration_.target("SELECT count(*) FROM mighost.mappings('core.teams')"),
            oracle_["entities"]["core.teams"]["written"].dump() + "\n");
}

/// The quarantine keeps what every run said; the view what is held back now.
TEST(HeldBack, IsWhatTheLatestRunSays) {
  Migration migration(shipped_plugins());
  fill(migration, {"XS", 3, false, {}});
  ASSERT_EQ(migration.run().exit_code, 0);
  const std::string held =
      "SELECT count(*), count(DISTINCT (entity, legacy_key)) FROM mighost.held_back";
  const std::string first = migration.target(held);
  ASSERT_EQ(migration.run().exit_code, 0);
  EXPECT_EQ(migration.target(held), first);
  EXPECT_EQ(migration.target("SELECT count(*) = 2 * (SELECT count(*) FROM mighost.held_back) "
                             "FROM mighost.quarantine"),
            "t\n");
}

TEST_F(ReleaseOnlyMappings, OfAnAbandonedRunAreGone) {
  run({"--dry-run"});
  EXPECT_EQ(migration_.target("SELECT to_regclass('mighost.new_keys')"), "\n");
}

}  // namespace
}  // namespace mighost::test
