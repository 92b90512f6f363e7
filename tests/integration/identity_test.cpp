// Keys that are not computed: found in the target, assigned by the handler, merged into another
// row.
#include <gtest/gtest.h>

#include "support/migration.hpp"

namespace mighost::test {
namespace {

class Identity : public testing::Test {
 protected:
  void SetUp() override {
    migration_.source(R"sql(
CREATE TABLE members (id int PRIMARY KEY, email text NOT NULL);
INSERT INTO members VALUES (1, 'ada@example.org'), (2, 'bob@example.org'), (3,
  'nobody@example.org');
CREATE TABLE badges (id int PRIMARY KEY, member int NOT NULL, serial int);
-- 11 is badge 10 again; 12 belongs to a member who has no account; 13 is 12 again
INSERT INTO badges VALUES (10, 1, 500), (11, 1, NULL), (12, 3, 501), (13, 3, NULL), (14, 2, 502);
CREATE TABLE loans (id int PRIMARY KEY, badge int NOT NULL);
INSERT INTO loans SELECT 100 + n, n FROM generate_series(10, 15) AS n;
)sql");
    migration_.target(R"sql(
CREATE TABLE accounts (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), email text UNIQUE);
INSERT INTO accounts (email) VALUES ('ada@example.org'), ('bob@example.org'), ('eve@example.org');
CREATE TABLE badges (serial int PRIMARY KEY, legacy_id int UNIQUE,
  account_id uuid REFERENCES accounts);
CREATE TABLE loans (id uuid PRIMARY KEY, legacy_id int UNIQUE, badge_serial int REFERENCES badges);
)sql");
    for (const char* name : {"members", "badges", "loans"}) {
      config_ += "[entities.\"probe." + std::string(name) + "\"]\nenabled = true\n";
    }
    migration_.configure(config_);
  }
  Migration migration_{"probe"};
  std::string config_;
  const std::vector<std::string> only_ = {"--only", "probe.members,probe.badges,probe.loans"};
};

TEST_F(Identity, FollowsTheKeysWhereverTheyComeFrom) {
  const std::string accounts = migration_.target("SELECT * FROM accounts ORDER BY email");
  const Outcome outcome = migration_.run(only_);
  ASSERT_EQ(outcome.exit_code, 0) << outcome.error;
  const auto members = migration_.entity("probe.members");
  EXPECT_EQ(members["merged"], 2);
  EXPECT_EQ(members["written"], 0);
  EXPECT_EQ(members["codes"], nlohmann::json({{"no_match", 1}}));
  EXPECT_EQ(migration_.target("SELECT * FROM accounts ORDER BY email"), accounts);

  const auto badges = migration_.entity("probe.badges");
  EXPECT_EQ(badges["written"], 2);
  EXPECT_EQ(badges["merged"], 1);
  EXPECT_EQ(badges["parked"], 2);  // 12 waits for its member, 13 for 12
  EXPECT_EQ(
      migration_.target(
          "SELECT b.serial, a.email FROM badges b JOIN accounts a ON a.id = account_id ORDER BY 1"),
      "500|ada@example.org\n502|bob@example.org\n");
  EXPECT_EQ(migration_.target("SELECT legacy_id, badge_serial FROM loans ORDER BY 1"),
            "110|500\n111|500\n114|502\n");
  EXPECT_EQ(migration_.entity("probe.loans")["codes"],
            nlohmann::json({{"waits_for_parent", 2}, {"missing_parent", 1}}));
}

TEST_F(Identity, AnswersFromTheTargetWhenTheParentDoesNotRun) {
  ASSERT_EQ(migration_.run({"--only", "probe.members,probe.badges"}).exit_code, 0);
  const Outcome outcome = migration_.run({"--only", "probe.loans"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.error;
  // The merge of badge 11 stands in the ledger, and so do the badges that are held back.
  EXPECT_EQ(migration_.target("SELECT legacy_id, badge_serial FROM loans ORDER BY 1"),
            "110|500\n111|500\n114|502\n");
  EXPECT_EQ(migration_.entity("probe.loans")["codes"],
            nlohmann::json({{"waits_for_parent", 2}, {"missing_parent", 1}}));
}

/// Member 3 opens an account: his badges follow, and the loans on them.
TEST_F(Identity, IsFollowedByAReplay) {
  ASSERT_EQ(migration_.run(only_).exit_code, 0);
  migration_.target("INSERT INTO accounts (email) VALUES ('nobody@example.org')");
  const Outcome outcome = migration_.replay({"--code", "no_match"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.error;
  EXPECT_EQ(migration_.entity("probe.members")["merged"], 1);
  EXPECT_EQ(migration_.entity("probe.badges")["written"], 1);
  EXPECT_EQ(migration_.entity("probe.badges")["merged"], 1);
  EXPECT_EQ(migration_.target("SELECT legacy_id, badge_serial FROM loans ORDER BY 1"),
            "110|500\n111|500\n112|501\n113|501\n114|502\n");
  EXPECT_EQ(migration_.target("SELECT entity, merged, held_back FROM mighost.books ORDER BY 1"),
            "probe.badges|2|0\nprobe.loans|0|1\nprobe.members|3|0\n");
  // A badge of a member that is not driven again: found by what the ledger says of him.
  migration_.source("INSERT INTO badges VALUES (15, 2, 503)");
  ASSERT_EQ(migration_.replay().exit_code, 0);
  EXPECT_EQ(
      migration_.target("SELECT a.email FROM loans l JOIN badges b ON b.serial = badge_serial "
                        "JOIN accounts a ON a.id = account_id WHERE l.legacy_id = 115"),
      "bob@example.org\n");
}

TEST_F(Identity, RefusesANaturalKeyThatIdentifiesNothing) {
  migration_.target(
      "ALTER TABLE accounts DROP CONSTRAINT accounts_email_key;"
      "INSERT INTO accounts (email) VALUES ('ada@example.org')");
  const Outcome outcome = migration_.run(only_);
  EXPECT_EQ(outcome.exit_code, 2) << outcome.error;
  EXPECT_NE(outcome.error.find("natural key of probe.members"), std::string::npos) << outcome.error;
  EXPECT_EQ(outcome.error.find("ada@"), std::string::npos);
}

TEST_F(Identity, ASecondRunWritesNothing) {
  ASSERT_EQ(migration_.run(only_).exit_code, 0);
  const std::string rows = migration_.target_rows();
  const Outcome outcome = migration_.run(only_);
  ASSERT_EQ(outcome.exit_code, 0) << outcome.error;
  EXPECT_EQ(migration_.entity("probe.badges")["unchanged"], 2);
  EXPECT_EQ(migration_.entity("probe.loans")["unchanged"], 3);
  EXPECT_EQ(migration_.target_rows(), rows);
}

}  // namespace
}  // namespace mighost::test
