// Which validators and assertions look at an entity, and what the configuration makes of them.

#include "plan/match_checks.hpp"

#include <gtest/gtest.h>

#include "plan_samples.hpp"

namespace mighost::test {
namespace {

// The plugin `quality` with one validator beside the entity core.offices, which writes `name`.
struct Guarded {
  std::unique_ptr<Plugin> core = plugin("core", {entity("core", "offices")});
  std::unique_ptr<Plugin> quality = plugin("quality", {});
  RunConfig config;
  PlannedEntity planned;
  Faults faults;
  std::set<const Validator*> asserted;

  Guarded() {
    Validator names;
    names.name = "names";
    names.applies_to = "core.offices";
    names.columns = {{"name", MIG_TEXT, true}};
    Assertion short_names;
    short_names.name = "short";
    short_names.sql = "SELECT id FROM offices";
    names.assertions = {short_names};
    quality->validators = {names};
    quality->validators.front().plugin = quality.get();
    planned.entity = &core->entities.front();
  }
  Validator& validator() { return quality->validators.front(); }

  void match() {
    match_validators({core.get(), quality.get()}, config, planned, faults);
    list_checks(config, asserted, planned);
  }
  std::string remarks() const {
    std::string text;
    for (const auto& remark : planned.remarks) text += remark + "\n";
    return text;
  }
};

TEST(MatchChecks, ValidatorThatFitsLooksAtTheEntity) {
  Guarded c;
  c.match();
  EXPECT_EQ(fault_list(c.faults), "");
  ASSERT_EQ(c.planned.validators.size(), 1U);
  EXPECT_FALSE(c.planned.validators[0].severity) << "each finding has its own";
  ASSERT_EQ(c.planned.assertions.size(), 1U);
  EXPECT_EQ(c.planned.assertions[0].check, "quality.names/short");
  EXPECT_EQ(c.planned.assertions[0].severity, Severity::abort);
}

TEST(MatchChecks, NameThatDoesNotFitIsRefusedWithPluginValidatorAndColumn) {
  Guarded c;
  c.validator().columns = {{"email", MIG_TEXT, true}};
  c.match();
  const std::string faults = fault_list(c.faults);
  EXPECT_TRUE(contains(faults, "validator quality.names of plugin quality 1.0.0")) << faults;
  EXPECT_TRUE(contains(faults, "it needs the column email, which is not written")) << faults;
  EXPECT_TRUE(c.planned.validators.empty());
  c.validator().columns = {{"name", MIG_INT8, true}};
  c.match();
  EXPECT_TRUE(contains(fault_list(c.faults), "needs name as int8, which is written as text"));
  c.validator().columns = {{"name", MIG_TEXT, false}};
  c.match();
  EXPECT_TRUE(contains(fault_list(c.faults), "but the column may be NULL"));
}

TEST(MatchChecks, PatternTakesWhatFitsAndTellsANearMiss) {
  Guarded c;
  c.validator().applies_to = "*";
  c.validator().columns = {{"email", MIG_TEXT, true}};
  c.match();
  EXPECT_EQ(fault_list(c.faults) + c.remarks(), "") << "an entity without e-mail is none of it";
  c.validator().columns = {{"name", MIG_INT8, true}};
  c.match();
  EXPECT_EQ(fault_list(c.faults), "");
  EXPECT_TRUE(contains(c.remarks(), "quality.names of plugin quality 1.0.0 does not look at it"))
      << c.remarks();
}

TEST(MatchChecks, SeverityOfTheEntityGoesBeforeTheCommonOne) {
  Guarded c;
  c.config.checks["quality.names"] = Severity::abort;
  c.config.entities["core.offices"].checks["quality.names"] = Severity::warn;
  c.match();
  ASSERT_EQ(c.planned.validators.size(), 1U);
  EXPECT_EQ(c.planned.validators[0].severity, Severity::warn);
  ASSERT_EQ(c.planned.assertions.size(), 1U);
  EXPECT_EQ(c.planned.assertions[0].severity, Severity::warn) << "its validator's, without one";
}

TEST(MatchChecks, AssertionHasItsOwnSeverityAndCannotReject) {
  Guarded c;
  c.config.checks["quality.names"] = Severity::reject;
  c.match();
  EXPECT_EQ(c.planned.assertions.at(0).severity, Severity::abort);
  c.planned = {};
  c.planned.entity = &c.core->entities.front();
  c.asserted.clear();
  c.config.checks["quality.names/short"] = Severity::off;
  c.match();
  EXPECT_TRUE(c.planned.assertions.empty());
  EXPECT_EQ(c.planned.checks_off, std::vector<std::string>{"quality.names/short"});
}

TEST(MatchChecks, WhatIsOffIsListedAndNeedNotFit) {
  Guarded c;
  c.validator().columns = {{"email", MIG_TEXT, true}};
  c.config.checks["quality.names"] = Severity::off;
  c.match();
  EXPECT_EQ(fault_list(c.faults), "");
  EXPECT_TRUE(c.planned.validators.empty());
  EXPECT_TRUE(c.planned.assertions.empty());
  EXPECT_EQ(c.planned.checks_off, std::vector<std::string>{"quality.names"});
}

TEST(MatchChecks, ValidatorOfSeveralEntitiesAssertsOnce) {
  Guarded c;
  c.validator().applies_to = "core.*";
  c.match();
  PlannedEntity second;
  second.entity = c.planned.entity;
  match_validators({c.quality.get()}, c.config, second, c.faults);
  list_checks(c.config, c.asserted, second);
  EXPECT_EQ(c.planned.assertions.size(), 1U);
  EXPECT_EQ(second.validators.size(), 1U);
  EXPECT_TRUE(second.assertions.empty());
}

TEST(MatchChecks, ControlTotalsOfAValidatorStandBesideTheEntitysOwn) {
  Guarded c;
  c.core->entities.front().totals = {{"price", "price", "price"}};
  c.validator().totals = {{"price", "price * 2", "price * 2"}};
  c.match();
  ASSERT_EQ(c.planned.totals.size(), 2U);
  EXPECT_EQ(c.planned.totals[0].name, "core.offices/price");
  EXPECT_EQ(c.planned.totals[0].plugin, "");
  EXPECT_EQ(c.planned.totals[1].name, "quality.names/price");
  EXPECT_EQ(c.planned.totals[1].plugin, "quality 1.0.0");
}

}  // namespace
}  // namespace mighost::test
