#include "report/text.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace mighost {
namespace {

constexpr std::uint64_t minute_s = 60, hour_s = 60 * minute_s, day_s = 24 * hour_s;
constexpr double number_max = 1e18;  // fits std::uint64_t

std::uint64_t whole(double number) {
  if (!(number > 0)) return 0;  // NaN too
  return static_cast<std::uint64_t>(std::min(number, number_max));
}

std::string two_digits(std::uint64_t number) {
  return (number < 10 ? "0" : "") + std::to_string(number);
}

bool continues_character(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

// Length of the colour sequence at the beginning of `text`, or 0.
std::size_t color_sequence(std::string_view text) {
  if (text.substr(0, 2) != "\x1b[") return 0;
  const std::size_t end = text.find_first_not_of("0123456789;", 2);
  return end != std::string_view::npos && text[end] == 'm' ? end + 1 : 0;
}

}  // namespace

std::string thousands(std::uint64_t number) {
  std::string text = std::to_string(number);
  for (std::size_t at = text.size(); at > 3;) text.insert(at -= 3, ",");
  return text;
}

std::string one_decimal(double number) {
  const std::uint64_t tenths = whole(std::round(std::min(number, number_max / 10) * 10));
  return thousands(tenths / 10) + "." + std::to_string(tenths % 10);
}

std::string rate_text(double per_second) {
  return per_second < 9.95 ? one_decimal(per_second) : thousands(whole(std::round(per_second)));
}

std::string duration_text(double seconds) {
  const std::uint64_t s = whole(std::round(seconds));
  if (s < minute_s) return std::to_string(s) + " s";
  const std::string minutes_of_hour = two_digits(s % hour_s / minute_s);
  if (s < hour_s) return std::to_string(s / minute_s) + ":" + two_digits(s % minute_s);
  if (s < day_s) {
    return std::to_string(s / hour_s) + ":" + minutes_of_hour + ":" + two_digits(s % minute_s);
  }
  return thousands(s / day_s) + " d " + two_digits(s % day_s / hour_s) + ":" + minutes_of_hour;
}

std::string counted(std::uint64_t number, std::string_view singular, std::string_view plural) {
  return thousands(number) + " " + std::string(number == 1 ? singular : plural);
}

std::string joined(const std::vector<std::string>& parts, std::string_view last_word) {
  std::string text;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) text += i + 1 == parts.size() ? " " + std::string(last_word) + " " : ", ";
    text += parts[i];
  }
  return text;
}

std::string shell_word(std::string_view text) {
  constexpr std::string_view plain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+./:=@%,";
  if (!text.empty() && text.find_first_not_of(plain) == std::string_view::npos) {
    return std::string(text);
  }
  std::string word = "'";
  for (const char letter : text) {
    if (letter == '\'') word += "'\\'";
    word += letter;
  }
  return word + "'";
}

std::string one_line(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\n') {
      result += "\\n";
    } else if (c == '\t') {
      result += "\\t";
    } else if (byte < 0x20 || byte == 0x7F) {
      std::array<char, 8> escape{};
      std::snprintf(escape.data(), escape.size(), "\\x%02x", byte);
      result += escape.data();
    } else {
      result += c;
    }
  }
  return result;
}

std::size_t visible_width(std::string_view text) {
  std::size_t width = 0;
  while (!text.empty()) {
    if (const std::size_t skip = color_sequence(text)) {
      text.remove_prefix(skip);
      continue;
    }
    if (!continues_character(text.front())) ++width;
    text.remove_prefix(1);
  }
  return width;
}

std::string truncated(std::string_view text, std::size_t width) {
  if (visible_width(text) <= width) return std::string(text);
  if (width == 0) return {};
  std::size_t bytes = 0, kept = 0;
  while (bytes < text.size()) {
    if (!continues_character(text[bytes])) {
      if (kept + 1 == width) break;
      ++kept;
    }
    ++bytes;
  }
  return std::string(text.substr(0, bytes)) + "\u2026";
}

std::vector<std::string> aligned(const std::vector<std::vector<std::string>>& rows,
                                 const std::vector<Align>& columns) {
  std::vector<std::size_t> widths(columns.size(), 0);
  for (const auto& row : rows) {
    for (std::size_t c = 0; c < row.size() && c < widths.size(); ++c) {
      widths[c] = std::max(widths[c], visible_width(row[c]));
    }
  }
  std::vector<std::string> lines;
  lines.reserve(rows.size());
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t c = 0; c < row.size() && c < widths.size(); ++c) {
      if (widths[c] == 0) continue;  // nobody has anything to say here
      const std::string padding(widths[c] - visible_width(row[c]), ' ');
      if (!line.empty()) line += "  ";
      line += columns[c] == Align::right ? padding + row[c] : row[c] + padding;
    }
    line.erase(line.find_last_not_of(' ') + 1);
    lines.push_back(std::move(line));
  }
  return lines;
}

std::string colored(std::string_view text, Color color, bool enabled) {
  if (!enabled || color == Color::none) return std::string(text);
  const char* start = "\x1b[0m";
  switch (color) {
    case Color::green:
      start = "\x1b[32m";
      break;
    case Color::yellow:
      start = "\x1b[33m";
      break;
    case Color::red:
      start = "\x1b[31m";
      break;
    case Color::bold:
      start = "\x1b[1m";
      break;
    case Color::dim:
      start = "\x1b[2m";
      break;
    case Color::none:
      break;
  }
  return start + std::string(text) + "\x1b[0m";
}

}  // namespace mighost
