// What the server refuses is found to the row, whatever refuses it and wherever it is noticed: one
// bad row never costs its neighbours (design 4).
#include <gtest/gtest.h>

#include "support/contains.hpp"
#include "support/migration.hpp"

namespace mighost::test {
namespace {

constexpr const char* refused_rows_source = R"sql(
CREATE TABLE things (id int PRIMARY KEY, code text, amount numeric, shelf int, kind text,
  small int);
CREATE TABLE parts (id int PRIMARY KEY, thing int, spare int);
CREATE TABLE nodes (id int PRIMARY KEY, parent int);
CREATE TABLE pairs (name text, token uuid, rank int NOT NULL, PRIMARY KEY (name, token));
CREATE TABLE kept (id int PRIMARY KEY, label text NOT NULL);
)sql";

constexpr const char* refused_rows_target = R"sql(
CREATE TYPE kind AS ENUM ('plain', 'fancy');
CREATE TABLE shelves (id int PRIMARY KEY);
INSERT INTO shelves SELECT generate_series(1, 9);
CREATE TABLE things (id uuid PRIMARY KEY, legacy_id int NOT NULL UNIQUE,
  code varchar(10) CONSTRAINT one_code UNIQUE DEFERRABLE,
    amount numeric(8,2) CONSTRAINT no_debt CHECK (amount >= 0),
  shelf int CONSTRAINT on_a_shelf REFERENCES shelves, kind kind NOT NULL, small smallint);
CREATE INDEX things_by_shelf ON things (shelf) WITH (fillfactor = 70);
CREATE INDEX things_by_kind ON things (kind, lower(code)) WHERE amount > 5;
COMMENT ON INDEX things_by_shelf IS 'where it''s kept';
COMMENT ON CONSTRAINT one_code ON things IS 'C:\codes';
ALTER TABLE things CLUSTER ON things_by_shelf;
CREATE TABLE parts (id uuid PRIMARY KEY, legacy_id int UNIQUE,
  thing_id uuid NOT NULL REFERENCES things ON DELETE CASCADE, spare_id uuid REFERENCES things);
CREATE TABLE nodes (id uuid PRIMARY KEY, legacy_id int UNIQUE, parent_id uuid REFERENCES nodes);
CREATE TABLE pairs (id uuid PRIMARY KEY, name text NOT NULL, rank int NOT NULL);
CREATE TABLE kept (id serial PRIMARY KEY, label text NOT NULL);
)sql";

// 20,000 rows, of which these are bad; each kind twice, some side by side.
constexpr const char* dirty_things = R"sql(
INSERT INTO things SELECT n, 'c' || n, n % 1000 + 0.25, n % 9 + 1,
  CASE n % 2 WHEN 0 THEN 'plain' ELSE 'fancy' END, n % 300
  FROM generate_series(1, 20000) AS n;
UPDATE things SET code = 'c5000' WHERE id IN (5001, 5002);
UPDATE things SET amount = -1 WHERE id IN (7000, 7001);
UPDATE things SET code = 'longer than ten' WHERE id IN (8000, 16000);
UPDATE things SET shelf = 99 WHERE id IN (9000, 19999);
UPDATE things SET amount = 1.005 WHERE id IN (10000, 1);
UPDATE things SET kind = 'unheard of' WHERE id IN (11000, 11001);
UPDATE things SET small = 70000 WHERE id IN (12000, 20000);
UPDATE things SET kind = NULL WHERE id IN (13000, 13001);
UPDATE things SET amount = 12345678.25 WHERE id IN (14000, 14002);
INSERT INTO parts SELECT id, id, id + 1 FROM things WHERE id % 2 = 0;
)sql";

class RefusedRows : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    migration_.source(refused_rows_source);
    migration_.target(refused_rows_target);
    migration_.source(dirty_things);
    migration_.configure("[load]\ndefer = \"" + std::string(GetParam()) + "\"\n");
  }
  Migration migration_{"probe"};
};

TEST_P(RefusedRows, M9M10AreQuarantinedOneByOne) {
  const std::string structure = migration_.target_structure();
  const Outcome outcome = migration_.run();
  ASSERT_EQ(outcome.exit_code, 0) << outcome.error;
  const auto things = migration_.entity("probe.things");
  EXPECT_EQ(things["read"], 20000);
  EXPECT_EQ(things["quarantined"], 18);
  EXPECT_EQ(things["written"], 20000 - 18);
  const nlohmann::json expected = {{"unique", 2},       {"check", 2},    {"length", 2},
                                   {"foreign_key", 2},  {"server", 2},   {"numeric_rounding", 2},
                                   {"out_of_range", 2}, {"not_null", 2}, {"numeric_range", 2}};
  EXPECT_EQ(things["codes"], expected);
  EXPECT_EQ(migration_.target("SELECT count(*) FROM things"), "19982\n");
  EXPECT_EQ(
      migration_.target(
          "SELECT string_agg(legacy_key, ' ' ORDER BY legacy_key::int) FROM mighost.quarantine "
          "WHERE entity = 'probe.things' AND code = 'unique'"),
      "5001 5002\n");
  EXPECT_EQ(
      migration_.target(
          "SELECT string_agg(legacy_key, ' ' ORDER BY legacy_key::int) FROM mighost.quarantine "
          "WHERE entity = 'probe.things' AND code = 'foreign_key'"),
      "9000 19999\n");
  // The row itself stands beside its reason, exactly.
  EXPECT_EQ(migration_.target("SELECT source_row->>'amount', source_row->>'id', plugin, "
                              "constraint_name FROM mighost.quarantine "
                              "WHERE legacy_key = '7000' AND entity = 'probe.things'"),
            "-1|7000|probe 1.0.0|no_debt\n");
  EXPECT_EQ(migration_.target_structure(), structure);
}

TEST_P(RefusedRows, ParkTheirChildren) {
  ASSERT_EQ(migration_.run().exit_code, 0);
  const auto parts = migration_.entity("probe.parts");
  // Every second thing has a part; held back are 5002, 7000, 8000, 16000, 9000, 10000, 11000,
  // 12000, 20000, 13000, 14000, 14002.
  EXPECT_EQ(parts["read"], 10000);
  EXPECT_EQ(parts["parked"], 12);
  EXPECT_EQ(parts["written"], 9988);
  // The spare of part n is thing n + 1: absent is 20001 (whose part is parked anyway), held back
  // are 5001, 7001, 11001, 13001, 19999 and 1; of their parts 5000, 19998 go and the others are
  // parked.
  EXPECT_EQ(parts["notes"]["missing_parent"], 2);
  EXPECT_EQ(migration_.target("SELECT waits_for_entity, waits_for_key FROM mighost.quarantine "
                              "WHERE entity = 'probe.parts' AND legacy_key = '9000'"),
            "probe.things|9000\n");
  EXPECT_EQ(migration_.target("SELECT count(*) FROM parts LEFT JOIN things ON things.id = thing_id "
                              "WHERE things.id IS NULL"),
            "0\n");
}

TEST_P(RefusedRows, CarryTheirNotesAndTotalsAway) {
  migration_.source(
      "UPDATE things SET code = 'c1313' WHERE id = 1326");  // 1326 = 13 * 102 has a note of its own
  ASSERT_EQ(migration_.run().exit_code, 0);
  // 20000 / 13 = 1538 rows have a note; 1326 is refused, and so are 13000 and 14000? 13 * 1000 =
  // 13000, but 14000 is not a multiple.
  const auto things = migration_.entity("probe.things");
  EXPECT_EQ(things["notes"]["odd"], 1538 - 2);
  EXPECT_EQ(migration_.target("SELECT count(*) FROM mighost.notes WHERE entity = 'probe.things'"),
            "1536\n");
  const auto total = migration_.report["control_totals"][0];
  EXPECT_EQ(total["name"], "probe.things/amount");
  EXPECT_EQ(migration_.source("SELECT sum(amount) FROM things"),
            total["source"].get<std::string>() + "\n");
  EXPECT_EQ(migration_.target("SELECT sum(amount) FROM things"),
            total["target"].get<std::string>() + "\n");
  EXPECT_TRUE(total["holds"]);
}

/// What cannot be added up has no place in a control total, and costs nobody his row.
TEST_P(RefusedRows, MayHoldAmountsThatNobodyCanAdd) {
  migration_.source(
      "UPDATE things SET amount = 'NaN' WHERE id = 8002; "
      "UPDATE things SET amount = 1e40 WHERE id = 8004");
  const Outcome outcome = migration_.run();
  ASSERT_EQ(outcome.exit_code, 0) << outcome.error;
  EXPECT_EQ(migration_.target("SELECT string_agg(legacy_key, ' ' ORDER BY legacy_key) "
                              "FROM mighost.quarantine WHERE code = 'numeric_range' "
                              "AND entity = 'probe.things' AND legacy_key LIKE '800_'"),
            "8002 8004\n");
  const auto total = migration_.report["control_totals"][0];
  EXPECT_TRUE(total["holds"]);
  EXPECT_EQ(migration_.source("SELECT sum(amount) FROM things WHERE id NOT IN (8002, 8004)"),
            total["source"].get<std::string>() + "\n");
}

TEST_P(RefusedRows, AreFoundAgainByASecondRunThatWritesNothing) {
  ASSERT_EQ(migration_.run().exit_code, 0);
  const std::string rows = migration_.target_rows();
  const Outcome second = migration_.run();
  ASSERT_EQ(second.exit_code, 0) << second.error;
  const auto things = migration_.entity("probe.things");
  EXPECT_EQ(things["written"], 0);
  EXPECT_EQ(things["unchanged"], 19982);
  EXPECT_EQ(things["quarantined"], 18);
  EXPECT_EQ(things["drift"], 0);
  EXPECT_EQ(migration_.entity("probe.parts")["written"], 0);
  EXPECT_EQ(migration_.target_rows(), rows);
}

INSTANTIATE_TEST_SUITE_P(Deferred, RefusedRows, testing::Values("always", "never"),
                         [](const auto& mode) { return std::string(mode.param); });

/// Dirt in every tenth row must not make the load crawl: pieces shrink and grow again.
TEST(RefusedRowsMany, DoNotStopTheirNeighbours) {
  Migration migration("probe");
  migration.source(refused_rows_source);
  migration.target(refused_rows_target);
  migration.source(
      "INSERT INTO things SELECT n, 'c' || n, CASE WHEN n % 10 = 0 THEN -1 ELSE 1 END, 1, 'plain', "
      "1 "
      "FROM generate_series(1, 30000) AS n");
  const Outcome outcome = migration.run();
  ASSERT_EQ(outcome.exit_code, 0) << outcome.error;
  EXPECT_EQ(migration.entity("probe.things")["quarantined"], 3000);
  EXPECT_EQ(migration.target("SELECT count(*), min(amount) FROM things"), "27000|1.00\n");
}

TEST(RefusedRowsTriggers, M1M15ThatRaiseOrSuppressAreFoundToTheRow) {
  Migration migration("probe");
  migration.source(refused_rows_source);
  migration.target(refused_rows_target);
  migration.source(
      "INSERT INTO things SELECT n, 'c' || n, 1, 1, 'plain', 1 FROM generate_series(1, 3000) AS n");
  migration.target(R"sql(
CREATE FUNCTION guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.legacy_id = 1000 THEN RAISE EXCEPTION 'not this one: %', NEW.code; END IF;
  IF NEW.legacy_id = 2000 THEN RETURN NULL; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE INSERT ON things FOR EACH ROW EXECUTE FUNCTION guard();
CREATE FUNCTION later() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.legacy_id = 2500 THEN RAISE EXCEPTION 'nor this one'; END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER later AFTER INSERT ON things FOR EACH ROW EXECUTE FUNCTION later();
)sql");
  const Outcome outcome = migration.run();
  ASSERT_EQ(outcome.exit_code, 0) << outcome.error;
  const nlohmann::json expected = {{"trigger", 2}, {"suppressed_by_trigger", 1}};
  EXPECT_EQ(migration.entity("probe.things")["codes"], expected);
  EXPECT_EQ(migration.target(
                "SELECT string_agg(legacy_key, ' ' ORDER BY legacy_key) FROM mighost.quarantine"),
            "1000 2000 2500\n");
  EXPECT_EQ(outcome.error.find("c1000"), std::string::npos);  // what the trigger said holds a value

  // Switched off by configuration, they neither fire nor change.
  migration.target("TRUNCATE things CASCADE");
  const std::string structure = migration.target_structure();
  migration.configure("[entities.\"probe.things\"]\ntriggers = \"disable\"\n");
  ASSERT_EQ(migration.run().exit_code, 0);
  EXPECT_EQ(migration.entity("probe.things")["written"], 3000);
  EXPECT_EQ(migration.target_structure(), structure);
}

/// A legacy database without an encoding holds whatever was put into it; the target takes UTF-8
/// only. "\xe9" is an e with an acute accent in Latin 1.
TEST(RefusedRowsEncoding, M16BytesThatAreNoTextAreQuarantinedWithTheirRow) {
  Migration migration("probe");
  migration.target(refused_rows_target);
  const std::string name = "no_encoding";
  shared_cluster().drop_database(name);
  psql(migration.source_url(), "CREATE DATABASE " + name +
                                   " ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C' "
                                   "TEMPLATE template0");
  const std::string source = shared_cluster().url(name);
  psql(source, refused_rows_source);
  psql(source,
       "INSERT INTO things SELECT n, CASE n WHEN 77 THEN E'caf\\xe9' ELSE 'c' || n END, 1, 1, "
       "'plain', 1 FROM generate_series(1, 500) AS n;"
       "INSERT INTO pairs SELECT CASE n WHEN 3 THEN E'\\xff\\xfe' ELSE 'p' || n END, "
       "md5(n::text)::uuid, n FROM generate_series(1, 5) AS n");
  Command command = migration.run_command();
  command.environment["MIGHOST_SOURCE_URL"] = source;
  const Outcome outcome = run_process(command);
  EXPECT_EQ(outcome.exit_code, 0) << outcome.error;
  // The bytes themselves stand in the record, as the server writes bytea.
  EXPECT_EQ(migration.target("SELECT legacy_key, code, source_row->>'code' FROM mighost.quarantine "
                             "WHERE entity = 'probe.things'"),
            "77|encoding|\\x636166e9\n");
  EXPECT_EQ(migration.target("SELECT legacy_key LIKE '\\\\x%', code, source_row->>'name' FROM "
                             "mighost.quarantine WHERE entity = 'probe.pairs'"),
            "t|encoding|\\xfffe\n");
  EXPECT_EQ(migration.target("SELECT count(*) FROM pairs"), "4\n");
  EXPECT_FALSE(contains(outcome.error + outcome.output, "\xe9"));
  EXPECT_EQ(migration.target("SELECT count(*), count(*) FILTER (WHERE code = 'c' || legacy_id) "
                             "FROM things"),
            "499|499\n");
  shared_cluster().drop_database(name);
}

TEST(RefusedRowsOrder, M17ColumnsGoByTheirNamesNotByTheirPlaces) {
  Migration migration("probe");
  migration.source(refused_rows_source);
  migration.target(refused_rows_target);
  migration.source(R"sql(
DROP TABLE things;
CREATE TABLE things (gone int, small int, kind text, shelf int, amount numeric, code text,
  id int PRIMARY KEY, more text);
ALTER TABLE things DROP COLUMN gone;
INSERT INTO things SELECT n % 300, CASE n % 2 WHEN 0 THEN 'plain' ELSE 'fancy' END, n % 9 + 1,
  n + 0.25, 'c' || n, n, 'stays' FROM generate_series(1, 2000) AS n;
)sql");
  migration.target(R"sql(
DROP TABLE things CASCADE;
CREATE TABLE things (amount numeric(8,2), small smallint, gone text, shelf int, id uuid PRIMARY KEY,
  more text DEFAULT 'own', legacy_id int NOT NULL UNIQUE, kind kind NOT NULL, code varchar(10));
ALTER TABLE things DROP COLUMN gone;
)sql");
  ASSERT_EQ(migration.run().exit_code, 0);
  EXPECT_EQ(migration.target("SELECT legacy_id, code, amount, shelf, kind, small, more FROM things "
                             "ORDER BY legacy_id"),
            migration.source("SELECT id, code, amount, shelf, kind, small, 'own' FROM things "
                             "ORDER BY id"));
}

}  // namespace
}  // namespace mighost::test
