#include "batch/legacy_key.hpp"

#include <charconv>
#include <cstring>
#include <mighost/value.hpp>

namespace mighost {

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

}  // namespace mighost
