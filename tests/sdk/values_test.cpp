// Every column type goes in and out unchanged, and a broken promise of the host is not a crash.
#include <gtest/gtest.h>

#include <limits>

#include "plugin_of.hpp"

namespace {

using mig::testing::bench;
using mig::testing::number;
using mig::testing::value;

/// One of each type, and each of them once more as a nullable column.
struct Values {
  std::int64_t id;
  double real;
  bool flag;
  std::string_view text;
  mig::numeric exact;
  mig::decimal sum;
  mig::timestamptz at;
  mig::date day;
  mig::uuid key;
  mig::json extra;
  mig::bytes raw;
  std::optional<std::int64_t> n_id;
  std::optional<double> n_real;
  std::optional<bool> n_flag;
  std::optional<std::string_view> n_text;
  std::optional<mig::numeric> n_exact;
  std::optional<mig::decimal> n_sum;
  std::optional<mig::timestamptz> n_at;
  std::optional<mig::date> n_day;
  std::optional<mig::uuid> n_key;
  std::optional<mig::json> n_extra;
  std::optional<mig::bytes> n_raw;
};

template <class Table, class... Key>
constexpr auto columns(Table table, std::string_view name, Key... key) {
  return table(name, key..., mig::col("real", &Values::real), mig::col("flag", &Values::flag),
               mig::col("text", &Values::text), mig::col("exact", &Values::exact),
               mig::col("sum", &Values::sum), mig::col("at", &Values::at),
               mig::col("day", &Values::day), mig::col("key", &Values::key),
               mig::col("extra", &Values::extra), mig::col("raw", &Values::raw),
               mig::col("n_id", &Values::n_id), mig::col("n_real", &Values::n_real),
               mig::col("n_flag", &Values::n_flag), mig::col("n_text", &Values::n_text),
               mig::col("n_exact", &Values::n_exact), mig::col("n_sum", &Values::n_sum),
               mig::col("n_at", &Values::n_at), mig::col("n_day", &Values::n_day),
               mig::col("n_key", &Values::n_key), mig::col("n_extra", &Values::n_extra),
               mig::col("n_raw", &Values::n_raw));
}

struct Copy {
  static constexpr std::string_view name = "copy";
  static constexpr auto source = columns([](auto... each) { return mig::from<Values>(each...); },
                                         "s.t", mig::key("id", &Values::id));
  static constexpr auto target = columns([](auto... each) { return mig::into<Values>(each...); },
                                         "s.u", mig::col("id", &Values::id));
  void transform(const Values& row, mig::output<Copy>& out) {
    // The code that comes with a decimal is the handler's too.
    if (row.sum.negative()) return out.reject<"decimal_range">("sum");
    out.row(row);
  }
};

bench copying() { return bench{plugin_of<TestFamily, Copy>()}; }

Values sample() {
  Values row{};
  row.exact = number("1.5");
  row.extra = {"{}"};
  return row;
}

TEST(Values, CrossUnchanged) {
  Values row = sample();
  row.id = std::numeric_limits<std::int64_t>::min();
  row.real = -0.5;
  row.flag = true;
  row.text =
      "Gr\xC3\xBC\xC3\x9F"
      "e";
  row.exact = number("-12345678901234567890.0100");
  row.sum = *mig::decimal::parse("99999999999999.99");
  row.at = {std::numeric_limits<std::int64_t>::max()};
  row.day = {std::numeric_limits<std::int32_t>::min()};
  row.key = mig::namespace_dns;
  row.extra = {R"({"a": 1})"};
  row.raw = {{"\0\xFF\x01", 3}};
  const auto got = copying().run<Copy>({row});
  ASSERT_TRUE(got.clean());
  const auto& record = got.row(0);
  EXPECT_EQ(record.integer("id"), row.id);
  EXPECT_EQ(record.real("real"), -0.5);
  EXPECT_TRUE(record.boolean("flag"));
  EXPECT_EQ(record.text("text"), row.text);
  EXPECT_EQ(record.numeric_text("exact"), "-12345678901234567890.0100");
  EXPECT_EQ(record.numeric_text("sum"), "99999999999999.99");
  EXPECT_EQ(record.timestamp("at").micros_since_2000, row.at.micros_since_2000);
  EXPECT_EQ(record.date("day").days_since_2000, row.day.days_since_2000);
  EXPECT_EQ(record.uuid("key"), mig::namespace_dns);
  EXPECT_EQ(record.json("extra"), R"({"a": 1})");
  EXPECT_EQ(record.bytes("raw"), (std::string_view{"\0\xFF\x01", 3}));
}

TEST(Values, NullIsNotEmptyNorZero) {
  Values full = sample();
  full.n_id = 0;
  full.n_real = 0;
  full.n_flag = false;
  full.n_text = "";
  full.n_exact = number("0");
  full.n_sum = mig::decimal{};
  full.n_at = mig::timestamptz{};
  full.n_day = mig::date{};
  full.n_key = mig::uuid{};
  full.n_extra = mig::json{"null"};
  full.n_raw = mig::bytes{};
  const auto got = copying().run<Copy>({sample(), full});
  ASSERT_TRUE(got.clean());
  for (const char* name : {"n_id", "n_real", "n_flag", "n_text", "n_exact", "n_sum", "n_at",
                           "n_day", "n_key", "n_extra", "n_raw"}) {
    EXPECT_TRUE(got.row(0).is_null(name)) << name;
    EXPECT_FALSE(got.row(1).is_null(name)) << name;
  }
  EXPECT_EQ(got.row(1).text("n_text"), "");
  EXPECT_EQ(got.row(1).json("n_extra"), "null");
}

struct Place {
  static std::size_t of(std::string_view name) {
    const auto& columns = mig::detail::column_list<Copy::source>;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      if (view(columns[i]->name) == name) return i;
    }
    throw std::logic_error("no such column");
  }
};

/// The outcome of a good row and one with another value in one column.
mig::testing::outcome with(std::string_view column, const value& other) {
  auto rows = bench::to_values<Copy::source>({sample(), sample()});
  rows[1][Place::of(column)] = other;
  return copying().run_values("copy", rows);
}

value wire(std::string_view bytes) {
  value to = mig::testing::null_of(MIG_NUMERIC);
  to.null = false;
  to.bytes = bytes;
  return to;
}

TEST(Values, DecimalThatDoesNotFitRejectsTheRow) {
  const std::string_view nan{"\0\0\0\0\xC0\0\0\0", 8};
  const auto got = with("n_sum", wire(nan));
  EXPECT_TRUE(got.clean());
  EXPECT_TRUE(got.written(0));
  EXPECT_TRUE(got.rejected(1, "decimal_range"));
  EXPECT_EQ(got.column(1, "decimal_range"), "n_sum");
  const auto passed = with("n_exact", wire(nan));
  EXPECT_EQ(passed.row(1).numeric_text("n_exact"), "NaN") << "mig::numeric takes everything";
}

TEST(Values, NullWhereNoneWasPromisedFailsTheRun) {
  const auto got = with("text", mig::testing::null_of(MIG_TEXT));
  EXPECT_EQ(got.status, MIG_FAILED);
  EXPECT_EQ(got.error_row, 1u);
  EXPECT_NE(got.error.find("column text is NULL"), std::string::npos) << got.error;
}

TEST(Values, AnotherTypeFailsTheRun) {
  const auto got = with("text", wire("x"));
  EXPECT_EQ(got.status, MIG_FAILED);
  EXPECT_NE(got.error.find("another type"), std::string::npos) << got.error;
}

TEST(Values, ShortUuidFailsTheRun) {
  value half = mig::testing::null_of(MIG_UUID);
  half.null = false;
  half.bytes = "12345678";
  EXPECT_EQ(with("key", half).status, MIG_FAILED);
}

TEST(Values, AnotherNumberOfColumnsFailsTheRun) {
  auto rows = bench::to_values<Copy::source>({sample()});
  rows[0].pop_back();
  EXPECT_EQ(copying().run_values("copy", rows).status, MIG_FAILED);
}

}  // namespace
