// Fingerprints without a database: equal for what the server takes for equal, different for
// everything else, and sums that can be added and taken back.
#include "batch/fingerprint.hpp"

#include <gtest/gtest.h>

#include <map>
#include <mighost/value.hpp>
#include <random>

#include "batch/leaves.hpp"
#include "pg/oids.hpp"
#include "pg/wire.hpp"
#include "report/error.hpp"

namespace mighost {
namespace {

std::string number(std::int16_t weight, std::uint16_t sign, std::int16_t scale,
                   const std::vector<std::int16_t>& digits) {
  std::string bytes;
  wire::append(bytes, static_cast<std::int16_t>(digits.size()));
  wire::append(bytes, weight);
  wire::append(bytes, sign);
  wire::append(bytes, scale);
  for (const std::int16_t digit : digits) wire::append(bytes, digit);
  return bytes;
}

std::uint64_t numeric_hash(const std::string& wire) {
  return hash_value(wire, ValueForm::numeric, -1, 1);
}

TEST(Fingerprint, TakesANumericByItsValue) {
  const std::uint64_t five_and_a_half = numeric_hash(number(0, 0, 1, {5, 5000}));
  EXPECT_EQ(numeric_hash(number(0, 0, 2, {5, 5000})), five_and_a_half);
  EXPECT_EQ(numeric_hash(number(0, 0, 8, {5, 5000, 0})), five_and_a_half);
  EXPECT_EQ(numeric_hash(number(1, 0, 1, {0, 5, 5000})), five_and_a_half);
  EXPECT_NE(numeric_hash(number(0, 0x4000, 1, {5, 5000})), five_and_a_half);
  EXPECT_NE(numeric_hash(number(1, 0, 0, {5, 5000})), five_and_a_half);
  EXPECT_NE(numeric_hash(number(0, 0, 2, {5, 5001})), five_and_a_half);
  EXPECT_EQ(numeric_hash(number(0, 0, 0, {})), numeric_hash(number(0, 0x4000, 2, {0})));
  EXPECT_NE(numeric_hash(number(0, 0xC000, 0, {})), numeric_hash(number(0, 0, 0, {})));
  EXPECT_NE(numeric_hash(number(0, 0xD000, 0, {})), numeric_hash(number(0, 0xF000, 0, {})));
}

TEST(Fingerprint, TakesTextAsTheColumnKeepsIt) {
  const auto hash = [](std::string_view text, std::uint32_t type, std::int32_t modifier) {
    return hash_value(text, value_form(type, modifier), modifier, 7);
  };
  EXPECT_EQ(hash("ab", oid::bpchar, 8), hash("ab  ", oid::bpchar, 8));
  EXPECT_EQ(hash("", oid::bpchar, 8), hash("    ", oid::bpchar, 8));
  EXPECT_NE(hash(" ab", oid::bpchar, 8), hash("ab", oid::bpchar, 8));
  // varchar(2) loses blanks behind the second character, and no others.
  EXPECT_EQ(hash("ab ", oid::varchar, 6), hash("ab", oid::varchar, 6));
  EXPECT_NE(hash("a ", oid::varchar, 6), hash("a", oid::varchar, 6));
  EXPECT_EQ(hash("\xC3\xA4\xC3\xB6 ", oid::varchar, 6), hash("\xC3\xA4\xC3\xB6", oid::varchar, 6));
  EXPECT_NE(hash("ab ", oid::varchar, -1), hash("ab", oid::varchar, -1));
  EXPECT_NE(hash("ab ", oid::text, -1), hash("ab", oid::text, -1));
}

/// Ledgers hold these hashes: however a length is hashed, it is XXH3.
TEST(Fingerprint, HashesAPlainValueOfAnyLengthAlike) {
  for (std::size_t size = 0; size <= 64; ++size) {
    std::string bytes;
    for (std::size_t at = 0; at < size; ++at) bytes.push_back(static_cast<char>(37 * at + size));
    for (const std::uint64_t seed : {std::uint64_t{0}, std::uint64_t{7}, ~std::uint64_t{0}}) {
      EXPECT_EQ(hash_value(bytes, ValueForm::plain, -1, seed), hash_bytes(bytes, seed)) << size;
    }
  }
}

TEST(Fingerprint, RoundsATimestampAsItsColumnDoes) {
  const auto hash = [](std::int64_t at, std::int32_t precision) {
    std::string bytes;
    wire::append(bytes, at);
    return hash_value(bytes, value_form(oid::timestamptz, precision), precision, 7);
  };
  EXPECT_EQ(hash(1'499, 3), hash(1'000, 3));
  EXPECT_EQ(hash(1'500, 3), hash(2'000, 3));
  EXPECT_EQ(hash(-1'500, 3), hash(-2'000, 3));
  EXPECT_NE(hash(1'499, 6), hash(1'000, 6));
  EXPECT_NE(hash(INT64_MAX, 0), hash(INT64_MIN, 0));
}

struct JsonPair {
  const char *left, *right;
};

TEST(Fingerprint, TakesJsonbByItsValue) {
  const JsonPair equal[] = {
      {R"({"a":1,"b":2})", R"({ "b" : 2 , "a" : 1 })"},
      {R"({"a":1,"a":2})", R"({"a":2})"},
      {R"({"a":{"x":1},"a":{"x":2},"b":1})", R"({"b":1,"a":{"x":2}})"},
      {"1.0", "1.00"},
      {"100", "1e2"},
      {"-0.0", "0"},
      {"0e7", "0"},
      {"1.5E-3", "0.0015"},
      {"123456789012345678901234567890.10", "123456789012345678901234567890.1"},
      {"123456789012345678901234567890e5", "12345678901234567890123456789000000"},
      {R"("\u00e4\n")", "\"\xC3\xA4\\n\""},
      {R"("\ud83d\ude00")", "\"\xF0\x9F\x98\x80\""},
      {R"({"\u0061":null})", R"({"a":null})"},
      {"  [ true , false , [ ] ]  ", "[true,false,[]]"}};
  for (const JsonPair& pair : equal) {
    EXPECT_EQ(hash_json(pair.left), hash_json(pair.right)) << pair.left << "  " << pair.right;
  }
  const JsonPair different[] = {
      {R"({"a":1,"a":2})", R"({"a":1})"},
      {"123456789012345678901234567890", "123456789012345678901234567891"},
      {"0.1", "0.10000000000000000555"},
      {"1", "10"},
      {"1", "-1"},
      {"1", "\"1\""},
      {"null", "false"},
      {"[]", "{}"},
      {"[]", "null"},
      {"[1,2]", "[2,1]"},
      {"[[1],2]", "[1,[2]]"},
      {R"({"a":{"b":1}})", R"({"b":{"a":1}})"},
      {R"({"a":1,"b":2})", R"({"a":2,"b":1})"},
      {R"({"a":null})", "{}"}};
  for (const JsonPair& pair : different) {
    EXPECT_NE(hash_json(pair.left), hash_json(pair.right)) << pair.left << "  " << pair.right;
  }
}

TEST(Fingerprint, OfALargeJsonObjectKeepsTheLastOfEqualNames) {
  std::string once = "{", again = "{\"m7\":\"other\",";
  for (int member = 0; member < 40; ++member) {
    const std::string text = "\"m" + std::to_string(member) + "\":" + std::to_string(member);
    once += (member == 0 ? "" : ",") + text;
    again += (member == 0 ? "" : ",") + text;
  }
  EXPECT_EQ(hash_json(once + "}"), hash_json(again + "}"));
  EXPECT_NE(hash_json(once + "}"), hash_json(once + ",\"m7\":\"other\"}"));
  const std::string deep(20'000, '[');
  EXPECT_EQ(hash_json(deep + std::string(20'000, ']')),
            hash_json(deep + " " + std::string(20'000, ']')));
}

const FingerprintLayout layout{{{"id", oid::int4, -1, "integer", false},
                                {"amount", oid::numeric, -1, "numeric", false},
                                {"name", oid::text, -1, "text", false},
                                {"parent", oid::int4, -1, "integer", true}},
                               {0}};

std::string row_of(std::int32_t id, std::int16_t amount, std::string_view name,
                   std::optional<std::int32_t> parent = {}) {
  std::string row;
  wire::append<std::int16_t>(row, 4);
  wire::append_integer_field(row, id);
  wire::append_field(row, number(0, 0, 0, {amount}));
  wire::append_field(row, name);
  if (parent) {
    wire::append_integer_field(row, *parent);
  } else {
    wire::append_null(row);
  }
  return row;
}

TEST(Fingerprint, OfARowTellsKeysAndColumnsApart) {
  RowHasher hasher(layout);
  const auto fingerprint = [&](const std::string& row) {
    EXPECT_EQ(hasher.read(row), RowHasher::Result::counted);
    return hasher.fingerprint();
  };
  const std::uint64_t first = fingerprint(row_of(1, 5, "a"));
  EXPECT_EQ(hasher.key().number, 1);
  EXPECT_EQ(fingerprint(row_of(1, 5, "a")), first);
  EXPECT_NE(fingerprint(row_of(1, 6, "a")), first);
  EXPECT_NE(fingerprint(row_of(1, 5, "b")), first);
  EXPECT_EQ(fingerprint(row_of(1, 5, "a", 9)), first) << "a late column is no part of its row";
  // Values that change places between two rows change the sum of both.
  EXPECT_NE(fingerprint(row_of(1, 5, "a")) + fingerprint(row_of(2, 6, "b")),
            fingerprint(row_of(1, 6, "a")) + fingerprint(row_of(2, 5, "b")));

  RowHasher late(layout, "parent");
  EXPECT_EQ(late.read(row_of(1, 5, "a")), RowHasher::Result::absent);
  EXPECT_EQ(late.read(row_of(1, 5, "a", 9)), RowHasher::Result::counted);
  const std::uint64_t nine = late.fingerprint();
  EXPECT_EQ(late.read(row_of(1, 6, "b", 9)), RowHasher::Result::counted);
  EXPECT_EQ(late.fingerprint(), nine);

  std::string nobody;
  wire::append<std::int16_t>(nobody, 4);
  for (int column = 0; column < 4; ++column) wire::append_null(nobody);
  EXPECT_EQ(hasher.read(nobody), RowHasher::Result::no_key);
  EXPECT_THROW(hasher.read(nobody.substr(0, 10)), Error);
}

TEST(Fingerprint, BucketsComeBackToNothing) {
  RowHasher hasher(layout);
  Buckets all(hasher.counted().size()), first(hasher.counted().size()),
      second(hasher.counted().size());
  for (int id = 0; id < 3000; ++id) {
    hasher.read(row_of(id, static_cast<std::int16_t>(id % 100), "x"));
    all.add(hasher);
    (id % 3 == 0 ? first : second).add(hasher);
  }
  EXPECT_EQ(all.rows(), 3000);
  Buckets sum(hasher.counted().size());
  sum.add_encoded(first.encode());
  sum.add_encoded(second.encode());
  for (std::size_t bucket = 0; bucket < bucket_count; ++bucket) {
    EXPECT_TRUE(sum.same(bucket, all));
  }
  for (int id = 0; id < 3000; ++id) {
    hasher.read(row_of(id, static_cast<std::int16_t>(id % 100), "x"));
    sum.subtract(hasher);
  }
  EXPECT_EQ(sum.encode(), Buckets(hasher.counted().size()).encode());
  EXPECT_THROW(sum.add_encoded("xyz"), Error);
  EXPECT_THROW(sum.add_encoded(Buckets(7).encode()), Error);
}

TEST(Fingerprint, LeavesComeBackAsTheyWereAndStayInBounds) {
  std::mt19937_64 random(7);
  LeafChunk chunk(true);
  std::vector<std::pair<std::int64_t, std::uint64_t>> added, read;
  std::vector<std::string> chunks;
  for (int at = 0; at < 40'000; ++at) {
    RowKey key;
    key.number = at % 100 == 0 ? static_cast<std::int64_t>(random()) : at;
    if (at == 7) key.number = INT64_MIN;
    if (at == 8) key.number = INT64_MAX;
    const std::uint64_t fingerprint = random();
    if (!chunk.add(key, fingerprint)) {
      chunks.push_back(chunk.take());
      EXPECT_TRUE(chunk.add(key, fingerprint));
    }
    added.emplace_back(key.number, fingerprint);
  }
  chunks.push_back(chunk.take());
  EXPECT_TRUE(chunk.empty());
  std::size_t bytes = 0;
  for (const std::string& one : chunks) {
    EXPECT_LE(one.size(), LeafChunk::bytes_max);
    bytes += one.size();
    read_leaves(one, true, [&](const Leaf& leaf) {
      read.emplace_back(leaf.key.number, leaf.fingerprint);
      EXPECT_EQ(leaf.key.hash, hash_of_key(leaf.key.number));
    });
  }
  EXPECT_EQ(read, added);
  EXPECT_LT(bytes / added.size(), 10);
  EXPECT_THROW(read_leaves(chunks[0].substr(0, chunks[0].size() - 1), true, [](const Leaf&) {}),
               Error);
}

TEST(Fingerprint, KeysOfSeveralColumnsAreToldAsTheLedgerTellsThem) {
  const FingerprintLayout pairs{{{"name", oid::varchar, 14, "character varying(10)", false},
                                 {"token", oid::uuid, -1, "uuid", false},
                                 {"rank", oid::int8, -1, "bigint", false}},
                                {0, 1, 2}};
  std::string row;
  wire::append<std::int16_t>(row, 3);
  wire::append_field(row, "a/b\\c");
  wire::append_field(row, std::string(16, '\x11'));
  wire::append_integer_field<std::int64_t>(row, -5);
  RowHasher hasher(pairs);
  ASSERT_EQ(hasher.read(row), RowHasher::Result::counted);
  EXPECT_EQ(key_text(pairs, hasher.key()), "a\\/b\\\\c/11111111-1111-1111-1111-111111111111/-5");
  LeafChunk chunk(pairs.integer_key());
  chunk.add(hasher.key(), hasher.fingerprint());
  read_leaves(chunk.take(), pairs.integer_key(), [&](const Leaf& leaf) {
    EXPECT_EQ(leaf.key.hash, hasher.key().hash);
    EXPECT_EQ(key_text(pairs, leaf.key), key_text(pairs, hasher.key()));
  });
}

}  // namespace
}  // namespace mighost
