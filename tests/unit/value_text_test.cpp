// Blanks, ASCII case, UTF-8.
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "mighost/value/text.hpp"

namespace {

using namespace std::string_view_literals;

constexpr std::string_view every_blank = " \t\r\n\v\f\u00a0\u3000"sv;

static_assert(mig::trim("\u00a0 a b \u3000") == "a b");
static_assert(mig::is_blank(" \t ") && !mig::is_blank(" x "));

TEST(ValueText, TrimsEveryBlankAtBothEnds) {
  EXPECT_EQ(mig::trim(""), "");
  EXPECT_EQ(mig::trim("a"), "a");
  EXPECT_EQ(mig::trim(every_blank), "");
  const std::string padded = std::string(every_blank) + "a b" + std::string(every_blank);
  EXPECT_EQ(mig::trim(padded), "a b");
  EXPECT_EQ(mig::trim("a" + std::string(every_blank) + "b").size(), every_blank.size() + 2);
  EXPECT_EQ(mig::trim(padded).data(), padded.data() + every_blank.size());
}

TEST(ValueText, LeavesWhatOnlyLooksLikeABlank) {
  constexpr std::string_view kept[] = {
      "\u00a1",    // C2 A1
      "\u00e0",    // C3 A0 ends like a no-break space
      "\u3001",    // E3 80 81
      "\u3040",    // E3 81 80 ends like an ideographic space
      "\u0400",    // D0 80
      "\u2000",    // an en quad is not on the list
      "\u200b",    // nor is a zero width space
      "\ufeff",    // nor a byte order mark
      "\u0085",    // nor a next line
      "\x1c",      // nor a file separator
      "\xc2",      // broken bytes stay what they are
      "\xa0",      //
      "\xe3\x80",  //
      "\x80\x80",  //
      "\0"sv,      //
      "\x08",      // just before the tab
      "\x0e",      // just after the CR
  };
  for (const std::string_view text : kept) {
    EXPECT_EQ(mig::trim(text), text);
    EXPECT_FALSE(mig::is_blank(text));
    std::string buffer;
    EXPECT_EQ(mig::collapse_blanks(text, buffer), text);
  }
}

TEST(ValueText, CollapsesRunsIntoOneSpace) {
  EXPECT_EQ(mig::collapse_blanks(""), "");
  EXPECT_EQ(mig::collapse_blanks("a b c"), "a b c");
  EXPECT_EQ(mig::collapse_blanks("a  b"), "a b");
  EXPECT_EQ(mig::collapse_blanks("a\tb"), "a b");
  EXPECT_EQ(mig::collapse_blanks("a\u00a0b\u3000c"), "a b c");
  EXPECT_EQ(mig::collapse_blanks("a" + std::string(every_blank) + "b"), "a b");
  EXPECT_EQ(mig::collapse_blanks("a b  c d\t\te"), "a b c d e");
  EXPECT_EQ(mig::collapse_blanks("  a  "), " a ");
  EXPECT_EQ(mig::collapse_blanks("\t"), " ");
  EXPECT_EQ(mig::collapse_blanks(" "), " ");
  EXPECT_EQ(mig::collapse_blanks("\u3000\u3001\u00a0\u00a1"), " \u3001 \u00a1");
}

TEST(ValueText, CopiesOnlyWhatChanges) {
  std::string buffer = "old";
  const std::string_view clean = "nothing to do";
  EXPECT_EQ(mig::collapse_blanks(clean, buffer).data(), clean.data());
  EXPECT_EQ(mig::ascii_lower(clean, buffer).data(), clean.data());
  EXPECT_EQ(buffer, "old");
  EXPECT_EQ(mig::collapse_blanks("a  b", buffer).data(), buffer.data());
  EXPECT_EQ(buffer, "a b");
  EXPECT_EQ(mig::ascii_upper("ab1", buffer).data(), buffer.data());
  EXPECT_EQ(buffer, "AB1");
}

TEST(ValueText, ChangesTheCaseOfAsciiOnly) {
  EXPECT_EQ(mig::ascii_lower("AbZ@[`{ \u00c4\u00d6\u0130"), "abz@[`{ \u00c4\u00d6\u0130");
  EXPECT_EQ(mig::ascii_upper("aBz@[`{ \u00e4\u00f6\u0131"), "ABZ@[`{ \u00e4\u00f6\u0131");
  std::string all;
  for (int c = 0; c < 256; ++c) all += static_cast<char>(c);
  const std::string lower = mig::ascii_lower(all);
  const std::string upper = mig::ascii_upper(all);
  std::string buffer;
  EXPECT_EQ(mig::ascii_lower(all, buffer), lower);
  EXPECT_EQ(mig::ascii_upper(all, buffer), upper);
  for (std::size_t c = 0; c < 256; ++c) {
    EXPECT_EQ(lower[c] != all[c], c >= 'A' && c <= 'Z');
    EXPECT_EQ(upper[c] != all[c], c >= 'a' && c <= 'z');
  }
}

TEST(ValueText, ComparesIgnoringCase) {
  EXPECT_TRUE(mig::equals_ignoring_case("NULL", "null"));
  EXPECT_TRUE(mig::equals_ignoring_case("", ""));
  EXPECT_FALSE(mig::equals_ignoring_case("null", "nul"));
  EXPECT_FALSE(mig::equals_ignoring_case("[", "{"));
  EXPECT_FALSE(mig::equals_ignoring_case("\u00c4", "\u00e4"));
}

TEST(ValueText, KnowsUtf8) {
  constexpr std::string_view good[] = {
      "",
      "abc",
      "\x7f",
      "\u0080",
      "\u07ff",
      "\u0800",
      "\ud7ff",
      "\ue000",
      "\uffff",
      "\U00010000",
      "\U0010ffff",
      "12345678\u00e9",
      "1234567\u00e9",
      "\u65e5\u672c\u8a9e",
      "\0"sv,
      "a\0b"sv,
  };
  for (const std::string_view text : good) EXPECT_TRUE(mig::valid_utf8(text)) << text;
  constexpr std::string_view bad[] = {
      "\x80",
      "\xbf",
      "\xc0\x80",
      "\xc1\xbf",
      "\xc2",
      "\xc2\x7f",
      "\xc2\xc0",
      "\xe0\x80\x80",
      "\xe0\x9f\xbf",
      "\xe1\x80",
      "\xe1\x80\x7f",
      "\xe1\x7f\x80",
      "\xed\xa0\x80",
      "\xed\xbf\xbf",
      "\xf0\x80\x80\x80",
      "\xf0\x8f\xbf\xbf",
      "\xf1\x80\x80",
      "\xf1\x80\x80\x7f",
      "\xf4\x90\x80\x80",
      "\xf5\x80\x80\x80",
      "\xf8\x88\x80\x80\x80",
      "\xfe",
      "\xff",
      "12345678\x80",
      "caf\xe9",
      "\xc3\xa9\x80",
      "12345678123456\xe2\x82",
  };
  for (const std::string_view text : bad) EXPECT_FALSE(mig::valid_utf8(text)) << text;
}

TEST(ValueText, EveryCodePointIsUtf8UnlessASurrogate) {
  for (unsigned code = 0; code <= 0x110FFF; ++code) {
    std::string text;
    const auto tail = [&](unsigned shift) {
      text += static_cast<char>(0x80 | (code >> shift & 63));
    };
    if (code < 0x80) {
      text += static_cast<char>(code);
    } else if (code < 0x800) {
      text += static_cast<char>(0xC0 | code >> 6);
      tail(0);
    } else if (code < 0x10000) {
      text += static_cast<char>(0xE0 | code >> 12);
      tail(6);
      tail(0);
    } else {
      text += static_cast<char>(0xF0 | code >> 18);
      tail(12);
      tail(6);
      tail(0);
    }
    const bool expected = code <= 0x10FFFF && (code < 0xD800 || code > 0xDFFF);
    ASSERT_EQ(mig::valid_utf8(text), expected) << code;
    text.pop_back();
    ASSERT_EQ(mig::valid_utf8(text), text.empty()) << code;
  }
}

TEST(ValueText, FindsNulBytes) {
  EXPECT_TRUE(mig::has_nul("a\0b"sv));
  EXPECT_FALSE(mig::has_nul("a\\0b"));
}

}  // namespace
