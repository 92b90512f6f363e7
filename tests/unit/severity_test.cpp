#include "config/severity.hpp"

#include <gtest/gtest.h>

namespace mighost {
namespace {

TEST(Severity, OfAnEntityGoesBeforeTheCommonOne) {
  RunConfig config;
  EXPECT_EQ(severity_of(config, "a.b", "domains", Severity::warn), Severity::warn);
  config.checks["domains"] = Severity::off;
  EXPECT_EQ(severity_of(config, "a.b", "domains", Severity::warn), Severity::off);
  config.entities["a.b"].checks["domains"] = Severity::abort;
  EXPECT_EQ(severity_of(config, "a.b", "domains", Severity::warn), Severity::abort);
  EXPECT_EQ(severity_of(config, "a.c", "domains", Severity::warn), Severity::off);
  EXPECT_EQ(severity_of(config, "a.b", "references", Severity::abort), Severity::abort);
}

TEST(Severity, BooksRowCountsAndStructureCannotBeLowered) {
  for (const char* check : {"books", "row_counts", "structure"}) {
    for (const Severity lower : {Severity::off, Severity::warn, Severity::reject}) {
      EXPECT_NE(severity_fault(check, lower), "") << check;
    }
    EXPECT_EQ(severity_fault(check, Severity::abort), "") << check;
  }
}

TEST(Severity, NoBuiltInCheckRejectsRows) {
  for (const std::string& check : built_in_checks()) {
    EXPECT_NE(severity_fault(check, Severity::reject), "") << check;
  }
  EXPECT_EQ(severity_fault("references", Severity::off), "");
  EXPECT_EQ(severity_fault("a.validator", Severity::reject), "");
}

}  // namespace
}  // namespace mighost
