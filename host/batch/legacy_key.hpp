#pragma once
// The legacy key of a row in the two forms that the host needs: one integer (the common case, kept
// in bitmaps), or a canonical text. The text is also what people and UUIDv5 names see: key columns
// joined by '/', with '\' before a '\' or '/' that stands in a text column.
#include <mighost/abi.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "plugin/manifest.hpp"

namespace mighost {

struct LegacyKey {
  bool is_integer = false;
  std::int64_t integer = 0;
  std::string text;  // empty when is_integer
};

/// Appends the canonical text. Types: int8, text, uuid; others are refused when the plan is made.
void append_key_text(const mig_cell* cells, std::uint32_t count, std::string& out);

/// Reads the key into `key`, reusing its memory; false when any part is NULL.
bool read_key(const mig_cell* cells, std::uint32_t count, LegacyKey& key);

/// The value of each key column in a canonical text, as SQL writes it; nothing when the text can be
/// no key of these columns (the first `count`).
std::optional<std::vector<std::string>> key_parts(const std::vector<Column>& columns,
                                                  std::uint32_t count, std::string_view text);

/// The key that a canonical text stands for; nothing as above.
std::optional<LegacyKey> parse_key(const std::vector<Column>& columns, std::uint32_t count,
                                   std::string_view text);

}  // namespace mighost
