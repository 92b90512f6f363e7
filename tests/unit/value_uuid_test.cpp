// UUIDs, and version 5 against PostgreSQL's uuid-ossp.
#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <string_view>

#include "mighost/value/uuid.hpp"

namespace {

using mig::uuid;

constexpr uuid id(const char* text) { return uuid::parse(text).value(); }

std::string sha1_hex(std::string_view first, std::string_view second = {}) {
  std::string hex;
  for (const unsigned char byte :
       mig::detail::sha1(first.data(), first.size(), second.data(), second.size())) {
    hex += "0123456789abcdef"[byte >> 4];
    hex += "0123456789abcdef"[byte & 15];
  }
  return hex;
}

TEST(ValueUuid, Sha1OfTheStandardsExamples) {
  // FIPS 180-2 appendix A, and the digest of nothing.
  EXPECT_EQ(sha1_hex(""), "da39a3ee5e6b4b0d3255bfef95601890afd80709");
  EXPECT_EQ(sha1_hex("abc"), "a9993e364706816aba3e25717850c26c9cd0d89d");
  EXPECT_EQ(sha1_hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "84983e441c3bd26ebaae4aa1f95129e5e54670f1");
  EXPECT_EQ(sha1_hex(std::string(1'000'000, 'a')), "34aa973cd4c4daa4f61eeb2bdbad27316534016f");
}

/// Blocks that follow each other, so that a wrong word anywhere spreads.
TEST(ValueUuid, Sha1OfTheProcessorIsThatOfTheStandard) {
#if defined(__x86_64__)
  if (!mig::detail::has_sha1_instructions()) GTEST_SKIP() << "this processor has no SHA extensions";
  mig::detail::sha1_state plain, fast;
  std::array<unsigned char, mig::detail::sha1_block_size> block{};
  std::uint32_t random = 1;
  for (int round = 0; round < 1000; ++round) {
    for (unsigned char& byte : block) {
      random = random * 1664525 + 1013904223;
      byte = static_cast<unsigned char>(random >> 24);
    }
    mig::detail::sha1_block_plain(plain, block.data());
    mig::detail::sha1_block_x86(fast.words.data(), block.data());
    ASSERT_EQ(plain.words, fast.words) << round;
  }
#else
  GTEST_SKIP() << "not an x86-64 processor";
#endif
}

TEST(ValueUuid, Sha1DoesNotCareWhereTheTextIsCut) {
  const std::string text(200, 'x');
  for (std::size_t size = 0; size <= text.size(); ++size) {
    const std::string_view whole = std::string_view(text).substr(0, size);
    for (const std::size_t cut : {std::size_t{0}, size / 3, size / 2, size}) {
      ASSERT_EQ(sha1_hex(whole.substr(0, cut), whole.substr(cut)), sha1_hex(whole)) << size;
    }
  }
}

TEST(ValueUuid, Version5IsPostgresqls) {
  struct row {
    uuid ns;
    const char* name;
    const char* expected;
  };
  constexpr uuid run = id("018f2d6e-7c1a-4b5e-9d3f-2a6b8c0d1e2f");
  // From PostgreSQL 15.20: SELECT uuid_generate_v5(ns, name). The first is RFC 9562's (appendix
  // A.4).
  constexpr row rows[] = {
      {mig::namespace_dns, "www.example.com", "2ed6657d-e927-568b-95e1-2665a8aea6a2"},
      {mig::namespace_dns, "python.org", "886313e1-3b8a-5372-9b90-0c9aee199e5d"},
      {mig::namespace_x500, "cn=John", "1713550e-4d56-5817-bce4-d5dac105f99d"},
      {mig::namespace_oid, "1.3.6.1", "1447fa61-5277-5fef-a9b3-fbc6e44f4af3"},
      {mig::namespace_url, "Z\u00fcrich/\u65e5\u672c", "e1a88858-d78b-5ecb-ba94-7307ae1ece9c"},
      {uuid{}, "", "e129f27c-5103-5c5c-844b-cdf0a15e160d"},
      {run, "core.patients/5290", "39395f1a-ef0c-595e-b4ae-2352fb8ac1c2"},
      {run, "core.doctor_offices/17/4", "f191c03b-f838-50e3-aaaf-c6e5994abc1b"},
  };
  for (const row& expected : rows) {
    EXPECT_EQ(mig::uuid5(expected.ns, expected.name).to_text(), expected.expected);
  }
}

TEST(ValueUuid, Version5OfNamesAboutTheBlockLimits) {
  struct row {
    std::size_t size;
    const char* expected;
  };
  // SELECT uuid_generate_v5(uuid_ns_url(), repeat('a', size)); one block up to 39, two up to 103.
  constexpr row rows[] = {
      {0, "1b4db7eb-4057-5ddf-91e0-36dec72071f5"},   {1, "e1407479-3136-56c0-9908-bb02fb0339e2"},
      {38, "1692765d-1c95-5ac5-a073-ac1b4660febe"},  {39, "615eac0e-03db-567b-8580-916c1aca1cc2"},
      {40, "c5c985c8-6875-5a42-b6e3-2872703afed4"},  {46, "40842f40-e7a4-5e50-89b6-197b2964d031"},
      {47, "60100e11-180f-59cb-911f-bdb3aa734c9d"},  {48, "aa33c522-9edc-58a5-b5af-e2a12995886e"},
      {49, "5f34ff08-c93f-5aca-811f-32e7d0b994bd"},  {102, "b34be977-215f-5b21-8eff-245ce97d6833"},
      {103, "d95b9427-a1cc-5a01-876a-6367661db75c"}, {104, "03762118-5c69-5fbd-8fe6-063863f5ae19"},
      {111, "30d5a62f-5637-5d08-92c9-88a78408222d"}, {112, "237275f4-1121-5532-bfe3-f5091e4fce65"},
      {113, "c83fc04b-3905-5a63-ba91-4387d05c7e6b"}, {1000, "7f46a8f9-f8ba-5a67-983a-ffc2101475df"},
  };
  for (const row& expected : rows) {
    const uuid value = mig::uuid5(mig::namespace_url, std::string(expected.size, 'a'));
    EXPECT_EQ(value.to_text(), expected.expected) << expected.size;
    EXPECT_EQ(value.version(), 5);
    EXPECT_EQ(value.bytes[8] & 0xC0, 0x80);
  }
}

TEST(ValueUuid, NumberedNamesAreTheSameUuids) {
  constexpr std::int64_t numbers[] = {0,
                                      7,
                                      -1,
                                      1'234'567,
                                      std::numeric_limits<std::int64_t>::max(),
                                      std::numeric_limits<std::int64_t>::min()};
  // One block takes 39 bytes beside the namespace; what is longer goes the long way.
  for (const std::size_t size : {0U, 1U, 18U, 19U, 20U, 31U, 32U, 33U, 38U, 39U, 40U, 200U}) {
    const std::string prefix(size, 'p');
    const mig::uuid5_numbered numbered(mig::namespace_url, prefix);
    for (const std::int64_t number : numbers) {
      EXPECT_EQ(numbered(number), mig::uuid5(mig::namespace_url, prefix + std::to_string(number)))
          << size << " " << number;
    }
  }
  // SELECT uuid_generate_v5(uuid_ns_url(), 'core.patients/4711');
  EXPECT_EQ(mig::uuid5_numbered(mig::namespace_url, "core.patients/")(4711).to_text(),
            "90e44147-22b3-5955-9585-faefe34f1f0b");
}

TEST(ValueUuid, ParsesTheFormsOfPostgresql) {
  constexpr uuid expected = id("a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11");
  constexpr const char* forms[] = {
      "A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11",  "{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}",
      "a0eebc999c0b4ef8bb6d6bb9bd380a11",      "a0ee-bc99-9c0b-4ef8-bb6d-6bb9-bd38-0a11",
      "{a0eebc99-9c0b4ef8-bb6d6bb9-bd380a11}",
  };
  for (const char* form : forms) EXPECT_EQ(uuid::parse(form), expected) << form;
  EXPECT_EQ(expected.to_text(), "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11");
}

TEST(ValueUuid, RefusesTheRest) {
  constexpr const char* refused[] = {
      "",
      "{}",
      "-",
      "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a1",
      "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a111",
      "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11-",
      "-a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
      "a0eebc99--9c0b-4ef8-bb6d-6bb9bd380a11",
      "a0e-ebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
      "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a1g",
      "{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
      "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}",
      " a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
      "urn:uuid:a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
  };
  for (const char* text : refused) EXPECT_FALSE(uuid::parse(text)) << text;
}

TEST(ValueUuid, OrdersByteByByte) {
  constexpr uuid low = id("00000000-0000-0000-0000-0000000000ff");
  constexpr uuid high = id("01000000-0000-0000-0000-000000000000");
  static_assert(low < high && high > low && low != high && low == low);
  EXPECT_TRUE(uuid{}.is_nil());
  EXPECT_FALSE(low.is_nil());
  EXPECT_LT(uuid{}, low);
}

}  // namespace
