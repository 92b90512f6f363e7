// The bench sees what a plugin does wrong. These plugins go through the C functions by hand, or do
// what the compiler cannot see.
#include <gtest/gtest.h>

#include "plugin_of.hpp"

#if defined(__SANITIZE_ADDRESS__)
#define MIGHOST_TEST_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define MIGHOST_TEST_ASAN 1
#endif
#endif

namespace {

using mig::testing::bench;

struct Row {
  std::int64_t id;
  std::string_view text;
};

struct Target {
  std::string_view text;
};

/// A sound entity whose transform the tests replace.
struct Base {
  static constexpr std::string_view name = "base";
  static constexpr auto source =
      mig::from<Row>("s.t", mig::key("id", &Row::id), mig::col("text", &Row::text));
  static constexpr auto target =
      mig::into<Target>("s.u", mig::identity("id"), mig::col("text", &Target::text));
  static constexpr mig::code codes[] = {{"known", "a code"}};
  void transform(const Row&, mig::output<Base>&) {}
};

using Transform = mig_status (*)(void*, const mig_batch*, const mig_host*, mig_error*) noexcept;

/// The violations of a transform on two rows.
std::vector<std::string> violations(Transform transform) {
  static mig_entity entity;
  static const mig_entity* entities[] = {&entity};
  entity = *plugin_of<TestFamily, Base>()->entities[0];
  entity.transform = transform;
  mig_plugin plugin = *plugin_of<TestFamily, Base>();
  plugin.entities = entities;
  return bench{&plugin}.run<Base>({{1, "a"}, {2, "b"}}).violations;
}

void put(mig_cell* cell, std::string_view text) {
  cell->type = MIG_TEXT;
  cell->flags = 0;
  cell->as.data = text.data();
  cell->size = static_cast<std::uint32_t>(text.size());
}

/// Emits constant text for every row but the first, which is left to the test.
void emit_rest(const mig_batch* batch, const mig_host* host) {
  for (std::uint32_t row = 1; row < batch->rows; ++row) put(host->emit(host->host, row), "x");
}

void report(const mig_host* host, std::uint32_t row, mig_severity severity, std::string_view code) {
  mig_issue issue{};
  issue.struct_size = sizeof issue;
  issue.severity = severity;
  issue.row = row;
  issue.code = mig::detail::str(code);
  host->report(host->host, &issue);
}

#define EXPECT_VIOLATION(transform_, text_)                             \
  do {                                                                  \
    const auto found = violations(transform_);                          \
    ASSERT_EQ(found.size(), 1u) << (found.empty() ? "none" : found[1]); \
    EXPECT_NE(found[0].find(text_), std::string::npos) << found[0];     \
  } while (false)

TEST(Bench, SoundPluginHasNoViolation) {
  EXPECT_TRUE(violations([](void*, const mig_batch* batch, const mig_host* host,
                            mig_error*) noexcept -> mig_status {
                put(host->emit(host->host, 0), "x");
                emit_rest(batch, host);
                return MIG_OK;
              }).empty());
}

TEST(Bench, SeesARowWithoutAFate) {
  EXPECT_VIOLATION(
      ([](void*, const mig_batch* batch, const mig_host* host, mig_error*) noexcept -> mig_status {
        emit_rest(batch, host);
        return MIG_OK;
      }),
      "row 0: neither emitted");
}

TEST(Bench, SeesARowEmittedTwice) {
  EXPECT_VIOLATION(
      ([](void*, const mig_batch* batch, const mig_host* host, mig_error*) noexcept -> mig_status {
        put(host->emit(host->host, 0), "x");
        put(host->emit(host->host, 0), "x");
        emit_rest(batch, host);
        return MIG_OK;
      }),
      "emitted twice");
}

TEST(Bench, SeesARowThatIsNotThere) {
  EXPECT_VIOLATION(
      ([](void*, const mig_batch* batch, const mig_host* host, mig_error*) noexcept -> mig_status {
        put(host->emit(host->host, 0), "x");
        emit_rest(batch, host);
        if (host->emit(host->host, 2) != nullptr) return MIG_FAILED;
        return MIG_OK;
      }),
      "not in the batch");
}

TEST(Bench, SeesAnUndeclaredCode) {
  EXPECT_VIOLATION(
      ([](void*, const mig_batch* batch, const mig_host* host, mig_error*) noexcept -> mig_status {
        report(host, 0, MIG_REJECT, "unknown");
        emit_rest(batch, host);
        return MIG_OK;
      }),
      "undeclared code unknown");
}

TEST(Bench, SeesAnUnknownSeverity) {
  EXPECT_VIOLATION(
      ([](void*, const mig_batch* batch, const mig_host* host, mig_error*) noexcept -> mig_status {
        put(host->emit(host->host, 0), "x");
        report(host, 0, 9, "known");
        emit_rest(batch, host);
        return MIG_OK;
      }),
      "unknown severity");
}

TEST(Bench, SeesNullWhereNoneWasPromised) {
  EXPECT_VIOLATION(
      ([](void*, const mig_batch* batch, const mig_host* host, mig_error*) noexcept -> mig_status {
        host->emit(host->host, 0);
        emit_rest(batch, host);
        return MIG_OK;
      }),
      "text is NULL");
}

TEST(Bench, SeesAWrongType) {
  EXPECT_VIOLATION(
      ([](void*, const mig_batch* batch, const mig_host* host, mig_error*) noexcept -> mig_status {
        mig_cell* cell = host->emit(host->host, 0);
        put(cell, "{}");
        cell->type = MIG_JSON;
        emit_rest(batch, host);
        return MIG_OK;
      }),
      "another type");
}

TEST(Bench, SeesBytesThatBelongToNobody) {
  EXPECT_VIOLATION(
      ([](void*, const mig_batch* batch, const mig_host* host, mig_error*) noexcept -> mig_status {
        static char writable[] = "x";
        put(host->emit(host->host, 0), writable);
        emit_rest(batch, host);
        return MIG_OK;
      }),
      "points neither into the arena");
}

TEST(Bench, SeesTextThatPostgresRefuses) {
  EXPECT_VIOLATION(
      ([](void*, const mig_batch* batch, const mig_host* host, mig_error*) noexcept -> mig_status {
        put(host->emit(host->host, 0), "\xFF");
        emit_rest(batch, host);
        return MIG_OK;
      }),
      "is not UTF-8");
  EXPECT_VIOLATION(
      ([](void*, const mig_batch* batch, const mig_host* host, mig_error*) noexcept -> mig_status {
        put(host->emit(host->host, 0), std::string_view{"a\0b", 3});
        emit_rest(batch, host);
        return MIG_OK;
      }),
      "NUL byte");
}

TEST(Bench, SeesAMergeIntoALaterRow) {
  EXPECT_VIOLATION(
      ([](void*, const mig_batch* batch, const mig_host* host, mig_error*) noexcept -> mig_status {
        const mig_cell survivor = mig::detail::key_cell(std::int64_t{2});
        host->merge(host->host, 0, &survivor, 1);
        emit_rest(batch, host);
        return MIG_OK;
      }),
      "does not stand earlier");
}

TEST(Bench, SeesAFailureWithoutAMessage) {
  EXPECT_VIOLATION(([](void*, const mig_batch*, const mig_host*,
                       mig_error*) noexcept -> mig_status { return MIG_FAILED; }),
                   "without a message");
}

TEST(Bench, SeesBindKeyWithoutAssignedIdentity) {
  EXPECT_VIOLATION(
      ([](void*, const mig_batch* batch, const mig_host* host, mig_error*) noexcept -> mig_status {
        put(host->emit(host->host, 0), "x");
        const mig_cell key = mig::detail::key_cell(std::int64_t{2});
        host->bind_key(host->host, 0, &key);
        emit_rest(batch, host);
        return MIG_OK;
      }),
      "identity is not assigned");
}

TEST(Bench, QuestionsAboutRowsThrowAfterAViolation) {
  const auto got = bench{plugin_of<TestFamily, Base>()}.run<Base>({{1, "a"}});
  EXPECT_FALSE(got.clean());
  EXPECT_THROW((void)got.written(0), std::logic_error);
  EXPECT_THROW((void)got.rejected(0, "known"), std::logic_error);
}

/// Keeps a view of an earlier row: legal C++, and a crash in production.
struct Keeper {
  static constexpr std::string_view name = "keeper";
  static constexpr auto source =
      mig::from<Row>("s.t", mig::key("id", &Row::id), mig::col("text", &Row::text));
  static constexpr auto target =
      mig::into<Target>("s.u", mig::identity("id"), mig::col("text", &Target::text));
  std::string_view first;
  void transform(const Row& row, mig::output<Keeper>& out) {
    if (first.empty()) first = row.text;
    out.row(Target{.text = out.keep(first)});
  }
};

#if defined(MIGHOST_TEST_ASAN)
void run_keeper_across_batches() {
  (void)bench{plugin_of<TestFamily, Keeper>()}.batch_rows(1).run<Keeper>({{1, "a"}, {2, "b"}});
}

TEST(BenchDeathTest, AddressSanitizerSeesAKeptView) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(run_keeper_across_batches(), "heap-use-after-free");
}
#endif

TEST(Bench, AKeptViewIsFineWithinTheBatch) {
  const auto got = bench{plugin_of<TestFamily, Keeper>()}.run<Keeper>({{1, "a"}, {2, "b"}});
  EXPECT_EQ(got.row(1).text("text"), "a");
}

}  // namespace
