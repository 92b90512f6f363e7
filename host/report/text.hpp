#pragma once
// Numbers and words as people read them: thousands separators, durations, aligned columns. Pure
// functions.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mighost {

/// 1234567 -> "1,234,567".
std::string thousands(std::uint64_t number);
/// 1234.56 -> "1,234.6". Negative and non-finite numbers count as 0.
std::string one_decimal(double number);
/// A rate, rounded to a whole number: "98,765". Below 10 it keeps one decimal: "0.4".
std::string rate_text(double per_second);
/// Whole seconds: "7 s", "1:05", "1:02:05", "3 d 04:05".
std::string duration_text(double seconds);
/// "1 row", "2,000 rows".
std::string counted(std::uint64_t number, std::string_view singular, std::string_view plural);
/// "a, b and c", with another last word on request.
std::string joined(const std::vector<std::string>& parts, std::string_view last_word = "and");

/// Control characters become "\n", "\t" or "\x1b", so that no text from elsewhere can forge a line
/// or steer a terminal.
std::string one_line(std::string_view text);
/// As one word of a command that people paste into a shell: it's -> 'it'\''s', plain -> plain.
std::string shell_word(std::string_view text);
/// How many columns the text takes on a terminal: UTF-8 characters, without colour sequences.
std::size_t visible_width(std::string_view text);
/// At most `width` columns; what was cut is marked with an ellipsis. For text without colours.
std::string truncated(std::string_view text, std::size_t width);

enum class Align { left, right };
/// One line per row, cells padded to their column's width, two blanks between columns, no blanks at
/// the end, no empty columns. Rows may be shorter than `columns`.
std::vector<std::string> aligned(const std::vector<std::vector<std::string>>& rows,
                                 const std::vector<Align>& columns);

enum class Color { none, green, yellow, red, bold, dim };
/// The text between colour sequences, or as it is when `enabled` is false.
std::string colored(std::string_view text, Color color, bool enabled);

}  // namespace mighost
