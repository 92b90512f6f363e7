// The order of entities from their references, and what is said when there is none.

#include "plan/graph.hpp"

#include <gtest/gtest.h>

#include "plan_samples.hpp"

namespace mighost::test {
namespace {

using Phases = std::vector<std::vector<std::string>>;

TEST(Graph, LevelsWithinAFamilyFollowReferences) {
  const auto core =
      plugin("core", {entity("core", "orders", {reference("patient_id", "core.patients")}),
                      entity("core", "patients", {reference("office_id", "core.offices")}),
                      entity("core", "offices"), entity("core", "roles")});
  EXPECT_EQ(names(order_entities({core.get()})),
            (Phases{{"core.offices", "core.roles"}, {"core.patients"}, {"core.orders"}}));
}

TEST(Graph, FamiliesStandAfterWhatTheyNeed) {
  const auto business =
      plugin("business", {entity("business", "cases", {reference("patient_id", "core.patients")}),
                          entity("business", "links")});
  const auto core = plugin("core", {entity("core", "patients")});
  EXPECT_EQ(names(order_entities({business.get(), core.get()})),
            (Phases{{"core.patients"}, {"business.cases", "business.links"}}));
}

TEST(Graph, FamiliesThatLeanOnEachOtherAlternate) {
  const auto a =
      plugin("a", {entity("a", "first"), entity("a", "third", {reference("b", "b.second")})});
  const auto b = plugin("b", {entity("b", "second", {reference("a", "a.first")}),
                              entity("b", "fourth", {reference("a", "a.third")})});
  EXPECT_EQ(names(order_entities({a.get(), b.get()})),
            (Phases{{"a.first"}, {"b.second"}, {"a.third"}, {"b.fourth"}}));
}

TEST(Graph, LateReferencesWaitForNobody) {
  const auto core = plugin(
      "core",
      {entity("core", "tasks",
              {reference("next_id", "core.tasks", true), reference("plan_id", "core.plans", true)}),
       entity("core", "plans", {reference("task_id", "core.tasks")})});
  EXPECT_EQ(names(order_entities({core.get()})), (Phases{{"core.tasks"}, {"core.plans"}}));
}

TEST(Graph, CycleIsToldAsAPathWithItsColumns) {
  const auto core =
      plugin("core", {entity("core", "roles"), entity("core", "a", {reference("b_id", "core.b")}),
                      entity("core", "b", {reference("a_id", "core.a")})});
  const Error error = error_of([&] { order_entities({core.get()}); });
  EXPECT_EQ(error.exit(), Exit::usage);
  EXPECT_EQ(error.where(), "core.a -> core.b -> core.a");
  EXPECT_TRUE(contains(error.message(), "core.b.a_id -> core.a (core.mig.so)")) << error.what();
  EXPECT_TRUE(contains(error.next(), "late")) << error.what();
}

TEST(Graph, CycleAcrossFamiliesIsFound) {
  const auto a = plugin("a", {entity("a", "x", {reference("y_id", "b.y")})});
  const auto b = plugin("b", {entity("b", "y", {reference("x_id", "a.x")})});
  EXPECT_EQ(error_of([&] { order_entities({a.get(), b.get()}); }).where(), "a.x -> b.y -> a.x");
}

TEST(Graph, SelfReferenceIsACycleUnlessLate) {
  const auto core = plugin("core", {entity("core", "a", {reference("next_id", "core.a")})});
  EXPECT_EQ(error_of([&] { order_entities({core.get()}); }).where(), "core.a -> core.a");
}

TEST(Graph, MissingFamilyNamesThePluginToInstall) {
  const auto core =
      plugin("core", {entity("core", "orders", {reference("plan_id", "clinical.plans")})});
  const Error error = error_of([&] { order_entities({core.get()}); });
  EXPECT_EQ(error.exit(), Exit::usage);
  EXPECT_TRUE(contains(error.message(), "core.orders.plan_id (core.mig.so)")) << error.what();
  EXPECT_TRUE(contains(error.message(), "put clinical.mig.so into /plugins")) << error.what();
}

TEST(Graph, MisspeltEntityGetsTheNearestName) {
  const auto core =
      plugin("core", {entity("core", "offices"),
                      entity("core", "orders", {reference("office_id", "core.offces")})});
  const Error error = error_of([&] { order_entities({core.get()}); });
  EXPECT_TRUE(contains(error.message(), "has no entity `offces`; did you mean core.offices?"))
      << error.what();
}

TEST(Graph, AllMissingParentsAreToldAtOnce) {
  const auto core = plugin("core", {entity("core", "a", {reference("x_id", "core.x")}),
                                    entity("core", "b", {reference("y_id", "other.y")})});
  const Error error = error_of([&] { order_entities({core.get()}); });
  EXPECT_TRUE(contains(error.message(), "core.a.x_id")) << error.what();
  EXPECT_TRUE(contains(error.message(), "core.b.y_id")) << error.what();
}

TEST(Graph, ParentWithoutIdentityCannotBeReferenced) {
  Entity links = entity("core", "links");
  links.identity_column.clear();
  const auto core =
      plugin("core", {links, entity("core", "a", {reference("link_id", "core.links")})});
  const Error error = error_of([&] { order_entities({core.get()}); });
  EXPECT_TRUE(contains(error.message(), "declares no identity column")) << error.what();
}

TEST(Graph, DiamondAndLongChainAreStable) {
  std::vector<Entity> chain;
  for (int i = 0; i < 50; ++i) {
    const std::string name = "e" + std::to_string(i);
    chain.push_back(i == 0 ? entity("core", name)
                           : entity("core", name,
                                    {reference("p", "core.e" + std::to_string(i - 1)),
                                     reference("q", "core.e" + std::to_string(i / 2))}));
  }
  const auto core = plugin("core", chain);
  const auto phases = names(order_entities({core.get()}));
  ASSERT_EQ(phases.size(), 50U);
  EXPECT_EQ(phases.back(), std::vector<std::string>{"core.e49"});
  EXPECT_EQ(phases, names(order_entities({core.get()})));
}

}  // namespace
}  // namespace mighost::test
