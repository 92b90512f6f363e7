// What a handler and a validator may ask for, seen from both sides.
#include <gtest/gtest.h>

#include "plugin_of.hpp"

namespace {

using mig::testing::bench;
using mig::testing::fate;

struct Source {
  std::int64_t id;
  std::string_view text;
};

struct Target {
  std::string_view text;
  mig::json extra;
};

/// Does what the text of the row says.
struct Doer {
  static constexpr std::string_view name = "doer";
  static constexpr auto source =
      mig::from<Source>("s.t", mig::key("id", &Source::id), mig::col("text", &Source::text));
  static constexpr auto target =
      mig::into<Target>("s.u", mig::identity("id"), mig::col("text", &Target::text),
                        mig::col("extra", &Target::extra));
  static constexpr mig::code codes[] = {
      {"refused", "the row says so"}, {"odd", "worth a remark"}, {"fatal", "the run must end"}};

  mig::json_object extra;
  int seen = 0;

  void transform(const Source& row, mig::output<Doer>& out) {
    ++seen;
    if (row.text == "reject") return out.reject<"refused">("text", row.text);
    if (row.text == "reject and go on") out.reject<"refused">();
    if (row.text == "abort") return out.abort<"fatal">();
    if (row.text == "merge") return out.merge_into(row.id - 1);
    if (row.text == "log") out.log(mig::level::warn, "a log line");
    if (row.text == "note") out.note<"odd">("text", "why");
    if (row.text == "cancelled" && out.cancelled()) return;
    extra.clear();
    extra.add("n", row.id);
    out.row(Target{.text = out.concat({row.text, "-", std::to_string(row.id)}),
                   .extra = out.keep(extra)});
    if (row.text == "both") out.reject<"refused">();
  }

  void finish(const mig::logger& log) { log(mig::level::info, "seen " + std::to_string(seen)); }
};

bench doing() { return bench{plugin_of<TestFamily, Doer>()}; }

TEST(Output, CopiesTextAndJsonIntoTheBatch) {
  const auto got = doing().batch_rows(2).run<Doer>({{1, "a"}, {2, ""}, {3, "c"}});
  ASSERT_TRUE(got.clean());
  EXPECT_EQ(got.row(0).text("text"), "a-1");
  EXPECT_EQ(got.row(1).text("text"), "-2");
  EXPECT_EQ(got.row(2).json("extra"), R"({"n":3})");
  EXPECT_EQ(got.count(fate::written), 3u);
  ASSERT_EQ(got.log.size(), 1u);
  EXPECT_EQ(got.log[0], "seen 3");
}

TEST(Output, ReportsFindings) {
  const auto got = doing().run<Doer>({{1, "reject"}, {2, "note"}, {3, "log"}});
  ASSERT_TRUE(got.clean());
  EXPECT_TRUE(got.rejected(0, "refused"));
  EXPECT_EQ(got.column(0, "refused"), "text");
  EXPECT_EQ(got.detail(0, "refused"), "reject");
  EXPECT_TRUE(got.written(1));
  EXPECT_TRUE(got.noted(1, "odd"));
  EXPECT_EQ(got.detail(1, "odd"), "why");
  EXPECT_EQ(got.log[0], "a log line");
}

TEST(Output, MergesIntoAnEarlierRow) {
  const auto got = doing().run<Doer>({{1, "a"}, {2, "merge"}});
  ASSERT_TRUE(got.clean());
  EXPECT_TRUE(got.merged(1));
  EXPECT_EQ(got.survivor(1), "1");
}

TEST(Output, AbortEndsTheRun) {
  const auto got = doing().run<Doer>({{1, "a"}, {2, "abort"}});
  EXPECT_EQ(got.status, MIG_FAILED);
  EXPECT_EQ(got.error, "aborted: fatal");
  EXPECT_THROW((void)got.row(0), std::logic_error);
}

TEST(Output, RejectAndEmitVoidsTheRowWithAdvice) {
  for (const char* order : {"both", "reject and go on"}) {
    const auto got = doing().run<Doer>({{1, order}});
    EXPECT_TRUE(got.clean());
    EXPECT_TRUE(got.rejected(0, "refused"));
    EXPECT_THROW((void)got.row(0), std::logic_error);
    EXPECT_EQ(got.advice.size(), 1u) << order;
  }
}

TEST(Output, StopsWhenTheRunIsCancelled) {
  EXPECT_EQ(doing().cancel().run<Doer>({{1, "a"}}).status, MIG_CANCELLED);
}

// A new key of the handler's own.

struct Tag {
  std::string_view id;
};

struct TagTarget {
  std::int64_t id;
  std::string_view tag;
};

struct Tags {
  static constexpr std::string_view name = "tags";
  static constexpr auto source = mig::from<Tag>("s.t", mig::key("id", &Tag::id));
  static constexpr auto target = mig::into<TagTarget>(
      "s.u", mig::assigned_identity("id", &TagTarget::id), mig::legacy("tag", &TagTarget::tag));
  std::int64_t next = 100;
  void transform(const Tag& row, mig::output<Tags>& out) {
    out.row(TagTarget{.id = next, .tag = row.id});
    if (row.id != "forgotten") out.bind_key(next);
    ++next;
  }
};

TEST(Output, BindsAssignedKeys) {
  const auto got = bench{plugin_of<TestFamily, Tags>()}.run<Tags>({{"a"}, {"b"}});
  ASSERT_TRUE(got.clean());
  EXPECT_EQ(got.bound_keys.at(1), "101");
  const auto broken = bench{plugin_of<TestFamily, Tags>()}.run<Tags>({{"forgotten"}});
  EXPECT_FALSE(broken.violations.empty());
}

// A validator.

struct Contact {
  std::string_view name;
  std::optional<mig::decimal> debt;
};

struct Rules {
  static constexpr std::string_view name = "contact-rules";
  static constexpr std::string_view applies_to = "core.profiles";
  static constexpr auto needs =
      mig::needs<Contact>(mig::col("name", &Contact::name), mig::col("debt", &Contact::debt));
  static constexpr mig::code codes[] = {{"name_empty", "no name"}, {"name_long", "a long name"}};

  std::size_t seen = 0;
  void check(const Contact& row, mig::verdict<Rules>& verdict) {
    ++seen;
    if (row.name.empty()) verdict.reject<"name_empty">("name");
    if (row.name.size() > 20) verdict.note<"name_long">("name", row.name.substr(0, 5));
    if (row.name == "throw") throw std::runtime_error("no");
  }
  void finish(const mig::logger& log) { log(mig::level::debug, std::to_string(seen)); }
};

bench rules() { return bench{plugin_of<TestFamily, Rules>()}; }

TEST(Verdict, SaysWhatIsWrong) {
  const auto got = rules().batch_rows(2).check<Rules>(
      {{"Ada", {}}, {"", mig::decimal{1}}, {"a name that is far too long", {}}});
  ASSERT_TRUE(got.clean());
  EXPECT_TRUE(got.written(0));
  EXPECT_TRUE(got.rejected(1, "name_empty"));
  EXPECT_TRUE(got.noted(2, "name_long"));
  EXPECT_EQ(got.detail(2, "name_long"), "a nam");
  EXPECT_EQ(got.log.at(0), "3");
}

TEST(Verdict, NamesTheRowThatThrew) {
  const auto got = rules().batch_rows(2).check<Rules>({{"a", {}}, {"b", {}}, {"throw", {}}});
  EXPECT_EQ(got.status, MIG_FAILED);
  EXPECT_EQ(got.error_row, 2u);
}

TEST(Verdict, DecimalThatDoesNotFitRejectsTheRow) {
  auto rows = bench::to_values<Rules::needs>({{"a", mig::decimal{1}}});
  rows[0][1].bytes = std::string{"\0\0\0\0\xC0\0\0\0", 8};
  const auto got = rules().check_values("contact-rules", rows);
  EXPECT_TRUE(got.clean());
  EXPECT_TRUE(got.rejected(0, "decimal_range"));
}

}  // namespace
