#pragma once
// Hashes of single values as they stand on the wire, equal for all forms that the server takes for
// the same value: a numeric by its value, char(n) without trailing blanks, jsonb whatever the order
// of its members. What is sent and what is read back then have the same hash.
#include <cstdint>
#include <string_view>

namespace mighost {

/// How a column's bytes are hashed. Stored with the ledger's fingerprints by way of the column's
/// type; never change what one of them means.
enum class ValueForm : std::uint8_t {
  plain,
  numeric,
  blank_padded,
  bounded_text,
  timestamp,
  jsonb
};

/// `type` is the column's own or its domain's base type, `modifier` its atttypmod.
ValueForm value_form(std::uint32_t type, std::int32_t modifier);

/// The text that char(n) and varchar(n) hold of what was sent: the first without trailing blanks,
/// the second without those beyond n characters.
std::string_view kept_text(std::string_view text, ValueForm form, std::int32_t modifier);

std::uint64_t hash_value(std::string_view wire, ValueForm form, std::int32_t modifier,
                         std::uint64_t seed);
std::uint64_t hash_null(std::uint64_t seed);

/// XXH3, for keys and names.
std::uint64_t hash_bytes(std::string_view bytes, std::uint64_t seed);

/// Of a JSON text, by value: members in any order, the last of equal names, numbers however they
/// are written.
std::uint64_t hash_json(std::string_view json);

}  // namespace mighost
