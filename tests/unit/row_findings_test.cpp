// Findings on rows, counted for the report.

#include "validate/row_findings.hpp"

#include <gtest/gtest.h>

#include "plan_samples.hpp"

namespace mighost::test {
namespace {

RowFinding found(std::uint32_t row, mig_severity severity, std::string code) {
  return {row, severity, std::move(code), {}, {}, "quality 1.0.0"};
}

TEST(RowFindings, ALineForEachCodeAndSeverityWithTheFirstKeys) {
  const auto quality = plugin("quality", {});
  Validator validator;
  validator.name = "names";
  validator.codes = {{"bad", "a bad name"}, {"worse", ""}};
  validator.plugin = quality.get();
  RowFindings findings(2);
  const auto key_of = [](std::uint32_t row) { return "k" + std::to_string(row); };
  findings.add({found(0, MIG_NOTE, "bad"), found(1, MIG_NOTE, "bad"), found(1, MIG_NOTE, "bad"),
                found(3, MIG_REJECT, "bad")},
               key_of);
  EXPECT_FALSE(findings.any_veto());
  findings.add({found(7, MIG_NOTE, "bad"), found(9, MIG_ABORT, "worse")}, key_of);
  EXPECT_TRUE(findings.any_veto());
  const auto report = findings.to_report(validator, "core.offices");
  ASSERT_EQ(report.size(), 3U);
  EXPECT_EQ(report[0].check, "quality.names");
  EXPECT_EQ(report[0].plugin, "quality 1.0.0");
  EXPECT_EQ(report[0].entity, "core.offices");
  EXPECT_EQ(report[0].severity, "warn");
  EXPECT_EQ(report[0].code, "bad");
  EXPECT_EQ(report[0].message, "bad: a bad name");
  EXPECT_EQ(report[0].offenders, 3U) << "a row counts once, however often it is reported";
  EXPECT_EQ(report[0].keys, (std::vector<std::string>{"k0", "k1"}));
  EXPECT_EQ(report[1].message, "bad: a bad name (rejected)");
  EXPECT_EQ(report[1].severity, "warn");
  EXPECT_EQ(report[2].severity, "veto");
  EXPECT_EQ(report[2].keys, std::vector<std::string>{"k9"});
}

}  // namespace
}  // namespace mighost::test
