#include <gtest/gtest.h>

#include "report/closing.hpp"
#include "report/run_report.hpp"

namespace mighost {
namespace {

EntityReport entity(const std::string& name, const Counts& counts, double seconds) {
  EntityReport report;
  report.name = name;
  report.family = name.substr(0, name.find('.'));
  report.counts = counts;
  report.seconds = seconds;
  return report;
}

RunReport first_run() {
  RunReport report;
  report.run_id = "5a0f3c1e";
  report.status = "done";
  report.scope = "run";
  report.seconds = 3.2;
  report.verified = true;
  report.entities = {
      entity("core.offices", {.read = 898, .written = 890, .quarantined = 8}, 0.1),
      entity("core.patients", {.read = 44'114, .written = 44'000, .quarantined = 110, .parked = 4},
             2.5)};
  report.entities[0].codes = {{"tax_rate_ambiguous", 2}, {"tax_rate_range", 6}};
  report.entities[1].codes = {{"missing_parent", 110}, {"waits_for_parent", 4}};
  report.entities[1].notes = {{"birthdate_range", 1'201}};
  report.control_totals = {
      {"core.orders/order price", "1234.50", "1200.00", "34.50", "0.00", true}};
  return report;
}

// The whole text, so that every change of its look is a decision.
TEST(Summary, OfAFirstRun) {
  EXPECT_EQ(summary_table(first_run(), false),
            "run 5a0f3c1e\n"
            "\n"
            "entity           read  written  quarantined  parked  seconds  rows/s\n"
            "--------------------------------------------------------------------\n"
            "core.offices      898      890            8       0      0.1   8,980\n"
            "core.patients  44,114   44,000          110       4      2.5  17,646\n"
            "--------------------------------------------------------------------\n"
            "total          45,012   44,890          118       4      3.2  14,066\n"
            "\n"
            "Rows that did not go, by reason\n"
            "  core.offices   tax_rate_range        6\n"
            "  core.offices   tax_rate_ambiguous    2\n"
            "  core.patients  missing_parent      110\n"
            "  core.patients  waits_for_parent      4\n"
            "\n"
            "Notes on rows that went\n"
            "  core.patients  birthdate_range  1,201\n"
            "\n"
            "Control totals\n"
            "                            source   target  held back  difference\n"
            "  core.orders/order price  1234.50  1200.00      34.50        0.00  holds\n"
            "\n"
            "Done and verified. 45,012 rows read in 3.2 s: 44,890 written, 118 quarantined and 4 "
            "parked.\n");
}

TEST(Summary, OfASecondRunSaysThatNothingWasWritten) {
  RunReport report = first_run();
  report.entities = {entity("core.patients", {.read = 45'012, .unchanged = 45'012}, 0.4)};
  report.entities[0].drift = 12;
  report.control_totals.clear();
  report.seconds = 0.6;
  EXPECT_EQ(
      summary_table(report, false),
      "run 5a0f3c1e\n"
      "\n"
      "entity           read  written  unchanged  seconds   rows/s\n"
      "-----------------------------------------------------------\n"
      "core.patients  45,012        0     45,012      0.4  112,530\n"
      "-----------------------------------------------------------\n"
      "total          45,012        0     45,012      0.6   75,020\n"
      "\n"
      "Remarks\n"
      "  core.patients  12 rows already there differ from what the source says now; they were "
      "not overwritten\n"
      "\n"
      "Done and verified. 0 rows written: all 45,012 rows were already there, 0.6 s.\n");
}

std::string closing_text(RunReport report) { return closing_words(report).text; }

TEST(Summary, ClosingOfASecondRunWithRejects) {
  RunReport report = first_run();
  report.entities = {entity("a.b", {.read = 100, .unchanged = 90, .quarantined = 10}, 1)};
  EXPECT_EQ(closing_text(report),
            "Done and verified. 0 rows written: 90 rows were already there, 10 have another "
            "outcome, 3.2 s.");
  report.entities = {entity("a.b", {.read = 1, .unchanged = 1}, 1)};
  EXPECT_EQ(closing_text(report),
            "Done and verified. 0 rows written: the 1 row was already there, 3.2 s.");
  report.entities = {entity("a.b", {.read = 2, .quarantined = 2}, 1)};
  EXPECT_EQ(closing_text(report), "Done and verified. 0 rows written: 2 quarantined, 3.2 s.");
  report.entities = {entity("a.b", {}, 1)};
  EXPECT_EQ(closing_text(report),
            "Done and verified. 0 rows written: the source has no rows for these entities, 3.2 s.");
}

TEST(Summary, DryRunSaysThatNothingWasWritten) {
  RunReport report = first_run();
  report.status = "dry-run";
  report.dry_run = true;
  EXPECT_EQ(closing_text(report),
            "Dry run: nothing was written. Of 45,012 rows read in 3.2 s: 44,890 would be written, "
            "118 quarantined and 4 parked.");
  EXPECT_NE(summary_table(report, false).find("  (written)  "), std::string::npos);
}

TEST(Summary, AVetoNamesItsReasons) {
  RunReport report = first_run();
  report.status = "vetoed";
  report.verified = false;
  report.findings = {
      {"discount", "core.orders", "rules", "veto", "a discount above 100 %", 3, {"17", "18"}},
      {"odd", "core.orders", "rules", "note", "worth a look", 0, {}}};
  report.control_totals[0].holds = false;
  EXPECT_EQ(
      closing_text(report),
      "Vetoed by validation: nothing was committed. Against it: 1 finding and 1 control total "
      "that does not hold, listed above.");
  const std::string text = summary_table(report, false);
  EXPECT_NE(text.find("Findings\n"
                      "  veto  core.orders  discount (rules)  a discount above 100 %\n"
                      "                                       3 offenders: 17, 18, ...\n"
                      "  note  core.orders  odd (rules)       worth a look\n"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("0.00  DOES NOT HOLD\n"), std::string::npos) << text;
}

TEST(Summary, ChecksAreOneLine) {
  RunReport report = first_run();
  EXPECT_EQ(summary_table(report, false).find("Checks:"), std::string::npos);
  report.checks = {{"books", "a.a", "passed", 0, {}},   {"books", "a.b", "passed", 0, {}},
                   {"domains", "a.a", "warned", 0, {}}, {"domains", "a.b", "off", 0, {}},
                   {"null_rates", "a.a", "off", 0, {}}, {"null_rates", "a.b", "off", 0, {}},
                   {"sample", "a.a", "faulty", 0, {}},  {"sample", "a.b", "skipped", 0, {}},
                   {"structure", "", "vetoed", 0, {}}};
  EXPECT_NE(summary_table(report, false)
                .find("\nChecks: 2 passed, 1 warned, 1 vetoed, 1 faulty; off: domains (a.b), "
                      "null_rates; not looked at: sample (a.b)\n"),
            std::string::npos)
      << summary_table(report, false);
}

TEST(Summary, FailureInterruptionAndUnverified) {
  RunReport report = first_run();
  report.status = "failed";
  report.error = "the target closed the connection; nothing was committed\n  next:  try again";
  EXPECT_EQ(closing_text(report),
            "FAILED after 3.2 s: the target closed the connection; nothing was committed");
  EXPECT_EQ(closing_words(report).color, Color::red);
  report.status = "interrupted";
  report.error = "";
  EXPECT_EQ(closing_text(report), "Interrupted after 3.2 s");
  report.status = "done";
  report.verified = false;
  EXPECT_TRUE(closing_text(report).starts_with(
      "Committed but UNVERIFIED: a check does not hold or could not run. 45,012 rows read"));
  report.seconds = 3'725;
  EXPECT_NE(closing_text(report).find("read in 1:02:05: "), std::string::npos);
}

TEST(Summary, BooksThatDoNotBalanceAreSaidAloud) {
  RunReport report = first_run();
  report.entities[0].counts.read = 900;
  report.entities[0].remarks = {"triggers disabled: audit\nand more"};
  const std::string text = summary_table(report, false);
  EXPECT_NE(text.find("Remarks\n"
                      "  core.offices  THE BOOKS DO NOT BALANCE: 900 read, 898 with an outcome\n"
                      "  core.offices  triggers disabled: audit\\nand more\n"),
            std::string::npos)
      << text;
}

TEST(Summary, WithoutEntities) {
  RunReport report;
  report.status = "failed";
  report.error = "cannot connect";
  EXPECT_EQ(summary_table(report, false),
            "No entity was run.\n\nFAILED after 0.0 s: cannot connect\n");
}

TEST(Summary, ColorOnlyWhenAllowed) {
  RunReport report = first_run();
  EXPECT_EQ(summary_table(report, false).find('\x1b'), std::string::npos);
  EXPECT_NE(summary_table(report, true).find("\x1b[32mDone and verified."), std::string::npos);
  report.entities[0].name = "core.\x1b[2Jevil";
  EXPECT_NE(summary_table(report, false).find("core.\\x1b[2Jevil"), std::string::npos);
}

}  // namespace
}  // namespace mighost
