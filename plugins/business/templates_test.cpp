#include "business_test.hpp"

namespace business::tests {
namespace {

legacy_template good_template() {
  return {.id = 12,
          .task_name = " Scan check ",
          .action_name = " Check ",
          .text_name = "text",
          .function = 1,
          .status = 2,
          .duration = 3,
          .category_id = 7,
          .course_id = 1,
          .read_only = true,
          .extensions = ".stl",
          .separate = true};
}

outcome run_template(const legacy_template& row) {
  return business_bench().knows("core.categories", 7).run<templates>({row});
}

TEST(Templates, CarriesEverything) {
  const outcome got = run_template(good_template());
  ASSERT_TRUE(got.clean());
  EXPECT_EQ(codes_of(got), codes{});
  const auto& row = got.row(0);
  EXPECT_EQ(row.text("name"), "Scan check");
  EXPECT_EQ(row.text("action_name"), "Check");
  EXPECT_EQ(row.uuid("category_id"), key_of("core.categories", 7));
  EXPECT_EQ(row.integer("estimated_duration_minutes"), 180);
  EXPECT_TRUE(row.boolean("is_active"));
  EXPECT_EQ(row.integer("legacy_template_id"), 12);
  EXPECT_EQ(row.json("metadata"),
            R"({"function":"submit","function_code":1,"sets_status":2,"course_id":1,)"
            R"("extensions":".stl","alerts":null,"separate":true,"predefined":false,)"
            R"("read_only":true})");
}

TEST(Templates, TheNameIsTheTasksElseTheTexts) {
  legacy_template row = good_template();
  row.task_name = " none ";
  outcome got = run_template(row);
  EXPECT_EQ(got.row(0).text("name"), "text");
  EXPECT_EQ(codes_of(got), codes{});
  row.text_name = " ";
  got = run_template(row);
  EXPECT_EQ(got.row(0).text("name"), "Template 12");
  EXPECT_EQ(codes_of(got), codes{"name_missing"});
}

TEST(Templates, NullZeroAndABlankActionAreThreeThings) {
  legacy_template row = good_template();
  row.duration = 0;
  row.action_name = "";
  outcome got = run_template(row);
  EXPECT_EQ(got.row(0).integer("estimated_duration_minutes"), 0);
  EXPECT_TRUE(got.row(0).is_null("action_name"));
  row.duration = std::nullopt;
  EXPECT_TRUE(run_template(row).row(0).is_null("estimated_duration_minutes"));
}

std::string function_of(const mig::testing::bench& bench, maybe_id code) {
  legacy_template row = good_template();
  row.function = code;
  row.category_id = std::nullopt;
  const std::string metadata = bench.run<templates>({row}).row(0).json("metadata");
  return metadata.substr(0, metadata.find(",\"sets_status\""));
}

TEST(Templates, FunctionCodes) {
  EXPECT_EQ(function_of(business_bench(), 2), R"({"function":"archive","function_code":2)");
  EXPECT_EQ(function_of(business_bench(), 4), R"({"function":"process","function_code":4)");
  EXPECT_EQ(function_of(business_bench(), 3), R"({"function":"other","function_code":3)");
  EXPECT_EQ(function_of(business_bench(), {}), R"({"function":null,"function_code":null)");
  EXPECT_EQ(function_of(business_bench().setting("template_function.3", "archive"), 3),
            R"({"function":"archive","function_code":3)");
  EXPECT_EQ(function_of(business_bench().setting("template_function.1", ""), 1),
            R"({"function":"other","function_code":1)");
}

TEST(Templates, ABadOverrideEndsTheRun) {
  for (const auto& [name, word] :
       {std::pair{"template_function.3", "explode"}, std::pair{"template_function.x", "submit"}}) {
    const outcome got = business_bench().setting(name, word).run<templates>({good_template()});
    EXPECT_EQ(got.status, MIG_FAILED);
    EXPECT_NE(got.error.find("template_function"), std::string::npos) << got.error;
  }
}

TEST(Templates, TheCategoryMayBeMissing) {
  legacy_template row = good_template();
  row.category_id = 8;
  const outcome got = run_template(row);
  EXPECT_TRUE(got.row(0).is_null("category_id"));
  EXPECT_EQ(codes_of(got), codes{"missing_parent"});
  row.category_id = std::nullopt;
  EXPECT_EQ(codes_of(run_template(row)), codes{});
}

template <class Entity>
void expect_link(std::string_view parent, std::string_view column) {
  const legacy_link row{.id = 5, .template_id = 12, .other_id = 9};
  auto bench = business_bench();
  EXPECT_TRUE(orphan(bench.run<Entity>({row}), "template_id")) << parent;
  bench.knows("business.templates", 12);
  EXPECT_TRUE(orphan(bench.run<Entity>({row}), column)) << parent;
  bench.holds_back(parent, 9);
  EXPECT_TRUE(bench.run<Entity>({row}).parked(0)) << parent;
  bench.knows(parent, 9);
  const outcome got = bench.run<Entity>({row});
  ASSERT_TRUE(got.clean());
  EXPECT_EQ(got.row(0).uuid("template_id"), key_of("business.templates", 12));
  EXPECT_EQ(got.row(0).uuid(column), key_of(parent, 9));
  EXPECT_EQ(got.row(0).integer("legacy_id"), 5);
}

TEST(TemplateLinks, NeedBothEnds) {
  expect_link<template_products>("core.products", "product_id");
  expect_link<template_edit_roles>("core.roles", "role_id");
  expect_link<template_view_roles>("core.roles", "role_id");
  expect_link<template_view_groups>("core.teams", "team_id");
}

TEST(TemplateLinks, PredecessorsKeepTheirDirectionAndMayPointToThemselves) {
  auto bench = business_bench().knows("business.templates", 1);
  const legacy_predecessor row{.id = 5, .from_template_id = 1, .to_template_id = 2};
  EXPECT_TRUE(orphan(bench.run<template_predecessors>({row}), "to_template_id"));
  EXPECT_TRUE(orphan(
      bench.run<template_predecessors>({{.id = 6, .from_template_id = 2, .to_template_id = 1}}),
      "from_template_id"));
  bench.knows("business.templates", 2);
  const outcome got = bench.run<template_predecessors>(
      {row, {.id = 7, .from_template_id = 1, .to_template_id = 1}});
  EXPECT_EQ(got.row(0).uuid("from_template_id"), key_of("business.templates", 1));
  EXPECT_EQ(got.row(0).uuid("to_template_id"), key_of("business.templates", 2));
  EXPECT_TRUE(got.written(1));
  static_assert(!template_predecessors::assertions[0].veto);
}

}  // namespace
}  // namespace business::tests
