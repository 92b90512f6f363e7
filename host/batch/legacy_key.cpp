#include "batch/legacy_key.hpp"

#include <charconv>
#include <cstring>
#include <mighost/value.hpp>

namespace mighost {
namespace {

/// At the slashes that no backslash precedes. Nothing when a backslash hides anything else.
std::optional<std::vector<std::string>> split_parts(std::string_view text) {
  std::vector<std::string> parts(1);
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '/') {
      parts.emplace_back();
      continue;
    }
    if (text[at] == '\\') {
      if (++at == text.size() || (text[at] != '\\' && text[at] != '/')) return std::nullopt;
    }
    parts.back() += text[at];
  }
  return parts;
}

bool is_integer_text(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  // Only as it is written by append_key_text: no leading zeros, no "-0".
  return error == std::errc{} && end == text.data() + text.size() && std::to_string(value) == text;
}

bool is_value(mig_type type, const std::string& text) {
  if (type == MIG_INT8) return is_integer_text(text);
  if (type == MIG_UUID) {
    const auto id = mig::uuid::parse(text);
    return id && id->to_text() == text;
  }
  return mig::valid_utf8(text) && text.find('\0') == std::string::npos;
}

}  // namespace

void append_key_text(const mig_cell* cells, std::uint32_t count, std::string& out) {
  for (std::uint32_t index = 0; index < count; ++index) {
    if (index > 0) out += '/';
    const mig_cell& cell = cells[index];
    if (cell.type == MIG_UUID) {
      mig::uuid value;
      std::memcpy(value.bytes.data(), cell.as.data, value.bytes.size());
      out += value.to_text();
    } else if (cell.type == MIG_TEXT) {
      for (const char letter : std::string_view{cell.as.data, cell.size}) {
        if (letter == '/' || letter == '\\') out += '\\';
        out += letter;
      }
    } else {
      char digits[24];
      const auto end = std::to_chars(digits, digits + sizeof digits, cell.as.i64).ptr;
      out.append(digits, end);
    }
  }
}

bool read_key(const mig_cell* cells, std::uint32_t count, LegacyKey& key) {
  for (std::uint32_t index = 0; index < count; ++index) {
    if ((cells[index].flags & MIG_CELL_NULL) != 0) return false;
  }
  key.text.clear();
  key.is_integer = count == 1 && cells[0].type == MIG_INT8;
  if (key.is_integer) {
    key.integer = cells[0].as.i64;
  } else {
    append_key_text(cells, count, key.text);
  }
  return true;
}

std::optional<std::vector<std::string>> key_parts(const std::vector<Column>& columns,
                                                  std::uint32_t count, std::string_view text) {
  auto parts = split_parts(text);
  if (!parts || parts->size() != count) return std::nullopt;
  for (std::uint32_t index = 0; index < count; ++index) {
    if (!is_value(columns[index].type, (*parts)[index])) return std::nullopt;
  }
  return parts;
}

std::optional<LegacyKey> parse_key(const std::vector<Column>& columns, std::uint32_t count,
                                   std::string_view text) {
  if (!key_parts(columns, count, text)) return std::nullopt;
  LegacyKey key;
  key.is_integer = count == 1 && columns[0].type == MIG_INT8;
  if (key.is_integer) {
    std::from_chars(text.data(), text.data() + text.size(), key.integer);
  } else {
    key.text = text;
  }
  return key;
}

}  // namespace mighost
