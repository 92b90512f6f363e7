// Servers that are not there, roles that may not, tables that are locked, a server that dies: each
// is told with its place and remedy, and leaves the target as it was.
#include <gtest/gtest.h>

#include "support/contains.hpp"
#include "support/dataset.hpp"

namespace mighost::test {
namespace {

using json = nlohmann::json;

/// The same database for another user.
std::string as_user(std::string url, const std::string& user) {
  const std::string scheme = "postgresql://";
  return scheme + user + url.substr(url.find('@'));
}

class ServerTrouble : public testing::Test {
 protected:
  void SetUp() override {
    oracle_ = fill(migration_, {"XS", 2, false, few_rows});
    remember();
    // Roles belong to the whole server, so each test has its own.
    role_ = "mover_" + migration_.target("SELECT current_database()");
    role_.pop_back();
    migration_.target("CREATE ROLE " + role_ + " LOGIN");
    environment_["MIGHOST_SOURCE_URL"] = migration_.source_url();
    environment_["MIGHOST_TARGET_URL"] = migration_.target_url();
  }

  void remember() {
    structure_ = migration_.target_structure();
    rows_ = row_digests(migration_.target_url());
  }

  void expect_untouched() const {
    EXPECT_EQ(changed_lines(structure_, migration_.target_structure()), "");
    EXPECT_EQ(changed_lines(rows_, row_digests(migration_.target_url())), "");
  }

  Outcome run(const std::vector<std::string>& options = {}) {
    Command command = migration_.run_command(options);
    for (const auto& [name, value] : environment_) command.environment[name] = value;
    return run_process(std::move(command));
  }

  /// The run is refused: with the exit code, all these words, and a remedy.
  void expect_refused(int exit_code, const std::vector<std::string>& words) {
    const Outcome outcome = run();
    EXPECT_EQ(outcome.exit_code, exit_code) << outcome.error;
    for (const auto& word : words) EXPECT_TRUE(contains(outcome.error, word)) << outcome.error;
    EXPECT_TRUE(contains(outcome.error, "next:")) << outcome.error;
    expect_untouched();
  }

  void expect_success() {
    const Outcome outcome = migration_.run();
    EXPECT_EQ(outcome.exit_code, 0) << outcome.error;
    EXPECT_EQ(differences(migration_.report, oracle_), "");
  }

  /// The role may do what a run needs, but owns nothing.
  void grant_on_target() {
    migration_.target("GRANT CREATE ON DATABASE " + database() + " TO " + role_ +
                      "; GRANT USAGE ON SCHEMA public TO " + role_ +
                      "; GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA public TO " + role_);
    environment_["MIGHOST_TARGET_URL"] = as_user(migration_.target_url(), role_);
    remember();
  }
  void grant_on_source() {
    migration_.source("GRANT USAGE ON SCHEMA public TO " + role_ +
                      "; GRANT SELECT ON ALL TABLES IN SCHEMA public TO " + role_);
    environment_["MIGHOST_SOURCE_URL"] = as_user(migration_.source_url(), role_);
  }
  std::string database() const {
    const std::string name = migration_.target("SELECT current_database()");
    return name.substr(0, name.size() - 1);
  }

  Migration migration_{shipped_plugins()};
  json oracle_;
  std::string role_, structure_, rows_;
  std::map<std::string, std::string> environment_;
};

// A refusal before anything is done, six times.
using ReleaseOnlyServerTrouble = ServerTrouble;

TEST_F(ReleaseOnlyServerTrouble, Unreachable) {
  for (const std::string side : {"source", "target"}) {
    const std::string variable = side == "source" ? "MIGHOST_SOURCE_URL" : "MIGHOST_TARGET_URL";
    const std::string right = environment_[variable];
    environment_[variable] = "postgresql://mighost@/any?host=/nowhere/at/all&port=5433";
    expect_refused(2, {"cannot connect to the " + side, "/nowhere/at/all", variable});
    environment_[variable] =
        right.substr(0, right.find('?')) + "_gone" + right.substr(right.find('?'));
    expect_refused(2, {"cannot connect to the " + side, "_gone", variable});
    environment_[variable] = as_user(right, "nobody_at_all");
    expect_refused(2, {"cannot connect to the " + side, "nobody_at_all", variable});
    environment_[variable] = right;
  }
  EXPECT_EQ(migration_.target("SELECT to_regnamespace('mighost') IS NULL"), "t\n");
  expect_success();
}

TEST_F(ServerTrouble, TargetIsReadOnly) {
  const std::string set = "ALTER DATABASE " + database() + " SET default_transaction_read_only = ";
  migration_.target(set + "on");
  expect_refused(2, {"read-only"});
  migration_.target("SET default_transaction_read_only = off; " + set + "off");
  expect_success();
  remember();
  // With a ledger there, too.
  migration_.target(set + "on");
  expect_refused(2, {"read-only"});
}

TEST_F(ServerTrouble, RoleMayNotInsert) {
  grant_on_target();
  migration_.target("REVOKE INSERT ON orders, teams FROM " + role_);
  remember();
  expect_refused(2, {"core.orders", "core.teams", "may not insert", "GRANT"});
  migration_.target("GRANT INSERT (name) ON teams TO " + role_);
  remember();
  expect_refused(2, {"core.teams", "legacy_group_id"});
}

/// Found before the first row is moved, not when all have been.
TEST(ServerTroubleSequence, RoleMayNotSetIt) {
  Migration migration("probe");
  migration.source(
      "CREATE TABLE kept (id int PRIMARY KEY, label text NOT NULL);"
      "INSERT INTO kept VALUES (1, 'one')");
  migration.target(
      "CREATE TABLE kept (id serial PRIMARY KEY, label text NOT NULL); CREATE ROLE counter LOGIN;"
      "GRANT SELECT, INSERT ON kept TO counter; GRANT ALL ON SCHEMA public TO counter;"
      "CREATE SCHEMA mighost AUTHORIZATION counter");
  Command command = migration.run_command({"--only", "probe.kept"});
  command.environment["MIGHOST_TARGET_URL"] = as_user(migration.target_url(), "counter");
  const Outcome refused = run_process(command);
  EXPECT_EQ(refused.exit_code, 2) << refused.error;
  EXPECT_TRUE(contains(refused.error, "kept_id_seq")) << refused.error;
  EXPECT_TRUE(contains(refused.error, "GRANT")) << refused.error;
  migration.target("GRANT SELECT, UPDATE ON SEQUENCE kept_id_seq TO counter");
  EXPECT_EQ(run_process(command).exit_code, 0);
  migration.target(
      "REASSIGN OWNED BY counter TO CURRENT_USER; DROP OWNED BY counter;"
      "DROP ROLE counter");
}

TEST_F(ServerTrouble, RoleMayNotCreateTheLedger) {
  grant_on_target();
  migration_.target("REVOKE CREATE ON DATABASE " + database() + " FROM " + role_);
  expect_refused(2, {"ledger", "CREATE", "mighost"});
  // Somebody else makes the schema for it: that is enough.
  migration_.target("CREATE SCHEMA mighost AUTHORIZATION " + role_);
  const Outcome outcome = run();
  EXPECT_EQ(outcome.exit_code, 0) << outcome.error;
}

/// Down the ladder: what may not be taken away stays in place, aloud, and the rows are the same.
TEST_F(ServerTrouble, RoleOwnsNothing) {
  migration_.configure("[load]\ndefer = \"always\"\n");
  const Outcome as_owner = migration_.run();
  ASSERT_EQ(as_owner.exit_code, 0) << as_owner.error;
  EXPECT_FALSE(contains(as_owner.output, "does not own")) << as_owner.output;
  const std::string rows = row_digests(migration_.target_url(), timeless);
  empty_target(migration_.target_url());
  grant_on_target();
  const Outcome ladder = run();
  ASSERT_EQ(ladder.exit_code, 0) << ladder.error;
  EXPECT_TRUE(contains(ladder.output, "does not own")) << ladder.output;
  EXPECT_EQ(changed_lines(rows, row_digests(migration_.target_url(), timeless)), "");
  EXPECT_EQ(changed_lines(structure_, migration_.target_structure()), "");
}

TEST_F(ServerTrouble, RoleMayNotReadASourceTable) {
  grant_on_source();
  migration_.source("REVOKE SELECT ON dispatch_office FROM " + role_);
  expect_refused(2, {"core.offices", "dispatch_office", "GRANT"});
  // One that stands in a plugin's query only.
  migration_.source("GRANT SELECT ON dispatch_office TO " + role_ +
                    "; REVOKE SELECT ON dispatch_doctorsetting FROM " + role_);
  expect_refused(2, {"core.doctors", "dispatch_doctorsetting", "GRANT"});
  migration_.source("GRANT SELECT ON dispatch_doctorsetting TO " + role_);
  const Outcome outcome = run();
  EXPECT_EQ(outcome.exit_code, 0) << outcome.error;
}

/// Rows that a policy hides would be lost without a word.
TEST_F(ServerTrouble, M13RowSecurityHidesSourceRows) {
  grant_on_source();
  for (const std::string table : {"dispatch_office", "dispatch_doctorsetting"}) {
    migration_.source("ALTER TABLE " + table +
                      " ENABLE ROW LEVEL SECURITY; CREATE POLICY half ON " + table +
                      " USING (id % 2 = 0)");
    expect_refused(2, {table, "row"});
    migration_.source("ALTER TABLE " + table + " DISABLE ROW LEVEL SECURITY");
  }
  // A role that no policy applies to sees everything.
  migration_.source("ALTER TABLE dispatch_office ENABLE ROW LEVEL SECURITY; ALTER ROLE " + role_ +
                    " BYPASSRLS");
  const Outcome outcome = run();
  EXPECT_EQ(outcome.exit_code, 0) << outcome.error;
  EXPECT_EQ(migration_.target("SELECT count(*) FROM offices"),
            oracle_["entities"]["core.offices"]["written"].dump() + "\n");
}

class TargetLocked : public ServerTrouble, public testing::WithParamInterface<const char*> {};

/// Somebody works with the table: others may read it still, or not even that.
TEST_P(TargetLocked, EndsAfterLockTimeout) {
  migration_.configure("[load]\nlock_timeout = \"700ms\"\n");
  {
    const Holder holder(migration_.target_url(),
                        "LOCK TABLE courses IN " + std::string(GetParam()) + " MODE");
    const Outcome outcome = run();
    // Whoever cannot even look at the table is refused before anything has begun.
    const bool begun = GetParam() == std::string("EXCLUSIVE");
    EXPECT_EQ(outcome.exit_code, begun ? 3 : 2) << outcome.error;
    EXPECT_LT(outcome.seconds, 20);
    EXPECT_TRUE(contains(outcome.error, "lock timeout")) << outcome.error;
    EXPECT_TRUE(contains(outcome.error, "courses")) << outcome.error;
    EXPECT_TRUE(contains(outcome.error, begun ? "nothing was committed" : "nothing was touched"))
        << outcome.error;
  }
  expect_untouched();
  expect_success();
}

INSTANTIATE_TEST_SUITE_P(Locks, TargetLocked, testing::Values("EXCLUSIVE", "ACCESS EXCLUSIVE"),
                         [](const auto& lock) {
                           return lock.param == std::string("EXCLUSIVE") ? "Exclusive"
                                                                         : "AccessExclusive";
                         });

/// The whole server goes down in the middle, as in a power cut.
TEST_F(ServerTrouble, TargetDiesInTheMiddle) {
  Cluster other;
  const std::string url = other.url("target");
  empty_target(url);
  environment_["MIGHOST_TARGET_URL"] = url;
  migration_.configure("[load]\ndefer = \"always\"\n");
  {
    Gate gate(url);
    psql(url,
         "CREATE TRIGGER at_gate BEFORE INSERT ON patients "
         "FOR EACH STATEMENT EXECUTE FUNCTION public.trigger_gate()");
    const std::string before = row_digests(url);
    gate.close();
    Command command = migration_.run_command();
    command.environment["MIGHOST_TARGET_URL"] = url;
    Process process(std::move(command));
    ASSERT_TRUE(gate.wait_for_visitor()) << process.error();
    other.stop(true);
    const Outcome outcome = process.wait();
    EXPECT_EQ(outcome.exit_code, 3) << outcome.error;
    EXPECT_TRUE(contains(outcome.error, "nothing was committed")) << outcome.error;
    EXPECT_TRUE(contains(outcome.error, "connection")) << outcome.error;
    other.start();
    EXPECT_EQ(changed_lines(before, row_digests(url)), "");
    EXPECT_EQ(psql(url, "SELECT status FROM mighost.runs"), "running\n");
  }
  const Outcome outcome = run();
  EXPECT_EQ(outcome.exit_code, 0) << outcome.error;
  EXPECT_EQ(psql(url, "SELECT status FROM mighost.runs ORDER BY started_at"), "failed\ndone\n");
  EXPECT_EQ(psql(url, "SELECT count(*) FROM orders"),
            oracle_["entities"]["core.orders"]["written"].dump() + "\n");
}

}  // namespace
}  // namespace mighost::test
