#include "core_test.hpp"

namespace core::tests {
namespace {

constexpr std::pair<std::int64_t, std::string_view> known_courses[] = {
    {1, "main"}, {2, "refinement"}, {3, "replacement"},
    {4, "any"},  {7, "invoice"},    {8, "merchandise"}};

TEST(Courses, CarriesEverything) {
  const outcome got = core_bench().run<courses>({{.id = 2,
                                                  .name = " Refinement ",
                                                  .description = "second round",
                                                  .customization = "[]",
                                                  .price = number("100.10"),
                                                  .active = false}});
  ASSERT_TRUE(got.clean());
  EXPECT_EQ(codes_of(got), codes{});
  const auto& row = got.row(0);
  EXPECT_EQ(row.text("name"), "Refinement");
  EXPECT_EQ(row.text("course_type"), "refinement");
  EXPECT_EQ(row.text("description"), "second round");
  EXPECT_EQ(row.json("customization"), "[]");
  EXPECT_EQ(row.numeric_text("base_price"), "100.10");
  EXPECT_FALSE(row.boolean("is_active"));
  EXPECT_EQ(row.integer("legacy_course_id"), 2);
}

TEST(Courses, TheIdIsTheType) {
  for (const auto& [id, type] : known_courses) {
    const outcome got = core_bench().run<courses>({{.id = id, .name = "x"}});
    EXPECT_EQ(got.row(0).text("course_type"), type);
  }
  for (const std::int64_t id : {0, 5, 6, 9}) {
    const outcome got = core_bench().run<courses>({{.id = id}});
    EXPECT_TRUE(got.rejected(0, "unknown_enum"));
    EXPECT_EQ(codes_of(got), codes{"unknown_enum"});
  }
}

TEST(Courses, AbsentValues) {
  const outcome got = core_bench().run<courses>({{.id = 1, .name = "None"}});
  EXPECT_EQ(got.row(0).text("name"), "Course 1");
  EXPECT_TRUE(got.noted(0, "name_missing"));
  EXPECT_TRUE(got.row(0).is_null("description"));
  EXPECT_TRUE(got.row(0).is_null("base_price"));
  EXPECT_TRUE(got.row(0).boolean("is_active"));
  EXPECT_EQ(got.row(0).json("customization"), "{}");
}

TEST(Courses, BadJsonIsWrapped) {
  const outcome got =
      core_bench().run<courses>({{.id = 1, .name = "x", .customization = "{a: 1}"}});
  EXPECT_EQ(got.row(0).json("customization"), R"({"_raw":"{a: 1}"})");
  EXPECT_EQ(got.column(0, "json_invalid"), "customization");
}

legacy_product good_product() {
  return {.id = 9,
          .name = "Retainer",
          .description = "upper",
          .free = true,
          .substitute = true,
          .customization = R"({"k":1})",
          .type = 3,
          .course_id = 8,
          .course_price = number("49.90")};
}

TEST(Products, CarriesEverything) {
  const outcome got = core_bench().run<products>({good_product()});
  ASSERT_TRUE(got.clean());
  EXPECT_EQ(codes_of(got), codes{});
  const auto& row = got.row(0);
  EXPECT_EQ(row.text("name"), "Retainer");
  EXPECT_EQ(row.text("course_type"), "merchandise");
  EXPECT_EQ(row.numeric_text("base_price"), "49.90");
  EXPECT_EQ(row.json("customization"), R"({"k":1})");
  EXPECT_TRUE(row.boolean("is_active"));
  EXPECT_TRUE(row.is_null("sku"));
  EXPECT_EQ(row.integer("legacy_product_id"), 9);
  EXPECT_EQ(row.json("metadata"),
            R"({"description":"upper","free":true,"substitute":true,"type":3})");
}

TEST(Products, WithoutACourse) {
  legacy_product row = good_product();
  row.course_id = std::nullopt;
  row.course_price = std::nullopt;
  row.description = std::nullopt;
  row.type = std::nullopt;
  row.name = "";
  row.deleted = true;
  const outcome got = core_bench().run<products>({row});
  EXPECT_EQ(got.row(0).text("name"), "Product 9");
  EXPECT_TRUE(got.row(0).is_null("course_type"));
  EXPECT_TRUE(got.row(0).is_null("base_price"));
  EXPECT_FALSE(got.row(0).boolean("is_active"));
  EXPECT_EQ(got.row(0).json("metadata"),
            R"({"description":null,"free":true,"substitute":true,"type":null})");
  EXPECT_EQ(codes_of(got), codes{"name_missing"});
}

TEST(Products, AnUnknownCourseIsRejected) {
  legacy_product row = good_product();
  row.course_id = 5;
  row.customization = "{";
  const outcome got = core_bench().run<products>({row});
  EXPECT_TRUE(got.rejected(0, "unknown_enum"));
  EXPECT_EQ(codes_of(got), codes{"unknown_enum"});
  EXPECT_EQ(got.column(0, "unknown_enum"), "course_id");
}

TEST(Products, TheSettingGivesThemASku) {
  auto bench = core_bench().setting("product_sku", true);
  EXPECT_EQ(bench.run<products>({good_product()}).row(0).text("sku"), "SKU-9");
  bench = core_bench().setting("product_sku", false);
  EXPECT_TRUE(bench.run<products>({good_product()}).row(0).is_null("sku"));
}

TEST(Categories, TheParentIsSetLater) {
  const outcome got = core_bench().run<categories>({{.id = 1, .name = " Steps ", .parent_id = 2},
                                                    {.id = 2, .name = "Top"},
                                                    {.id = 3, .name = "null", .parent_id = 3}});
  ASSERT_TRUE(got.clean());
  EXPECT_EQ(got.row(0).text("name"), "Steps");
  EXPECT_TRUE(got.row(0).is_null("parent_id"));
  EXPECT_EQ(got.late(0, "parent_id"), "2");
  EXPECT_EQ(got.late(1, "parent_id"), "");
  EXPECT_EQ(got.row(2).text("name"), "Category 3");
  EXPECT_EQ(got.late(2, "parent_id"), "3");
  EXPECT_EQ(got.row(2).integer("legacy_category_id"), 3);
  EXPECT_EQ(codes_of(got), codes{"name_missing"});
}

}  // namespace
}  // namespace core::tests
