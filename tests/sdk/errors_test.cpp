// Exceptions stop at the boundary, with a message and the row that they came from.
#include <gtest/gtest.h>

#include "plugin_of.hpp"

namespace {

using mig::testing::bench;

struct Row {
  std::int64_t id;
};

struct Thrower {
  static constexpr std::string_view name = "thrower";
  static constexpr auto source = mig::from<Row>("s.t", mig::key("id", &Row::id));
  static constexpr auto target =
      mig::into<Row>("s.u", mig::identity("id"), mig::legacy("old", &Row::id));
  void transform(const Row& row, mig::output<Thrower>& out) {
    if (row.id == 1) throw std::runtime_error("boom");
    if (row.id == 2) throw 42;
    if (row.id == 3) throw std::bad_alloc{};
    if (row.id == 4) {
      std::string long_text(494, 'x');
      for (int i = 0; i < 10; ++i) long_text += "\xE2\x82\xAC";
      throw std::runtime_error(long_text);
    }
    out.row(row);
  }
};

struct Unready {
  static constexpr std::string_view name = "unready";
  static constexpr auto source = mig::from<Row>("s.t", mig::key("id", &Row::id));
  static constexpr auto target = mig::into<Row>("s.u", mig::col("old", &Row::id));
  Unready() { throw std::runtime_error("no configuration"); }
  void transform(const Row& row, mig::output<Unready>& out) { out.row(row); }
};

struct LateThrower {
  static constexpr std::string_view name = "late_thrower";
  static constexpr auto source = mig::from<Row>("s.t", mig::key("id", &Row::id));
  static constexpr auto target = mig::into<Row>("s.u", mig::col("old", &Row::id));
  void transform(const Row& row, mig::output<LateThrower>& out) { out.row(row); }
  void finish() { throw std::runtime_error("at the end"); }
};

bench throwing() { return bench{plugin_of<TestFamily, Thrower, Unready, LateThrower>()}; }

TEST(Errors, NameTheRowInTheStream) {
  const auto got = throwing().batch_rows(2).run<Thrower>({{10}, {11}, {12}, {1}, {13}});
  EXPECT_EQ(got.status, MIG_FAILED);
  EXPECT_EQ(got.error, "boom");
  EXPECT_EQ(got.error_row, 3u);
}

TEST(Errors, AnythingThrownBecomesAMessage) {
  EXPECT_EQ(throwing().run<Thrower>({{2}}).error, "an exception that is not a std::exception");
  EXPECT_EQ(throwing().run<Thrower>({{3}}).error, "out of memory");
}

TEST(Errors, LongMessagesEndWithAWholeCharacter) {
  const auto got = throwing().run<Thrower>({{4}});
  EXPECT_EQ(got.error, std::string(494, 'x'));
}

TEST(Errors, OutsideOfRowsThereIsNoRow) {
  const auto begin = throwing().run<Unready>({{1}});
  EXPECT_EQ(begin.status, MIG_FAILED);
  EXPECT_EQ(begin.error, "no configuration");
  EXPECT_FALSE(begin.error_row.has_value());
  const auto finish = throwing().run<LateThrower>({{1}});
  EXPECT_EQ(finish.error, "at the end");
  EXPECT_FALSE(finish.error_row.has_value());
}

TEST(Errors, HostWithoutMemoryFailsTheBatch) {
  const mig_entity& entity = *plugin_of<TestFamily, Thrower>()->entities[0];
  mig_error error{};
  error.struct_size = sizeof error;
  void* self = entity.begin(nullptr, &error);
  ASSERT_NE(self, nullptr);
  mig_host host{};
  host.emit = [](void*, std::uint32_t) noexcept -> mig_cell* { return nullptr; };
  host.cancelled = [](void*) noexcept -> std::uint8_t { return 0; };
  mig_cell cell = mig::detail::key_cell(std::int64_t{10});
  const mig_batch batch{sizeof batch, 1, 1, 0, 500, &cell};
  EXPECT_EQ(entity.transform(self, &batch, &host, &error), MIG_FAILED);
  EXPECT_STREQ(error.message, "out of memory");
  EXPECT_EQ(error.row, 500u);
  entity.end(self);
}

}  // namespace
