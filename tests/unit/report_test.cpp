#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "report/run_report.hpp"

namespace mighost {
namespace {

RunReport small_report() {
  RunReport report;
  report.run_id = "0b54";
  report.status = "done";
  report.scope = "run";
  report.seconds = 2.00049;
  report.verified = true;

  EntityReport offices;
  offices.name = "core.offices";
  offices.family = "core";
  offices.counts = {.read = 10,
                    .written = 4,
                    .unchanged = 1,
                    .merged = 1,
                    .filtered = 1,
                    .quarantined = 2,
                    .parked = 1};
  offices.codes = {{"tax_rate_range", 2}, {"waits_for_parent", 1}, {"old", 1}};
  offices.notes = {{"name_missing", 3}};
  offices.drift = 1;
  offices.seconds = 0.5;
  offices.remarks = {"triggers disabled: audit"};
  EntityReport orders;
  orders.name = "core.orders";
  orders.family = "core";
  orders.counts = {.read = 5, .written = 3, .quarantined = 2};
  orders.codes = {{"tax_rate_range", 2}};
  orders.notes = {{"name_missing", 1}};
  report.entities = {offices, orders};
  report.control_totals = {{"core.orders/order price", "10.50", "8.00", "2.50", "0.00", true}};
  report.checks = {{"null_rates", "core.orders", "skipped", 0.0004, "had rows before"}};
  report.findings = {{"no_gap", "core.orders", "rules", "veto", "a gap", 7, {"1", "2"}}};
  return report;
}

TEST(RunReport, BooksBalance) {
  const RunReport report = small_report();
  EXPECT_TRUE(report.entities[0].counts.balanced());
  Counts wrong = report.entities[0].counts;
  ++wrong.read;
  EXPECT_FALSE(wrong.balanced());
}

TEST(RunReport, SumsEntities) {
  const RunReport report = small_report();
  const Counts totals = report.totals();
  EXPECT_EQ(totals.read, 15U);
  EXPECT_EQ(totals.written, 7U);
  EXPECT_EQ(totals.unchanged, 1U);
  EXPECT_EQ(totals.merged, 1U);
  EXPECT_EQ(totals.filtered, 1U);
  EXPECT_EQ(totals.quarantined, 4U);
  EXPECT_EQ(totals.parked, 1U);
  EXPECT_TRUE(totals.balanced());
  EXPECT_EQ(report.drift(), 1U);
  EXPECT_EQ(report.rejects_by_code(),
            (CountByCode{{"old", 1}, {"tax_rate_range", 4}, {"waits_for_parent", 1}}));
}

std::vector<std::string> names_of(const nlohmann::ordered_json& object) {
  std::vector<std::string> names;
  for (const auto& [name, value] : object.items()) names.push_back(name);
  return names;
}

// Scripts depend on these names: they may be added to, never changed.
TEST(RunReport, JsonNamesAreStable) {
  const auto json = nlohmann::ordered_json::parse(small_report().to_json());
  EXPECT_EQ(names_of(json),
            (std::vector<std::string>{"run_id", "status", "kind", "scope", "seconds", "verified",
                                      "dry_run", "error", "entities", "totals", "control_totals",
                                      "rejects_by_code", "notes_by_code", "findings", "checks",
                                      "retries"}));
  EXPECT_EQ(names_of(json["entities"][0]),
            (std::vector<std::string>{"name", "family", "read", "written", "unchanged", "merged",
                                      "filtered", "quarantined", "parked", "seconds",
                                      "rows_per_second", "codes", "notes", "drift", "taken_up",
                                      "gone", "healed", "remarks"}));
  EXPECT_EQ(
      names_of(json["totals"]),
      (std::vector<std::string>{"read", "written", "unchanged", "merged", "filtered", "quarantined",
                                "parked", "drift", "seconds", "rows_per_second"}));
  EXPECT_EQ(names_of(json["control_totals"][0]),
            (std::vector<std::string>{"name", "source", "target", "difference", "held", "holds"}));
  EXPECT_EQ(names_of(json["findings"][0]),
            (std::vector<std::string>{"check", "entity", "plugin", "severity", "message",
                                      "offenders", "keys", "code"}));
}

TEST(RunReport, JsonListsTheChecks) {
  const auto json = nlohmann::ordered_json::parse(small_report().to_json());
  EXPECT_EQ(names_of(json["checks"][0]),
            (std::vector<std::string>{"check", "entity", "status", "seconds", "message"}));
  EXPECT_EQ(json["checks"][0]["status"], "skipped");
  EXPECT_EQ(json["checks"][0]["seconds"], 0.0);
}

TEST(RunReport, JsonValues) {
  const std::string text = small_report().to_json();
  EXPECT_TRUE(text.ends_with("}\n"));
  const auto json = nlohmann::json::parse(text);
  EXPECT_EQ(json["run_id"], "0b54");
  EXPECT_EQ(json["seconds"], 2.0);
  EXPECT_EQ(json["verified"], true);
  EXPECT_EQ(json["entities"][0]["read"], 10);
  EXPECT_EQ(json["entities"][0]["rows_per_second"], 20.0);
  EXPECT_EQ(json["entities"][0]["codes"]["tax_rate_range"], 2);
  EXPECT_EQ(json["entities"][0]["drift"], 1);
  EXPECT_EQ(json["entities"][1]["rows_per_second"], 0.0) << "no time passed, no rate";
  EXPECT_EQ(json["totals"]["read"], 15);
  EXPECT_EQ(json["control_totals"][0]["source"], "10.50") << "an exact decimal stays text";
  EXPECT_EQ(json["control_totals"][0]["holds"], true);
  EXPECT_EQ(json["rejects_by_code"]["tax_rate_range"], 4);
  EXPECT_EQ(json["notes_by_code"]["name_missing"], 4);
  EXPECT_EQ(json["findings"][0]["keys"], (std::vector<std::string>{"1", "2"}));
}

TEST(RunReport, EmptyCollectionsKeepTheirType) {
  const auto json = nlohmann::json::parse(RunReport{}.to_json());
  EXPECT_TRUE(json["entities"].is_array());
  EXPECT_TRUE(json["control_totals"].is_array());
  EXPECT_TRUE(json["findings"].is_array());
  EXPECT_TRUE(json["checks"].is_array());
  EXPECT_TRUE(json["rejects_by_code"].is_object());
  EXPECT_TRUE(json["notes_by_code"].is_object());
}

TEST(RunReport, BytesThatAreNotUtf8DoNotBreakTheJson) {
  RunReport report = small_report();
  report.findings[0].keys = {"\xff\xfe"};
  EXPECT_EQ(nlohmann::json::parse(report.to_json())["findings"][0]["keys"][0], "\ufffd\ufffd");
}

}  // namespace
}  // namespace mighost
