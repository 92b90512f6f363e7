#include "batch/key_book.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <limits>

namespace mighost {
namespace {

mig_cell integer(std::int64_t value) {
  mig_cell cell{};
  cell.type = MIG_INT8;
  cell.as.i64 = value;
  return cell;
}

mig_cell text(std::string_view value) {
  mig_cell cell{};
  cell.type = MIG_TEXT;
  cell.as.data = value.data();
  cell.size = static_cast<std::uint32_t>(value.size());
  return cell;
}

LegacyKey key_of(std::initializer_list<mig_cell> cells) {
  LegacyKey key;
  EXPECT_TRUE(read_key(cells.begin(), static_cast<std::uint32_t>(cells.size()), key));
  return key;
}

std::string id_text(const mig_cell& cell) {
  mig::uuid id;
  std::memcpy(id.bytes.data(), cell.as.data, id.bytes.size());
  return id.to_text();
}

class KeyBookTest : public testing::Test {
 protected:
  static Entity offices() {
    Entity entity;
    entity.name = "core.offices";
    return entity;
  }
  Entity entity_ = offices();
  // The DNS namespace of RFC 9562, so that the expected values below come from another program:
  // python3 -c "import uuid; print(uuid.uuid5(uuid.NAMESPACE_DNS, 'core.offices/12'))"
  KeyBook book_{entity_, *mig::uuid::parse("6ba7b810-9dad-11d1-80b4-00c04fd430c8")};
  Arena arena_;
};

TEST_F(KeyBookTest, ComputesTheNameOfTheDesign) {
  const mig_cell cells[] = {integer(12)};
  EXPECT_EQ(id_text(book_.new_key(key_of({integer(12)}), cells, arena_)),
            "1aef0a12-0327-54ba-851f-0882b2679345");
  const mig_cell pair[] = {integer(-3), text("a/b\\c")};
  const LegacyKey composite = key_of({integer(-3), text("a/b\\c")});
  EXPECT_EQ(composite.text, "-3/a\\/b\\\\c");
  EXPECT_EQ(id_text(book_.new_key(composite, pair, arena_)),
            "03601fbe-7eaa-5518-a018-bf19a1b3a784");
}

TEST_F(KeyBookTest, ANullAnywhereIsNoKey) {
  mig_cell null = integer(0);
  null.flags = MIG_CELL_NULL;
  const mig_cell cells[] = {integer(1), null};
  LegacyKey key;
  EXPECT_FALSE(read_key(cells, 2, key));
  EXPECT_TRUE(read_key(cells, 1, key));
}

TEST_F(KeyBookTest, TellsPresentHeldAndAbsentApart) {
  const LegacyKey one = key_of({integer(1)}), two = key_of({integer(2)}),
                  three = key_of({integer(3)});
  EXPECT_TRUE(book_.add_written(one));
  EXPECT_FALSE(book_.add_written(one));  // the source has the key twice
  EXPECT_TRUE(book_.add_held(two));
  EXPECT_FALSE(book_.add_written(two));
  EXPECT_EQ(book_.state(one), KeyBook::State::present);
  EXPECT_EQ(book_.state(two), KeyBook::State::held);
  EXPECT_EQ(book_.state(three), KeyBook::State::absent);
  book_.retract(one);
  EXPECT_EQ(book_.state(one), KeyBook::State::held);
}

TEST_F(KeyBookTest, KeepsTheWholeRangeOfIntegersApart) {
  const std::int64_t values[] = {0,
                                 -1,
                                 std::numeric_limits<std::int64_t>::min(),
                                 std::numeric_limits<std::int64_t>::max(),
                                 std::int64_t{std::numeric_limits<std::uint32_t>::max()},
                                 std::int64_t{std::numeric_limits<std::uint32_t>::max()} + 1};
  for (const auto value : values) EXPECT_TRUE(book_.add_written(key_of({integer(value)}))) << value;
  for (const auto value : values) {
    EXPECT_EQ(book_.state(key_of({integer(value)})), KeyBook::State::present) << value;
  }
  EXPECT_EQ(book_.state(key_of({integer(1)})), KeyBook::State::absent);
}

TEST_F(KeyBookTest, FollowsTheKeyThatIsInTheTarget) {
  const auto other = mig::uuid::parse("01234567-89ab-cdef-0123-456789abcdef");
  const NewKey there{MIG_UUID, std::string(reinterpret_cast<const char*>(other->bytes.data()), 16)};
  book_.add_existing(key_of({integer(7)}), there);
  const mig_cell cells[] = {integer(7)};
  EXPECT_TRUE(book_.existed(key_of({integer(7)})));
  EXPECT_EQ(id_text(book_.new_key(key_of({integer(7)}), cells, arena_)), other->to_text());
}

TEST_F(KeyBookTest, KnowsRowsByTheirNewKeyAlone) {
  const LegacyKey pair = key_of({integer(1), text("x")});
  book_.add_existing_id(book_.computed(pair));
  EXPECT_TRUE(book_.existed(pair));
  EXPECT_FALSE(book_.existed(key_of({integer(1), text("y")})));
}

}  // namespace
}  // namespace mighost
