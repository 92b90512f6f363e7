// Fingerprints from end to end: what the server stores in a form of its own is no difference, what
// anybody changes is named to the row and the column, and what cannot be compared is said so.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "support/migration.hpp"

namespace mighost::test {
namespace {

using json = nlohmann::json;

// The source keeps every value as it is written.
constexpr const char* samples_source = R"sql(
CREATE TABLE samples (id int PRIMARY KEY, price numeric, exact numeric, facts json, verbatim json,
  padded text, bounded text, kind text, words text, single float8, at timestamptz,
  at_millis timestamptz, day date, raw bytea, token uuid);
)sql";

// Keys are not unique here, so that a row can be doubled.
constexpr const char* samples_target = R"sql(
CREATE TYPE kind AS ENUM ('plain', 'fancy');
CREATE TABLE samples (id uuid PRIMARY KEY, legacy_id int, price numeric(12,2), exact numeric,
  facts jsonb, verbatim json, padded char(10), bounded varchar(4), kind kind, words text,
  single float4, at timestamptz, at_millis timestamptz(3), day date, raw bytea, token uuid);
)sql";

constexpr const char* plain_samples = R"sql(
INSERT INTO samples SELECT n, n + 0.5, n / 7.0,
  json_build_object('b', n, 'a', json_build_array(n, null, 'x'), 'deep', '{"x": 1.50}'::json),
  '{"b":1, "a":2}', 'p' || n, 'abc', CASE n % 2 WHEN 0 THEN 'plain' ELSE 'fancy' END, 'text ' || n,
  n / 3.0, timestamptz '2020-02-02 02:02:02.123456+00' + n * interval '1 hour',
  timestamptz '2020-02-02 02:02:02.123456+00', date '2020-02-02' + n, decode('00ff', 'hex'),
  md5(n::text)::uuid FROM generate_series(1, 300) AS n;
)sql";

class Verify : public testing::Test {
 protected:
  void run(const std::vector<std::string>& options, int exit_code = 0) {
    const Outcome outcome = migration().run(options);
    ASSERT_EQ(outcome.exit_code, exit_code) << outcome.output << outcome.error;
  }

  /// Runs `mighost verify`; the source's address leads nowhere, because verify needs none, but for
  /// transforming rows again.
  int verify(const std::vector<std::string>& options = {}) {
    std::vector<std::string> arguments = {"verify", "--config", migration().config_file().string(),
                                          "--json", "-"};
    arguments.insert(arguments.end(), options.begin(), options.end());
    Command command = migration().command(arguments);
    if (std::find(options.begin(), options.end(), "--plugins") == options.end()) {
      command.environment["MIGHOST_SOURCE_URL"] = std::nullopt;
    }
    const Outcome outcome = run_process(std::move(command));
    error_ = outcome.error;
    verdict_ = json::parse(outcome.output, nullptr, false);
    return outcome.exit_code;
  }

  json of(const std::string& entity) const {
    for (const auto& one : verdict_.at("entities")) {
      if (one.at("entity") == entity) return one;
    }
    return nullptr;
  }

  /// "changed 7: price", sorted.
  std::vector<std::string> findings(const std::string& entity) const {
    std::vector<std::string> lines;
    const json one = of(entity);
    for (const auto& finding : one.at("findings")) {
      std::string line =
          finding.at("kind").get<std::string>() + " " + finding.at("key").get<std::string>();
      for (const auto& column : finding.at("columns")) line += " " + column.get<std::string>();
      if (!finding.at("columns_certain").get<bool>()) line += " ?";
      lines.push_back(line);
    }
    std::sort(lines.begin(), lines.end());
    return lines;
  }

  std::vector<std::string> check_findings(const std::string& severity) {
    std::vector<std::string> messages;
    for (const auto& finding : migration().report.at("findings")) {
      if (finding.at("check") != "fingerprints" || finding.at("severity") != severity) continue;
      messages.push_back(finding.at("message"));
    }
    return messages;
  }

  /// How a check of the one entity ended.
  std::vector<std::string> checks(const std::string& name) {
    std::vector<std::string> statuses;
    for (const auto& check : migration().report.at("checks")) {
      if (check.at("check") == name) statuses.push_back(check.at("status"));
    }
    return statuses;
  }

  virtual Migration& migration() = 0;
  json verdict_;
  std::string error_;
};

class VerifySamples : public Verify {
 protected:
  void SetUp() override {
    migration_.source(samples_source);
    migration_.target(samples_target);
  }
  void empty_samples() { migration_.target("TRUNCATE samples; DROP SCHEMA mighost CASCADE"); }
  Migration& migration() override { return migration_; }
  Migration migration_{"kinds"};
};

using Lines = std::vector<std::string>;

TEST_F(VerifySamples, TakesWhatTheServerStoresForWhatWasSent) {
  migration_.source(R"sql(
INSERT INTO samples (id, price, exact) VALUES (1, 5.5, 5.5), (2, 5.50, 5.500000),
  (3, 0, 'NaN'), (4, 0.00, 'Infinity'), (5, -0.01, '-Infinity'), (6, 1e9, 1e40), (7, 12e3, 1e-40),
  (8, 9999999999.99, 123456789012345678901234567890.123456789), (9, NULL, 0.000);
INSERT INTO samples (id, facts, verbatim) VALUES
  (10, '{"b" : 1,   "a":{"y":[1, 2 ,{}],"x":null}}', ' {"b" : 1 , "b":2} '),
  (11, '{"a":1,"a":2,"b":{"c":1,"c":3}}', '[1.0,  1.00]'),
  (12, '[1.0, 1.00, 100, 1e2, -0, -0.0, 1.5E-3, 0.1e1]', '1e2'),
  (13, '123456789012345678901234567890.1234567890', 'null'),
  (14, '[1e400, 0.00000000000000000000000000000000000000001]', '"x"'),
  (15, '"\u00e4\ud83d\ude00\n\"\\\/"', '"\u00e4"'), (16, 'null', 'true'), (17, '{}', '[]'),
  (18, '{"\u00e4":1,"ä":2}', '{}'), (19, ' [ ] ', ' [ ] '), (20, '""', '""');
INSERT INTO samples (id, padded, bounded, words) VALUES (30, 'ab', 'ab', 'ab'),
  (31, 'ab   ', 'abcd  ', 'ab   '), (32, '', '', ''), (33, '          ', '      ', ' '),
  (34, E'\u00e4\u00f6  ', E'\u00e4\u00f6\u00fc\u00df  ', E'\u00e4\u00f6'),
  (35, 'ab  cd', ' a  ', E'a\n');
INSERT INTO samples (id, single, at, at_millis, day, raw, kind, token) VALUES
  (40, 0.1, 'infinity', 'infinity', 'infinity', '', 'plain', gen_random_uuid()),
  (41, 1e-30, '-infinity', '-infinity', '-infinity', '\x00', 'fancy', gen_random_uuid()),
  (42, 'NaN', '2020-02-02 02:02:02.123456+00', '2020-02-02 02:02:02.1235+00', '0001-01-01',
   '\x5c27', 'plain', '00000000-0000-0000-0000-000000000000'),
  (43, '-Infinity', '1969-12-31 23:59:59.999999+00', '1969-12-31 23:59:59.999500+00',
   '4714-11-24 BC', NULL, NULL, NULL),
  (44, '-0', '1999-12-31 23:59:59.999999+00', '1999-12-31 23:59:59.9995+00', NULL, NULL, NULL,
   NULL);
)sql");
  run({});
  EXPECT_EQ(check_findings("veto"), Lines{});
  EXPECT_EQ(checks("fingerprints"), Lines{"passed"});
  EXPECT_EQ(checks("sample"), Lines{"passed"});
  EXPECT_EQ(migration_.entity("kinds.samples")["quarantined"], 0);
  EXPECT_EQ(verify(), 0) << verdict_ << error_;
  EXPECT_EQ(of("kinds.samples")["status"], "VERIFIED");
  EXPECT_EQ(of("kinds.samples")["rows"], 31);

  // What means the same is the same; what does not is named.
  migration_.target(R"sql(
UPDATE samples SET exact = 5.5000 WHERE legacy_id = 1;
UPDATE samples SET verbatim = ' {"b" : 1 , "b":2}' WHERE legacy_id = 10;
UPDATE samples SET words = 'ab  ' WHERE legacy_id = 31;
UPDATE samples SET price = NULL WHERE legacy_id = 3;
UPDATE samples SET exact = 0 WHERE legacy_id = 7;
UPDATE samples SET facts = '"null"' WHERE legacy_id = 16;
UPDATE samples SET facts = '[]' WHERE legacy_id = 17;
UPDATE samples SET padded = 'ab  c' WHERE legacy_id = 35;
UPDATE samples SET at = '2020-02-02 02:02:02.123457+00' WHERE legacy_id = 42;
UPDATE samples SET raw = NULL WHERE legacy_id = 40;
)sql");
  EXPECT_EQ(verify(), 4);
  EXPECT_EQ(findings("kinds.samples"),
            (Lines{"changed 10 verbatim", "changed 16 facts", "changed 17 facts", "changed 3 price",
                   "changed 31 words", "changed 35 padded", "changed 40 raw", "changed 42 at",
                   "changed 7 exact"}));
}

TEST_F(VerifySamples, NamesEveryRowThatChangedWithItsColumnsAndNoOther) {
  migration_.source(plain_samples);
  run({});
  migration_.target(R"sql(
UPDATE samples SET price = price + 0.01 WHERE legacy_id = 17;
UPDATE samples AS s SET token = o.token FROM samples AS o
  WHERE (s.legacy_id, o.legacy_id) IN ((20, 21), (21, 20));
DELETE FROM samples WHERE legacy_id = 30;
INSERT INTO samples SELECT (json_populate_record(s, json_build_object('id', gen_random_uuid()))).*
  FROM samples AS s WHERE legacy_id = 40;
UPDATE samples SET facts = jsonb_set(facts, '{deep,x}', '1.51') WHERE legacy_id = 50;
UPDATE samples SET words = 'other', day = day + 1 WHERE legacy_id = 60;
)sql");
  EXPECT_EQ(verify(), 4);
  EXPECT_EQ(verdict_["status"], "MISMATCH");
  EXPECT_EQ(findings("kinds.samples"),
            (Lines{"changed 17 price", "changed 20 token", "changed 21 token", "changed 50 facts",
                   "changed 60 words day", "extra 40", "missing 30"}));
  EXPECT_EQ(of("kinds.samples")["changed"], 5);
  EXPECT_EQ(verdict_.dump().find("17.51"), std::string::npos) << "values are not shown";

  EXPECT_EQ(verify({"--show-values", "--allow-new-rows"}), 4);
  EXPECT_EQ(of("kinds.samples")["new"], 1);
  EXPECT_EQ(of("kinds.samples")["extra"], 0);
  std::map<std::string, json> values;
  const json found = of("kinds.samples");
  for (const auto& finding : found.at("findings")) {
    values[finding["key"]] = finding.value("values", json());
  }
  EXPECT_EQ(values["17"], json({{"price", "17.51"}}));
  EXPECT_EQ(values["60"], json({{"words", "other"}, {"day", "2020-04-03"}}));
  EXPECT_FALSE(values.contains("40"));
}

TEST_F(VerifySamples, SaysWhatItCannotCompare) {
  migration_.source(plain_samples);
  migration_.configure("[verify]\nfingerprints = false\n");
  run({});
  EXPECT_EQ(check_findings("note").size(), 1);
  EXPECT_EQ(checks("fingerprints"), Lines{"off"});
  EXPECT_EQ(checks("sample"), Lines{"off"});
  EXPECT_EQ(verify(), 5);
  EXPECT_EQ(of("kinds.samples")["status"], "UNVERIFIED");
  EXPECT_EQ(of("kinds.samples")["unverified"], 300);

  // A later run keeps fingerprints of what it brings, and knows which rows were there.
  migration_.configure("[verify]\nat_end = false\n");
  migration_.source("INSERT INTO samples (id, price) VALUES (1001, 1), (1002, 2)");
  run({});
  EXPECT_EQ(check_findings("note").size(), 1);
  EXPECT_EQ(verify(), 5);
  EXPECT_EQ(of("kinds.samples")["unverified"], 300);
  EXPECT_EQ(of("kinds.samples")["rows"], 2);
  migration_.target("UPDATE samples SET price = 3 WHERE legacy_id IN (7, 1002)");
  EXPECT_EQ(verify(), 4);
  EXPECT_EQ(findings("kinds.samples"), (Lines{"changed 1002 price"}));
  migration_.target("UPDATE samples SET price = 2 WHERE legacy_id = 1002");

  // And a run after it that keeps none again.
  migration_.configure("[verify]\nfingerprints = false\n");
  migration_.source("INSERT INTO samples (id, price) VALUES (1003, 1)");
  run({});
  EXPECT_EQ(verify(), 5);
  EXPECT_EQ(of("kinds.samples")["unverified"], 301);
  EXPECT_EQ(findings("kinds.samples"), Lines{});

  migration_.target("ALTER TABLE samples DROP COLUMN words");
  EXPECT_EQ(verify(), 5);
  EXPECT_NE(of("kinds.samples")["reason"].get<std::string>().find("no column words"),
            std::string::npos);
  migration_.target("ALTER TABLE samples RENAME TO specimens");
  EXPECT_EQ(verify(), 5);
  EXPECT_EQ(of("kinds.samples")["reason"],
            "there is no table public.samples; the table that it was is now public.specimens");
  EXPECT_EQ(verify({"--entity", "kinds.sample"}), 1);
  EXPECT_NE(error_.find("kinds.samples"), std::string::npos);
}

TEST_F(VerifySamples, FindsALedgerThatWasTamperedWith) {
  migration_.source(plain_samples);
  run({});
  migration_.target(
      "UPDATE mighost.fingerprints SET buckets = set_byte(buckets, 40, "
      "get_byte(buckets, 40) # 1)");
  EXPECT_EQ(verify(), 4);
  EXPECT_EQ(findings("kinds.samples"), Lines{});
  EXPECT_NE(of("kinds.samples")["reason"].get<std::string>().find("mighost.fingerprints"),
            std::string::npos);
  migration_.target("UPDATE mighost.fingerprints SET buckets = 'x'");
  EXPECT_EQ(verify(), 3);
  EXPECT_NE(error_.find("ledger"), std::string::npos);
}

TEST_F(VerifySamples, ATriggerThatChangesRowsIsFoundBeforeTheCommit) {
  migration_.source(plain_samples);
  migration_.target(R"sql(
CREATE FUNCTION improve() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF NEW.legacy_id IN (7, 8) THEN NEW.words := upper(NEW.words); END IF; RETURN NEW; END $$;
CREATE TRIGGER improve BEFORE INSERT ON samples FOR EACH ROW EXECUTE FUNCTION improve();
)sql");
  run({}, 4);
  ASSERT_EQ(check_findings("veto").size(), 1);
  EXPECT_NE(check_findings("veto")[0].find("trigger"), std::string::npos);
  for (const auto& finding : migration_.report["findings"]) {
    if (finding["check"] != "fingerprints") continue;
    EXPECT_EQ(finding["offenders"], 2);
    EXPECT_EQ(finding["keys"], json({"7 (words)", "8 (words)"}));
  }
  EXPECT_EQ(migration_.target("SELECT count(*) FROM samples"), "0\n");
  EXPECT_EQ(migration_.target("SELECT count(*) FROM mighost.fingerprints"), "0\n");

  migration_.configure(
      "[entities.\"kinds.samples\"]\nchecks = { fingerprints = \"warn\", "
      "sample = \"off\" }\n");
  run({});
  EXPECT_EQ(check_findings("warn").size(), 1);
  EXPECT_EQ(checks("fingerprints"), Lines{"warned"});
  EXPECT_EQ(checks("sample"), Lines{"off"});
  EXPECT_EQ(verify(), 4);
  EXPECT_EQ(findings("kinds.samples"), (Lines{"changed 7 words", "changed 8 words"}));

  // What earlier runs brought is no reason to refuse what this one brings.
  migration_.configure("");
  migration_.source("INSERT INTO samples (id, price) VALUES (1001, 1)");
  run({});
  EXPECT_EQ(check_findings("veto"), Lines{});
  EXPECT_EQ(check_findings("note").size(), 1);

  empty_samples();
  migration_.configure("[validation.checks]\nfingerprints = \"off\"\nsample = \"off\"\n");
  run({});
  EXPECT_EQ(check_findings("note").size(), 1);
  EXPECT_EQ(checks("fingerprints"), Lines{"off"});
  empty_samples();
  migration_.configure("[entities.\"kinds.samples\"]\ntriggers = \"disable\"\n");
  run({});
  EXPECT_EQ(verify(), 0) << verdict_;
}

TEST_F(VerifySamples, RowsThatArePickedAreTransformedAgain) {
  migration_.source(plain_samples);
  migration_.source("UPDATE samples SET words = repeat('long', 500) WHERE id = 77");
  // Only the edges are changed: the lowest and the highest key, and the longest row.
  migration_.target(R"sql(
CREATE FUNCTION improve() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF NEW.legacy_id IN (1, 77, 300) THEN NEW.price := NEW.price + 1; END IF; RETURN NEW; END $$;
CREATE TRIGGER improve BEFORE INSERT ON samples FOR EACH ROW EXECUTE FUNCTION improve();
)sql");
  migration_.configure("[validation.checks]\nfingerprints = \"off\"\n[verify]\nsample = 5\n");
  run({}, 4);
  int found = 0;
  for (const auto& finding : migration_.report["findings"]) {
    if (finding["check"] != "sample") continue;
    ++found;
    EXPECT_EQ(finding["severity"], "veto");
    EXPECT_EQ(finding["offenders"], 3);
    EXPECT_EQ(finding["keys"], json({"1", "300", "77"}));
    EXPECT_NE(finding["message"].get<std::string>().find("price (3)"), std::string::npos);
  }
  EXPECT_EQ(found, 1);
  migration_.configure(
      "[verify]\nsample = 0\n[entities.\"kinds.samples\"]\n"
      "triggers = \"disable\"\n");
  run({});
  EXPECT_EQ(checks("sample"), Lines{"off"});
}

TEST_F(VerifySamples, WithPluginsItAlsoSaysWhatTheSourceWouldMakeOtherwiseNow) {
  migration_.source(plain_samples);
  migration_.configure("[verify]\nsample = 5\n");
  run({});
  const std::vector<std::string> again = {"--plugins",
                                          std::string(MIGHOST_BINARY_DIR) + "/test-plugins/kinds"};
  EXPECT_EQ(verify(again), 0) << verdict_ << error_;
  json looked = of("kinds.samples")["transformed_again"][0];
  EXPECT_EQ(looked["entity"], "kinds.samples");
  EXPECT_GE(looked["looked_at"], 5);
  EXPECT_LE(looked["looked_at"], 8);
  EXPECT_EQ(looked["looked_at"], looked["picked"]);

  // The edges are always looked at.
  migration_.source(
      "UPDATE samples SET price = 7.25, words = NULL WHERE id = 1; DELETE FROM samples WHERE id = "
      "300");
  const std::string rows = migration_.target_rows();
  EXPECT_EQ(verify(), 0) << "the target is what it was";
  EXPECT_EQ(verify(again), 4) << error_;
  EXPECT_EQ(of("kinds.samples")["changed"], 0);
  looked = of("kinds.samples")["transformed_again"][0];
  EXPECT_EQ(looked["differ"], 1);
  EXPECT_EQ(looked["looked_at"], looked["picked"].get<int>() - 1);
  EXPECT_EQ(looked["findings"], json({{{"key", "1"}, {"columns", {"price", "words"}}}}));
  EXPECT_NE(of("kinds.samples")["reason"].get<std::string>().find("what the source says now"),
            std::string::npos);
  std::vector<std::string> shown = again;
  shown.push_back("--show-values");
  EXPECT_EQ(verify(shown), 4);
  const json found = of("kinds.samples")["transformed_again"][0]["findings"][0];
  EXPECT_EQ(found["values"]["price"], json({{"target", "1.50"}, {"source", "7.25"}}));
  EXPECT_EQ(found["values"]["words"], json({{"target", "text 1"}, {"source", nullptr}}));
  EXPECT_EQ(migration_.target_rows(), rows);
  EXPECT_EQ(migration_.target("SELECT count(*) FROM mighost.quarantine"), "0\n");
}

class VerifyProbe : public Verify {
 protected:
  void SetUp() override {
    migration_.source(R"sql(
CREATE TABLE things (id int PRIMARY KEY, code text, amount numeric, shelf int, kind text,
  small int);
CREATE TABLE parts (id int PRIMARY KEY, thing int, spare int);
CREATE TABLE nodes (id int PRIMARY KEY, parent int);
CREATE TABLE pairs (name text, token uuid, rank int NOT NULL, PRIMARY KEY (name, token));
CREATE TABLE kept (id int PRIMARY KEY, label text NOT NULL);
)sql");
    migration_.target(R"sql(
CREATE TABLE shelves (id int PRIMARY KEY);
INSERT INTO shelves SELECT generate_series(1, 9);
CREATE TABLE things (id uuid PRIMARY KEY, legacy_id int,
  code varchar(10) CONSTRAINT one_code UNIQUE, amount numeric(8,2) CHECK (amount >= 0),
  shelf int REFERENCES shelves, kind text, small int);
CREATE TABLE parts (id uuid PRIMARY KEY, legacy_id int UNIQUE, thing_id uuid REFERENCES things,
  spare_id uuid REFERENCES things);
CREATE TABLE nodes (id uuid PRIMARY KEY, legacy_id int UNIQUE, parent_id uuid REFERENCES nodes);
CREATE TABLE pairs (id uuid PRIMARY KEY, name text NOT NULL, rank int NOT NULL);
CREATE TABLE kept (id serial PRIMARY KEY, label text NOT NULL);
)sql");
  }
  Migration& migration() override { return migration_; }
  Migration migration_{"probe"};
};

TEST_F(VerifyProbe, CountsNoRowThatTheServerRefusedOrAnIndexTookOut) {
  migration_.configure("[load]\ndefer = \"always\"\n");
  migration_.source(R"sql(
INSERT INTO things SELECT n, 'c' || n, n % 1000 + 0.25, n % 9 + 1, 'plain', n FROM
  generate_series(1, 3000) AS n;
UPDATE things SET code = 'c500' WHERE id IN (501, 502);
UPDATE things SET amount = -1 WHERE id IN (700, 701);
UPDATE things SET shelf = 99 WHERE id IN (900, 2999);
UPDATE things SET code = 'longer than ten' WHERE id = 800;
INSERT INTO parts SELECT id, id, id + 1 FROM things WHERE id % 2 = 0;
INSERT INTO pairs SELECT 'n' || n, md5(n::text)::uuid, n FROM generate_series(1, 50) AS n;
INSERT INTO kept SELECT n, 'label' FROM generate_series(1, 50) AS n;
)sql");
  run({});
  EXPECT_EQ(migration_.entity("probe.things")["written"], 2993);
  EXPECT_EQ(verify(), 0) << verdict_;
  EXPECT_EQ(of("probe.things")["rows"], 2993);

  // Nothing new: nothing more is kept. A row that somebody deleted comes again.
  const std::string records = migration_.target("SELECT sum(rows) FROM mighost.fingerprints");
  run({});
  EXPECT_EQ(migration_.target("SELECT sum(rows) FROM mighost.fingerprints"), records);
  migration_.target("DELETE FROM parts WHERE legacy_id = 6; DELETE FROM kept WHERE id = 7");
  EXPECT_EQ(verify(), 4);
  EXPECT_EQ(findings("probe.parts"), (Lines{"missing 6"}));
  EXPECT_EQ(findings("probe.kept"), (Lines{"missing 7"}));
  run({});
  EXPECT_EQ(verify(), 0) << verdict_;

  // Rows without a legacy key are somebody else's; rows with one that no run brought are not.
  migration_.target("INSERT INTO parts (id) VALUES (gen_random_uuid())");
  EXPECT_EQ(verify(), 0);
  EXPECT_EQ(of("probe.parts")["without_key"], 1);
  migration_.target("INSERT INTO parts (id, legacy_id) VALUES (gen_random_uuid(), 99999)");
  EXPECT_EQ(verify(), 4);
  EXPECT_EQ(findings("probe.parts"), (Lines{"extra 99999"}));
  EXPECT_EQ(verify({"--allow-new-rows"}), 0);
  EXPECT_EQ(verify({"--entity", "probe.things,probe.kept"}), 0);
  EXPECT_EQ(verdict_["entities"].size(), 2);
}

TEST_F(VerifyProbe, KnowsReferencesThatWereSetLate) {
  // Of a table with rows: theirs are somebody else's, whatever becomes of them.
  migration_.target(
      "INSERT INTO nodes SELECT gen_random_uuid(), n FROM generate_series(901, 903) "
      "AS n; UPDATE nodes SET parent_id = id WHERE legacy_id = 902");
  migration_.source(
      "INSERT INTO nodes SELECT n, CASE WHEN n > 5 THEN 401 - n END FROM "
      "generate_series(1, 400) AS n");
  run({"--only", "probe.nodes"});
  EXPECT_EQ(verify(), 0) << verdict_;
  EXPECT_EQ(of("probe.nodes")["before"], 3);
  migration_.source("INSERT INTO nodes VALUES (500, 1), (501, 500)");
  run({"--only", "probe.nodes"});
  EXPECT_EQ(verify(), 0) << verdict_;
  migration_.target(R"sql(
UPDATE nodes SET parent_id = NULL WHERE legacy_id IN (501, 902);
DELETE FROM nodes WHERE legacy_id = 901;
UPDATE nodes SET parent_id = (SELECT id FROM nodes WHERE legacy_id = 7) WHERE legacy_id IN (3, 10);
)sql");
  EXPECT_EQ(verify(), 4);
  EXPECT_EQ(findings("probe.nodes"),
            (Lines{"changed 10 parent_id", "changed 3 parent_id", "changed 501 parent_id"}));
}

}  // namespace
}  // namespace mighost::test
