// The pipeline's threads, in the program itself: under the preset tsan a race ends it with another
// exit code.
#include <gtest/gtest.h>

#include "support/migration.hpp"

namespace mighost::test {
namespace {

constexpr const char* tables = R"sql(
CREATE TABLE things (id int PRIMARY KEY, code text, amount numeric, shelf int, kind text,
  small int);
CREATE TABLE parts (id int PRIMARY KEY, thing int, spare int);
CREATE TABLE nodes (id int PRIMARY KEY, parent int);
CREATE TABLE pairs (name text, token uuid, rank int NOT NULL, PRIMARY KEY (name, token));
CREATE TABLE kept (id int PRIMARY KEY, label text NOT NULL);
)sql";

constexpr const char* targets = R"sql(
CREATE TABLE things (id uuid PRIMARY KEY, legacy_id int NOT NULL UNIQUE, code text,
  amount numeric CHECK (amount <> 5),
  shelf int, kind text, small int);
CREATE TABLE parts (id uuid PRIMARY KEY, legacy_id int UNIQUE,
  thing_id uuid NOT NULL REFERENCES things,
  spare_id uuid REFERENCES things);
CREATE TABLE nodes (id uuid PRIMARY KEY, legacy_id int UNIQUE, parent_id uuid REFERENCES nodes);
CREATE TABLE pairs (id uuid PRIMARY KEY, name text NOT NULL, rank int NOT NULL);
CREATE TABLE kept (id serial PRIMARY KEY, label text NOT NULL);
)sql";

TEST(ConcurrentPipeline, MovesRowsWithSmallQueues) {
  Migration migration("probe");
  migration.source(tables);
  migration.target(targets);
  migration.source(
      "INSERT INTO things SELECT n, repeat('x', n % 100), n % 1000, 1, 'k', 1 FROM "
      "generate_series(1, 20000) n;"
      "INSERT INTO parts SELECT id, id, id + 5 FROM things");
  // Small enough that every stage waits for its neighbours again and again.
  migration.configure(
      "[load]\nbatch_rows = 100\nbatch_bytes = \"16KiB\"\nqueue_bytes = \"64KiB\"\n");
  const Outcome outcome = migration.run({"--progress", "never"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.error;
  EXPECT_EQ(migration.entity("probe.things")["quarantined"], 20);
  EXPECT_EQ(migration.entity("probe.parts")["written"], 19980);
}

TEST(ConcurrentPipeline, StopsAllStagesWhenOneFails) {
  Migration migration("probe");
  migration.source(tables);
  migration.target(targets);
  migration.source(
      "INSERT INTO things SELECT n, 'c', n, 1, 'k', 1 FROM generate_series(1, 50000) n");
  // A server fault in the middle of the write, while the reader is far ahead.
  migration.target(R"sql(
CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.legacy_id = 25000 THEN RAISE EXCEPTION 'no space' USING ERRCODE = '53100'; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER full_disk BEFORE INSERT ON things FOR EACH ROW EXECUTE FUNCTION full_disk();
)sql");
  migration.configure("[load]\nbatch_rows = 100\n");
  const Outcome outcome = migration.run({"--progress", "never"});
  EXPECT_EQ(outcome.exit_code, 3) << outcome.error;
  EXPECT_NE(outcome.error.find("53100"), std::string::npos) << outcome.error;
  EXPECT_EQ(migration.target("SELECT count(*) FROM things"), "0\n");
}

}  // namespace
}  // namespace mighost::test
