// Sets of legacy keys as the ledger keeps them: read back as they were, or refused.
#include "batch/key_set.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <vector>

#include "report/error.hpp"

namespace mighost {
namespace {

LegacyKey integer_key(std::int64_t value) { return {true, value, {}}; }
LegacyKey text_key(std::string value) { return {false, 0, std::move(value)}; }

/// Keys of each kind, at the edges of what is kept in which way.
std::vector<LegacyKey> samples() {
  return {integer_key(0),
          integer_key(-1),
          integer_key(7),
          integer_key(std::int64_t{std::numeric_limits<std::uint32_t>::max()}),
          integer_key(std::int64_t{std::numeric_limits<std::uint32_t>::max()} + 1),
          integer_key(std::numeric_limits<std::int64_t>::min()),
          integer_key(std::numeric_limits<std::int64_t>::max()),
          text_key(""),
          text_key("7"),
          text_key("a/b"),
          text_key(std::string("\0x", 2)),
          text_key("3f333df6-90a4-4fda-8dd3-9485d27cee36"),
          text_key("3F333DF6-90A4-4FDA-8DD3-9485D27CEE36")};
}

KeySet set_of(const std::vector<LegacyKey>& keys) {
  KeySet set;
  for (const LegacyKey& key : keys) EXPECT_TRUE(set.add(key)) << key.integer << key.text;
  return set;
}

TEST(KeySet, ComesBackFromItsBytesWithEveryKeyAndNoOther) {
  const KeySet back = KeySet::decode(set_of(samples()).encode());
  EXPECT_EQ(back.size(), samples().size());
  for (const LegacyKey& key : samples()) EXPECT_TRUE(back.contains(key)) << key.integer << key.text;
  EXPECT_FALSE(back.contains(integer_key(8)));
  EXPECT_FALSE(back.contains(text_key("8")));
  EXPECT_TRUE(KeySet::decode(KeySet{}.encode()).empty());
}

TEST(KeySet, GivesTheSameBytesInWhateverOrderTheKeysCame) {
  std::vector<LegacyKey> reversed = samples();
  std::reverse(reversed.begin(), reversed.end());
  KeySet other = set_of(reversed);
  other.add(text_key("gone"));
  other.remove(text_key("gone"));
  other.optimize();
  EXPECT_EQ(other.encode(), set_of(samples()).encode());
}

TEST(KeySet, TakesFewBytesForNeighbours) {
  KeySet set;
  for (std::int64_t key = 1; key <= 1'000'000; ++key) set.add(integer_key(key));
  EXPECT_LT(set.encode().size(), 1'000U);  // 16 containers of one run each
}

TEST(KeySet, RefusesBytesThatAreNotWhole) {
  const std::string bytes = set_of(samples()).encode();
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_THROW(KeySet::decode(std::string_view{bytes}.substr(0, size)), Error) << size;
  }
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    std::string changed = bytes;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    EXPECT_THROW(KeySet::decode(changed), Error) << at;
  }
  try {
    KeySet::decode(bytes + "x");
    FAIL() << "bytes were left over";
  } catch (const Error& error) {
    EXPECT_EQ(error.exit(), Exit::failed);
    EXPECT_EQ(error.message(), "a set of keys in the ledger is damaged: its checksum differs");
    EXPECT_FALSE(error.where().empty());
    EXPECT_FALSE(error.next().empty());
  }
}

TEST(KeySet, TakesInTheKeysOfAnother) {
  KeySet set = set_of({integer_key(1), integer_key(-1), text_key("a")});
  set.add_all(
      set_of({integer_key(1), integer_key(2), integer_key(-2), text_key("a"), text_key("b")}));
  EXPECT_EQ(set.size(), 6U);
  for (const LegacyKey& key : {integer_key(1), integer_key(2), integer_key(-1), integer_key(-2),
                               text_key("a"), text_key("b")})
    EXPECT_TRUE(set.contains(key)) << key.integer << key.text;
}

}  // namespace
}  // namespace mighost
