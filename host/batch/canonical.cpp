#include "batch/canonical.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "pg/oids.hpp"
#include "pg/wire.hpp"

namespace mighost {
namespace {

constexpr std::uint64_t null_mark = 0x9e3779b97f4a7c15, number_mark = 0xff51afd7ed558ccd;
constexpr std::size_t numeric_header = 8;  // ndigits, weight, sign, dscale

/// Weight, sign and digits without the zeros at both ends; how many decimals are shown does not
/// count. NaN and the infinities have a sign of their own and no digits.
std::uint64_t hash_numeric(std::string_view wire, std::uint64_t seed) {
  if (wire.size() < numeric_header) return XXH3_64bits_withSeed(wire.data(), wire.size(), seed);
  std::uint16_t weight = wire::get<std::uint16_t>(wire.data() + 2);
  std::uint16_t sign = wire::get<std::uint16_t>(wire.data() + 4);
  const char* digits = wire.data() + numeric_header;
  std::size_t size = (wire.size() - numeric_header) & ~std::size_t{1};
  while (size > 0 && digits[size - 1] == 0 && digits[size - 2] == 0) size -= 2;
  while (size > 0 && digits[0] == 0 && digits[1] == 0) {
    digits += 2;
    size -= 2;
    --weight;
  }
  if (size == 0) {
    weight = 0;
    if (sign == 0x4000) sign = 0;  // there is no negative zero
  }
  const std::uint64_t head = std::uint64_t{weight} << 16 | sign;
  return XXH3_64bits_withSeed(digits, size, seed ^ (head * number_mark));
}

/// hash_bytes, where most values are as long as an integer or a uuid: XXH3 inlined for a length
/// that the compiler knows is a few instructions.
[[gnu::always_inline]] inline std::uint64_t hash_short(std::string_view bytes, std::uint64_t seed) {
  const char* data = bytes.data();
  switch (bytes.size()) {
    case 1:
      return XXH3_len_1to3_64b(reinterpret_cast<const xxh_u8*>(data), 1, XXH3_kSecret, seed);
    case 4:
      return XXH3_len_4to8_64b(reinterpret_cast<const xxh_u8*>(data), 4, XXH3_kSecret, seed);
    case 8:
      return XXH3_len_4to8_64b(reinterpret_cast<const xxh_u8*>(data), 8, XXH3_kSecret, seed);
    case 16:
      return XXH3_len_9to16_64b(reinterpret_cast<const xxh_u8*>(data), 16, XXH3_kSecret, seed);
    default:
      return XXH3_64bits_withSeed(data, bytes.size(), seed);
  }
}

/// As the server rounds a timestamp(p): AdjustTimestampForTypmod of timestamp.c.
std::int64_t rounded(std::int64_t microseconds, std::int32_t precision) {
  constexpr std::int64_t scales[] = {1'000'000, 100'000, 10'000, 1'000, 100, 10, 1};
  if (precision < 0 || precision > 5) return microseconds;
  if (microseconds == INT64_MIN || microseconds == INT64_MAX) return microseconds;  // infinity
  const std::int64_t scale = scales[precision], half = scale / 2;
  return microseconds >= 0 ? (microseconds + half) / scale * scale
                           : -((-microseconds + half) / scale * scale);
}

}  // namespace

ValueForm value_form(std::uint32_t type, std::int32_t modifier) {
  switch (type) {
    case oid::numeric:
      return ValueForm::numeric;
    case oid::bpchar:
      return ValueForm::blank_padded;
    case oid::varchar:
      return modifier >= 4 ? ValueForm::bounded_text : ValueForm::plain;
    case oid::timestamptz:
      return modifier >= 0 ? ValueForm::timestamp : ValueForm::plain;
    case oid::jsonb:
      return ValueForm::jsonb;
    default:
      return ValueForm::plain;
  }
}

std::string_view kept_text(std::string_view text, ValueForm form, std::int32_t modifier) {
  if (form == ValueForm::blank_padded) return text.substr(0, text.find_last_not_of(' ') + 1);
  if (form != ValueForm::bounded_text) return text;
  const auto limit = static_cast<std::size_t>(modifier - 4);
  if (text.size() <= limit) return text;
  std::size_t characters = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool continues = (static_cast<unsigned char>(text[at]) & 0xc0) == 0x80;
    if (!continues && characters++ == limit) return text.substr(0, at);
  }
  return text;
}

std::uint64_t hash_bytes(std::string_view bytes, std::uint64_t seed) {
  return XXH3_64bits_withSeed(bytes.data(), bytes.size(), seed);
}

std::uint64_t hash_null(std::uint64_t seed) { return XXH64_avalanche(seed ^ null_mark); }

std::uint64_t hash_value(std::string_view wire, ValueForm form, std::int32_t modifier,
                         std::uint64_t seed) {
  switch (form) {
    case ValueForm::plain:
      break;
    case ValueForm::numeric:
      return hash_numeric(wire, seed);
    case ValueForm::blank_padded:
    case ValueForm::bounded_text:
      wire = kept_text(wire, form, modifier);
      break;
    case ValueForm::timestamp:
      if (wire.size() == sizeof(std::int64_t)) {
        const std::int64_t at = rounded(wire::get<std::int64_t>(wire.data()), modifier);
        return XXH3_64bits_withSeed(&at, sizeof at, seed);
      }
      break;
    case ValueForm::jsonb: {
      // The first byte is the version of jsonb's wire format.
      const std::uint64_t value = hash_json(wire.substr(wire.empty() ? 0 : 1));
      return XXH3_64bits_withSeed(&value, sizeof value, seed);
    }
  }
  return hash_short(wire, seed);
}

}  // namespace mighost
