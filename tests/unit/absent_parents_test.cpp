// What becomes of references to a plugin that is not loaded.

#include "plan/absent_parents.hpp"

#include <gtest/gtest.h>

#include "plan/graph.hpp"
#include "plan/selection.hpp"
#include "plan_samples.hpp"

namespace mighost::test {
namespace {

using Names = std::set<std::string>;

Reference when_loaded(std::string column, std::string entity, mig_policy policy) {
  Reference made = reference(std::move(column), std::move(entity));
  made.policy = policy;
  made.if_loaded = true;
  return made;
}

std::unique_ptr<Plugin> business() {
  return plugin("business",
                {entity("business", "comments"),
                 entity("business", "discussions",
                        {when_loaded("plan_id", "clinical.plans", MIG_MISSING_REJECT)}),
                 entity("business", "replies", {reference("parent_id", "business.discussions")}),
                 entity("business", "actions",
                        {when_loaded("item_id", "clinical.plans", MIG_MISSING_NULL)})});
}

TEST(AbsentParents, WhatCannotDoWithoutThemIsLeftOutWithItsChildren) {
  const auto alone = business();
  const auto out = left_out_entities({alone.get()});
  ASSERT_EQ(out.size(), 2u);
  EXPECT_TRUE(contains(out.at("business.discussions"), "put clinical.mig.so into /plugins"))
      << out.at("business.discussions");
  EXPECT_TRUE(contains(out.at("business.replies"), "business.discussions"));
  EXPECT_EQ(selected_entities({alone.get()}, {}, {}),
            (Names{"business.actions", "business.comments"}));
}

TEST(AbsentParents, ReferencesThatMayBeNullAreNamed) {
  const auto alone = business();
  const auto unanswered = unanswered_references({alone.get()});
  ASSERT_EQ(unanswered.size(), 1u);
  EXPECT_EQ(unanswered.begin()->first, "business.actions.item_id");
}

TEST(AbsentParents, WithThePluginNothingIsMissing) {
  const auto first = business();
  const auto second = plugin("clinical", {entity("clinical", "plans")});
  EXPECT_TRUE(left_out_entities({first.get(), second.get()}).empty());
  EXPECT_TRUE(unanswered_references({first.get(), second.get()}).empty());
  EXPECT_EQ(selected_entities({first.get(), second.get()}, {}, {}).size(), 5u);
}

TEST(AbsentParents, AskingForWhatIsLeftOutIsAnError) {
  const auto alone = business();
  const Error error = error_of([&] {
    selected_entities({alone.get()}, {}, {{"business.discussions"}, {}});
  });
  EXPECT_EQ(error.exit(), Exit::usage);
  EXPECT_TRUE(contains(error.message(), "clinical.plans")) << error.what();
}

TEST(AbsentParents, OtherReferencesStillRefuse) {
  const auto strict = plugin(
      "business", {entity("business", "discussions", {reference("plan_id", "clinical.plans")})});
  EXPECT_TRUE(left_out_entities({strict.get()}).empty());
  EXPECT_EQ(error_of([&] { order_entities({strict.get()}); }).exit(), Exit::usage);
}

}  // namespace
}  // namespace mighost::test
