// The names of [validation.checks]: what is unknown is refused with the nearest.

#include "plugin/check_names.hpp"

#include <gtest/gtest.h>

#include "plan_samples.hpp"

namespace mighost::test {
namespace {

struct CheckNames : testing::Test {
  CheckNames() {
    Assertion prices;
    prices.name = "prices";
    Entity offices = entity("core", "offices");
    offices.assertions = {prices};
    core = plugin("core", {offices, entity("core", "orders")});
    Validator emails;
    emails.name = "emails";
    emails.applies_to = "core.*";
    quality = plugin("contact-quality", {});
    quality->validators = {emails};
    quality->validators.front().plugin = quality.get();
    config.file = "run.toml";
    config.entities["core.orders"].where = "run.toml:9:1";
  }

  std::string faults() {
    Faults found;
    idle.clear();
    check_check_names({core.get(), quality.get()}, config, found, idle);
    return fault_list(found);
  }

  std::unique_ptr<Plugin> core, quality;
  RunConfig config;
  std::vector<std::string> idle;
};

TEST_F(CheckNames, BuiltInsValidatorsAndAssertionsAreKnown) {
  config.checks = {{"null_rates", Severity::off},
                   {"contact-quality.emails", Severity::reject},
                   {"core.offices/prices", Severity::warn}};
  config.entities["core.orders"].checks = {{"domains", Severity::warn},
                                           {"contact-quality.emails", Severity::off}};
  EXPECT_EQ(faults(), "");
  EXPECT_TRUE(idle.empty());
}

TEST_F(CheckNames, MisspeltOnesAreRefusedWithTheNearest) {
  config.checks = {{"null_rate", Severity::off},
                   {"contact-quality.email", Severity::warn},
                   {"core.offices/price", Severity::warn}};
  const std::string text = faults();
  EXPECT_TRUE(contains(text, "there is no check `null_rate`")) << text;
  EXPECT_TRUE(contains(text, "did you mean \"null_rates\"?")) << text;
  EXPECT_TRUE(contains(text, "did you mean \"contact-quality.emails\"?")) << text;
  EXPECT_TRUE(contains(text, "did you mean \"core.offices/prices\"?")) << text;
  EXPECT_TRUE(contains(text, "run.toml: [validation.checks]")) << text;
}

TEST_F(CheckNames, ThoseOfAPluginThatIsAwayWaitForItsReturn) {
  config.checks = {{"financial-controls.refunds", Severity::off}};
  EXPECT_EQ(faults(), "");
  ASSERT_EQ(idle.size(), 1U);
  EXPECT_TRUE(contains(idle[0], "financial-controls.refunds")) << idle[0];
}

TEST_F(CheckNames, SeverityMustBeOneThatTheCheckCanHave) {
  config.checks = {{"books", Severity::off}, {"core.offices/prices", Severity::reject}};
  const std::string text = faults();
  EXPECT_TRUE(contains(text, "the check `books` always ends the run")) << text;
  EXPECT_TRUE(contains(text, "`core.offices/prices` is SQL")) << text;
}

TEST_F(CheckNames, TableOfAnEntityNamesChecksOfThatEntity) {
  config.entities["core.orders"].checks = {{"core.offices/prices", Severity::warn}};
  const std::string text = faults();
  EXPECT_TRUE(contains(text, "does not look at core.orders, but at core.offices")) << text;
  EXPECT_TRUE(contains(text, "run.toml:9:1")) << text;
}

}  // namespace
}  // namespace mighost::test
