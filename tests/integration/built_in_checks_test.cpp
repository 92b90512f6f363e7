// Each built-in check fails in a target that changes rows behind the run's back, all at once, and
// is seen by name; what the configuration says of a check is what it means.
#include <gtest/gtest.h>

#include <set>

#include "support/migration.hpp"
#include "validate/check_runner.hpp"

namespace mighost::test {
namespace {

using nlohmann::json;

constexpr const char* built_in_checks_source = R"sql(
CREATE TABLE things (id int PRIMARY KEY, code text, amount numeric, shelf int, kind text,
  small int);
CREATE TABLE parts (id int PRIMARY KEY, thing int, spare int);
CREATE TABLE nodes (id int PRIMARY KEY, parent int);
CREATE TABLE pairs (name text, token uuid, rank int NOT NULL, PRIMARY KEY (name, token));
CREATE TABLE kept (id int PRIMARY KEY, label text NOT NULL);
INSERT INTO things SELECT n, 'c' || n, n, n % 3, CASE n % 2 WHEN 0 THEN 'plain' ELSE 'fancy' END,
  n % 5 FROM generate_series(1, 60) AS n;
INSERT INTO parts SELECT n, n, 61 - n FROM generate_series(1, 60) AS n;
INSERT INTO nodes SELECT n, n / 2 FROM generate_series(1, 30) AS n;
UPDATE nodes SET parent = NULL WHERE parent = 0;
INSERT INTO pairs SELECT 'n' || n, gen_random_uuid(), n FROM generate_series(1, 10) AS n;
INSERT INTO kept SELECT n, 'label' FROM generate_series(1, 10) AS n;
)sql";

// No constraints that would find the damage by themselves.
constexpr const char* built_in_checks_target = R"sql(
CREATE TABLE things (id uuid PRIMARY KEY, legacy_id int UNIQUE, code text, amount numeric,
  shelf int, kind text, small int);
CREATE TABLE parts (id uuid PRIMARY KEY, legacy_id int, thing_id uuid, spare_id uuid);
CREATE TABLE nodes (id uuid PRIMARY KEY, legacy_id int UNIQUE, parent_id uuid);
CREATE TABLE pairs (id uuid PRIMARY KEY, name text, rank int);
CREATE SEQUENCE numbers;
CREATE TABLE kept (id serial PRIMARY KEY, label text, number int DEFAULT nextval('numbers'));
)sql";

constexpr const char* damage = R"sql(
CREATE FUNCTION harm_things() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF NEW.legacy_id = 9 THEN NEW.amount := NEW.amount + 0.01; END IF;
  IF NEW.legacy_id % 10 = 0 THEN NEW.small := NULL; END IF;
  NEW.kind := 'plain';
  RETURN NEW; END $$;
CREATE TRIGGER harm BEFORE INSERT ON things FOR EACH ROW EXECUTE FUNCTION harm_things();

CREATE FUNCTION harm_parts() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF NEW.legacy_id IN (3, 5) THEN NEW.thing_id := gen_random_uuid(); END IF;
  IF NEW.legacy_id = 8 THEN NEW.legacy_id := 7; END IF;
  RETURN NEW; END $$;
CREATE TRIGGER harm BEFORE INSERT ON parts FOR EACH ROW EXECUTE FUNCTION harm_parts();

CREATE FUNCTION harm_nodes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF NEW.legacy_id = 12 THEN NEW.parent_id := gen_random_uuid(); END IF;
  RETURN NEW; END $$;
CREATE TRIGGER harm BEFORE UPDATE ON nodes FOR EACH ROW EXECUTE FUNCTION harm_nodes();

CREATE FUNCTION harm_pairs() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF pg_trigger_depth() = 1 THEN
    INSERT INTO pairs VALUES (gen_random_uuid(), NEW.name, NEW.rank);
  END IF;
  RETURN NEW; END $$;
CREATE TRIGGER harm AFTER INSERT ON pairs FOR EACH ROW EXECUTE FUNCTION harm_pairs();

CREATE FUNCTION harm_kept() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  NEW.number := 1000 + NEW.id;
  IF NEW.id = 1 THEN CREATE INDEX sneaked_in ON nodes (parent_id); END IF;
  RETURN NEW; END $$;
CREATE TRIGGER harm BEFORE INSERT ON kept FOR EACH ROW EXECUTE FUNCTION harm_kept();
)sql";

class BuiltInChecks : public testing::Test {
 protected:
  void SetUp() override {
    migration_.source(built_in_checks_source);
    migration_.target(built_in_checks_target);
  }

  json finding(const std::string& check, const std::string& entity) const {
    for (const json& each : migration_.report["findings"]) {
      if (each["check"] == check && each["entity"] == entity) return each;
    }
    return {};
  }
  std::string status(const std::string& check, const std::string& entity) const {
    for (const json& each : migration_.report["checks"]) {
      if (each["check"] == check && each["entity"] == entity) return each["status"];
    }
    return "no such check";
  }
  /// By status, with the entity when there is one.
  std::set<std::string> checks_that(const std::string& status) const {
    std::set<std::string> names;
    for (const json& each : migration_.report["checks"]) {
      if (each["status"] != status) continue;
      const std::string entity = each["entity"];
      names.insert(each["check"].get<std::string>() + (entity.empty() ? "" : " ") + entity);
    }
    return names;
  }

  Migration migration_{"probe"};
};

TEST_F(BuiltInChecks, PassWhereNothingIsWrong) {
  const Outcome outcome = migration_.run();
  ASSERT_EQ(outcome.exit_code, 0) << outcome.error;
  EXPECT_EQ(checks_that("vetoed"), std::set<std::string>{});
  EXPECT_EQ(checks_that("warned"), std::set<std::string>{});
  for (const char* check : {"books", "row_counts", "null_rates", "domains", "control_totals"}) {
    EXPECT_EQ(status(check, "probe.things"), "passed") << check;
  }
  EXPECT_EQ(status("references", "probe.parts"), "passed");
  EXPECT_EQ(status("references", "probe.nodes"), "passed");
  EXPECT_EQ(status("legacy_keys", "probe.parts"), "passed");
  EXPECT_EQ(status("sequences", "probe.kept"), "passed");
  EXPECT_EQ(status("structure", ""), "passed");
  EXPECT_NE(outcome.output.find("\nChecks: "), std::string::npos) << outcome.output;

  // A second run has nothing to compare the values with, and says so.
  const Outcome second = migration_.run();
  ASSERT_EQ(second.exit_code, 0) << second.error;
  EXPECT_EQ(status("null_rates", "probe.things"), "skipped");
  EXPECT_EQ(status("domains", "probe.things"), "skipped");
  EXPECT_EQ(status("references", "probe.parts"), "passed");
  EXPECT_NE(second.output.find("not looked at: null_rates, domains"), std::string::npos)
      << second.output;
}

TEST_F(BuiltInChecks, AllSayWhatTheyFindInOneRun) {
  migration_.target(damage);
  const std::string structure = migration_.target_structure();
  const Outcome outcome = migration_.run();
  ASSERT_EQ(outcome.exit_code, 4) << outcome.error;
  EXPECT_EQ(checks_that("vetoed"),
            (std::set<std::string>{
                "row_counts probe.pairs", "references probe.parts", "references probe.nodes",
                "legacy_keys probe.parts", "control_totals probe.things", "sequences probe.kept",
                "structure", "fingerprints probe.things", "fingerprints probe.parts",
                "fingerprints probe.nodes", "fingerprints probe.pairs", "sample probe.things",
                "sample probe.parts"}));
  EXPECT_EQ(checks_that("warned"),
            (std::set<std::string>{"null_rates probe.things", "domains probe.things"}));
  EXPECT_EQ(checks_that("faulty"), std::set<std::string>{});

  EXPECT_EQ(finding("row_counts", "probe.pairs")["offenders"], 10) << "each pair twice";
  const json parts = finding("references", "probe.parts");
  EXPECT_EQ(parts["offenders"], 2);
  EXPECT_EQ(parts["keys"], (json{"3", "5"}));
  EXPECT_EQ(finding("references", "probe.nodes")["keys"], json{"12"}) << "a late reference";
  EXPECT_EQ(finding("legacy_keys", "probe.parts")["keys"], json{"7"});
  // 60 things, of which every tenth loses its small.
  EXPECT_EQ(finding("null_rates", "probe.things")["offenders"], 6);
  EXPECT_EQ(finding("null_rates", "probe.things")["severity"], "warn");
  EXPECT_NE(finding("domains", "probe.things")["message"].dump().find("column kind"),
            std::string::npos);
  EXPECT_NE(finding("control_totals", "probe.things/amount")["message"].dump().find("-0.01"),
            std::string::npos);
  EXPECT_NE(finding("sequences", "probe.kept")["message"].dump().find("numbers"),
            std::string::npos);
  EXPECT_NE(
      finding("structure", "")["message"].dump().find("of target tables are not as they were: "
                                                      "new: index CREATE INDEX sneaked_in"),
      std::string::npos);

  EXPECT_EQ(migration_.target("SELECT count(*) FROM things"), "0\n");
  EXPECT_EQ(migration_.target("SELECT is_called FROM kept_id_seq"), "f\n");
  EXPECT_EQ(migration_.target_structure(), structure);
}

TEST_F(BuiltInChecks, MeanWhatTheConfigurationSays) {
  migration_.target(damage);
  migration_.configure(R"toml(
[validation]
keys_shown = 1
[validation.checks]
references = "off"
null_rates = "off"
domains = "abort"
legacy_keys = "warn"
sequences = "off"
[entities."probe.parts".checks]
references = "warn"
)toml");
  const Outcome outcome = migration_.run();
  ASSERT_EQ(outcome.exit_code, 4) << outcome.error;
  EXPECT_EQ(status("references", "probe.nodes"), "off");
  EXPECT_EQ(status("references", "probe.parts"), "warned") << "its own word goes first";
  EXPECT_EQ(finding("references", "probe.parts")["keys"], json{"3"}) << "keys_shown";
  EXPECT_EQ(finding("references", "probe.parts")["offenders"], 2);
  EXPECT_EQ(status("null_rates", "probe.things"), "off");
  EXPECT_EQ(finding("null_rates", "probe.things"), json());
  EXPECT_EQ(status("domains", "probe.things"), "vetoed");
  EXPECT_EQ(status("legacy_keys", "probe.parts"), "warned");
  EXPECT_NE(outcome.output.find("; off: null_rates, references (probe.nodes), sequences"),
            std::string::npos)
      << outcome.output;
}

TEST_F(BuiltInChecks, M24ThatTakeTooLongHaveNotPassed) {
  migration_.source(
      "INSERT INTO parts SELECT n, n % 60 + 1, NULL FROM generate_series(61, 20000) AS n");
  migration_.configure(
      "[validation]\ntime_limit = \"1ms\"\n[validation.checks]\nlegacy_keys = \"warn\"\n");
  const Outcome outcome = migration_.run();
  ASSERT_EQ(outcome.exit_code, 4) << outcome.error;
  EXPECT_EQ(status("legacy_keys", "probe.parts"), "faulty") << "20,000 rows in a millisecond";
  EXPECT_EQ(finding("legacy_keys", "probe.parts")["severity"], "veto");
  EXPECT_NE(finding("legacy_keys", "probe.parts")["message"].dump().find("within 1 ms"),
            std::string::npos);
}

/// Not only a run's own settings are restored, so are the transaction and what stands in it.
TEST(CheckRunner, LeavesTheTransactionAsItWas) {
  Migration migration("probe");
  Session target(Endpoint{migration.target_url(), "target", "test"}, Session::Role::target, {},
                 "mighost test");
  RunConfig config;
  config.validation.time_limit = std::chrono::milliseconds{100};
  RunReport report;
  std::atomic<bool> cancelled{false};
  CheckRunner runner(config, target, cancelled, report);
  target.execute("BEGIN; CREATE TABLE kept_rows (n int); SET LOCAL statement_timeout = '7s'");
  runner.run("references", "a.slow", Severity::warn, [&] {
    target.query("SELECT pg_sleep(10)");
    return Looked{};
  });
  runner.run("references", "a.wrong", Severity::warn, [&] {
    target.query("SELECT 1 / 0");
    return Looked{};
  });
  runner.run("references", "a.meddler", Severity::warn, [&] {
    target.execute("INSERT INTO kept_rows VALUES (1)");
    return Looked{.troubles = {{"something", 3, {"1", "2", "3"}}}};
  });
  ASSERT_EQ(report.checks.size(), 3U);
  EXPECT_EQ(report.checks[0].status, "faulty");
  EXPECT_GE(report.checks[0].seconds, 0.1);
  EXPECT_LT(report.checks[0].seconds, 9);
  EXPECT_EQ(report.checks[1].status, "faulty");
  EXPECT_EQ(report.checks[2].status, "warned");
  ASSERT_EQ(report.findings.size(), 3U);
  EXPECT_EQ(report.findings[0].severity, "veto") << "lenience is for findings, not for faults";
  EXPECT_EQ(report.findings[1].severity, "veto");
  EXPECT_EQ(report.findings[2].severity, "warn");
  EXPECT_EQ(target.query("SHOW statement_timeout").value(), "7s");
  EXPECT_EQ(target.query("SELECT count(*) FROM kept_rows").value(), "0");
}

}  // namespace
}  // namespace mighost::test
