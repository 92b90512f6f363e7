// What the scopes that commit as a whole do with trouble that passes: they begin again, as often as
// `retries` says, and the report tells each time.
#include <gtest/gtest.h>

#include "integration/chain_databases.hpp"
#include "support/migration.hpp"

namespace mighost::test {
namespace {

class RetriedRun : public testing::TestWithParam<const char*> {
 protected:
  RetriedRun() {
    migration_.source(std::string(chain_source) + chain_rows);
    migration_.target(chain_target);
    // A sequence is not rolled back, so it knows how often it was asked.
    migration_.target(R"sql(
CREATE SEQUENCE attempts;
CREATE FUNCTION fault() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_sleep(0.3);
  IF nextval('attempts') <= 2 THEN RAISE 'once more' USING ERRCODE = '40001'; END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER fault BEFORE INSERT ON rooms FOR EACH STATEMENT EXECUTE FUNCTION fault();
)sql");
  }
  void configure(int retries) {
    migration_.configure("[transaction]\nscope = \"" + std::string(GetParam()) +
                         "\"\nretries = " + std::to_string(retries) + "\n");
  }
  Migration migration_{"chain"};
};

TEST_P(RetriedRun, M20BeginsAgainAndTellsEachTime) {
  configure(2);
  const Outcome outcome = migration_.run();
  ASSERT_EQ(outcome.exit_code, 0) << outcome.error;
  EXPECT_EQ(migration_.target("SELECT legacy_id FROM rooms ORDER BY 1"), "1\n2\n3\n");
  const auto& retries = migration_.report["retries"];
  ASSERT_EQ(retries.size(), 2u);
  for (std::size_t number = 0; number < 2; ++number) {
    EXPECT_EQ(retries[number]["attempt"], number + 1);
    EXPECT_EQ(retries[number]["sqlstate"], "40001");
    EXPECT_NE(retries[number]["message"], "");
    EXPECT_EQ(retries[number]["at"].get<std::string>().substr(0, 2), "20");
  }
  // Three attempts of 0.3 s, and pauses of 0.1 and 0.2 s.
  EXPECT_GE(migration_.report["seconds"].get<double>(), 1.2);
}

TEST_P(RetriedRun, EndsWhenItsAttemptsAreUsedUp) {
  configure(1);
  const Outcome outcome = migration_.run();
  EXPECT_EQ(outcome.exit_code, 3) << outcome.error;
  EXPECT_EQ(migration_.report["retries"].size(), 1u);
  EXPECT_EQ(migration_.target("SELECT count(*) FROM rooms"), "0\n");
  // What came afterwards is as it would have been.
  const std::string run = migration_.report["run_id"];
  const Outcome again =
      GetParam() == std::string("run") ? migration_.run() : migration_.resume({run});
  EXPECT_EQ(again.exit_code, 0) << again.error;
  EXPECT_EQ(migration_.target("SELECT legacy_id FROM rooms ORDER BY 1"), "1\n2\n3\n");
}

INSTANTIATE_TEST_SUITE_P(Scope, RetriedRun, testing::Values("run", "family"),
                         [](const auto& test) { return std::string(test.param); });

}  // namespace
}  // namespace mighost::test
