#include "report/text.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace mighost {
namespace {

TEST(Text, Thousands) {
  EXPECT_EQ(thousands(0), "0");
  EXPECT_EQ(thousands(999), "999");
  EXPECT_EQ(thousands(1'000), "1,000");
  EXPECT_EQ(thousands(45'012), "45,012");
  EXPECT_EQ(thousands(1'234'567), "1,234,567");
  EXPECT_EQ(thousands(std::numeric_limits<std::uint64_t>::max()), "18,446,744,073,709,551,615");
}

TEST(Text, OneDecimal) {
  EXPECT_EQ(one_decimal(0), "0.0");
  EXPECT_EQ(one_decimal(0.04), "0.0");
  EXPECT_EQ(one_decimal(0.05), "0.1");
  EXPECT_EQ(one_decimal(9.96), "10.0");
  EXPECT_EQ(one_decimal(1234.56), "1,234.6");
  EXPECT_EQ(one_decimal(-3), "0.0");
  EXPECT_EQ(one_decimal(std::numeric_limits<double>::quiet_NaN()), "0.0");
  EXPECT_EQ(one_decimal(std::numeric_limits<double>::infinity()), "100,000,000,000,000,000.0");
}

TEST(Text, Rates) {
  EXPECT_EQ(rate_text(0.42), "0.4");
  EXPECT_EQ(rate_text(9.94), "9.9");
  EXPECT_EQ(rate_text(9.96), "10");
  EXPECT_EQ(rate_text(98'765.4), "98,765");
}

TEST(Text, Durations) {
  EXPECT_EQ(duration_text(0), "0 s");
  EXPECT_EQ(duration_text(59.4), "59 s");
  EXPECT_EQ(duration_text(59.6), "1:00");
  EXPECT_EQ(duration_text(65), "1:05");
  EXPECT_EQ(duration_text(3'599), "59:59");
  EXPECT_EQ(duration_text(3'725), "1:02:05");
  EXPECT_EQ(duration_text(86'399), "23:59:59");
  EXPECT_EQ(duration_text(273'900), "3 d 04:05");
  EXPECT_EQ(duration_text(-5), "0 s");
}

TEST(Text, CountsAndLists) {
  EXPECT_EQ(counted(1, "row", "rows"), "1 row");
  EXPECT_EQ(counted(0, "row", "rows"), "0 rows");
  EXPECT_EQ(counted(2'000, "row", "rows"), "2,000 rows");
  EXPECT_EQ(joined({}), "");
  EXPECT_EQ(joined({"a"}), "a");
  EXPECT_EQ(joined({"a", "b", "c"}), "a, b and c");
  EXPECT_EQ(joined({"auto", "never"}, "or"), "auto or never");
}

TEST(Text, ShellWordIsQuotedWhereAShellWouldSeeMoreThanOne) {
  EXPECT_EQ(shell_word("/etc/run-1_a.toml"), "/etc/run-1_a.toml");
  EXPECT_EQ(shell_word("my run.toml"), "'my run.toml'");
  EXPECT_EQ(shell_word("it's $HOME"), "'it'\\''s $HOME'");
  EXPECT_EQ(shell_word("~root"), "'~root'");
  EXPECT_EQ(shell_word(""), "''");
}

TEST(Text, OneLineDefusesControlCharacters) {
  EXPECT_EQ(one_line("plain \u00fc"), "plain \u00fc");
  EXPECT_EQ(one_line("a\nb\tc"), "a\\nb\\tc");
  EXPECT_EQ(one_line("\x1b[31mred\x7f\r"), "\\x1b[31mred\\x7f\\x0d");
  EXPECT_EQ(one_line(std::string(1, '\0')), "\\x00");
}

TEST(Text, WidthCountsWhatIsSeen) {
  EXPECT_EQ(visible_width(""), 0U);
  EXPECT_EQ(visible_width("abc"), 3U);
  EXPECT_EQ(visible_width("\u00fc\u2026"), 2U);
  EXPECT_EQ(visible_width(colored("abc", Color::red, true)), 3U);
  EXPECT_EQ(visible_width("\x1b[x"), 3U) << "no colour sequence";
}

TEST(Text, TruncatesWholeCharacters) {
  EXPECT_EQ(truncated("core.offices", 12), "core.offices");
  EXPECT_EQ(truncated("core.offices", 6), "core.\u2026");
  EXPECT_EQ(truncated("\u00fc\u00fc\u00fc", 2), "\u00fc\u2026");
  EXPECT_EQ(truncated("abc", 1), "\u2026");
  EXPECT_EQ(truncated("abc", 0), "");
}

TEST(Text, AlignsColumns) {
  const auto lines = aligned({{"name", "rows", "note"}, {"a", "1,000", ""}, {"long name", "2"}},
                             {Align::left, Align::right, Align::left});
  EXPECT_EQ(lines, (std::vector<std::string>{"name        rows  note",  //
                                             "a          1,000",        //
                                             "long name      2"}));
}

TEST(Text, ColorsDoNotBreakAlignment) {
  const auto lines = aligned({{colored("ok", Color::green, true), "x"}, {"wrong", "y"}},
                             {Align::left, Align::left});
  EXPECT_EQ(lines[0], "\x1b[32mok\x1b[0m     x");
  EXPECT_EQ(lines[1], "wrong  y");
  EXPECT_EQ(colored("ok", Color::green, false), "ok");
}

}  // namespace
}  // namespace mighost
