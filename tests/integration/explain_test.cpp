// mighost explain: the path of one row, as it would be now and as the ledger has it.
#include <gtest/gtest.h>

#include "support/migration.hpp"

namespace mighost::test {
namespace {

using json = nlohmann::json;
using Words = std::vector<std::string>;

constexpr const char* explain_source = R"sql(
CREATE TABLE things (id int PRIMARY KEY, code text, amount numeric, shelf int, kind text,
  small int);
CREATE TABLE parts (id int PRIMARY KEY, thing int, spare int);
CREATE TABLE nodes (id int PRIMARY KEY, parent int);
CREATE TABLE pairs (name text, token uuid, rank int NOT NULL, PRIMARY KEY (name, token));
CREATE TABLE kept (id int PRIMARY KEY, label text NOT NULL);
INSERT INTO things SELECT n, 'secret' || n, CASE n WHEN 3 THEN -1 ELSE n END, 1, 'plain', 1
  FROM generate_series(1, 5) AS n;
INSERT INTO parts VALUES (10, 1, 3), (30, 3, NULL), (70, 77, 1);
INSERT INTO pairs VALUES ('secret', '00000000-0000-0000-0000-000000000001', -1);
)sql";

constexpr const char* explain_target = R"sql(
CREATE TABLE things (id uuid PRIMARY KEY, legacy_id int NOT NULL UNIQUE, code text,
  amount numeric CONSTRAINT no_debt CHECK (amount >= 0), shelf int, kind text, small smallint);
CREATE TABLE parts (id uuid PRIMARY KEY, legacy_id int UNIQUE, thing_id uuid REFERENCES things,
  spare_id uuid REFERENCES things);
CREATE TABLE nodes (id uuid PRIMARY KEY, legacy_id int UNIQUE, parent_id uuid REFERENCES nodes);
CREATE TABLE pairs (id uuid PRIMARY KEY, name text NOT NULL, rank int NOT NULL);
CREATE TABLE kept (id serial PRIMARY KEY, label text NOT NULL);
)sql";

class Explain : public testing::Test {
 protected:
  Explain() {
    migration_.source(explain_source);
    migration_.target(explain_target);
    migration_.run_command();  // writes the configuration
  }
  Outcome explain(const Words& row, const Words& options = {}) {
    Words words = {"explain"};
    words.insert(words.end(), row.begin(), row.end());
    words.insert(words.end(), {"--plugins", std::string(MIGHOST_BINARY_DIR) + "/test-plugins/probe",
                               "--config", migration_.config_file().string()});
    words.insert(words.end(), options.begin(), options.end());
    return run_process(migration_.command(words));
  }
  json explained(const std::string& entity, const std::string& key) {
    const Outcome outcome = explain({entity, key}, {"--json", "-"});
    EXPECT_EQ(outcome.exit_code, 0) << outcome.error;
    EXPECT_EQ((outcome.output + outcome.error).find("secret1"), std::string::npos)
        << outcome.output;
    return outcome.exit_code == 0 ? json::parse(outcome.output) : json();
  }
  std::string new_key(const std::string& table, int legacy) {
    std::string key = migration_.target("SELECT id FROM " + table +
                                        " WHERE legacy_id = " + std::to_string(legacy));
    key.pop_back();
    return key;
  }
  std::string state() {
    return migration_.target_rows() + migration_.target_structure() +
           migration_.target(
               "SELECT (SELECT count(*) FROM mighost.runs), (SELECT count(*) FROM "
               "mighost.quarantine), (SELECT count(*) FROM mighost.notes), "
               "(SELECT count(*) FROM mighost.audit)");
  }
  Migration migration_{"probe"};
};

TEST_F(Explain, SaysBeforeTheFirstRunThatNoParentIsThere) {
  const json part = explained("probe.parts", "10");
  EXPECT_EQ(part["outcome"], "quarantined");
  EXPECT_EQ(part["references"][0]["answer"], "absent");
  EXPECT_EQ(part["remarks"][0],
            "public.things has no rows yet: no probe.things can be resolved before a run has "
            "brought it");
  EXPECT_EQ(migration_.target("SELECT to_regnamespace('mighost')"), "\n");
}

TEST_F(Explain, FollowsARowThroughEverythingAndTouchesNothing) {
  ASSERT_EQ(migration_.run().exit_code, 0);
  const std::string before = state();

  const json went = explained("probe.parts", "10");
  EXPECT_EQ(went["outcome"], "unchanged");
  EXPECT_EQ(went["target"]["present"], true);
  EXPECT_EQ(went["target"]["new_key"], new_key("parts", 10));
  EXPECT_EQ(went["references"][0]["answer"], "resolved");
  EXPECT_EQ(went["references"][0]["new_key"], new_key("things", 1));
  EXPECT_EQ(went["references"][1]["answer"], "held");
  EXPECT_EQ(went["references"][1]["null_by_policy"], true);
  EXPECT_EQ(went["on_record"][0]["outcome"], "note");
  EXPECT_EQ(went["on_record"][0]["waits_for"], "probe.things 3");

  EXPECT_EQ(went["fingerprint"]["result"], "matches");
  EXPECT_EQ(went["fingerprint"]["on_record"], went["fingerprint"]["in_target"]);
  EXPECT_EQ(explained("probe.things", "3")["fingerprint"]["result"], "none kept");

  const json refused = explained("probe.things", "3");
  EXPECT_EQ(refused["outcome"], "quarantined");
  EXPECT_EQ(refused["now"][0]["code"], "check") << "the target itself was asked";
  EXPECT_EQ(refused["now"][0]["constraint"], "no_debt");
  EXPECT_EQ(refused["on_record"][0]["stands"], true);
  EXPECT_EQ(refused["target"]["present"], false);
  EXPECT_FALSE(refused["now"][0].contains("message"));

  EXPECT_EQ(explained("probe.parts", "30")["outcome"], "parked");
  EXPECT_EQ(explained("probe.parts", "30")["root"], "probe.things 3");
  EXPECT_EQ(explained("probe.parts", "70")["references"][0]["answer"], "absent");
  const json filtered = explained("probe.pairs", "secret/00000000-0000-0000-0000-000000000001");
  EXPECT_EQ(filtered["outcome"], "filtered");
  EXPECT_EQ(filtered["now"][0]["code"], "negative_rank");

  // What is corrected in the source shows at once, and so does what is changed.
  migration_.source(
      "UPDATE things SET amount = 3 WHERE id = 3; "
      "UPDATE things SET code = 'other' WHERE id = 1; INSERT INTO things "
      "VALUES (9, 'new', 9, 1, 'plain', 1); DELETE FROM things WHERE id = 2");
  const json corrected = explained("probe.things", "3");
  EXPECT_EQ(corrected["outcome"], "written");
  EXPECT_EQ(corrected["on_record"][0]["code"], "check");
  const json changed = explained("probe.things", "1");
  EXPECT_NE(changed["target"]["differs"].dump().find("code"), std::string::npos) << changed;
  EXPECT_EQ(explained("probe.things", "9")["outcome"], "written");
  migration_.source("UPDATE things SET small = 70000 WHERE id = 5");
  const json unfit = explained("probe.things", "5");
  EXPECT_EQ(unfit["outcome"], "unchanged; it is in the target, but would not go today");
  EXPECT_EQ(unfit["now"][0]["code"], "out_of_range");
  const json gone = explained("probe.things", "2");
  EXPECT_EQ(gone["source"], json::array());
  EXPECT_EQ(gone["target"]["present"], true);

  EXPECT_EQ(explain({"probe.things", "42"}).exit_code, 3);
  EXPECT_EQ(explain({"probe.thing", "1"}).exit_code, 1);
  EXPECT_EQ(explain({"probe.things", "one"}).exit_code, 1);
  const Outcome plain = explain({"probe.things", "3"});
  EXPECT_EQ(plain.output.find("secret3"), std::string::npos) << plain.output;
  EXPECT_NE(plain.output.find("\nNow it would be\n  written\n"), std::string::npos) << plain.output;
  EXPECT_NE(explain({"probe.things", "3"}, {"--show-values"}).output.find("secret3"),
            std::string::npos);
  EXPECT_EQ(state(), before);
}

TEST_F(Explain, ComparesTheFingerprintOnRecordWithTheRowInTheTarget) {
  ASSERT_EQ(migration_.run().exit_code, 0);
  const json before = explained("probe.things", "1")["fingerprint"];
  migration_.target(
      "UPDATE things SET amount = 11 WHERE legacy_id = 1; DELETE FROM things WHERE legacy_id = 4");
  const json changed = explained("probe.things", "1")["fingerprint"];
  EXPECT_EQ(changed["result"], "differs");
  EXPECT_EQ(changed["bucket"], before["bucket"]);
  EXPECT_EQ(changed["on_record"], before["on_record"]);
  EXPECT_NE(changed["in_target"], before["in_target"]);
  const json gone = explained("probe.things", "4")["fingerprint"];
  EXPECT_EQ(gone["result"], "missing");
  EXPECT_EQ(gone["in_target"], nullptr);
  EXPECT_EQ(explained("probe.things", "2")["fingerprint"]["result"], "matches");
  const Outcome plain = explain({"probe.things", "1"});
  EXPECT_NE(plain.output.find("\nFingerprint\n  bucket "), std::string::npos) << plain.output;
  EXPECT_NE(plain.output.find(changed["on_record"].get<std::string>()), std::string::npos);
  EXPECT_NE(plain.output.find("differs"), std::string::npos);
}

}  // namespace
}  // namespace mighost::test
