#include "core_test.hpp"

namespace core::tests {
namespace {

TEST(Rules, DigitsPad) {
  EXPECT_EQ(std::string_view{digits(42)}, "42");
  EXPECT_EQ(std::string_view(digits(42, 6)), "000042");
  EXPECT_EQ(std::string_view(digits(1234567, 6)), "1234567");
  EXPECT_EQ(std::string_view{digits(std::numeric_limits<std::int64_t>::min())},
            "-9223372036854775808");
}

TEST(Rules, EmptyWords) {
  for (const char* text : {"", " ", "\t\r\n\v\f", "null", "NULL", "None", " nOnE ",
                           "\xC2\xA0", "\xE3\x80\x80null\xC2\xA0"}) {
    EXPECT_FALSE(trimmed(text)) << text;
  }
  EXPECT_FALSE(trimmed(std::nullopt));
  for (const char* text : {"nul", "nulls", "none.", "0", "N/A"}) {
    EXPECT_EQ(trimmed(text), text);
  }
}

TEST(Rules, TitleCase) {
  EXPECT_EQ(title_case("hong KONG sar"), "Hong Kong Sar");
  EXPECT_EQ(title_case("(the) gambia"), "(The) Gambia");
  EXPECT_EQ(title_case(""), "");
}

TEST(Rules, EmailSyntax) {
  EXPECT_TRUE(email_is_valid("a@b.co"));
  EXPECT_TRUE(email_is_valid("a@b.c.de"));
  EXPECT_TRUE(email_is_valid("a@-..de"));  // as the target's constraint has it
  for (const char* email : {"", "@", "a@", "@b.co", "a@b", "a@.co", "a@b.c", "a@b.co\n", "a b@c.de",
                            "A@b.co", "a@b@c.de", "a@b.c1", "a@b..", "\"a\"@b.co"}) {
    EXPECT_FALSE(email_is_valid(email)) << email;
  }
}

TEST(Rules, UnknownCodesHaveNoWord) {
  static_assert(word_for(genders, 1) == std::string_view{"male"});
  static_assert(!word_for(genders, 3));
  static_assert(gender_of(std::nullopt) == std::string_view{"unknown"});
}

}  // namespace
}  // namespace core::tests
