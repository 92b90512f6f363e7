// Keys and references at their edges: trees, composite keys with every awkward letter, keys that
// are kept, rows that are there under other keys; and what a later run makes of a source that has
// changed.
#include <gtest/gtest.h>

#include "support/dataset.hpp"

namespace mighost::test {
namespace {

using json = nlohmann::json;

/// The namespace that config/run.toml shows as the default.
constexpr const char* name_space = "91689718-feb4-5c8d-b2c8-67e672518db1";

constexpr const char* late_and_keys_source = R"sql(
CREATE EXTENSION "uuid-ossp";
CREATE TABLE things (id int PRIMARY KEY, code text, amount numeric, shelf int, kind text,
  small int);
CREATE TABLE parts (id int PRIMARY KEY, thing int, spare int);
CREATE TABLE nodes (id int PRIMARY KEY, parent int);
CREATE TABLE pairs (name text, token uuid, rank int NOT NULL, PRIMARY KEY (name, token));
CREATE TABLE kept (id int PRIMARY KEY, label text NOT NULL);
)sql";

constexpr const char* late_and_keys_target = R"sql(
CREATE EXTENSION "uuid-ossp";
CREATE TABLE things (id uuid PRIMARY KEY, legacy_id int UNIQUE, code varchar(10),
  amount numeric(8,2), shelf int, kind text, small int);
CREATE TABLE parts (id uuid PRIMARY KEY, legacy_id int UNIQUE, thing_id uuid REFERENCES things,
  spare_id uuid REFERENCES things);
CREATE TABLE nodes (id uuid PRIMARY KEY, legacy_id int UNIQUE, parent_id uuid REFERENCES nodes);
CREATE INDEX nodes_by_parent ON nodes (parent_id);
CREATE TABLE pairs (id uuid PRIMARY KEY, name text NOT NULL, rank int NOT NULL);
CREATE TABLE kept (id serial PRIMARY KEY, label text NOT NULL);
)sql";

class Keys : public testing::Test {
 protected:
  void SetUp() override {
    migration_.source(late_and_keys_source);
    migration_.target(late_and_keys_target);
  }

  /// Runs one entity, or several with commas between them, and expects success.
  void run(const std::string& entities) {
    outcome_ = migration_.run({"--only", entities});
    ASSERT_EQ(outcome_.exit_code, 0) << outcome_.error;
  }

  Migration migration_{"probe"};
  Outcome outcome_;
};

class Trees : public Keys, public testing::WithParamInterface<const char*> {};

/// Nodes 1 to 6000. Roots; children of smaller and of greater ids, which come earlier and later in
/// the stream; children of themselves; children of nobody.
TEST_P(Trees, ReachTheirParentsWhereverTheyStand) {
  migration_.configure("[load]\ndefer = \"" + std::string(GetParam()) + "\"\n");
  migration_.source(R"sql(
INSERT INTO nodes SELECT n, CASE n % 6 WHEN 0 THEN NULL WHEN 1 THEN 6001 - n WHEN 2 THEN n / 2
  WHEN 3 THEN least(n + 1000, 6000) WHEN 4 THEN n ELSE n + 100000 END
  FROM generate_series(1, 6000) AS n
)sql");
  run("probe.nodes");
  const json nodes = migration_.entity("probe.nodes");
  EXPECT_EQ(nodes["written"], 6000);
  EXPECT_EQ(nodes["notes"], json({{"missing_parent", 1000}}));
  const std::string tree =
      "SELECT count(*), count(c.parent_id), md5(string_agg(c.legacy_id || '>' || p.legacy_id, ' ' "
      "ORDER BY c.legacy_id)) FROM nodes c LEFT JOIN nodes p ON p.id = c.parent_id";
  EXPECT_EQ(
      migration_.target(tree),
      migration_.source("SELECT count(*), count(p.id), md5(string_agg(c.id || '>' || p.id, ' ' "
                        "ORDER BY c.id)) FROM nodes c LEFT JOIN nodes p ON p.id = c.parent"));
  EXPECT_EQ(migration_.target("SELECT count(*), min(legacy_key), min(column_name) "
                              "FROM mighost.notes WHERE code = 'missing_parent'"),
            "1000|1001|parent_id\n");
  EXPECT_EQ(migration_.target("SELECT count(*) FROM nodes WHERE id <> uuid_generate_v5('" +
                              std::string(name_space) + "', 'probe.nodes/' || legacy_id)"),
            "0\n");

  // A new leaf finds its parent in the target; what is there stays as it is.
  const std::string before = row_digests(migration_.target_url());
  migration_.source("INSERT INTO nodes VALUES (7000, 12), (7001, 7000)");
  run("probe.nodes");
  EXPECT_EQ(migration_.entity("probe.nodes")["written"], 2);
  EXPECT_EQ(migration_.entity("probe.nodes")["unchanged"], 6000);
  EXPECT_EQ(migration_.target("SELECT count(*) FROM nodes c JOIN nodes p ON p.id = c.parent_id "
                              "WHERE (c.legacy_id, p.legacy_id) IN ((7000, 12), (7001, 7000))"),
            "2\n");
  migration_.target("DELETE FROM nodes WHERE legacy_id >= 7000");
  EXPECT_EQ(changed_lines(before, row_digests(migration_.target_url())), "");
  EXPECT_EQ(migration_.target("SELECT count(*) FROM mighost.notes"), "1000\n");
}

INSTANTIATE_TEST_SUITE_P(Deferred, Trees, testing::Values("always", "never"),
                         [](const auto& mode) { return std::string(mode.param); });

/// What the target would check only at COMMIT is checked while its row can still be told.
TEST_P(Trees, WithDeferredConstraintsLoseNoRowButTheOffender) {
  migration_.configure("[load]\ndefer = \"" + std::string(GetParam()) + "\"\n");
  migration_.source("INSERT INTO nodes SELECT n, n / 2 FROM generate_series(1, 6000) AS n");
  migration_.target(R"sql(
ALTER TABLE nodes ALTER CONSTRAINT nodes_parent_id_fkey DEFERRABLE INITIALLY DEFERRED;
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF NEW.legacy_id IN (6000, 4000) THEN RAISE 'not this one'; END IF; RETURN NULL; END $$;
CREATE CONSTRAINT TRIGGER refuse AFTER INSERT ON nodes DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION refuse();
)sql");
  const std::string structure = migration_.target_structure();
  run("probe.nodes");
  const json nodes = migration_.entity("probe.nodes");
  EXPECT_EQ(nodes["written"], 5998);
  EXPECT_EQ(nodes["codes"], json({{"trigger", 2}}));
  EXPECT_EQ(migration_.target("SELECT string_agg(legacy_key, ' ' ORDER BY legacy_key) "
                              "FROM mighost.quarantine"),
            "4000 6000\n");
  EXPECT_EQ(changed_lines(structure, migration_.target_structure()), "");
}

/// Parts of a key are joined with '/', so a '/' in a part must not be able to look like the joint.
TEST_F(Keys, OfTextAndUuidAreToldApart) {
  migration_.source(R"sql(
INSERT INTO pairs SELECT name, token::uuid, row_number() OVER () FROM unnest(ARRAY[
  'plain', '', ' ', 'a/b', 'a\/b', 'a\\/b', 'a\b', 'a\', '/', '\', '//', 'a/', '/a', E'tab\ttab',
  E'line\nline', '"quoted" ''name''', 'Zoë 🦷', 'NULL', repeat('long/', 200)]) AS name,
  unnest(ARRAY['00000000-0000-0000-0000-000000000000', '91689718-feb4-5c8d-b2c8-67e672518db1'])
    AS token;
INSERT INTO pairs SELECT 'negative', uuid_generate_v4(), -n FROM generate_series(1, 5) AS n;
)sql");
  run("probe.pairs");
  const json pairs = migration_.entity("probe.pairs");
  EXPECT_EQ(pairs["read"], 38 + 5);
  EXPECT_EQ(pairs["written"], 38);
  EXPECT_EQ(pairs["filtered"], 5);
  EXPECT_EQ(pairs["codes"], json({{"negative_rank", 5}}));
  const std::string expected = migration_.source(
      "SELECT rank, uuid_generate_v5('" + std::string(name_space) + R"sql(', 'probe.pairs/' ||
        replace(replace(name, '\', '\\'), '/', '\/') || '/' || token) FROM pairs
        WHERE rank >= 0 ORDER BY rank)sql");
  EXPECT_EQ(changed_lines(expected, migration_.target("SELECT rank, id FROM pairs ORDER BY rank")),
            "");
  EXPECT_EQ(migration_.target("SELECT count(DISTINCT id) FROM pairs"), "38\n");
  // The target keeps no legacy key: a second run knows the rows by their computed ones.
  const std::string rows = row_digests(migration_.target_url());
  run("probe.pairs");
  EXPECT_EQ(migration_.entity("probe.pairs")["written"], 0);
  EXPECT_EQ(migration_.entity("probe.pairs")["unchanged"], 38);
  EXPECT_EQ(migration_.entity("probe.pairs")["drift"], 0);
  EXPECT_EQ(changed_lines(rows, row_digests(migration_.target_url())), "");
}

struct Numbered {
  const char* name;
  const char* column;
};

void PrintTo(const Numbered& numbered, std::ostream* out) { *out << numbered.name; }

class KeptKeys : public Keys, public testing::WithParamInterface<Numbered> {};

TEST_P(KeptKeys, M14SetTheSequencePastTheHighest) {
  migration_.target("DROP TABLE kept; CREATE TABLE kept (id " + std::string(GetParam().column) +
                    " PRIMARY KEY, label text NOT NULL)");
  migration_.source(
      "INSERT INTO kept SELECT n, 'label ' || n FROM generate_series(1, 50) AS n;"
      "INSERT INTO kept VALUES (1000, 'far')");
  const std::string sequence = "SELECT last_value, is_called FROM kept_id_seq";

  // A run that fails leaves it alone, whether early or at the very end.
  migration_.target(R"sql(
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE 'not today' USING ERRCODE = '55000'; END $$;
CREATE TRIGGER refuse AFTER INSERT ON kept FOR EACH STATEMENT EXECUTE FUNCTION refuse();
)sql");
  EXPECT_EQ(migration_.run({"--only", "probe.kept"}).exit_code, 3);
  EXPECT_EQ(migration_.target(sequence), "1|f\n");
  migration_.target(
      "DROP TRIGGER refuse ON kept; CREATE CONSTRAINT TRIGGER refuse AFTER INSERT "
      "ON kept DEFERRABLE INITIALLY DEFERRED FOR EACH ROW "
      "EXECUTE FUNCTION refuse()");
  EXPECT_EQ(migration_.run({"--only", "probe.kept"}).exit_code, 3);
  EXPECT_EQ(migration_.target(sequence), "1|f\n");
  EXPECT_EQ(migration_.target("SELECT count(*) FROM kept"), "0\n");
  migration_.target("DROP TRIGGER refuse ON kept");

  run("probe.kept");
  EXPECT_EQ(migration_.entity("probe.kept")["written"], 51);
  EXPECT_EQ(migration_.target("SELECT min(id), max(id), count(*) FROM kept"), "1|1000|51\n");
  EXPECT_EQ(migration_.target("INSERT INTO kept (label) VALUES ('new') RETURNING id"), "1001\n");
  // Where the target has gone on by itself, it is not set back.
  migration_.target("SELECT setval('kept_id_seq', 5000)");
  migration_.source("INSERT INTO kept VALUES (2000, 'later')");
  run("probe.kept");
  EXPECT_EQ(migration_.entity("probe.kept")["written"], 1);
  EXPECT_EQ(migration_.target(sequence), "5000|t\n");
}

INSTANTIATE_TEST_SUITE_P(Columns, KeptKeys,
                         testing::Values(Numbered{"Serial", "serial"},
                                         Numbered{"Always", "int GENERATED ALWAYS AS IDENTITY"},
                                         Numbered{"ByDefault",
                                                  "bigint GENERATED BY DEFAULT AS IDENTITY"}),
                         [](const auto& test) { return test.param.name; });

/// What somebody else has brought under keys of his own is adopted.
TEST_F(Keys, ThatAreThereAlreadyAreFollowed) {
  migration_.source(
      "INSERT INTO things SELECT n, 'c' || n, n, 1, 'plain', 1 "
      "FROM generate_series(1, 100) AS n;"
      "INSERT INTO parts SELECT n, n, 101 - n FROM generate_series(1, 100) AS n");
  migration_.target(
      "INSERT INTO things SELECT uuid_generate_v4(), n, 'c' || n, n, 1, 'plain', 1 "
      "FROM generate_series(1, 60) AS n;"
      // One that came from nowhere: it has no legacy key and stays out of it.
      "INSERT INTO things VALUES (uuid_generate_v4(), NULL, 'own', 1, 1, 'plain', 1)");
  const std::string theirs =
      "SELECT * FROM things WHERE legacy_id <= 60 OR legacy_id IS NULL "
      "ORDER BY legacy_id";
  const std::string before = migration_.target(theirs);
  run("probe.things,probe.parts");
  const json things = migration_.entity("probe.things");
  EXPECT_EQ(things["unchanged"], 60);
  EXPECT_EQ(things["written"], 40);
  EXPECT_EQ(things["drift"], 0) << things["remarks"];
  EXPECT_EQ(migration_.target(theirs), before);
  EXPECT_EQ(migration_.target("SELECT count(*) FROM parts p JOIN things t ON t.id = thing_id AND "
                              "t.legacy_id = p.legacy_id JOIN things s ON s.id = spare_id AND "
                              "s.legacy_id = 101 - p.legacy_id"),
            "100\n");
}

TEST_F(Keys, OfRowsThatChangedInTheSourceSinceAreReportedNotOverwritten) {
  migration_.source(
      "INSERT INTO things SELECT n, 'c' || n, n, 1, 'plain', 1 "
      "FROM generate_series(1, 100) AS n");
  run("probe.things");
  const std::string rows = row_digests(migration_.target_url());
  migration_.source(
      "UPDATE things SET amount = amount + 1 WHERE id <= 7;"
      "UPDATE things SET kind = NULL WHERE id IN (7, 8, 9);"
      "DELETE FROM things WHERE id = 50;"
      "INSERT INTO things VALUES (101, 'new', 101, 1, 'plain', 1)");
  // What was committed is right; the amounts of the rows that changed are not those of the source.
  outcome_ = migration_.run({"--only", "probe.things"});
  ASSERT_EQ(outcome_.exit_code, 5) << outcome_.error;
  EXPECT_EQ(migration_.report["status"], "unverified");
  EXPECT_NE(outcome_.output.find("UNVERIFIED"), std::string::npos) << outcome_.output;
  const json things = migration_.entity("probe.things");
  EXPECT_EQ(things["read"], 100);
  EXPECT_EQ(things["written"], 1);
  EXPECT_EQ(things["unchanged"], 99);
  EXPECT_EQ(things["drift"], 9);  // 1 to 7, 8 and 9
  const std::string remarks = things["remarks"].dump();
  EXPECT_NE(remarks.find("amount (7)"), std::string::npos) << remarks;
  EXPECT_NE(remarks.find("kind (3)"), std::string::npos) << remarks;
  EXPECT_EQ(remarks.find("code ("), std::string::npos) << remarks;
  EXPECT_NE(outcome_.output.find("9 rows already there differ"), std::string::npos)
      << outcome_.output;
  // Row 50 is gone from the source, and still there in the target.
  migration_.target("DELETE FROM things WHERE legacy_id = 101");
  EXPECT_EQ(changed_lines(rows, row_digests(migration_.target_url())), "");
  const json total = migration_.report["control_totals"][0];
  EXPECT_FALSE(total["holds"]);
  EXPECT_EQ(total["difference"], "7.00") << total;
}

/// An amount that somebody changed in the target does not pass for the source's.
TEST_F(Keys, OfAmountsThatChangedInTheTargetAreNoControlTotal) {
  migration_.source(
      "INSERT INTO things SELECT n, 'c' || n, n, 1, 'plain', 1 "
      "FROM generate_series(1, 100) AS n");
  run("probe.things");
  migration_.target("UPDATE things SET kind = 'other' WHERE legacy_id = 9");
  run("probe.things");
  EXPECT_TRUE(migration_.report["control_totals"][0]["holds"]);
  migration_.target("UPDATE things SET amount = amount + 1000 WHERE legacy_id = 5");
  const Outcome outcome = migration_.run({"--only", "probe.things"});
  EXPECT_EQ(outcome.exit_code, 5) << outcome.error;
  const json total = migration_.report["control_totals"][0];
  EXPECT_EQ(migration_.target("SELECT sum(amount) FROM things"),
            total["target"].get<std::string>() + "\n");
  EXPECT_EQ(total["difference"], "-1000.00");
}

/// A total that cannot look at the rows which changed is not taken for one that holds.
TEST_F(Keys, M24OfRowsThatATotalCannotSeeLeaveItUnverified) {
  migration_.source(
      "CREATE TABLE rates (id int PRIMARY KEY, amount numeric);"
      "INSERT INTO rates SELECT n, n FROM generate_series(1, 10) AS n");
  migration_.target(
      "CREATE TABLE rates (id uuid PRIMARY KEY, legacy_id int UNIQUE, amount numeric, "
      "doubled numeric GENERATED ALWAYS AS (amount * 2) STORED)");
  migration_.configure("[entities.\"probe.rates\"]\nenabled = true\n");
  run("probe.rates");
  run("probe.rates");
  EXPECT_TRUE(migration_.report["control_totals"][0]["holds"]);
  migration_.target("UPDATE rates SET amount = 1000 WHERE legacy_id = 5");
  const Outcome outcome = migration_.run({"--only", "probe.rates"});
  EXPECT_EQ(outcome.exit_code, 5) << outcome.error;
  EXPECT_FALSE(migration_.report["control_totals"][0]["holds"]);
  EXPECT_NE(outcome.output.find("cannot say by how much"), std::string::npos) << outcome.output;
}

/// What has become unfit for the target since does not go either, and costs nobody his row.
TEST_F(Keys, OfRowsThatWouldBeRefusedTodayStay) {
  migration_.source(
      "INSERT INTO things SELECT n, 'c' || n, n, 1, 'plain', 1 "
      "FROM generate_series(1, 100) AS n");
  run("probe.things");
  const std::string rows = row_digests(migration_.target_url());
  migration_.source(
      "UPDATE things SET code = 'longer than ten' WHERE id = 3;"
      "UPDATE things SET amount = 1.005 WHERE id = 4");
  run("probe.things");
  const json things = migration_.entity("probe.things");
  EXPECT_EQ(things["unchanged"], 100);
  EXPECT_EQ(things["quarantined"], 0);
  EXPECT_EQ(things["drift"], 2);
  EXPECT_EQ(changed_lines(rows, row_digests(migration_.target_url())), "");
}

/// One value of 50 MB among small ones: it goes, or is refused, like any other.
TEST_F(Keys, OfHugeRowsPassThrough) {
  constexpr std::size_t megabyte = 1 << 20;
  migration_.source(
      "INSERT INTO kept SELECT n, 'small' FROM generate_series(1, 1000) AS n;"
      "UPDATE kept SET label = repeat(md5('huge'), 50 * 1024 * 1024 / 32) "
      "WHERE id = 500;"
      "INSERT INTO things SELECT n, 'small', 1, 1, 'plain', 1 "
      "FROM generate_series(1, 10) AS n;"
      "UPDATE things SET code = (SELECT label FROM kept WHERE id = 500) WHERE id = 5");
  run("probe.kept,probe.things");
  EXPECT_EQ(migration_.entity("probe.kept")["written"], 1000);
  const std::string digest = "SELECT length(label), md5(label) FROM kept WHERE id = 500";
  EXPECT_EQ(migration_.target(digest), migration_.source(digest));
  const json things = migration_.entity("probe.things");
  EXPECT_EQ(things["written"], 9);
  EXPECT_EQ(things["codes"], json({{"length", 1}}));
  EXPECT_EQ(migration_.target("SELECT length(source_row->>'code') FROM mighost.quarantine"),
            std::to_string(50 * megabyte) + "\n");
#ifndef MIGHOST_PROGRAM_IS_SANITIZED  // which keeps what was freed
  EXPECT_LT(outcome_.resident_bytes_max, 600 * megabyte);
#endif
}

}  // namespace
}  // namespace mighost::test
