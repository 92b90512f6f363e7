// Settings arrive typed, and a wrong one ends the run before the first row with a message that
// names it.
#include <gtest/gtest.h>

#include "plugin_of.hpp"

namespace {

using mig::testing::bench;

struct Row {
  std::int64_t id;
};

struct Result {
  std::string_view text;
  std::int64_t number;
  bool flag;
  std::string_view list;
  std::string_view map;
};

struct Echo {
  static constexpr std::string_view name = "echo";
  static constexpr auto source = mig::from<Row>("s.t", mig::key("id", &Row::id));
  static constexpr auto target =
      mig::into<Result>("s.u", mig::identity("id"), mig::col("text", &Result::text),
                        mig::col("number", &Result::number), mig::col("flag", &Result::flag),
                        mig::col("list", &Result::list), mig::col("map", &Result::map));

  explicit Echo(const mig::settings& given)
      : text(given.text("text", "none")),
        number(given.integer("number", 5)),
        flag(given.boolean("flag", true)) {
    for (const std::string& each : given.list("list", {"x", "y"})) list.append(each).append(";");
    for (const auto& [key, value] : given.map("map"))
      map.append(key).append("=").append(value).append(";");
  }

  void transform(const Row&, mig::output<Echo>& out) {
    out.row(Result{out.keep(text), number, flag, out.keep(list), out.keep(map)});
  }

  std::string text;
  std::int64_t number;
  bool flag;
  std::string list;
  std::string map;
};

struct Misspelt {
  static constexpr std::string_view name = "misspelt";
  static constexpr auto source = mig::from<Row>("s.t", mig::key("id", &Row::id));
  static constexpr auto target = mig::into<Row>("s.u", mig::col("n", &Row::id));
  explicit Misspelt(const mig::settings& given) { (void)given.integer("nunber", 5); }
  void transform(const Row& row, mig::output<Misspelt>& out) { out.row(row); }
};

struct Family {
  static constexpr std::string_view family = "test";
  static constexpr mig::setting settings[] = {
      {.name = "text", .kind = mig::kind::text, .fallback = "none", .help = "a text"},
      {.name = "number", .kind = mig::kind::integer, .fallback = "5", .help = "a number"},
      {.name = "flag", .kind = mig::kind::boolean, .fallback = "true", .help = "a flag"},
      {.name = "list", .kind = mig::kind::list, .fallback = "[\"x\", \"y\"]", .help = "texts"},
      {.name = "map", .kind = mig::kind::map, .fallback = "{}", .help = "a table"}};
};

bench echo() { return bench{plugin_of<Family, Echo, Misspelt>()}; }

TEST(Settings, FallBackWhenNotGiven) {
  const auto got = echo().run<Echo>({{1}});
  ASSERT_TRUE(got.clean());
  EXPECT_EQ(got.row(0).text("text"), "none");
  EXPECT_EQ(got.row(0).integer("number"), 5);
  EXPECT_TRUE(got.row(0).boolean("flag"));
  EXPECT_EQ(got.row(0).text("list"), "x;y;");
  EXPECT_EQ(got.row(0).text("map"), "");
}

TEST(Settings, ArriveTyped) {
  const auto got = echo()
                       .setting("text", "given")
                       .setting("number", -7)
                       .setting("flag", false)
                       .setting("list", {"a", "b"})
                       .setting("map.3", "in_production")
                       .setting("map.5", "add_plan")
                       .run<Echo>({{1}});
  ASSERT_TRUE(got.clean());
  EXPECT_EQ(got.row(0).text("text"), "given");
  EXPECT_EQ(got.row(0).integer("number"), -7);
  EXPECT_FALSE(got.row(0).boolean("flag"));
  EXPECT_EQ(got.row(0).text("list"), "a;b;");
  EXPECT_EQ(got.row(0).text("map"), "3=in_production;5=add_plan;");
}

TEST(Settings, BadValuesNameTheSetting) {
  for (const char* bad : {"", "x", "5x", "9223372036854775808"}) {
    const auto got = echo().setting("number", bad).run<Echo>({{1}});
    EXPECT_EQ(got.status, MIG_FAILED);
    EXPECT_EQ(got.error,
              "setting 'number': '" + std::string{bad} + "' is not an integer of 64 bits");
    EXPECT_FALSE(got.error_row.has_value());
  }
  EXPECT_EQ(echo().setting("flag", "yes").run<Echo>({{1}}).error,
            "setting 'flag': 'yes' is not true or false");
}

TEST(Settings, UndeclaredNamesAreFound) {
  const auto got = echo().run<Misspelt>({{1}});
  EXPECT_EQ(got.status, MIG_FAILED);
  EXPECT_NE(got.error.find("'nunber' is not declared"), std::string::npos) << got.error;
  EXPECT_THROW(echo().setting("nunber", "5"), std::invalid_argument);
}

}  // namespace
