// UUIDs, and version 5 in particular: the new key of a row is computed from its legacy key, so
// everybody who knows the namespace can compute it again (RFC 9562 section 5.5; uuid_generate_v5 in
// SQL).
#pragma once

#include <array>
#include <charconv>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

#include "mighost/value/sha1.hpp"
#include "mighost/value/text.hpp"

namespace mig {
/// 128 bits in network order.
struct uuid {
  std::array<std::uint8_t, 16> bytes{};

  static constexpr std::size_t text_size = 36;

  /// Reads what PostgreSQL reads (documentation section 8.12): 32 hexadecimal digits of either
  /// case, a hyphen or none after each group of four, braces around it or none. nullopt for
  /// anything else.
  static constexpr std::optional<uuid> parse(std::string_view text) noexcept {
    if (text.size() >= 2 && text.front() == '{' && text.back() == '}') {
      text = text.substr(1, text.size() - 2);
    }
    uuid value;
    std::size_t at = 0;
    for (std::size_t i = 0; i < 16; ++i) {
      if (text.size() - at < 2) return std::nullopt;
      const int high = detail::hex_value(text[at]);
      const int low = detail::hex_value(text[at + 1]);
      if (high < 0 || low < 0) return std::nullopt;
      value.bytes[i] = static_cast<std::uint8_t>(high * 16 + low);
      at += 2;
      if (i % 2 == 1 && i < 15 && at < text.size() && text[at] == '-') ++at;
    }
    if (at != text.size()) return std::nullopt;
    return value;
  }

  /// Writes exactly text_size characters: lower case, 8-4-4-4-12.
  constexpr void write_text(char* out) const noexcept {
    for (std::size_t i = 0; i < 16; ++i) {
      if (i == 4 || i == 6 || i == 8 || i == 10) *out++ = '-';
      *out++ = detail::hex_digits[bytes[i] >> 4];
      *out++ = detail::hex_digits[bytes[i] & 15];
    }
  }
  std::string to_text() const {
    std::string text(text_size, '\0');
    write_text(text.data());
    return text;
  }

  constexpr bool is_nil() const noexcept { return *this == uuid{}; }
  /// 0..15; 5 for what uuid5 makes.
  constexpr int version() const noexcept { return bytes[6] >> 4; }

  friend constexpr bool operator==(const uuid&, const uuid&) noexcept = default;
  /// Byte by byte, which is PostgreSQL's order too.
  friend constexpr std::strong_ordering operator<=>(const uuid& left, const uuid& right) noexcept {
    for (std::size_t i = 0; i < 16; ++i) {
      if (left.bytes[i] != right.bytes[i]) return left.bytes[i] <=> right.bytes[i];
    }
    return std::strong_ordering::equal;
  }
};

namespace detail {

inline uuid uuid5_of(const std::array<unsigned char, 20>& digest) noexcept {
  uuid value;
  std::memcpy(value.bytes.data(), digest.data(), value.bytes.size());
  value.bytes[6] = static_cast<std::uint8_t>((value.bytes[6] & 0x0F) | 0x50);
  value.bytes[8] = static_cast<std::uint8_t>((value.bytes[8] & 0x3F) | 0x80);
  return value;
}

}  // namespace detail

/// The namespaces of RFC 9562 section 6.6.
inline constexpr uuid namespace_dns = *uuid::parse("6ba7b810-9dad-11d1-80b4-00c04fd430c8");
inline constexpr uuid namespace_url = *uuid::parse("6ba7b811-9dad-11d1-80b4-00c04fd430c8");
inline constexpr uuid namespace_oid = *uuid::parse("6ba7b812-9dad-11d1-80b4-00c04fd430c8");
inline constexpr uuid namespace_x500 = *uuid::parse("6ba7b814-9dad-11d1-80b4-00c04fd430c8");

/// The version 5 UUID of `name` in the namespace `ns`: the same two give the same UUID, everywhere,
/// for ever. Names of up to 39 bytes take the short way.
inline uuid uuid5(const uuid& ns, std::string_view name) noexcept {
  return detail::uuid5_of(detail::sha1(ns.bytes.data(), ns.bytes.size(), name.data(), name.size()));
}

/// uuid5 of many names that begin alike and end in an integer, such as "core.patients/4711": the
/// beginning is laid out once. [any thread]
class uuid5_numbered {
 public:
  uuid5_numbered(const uuid& ns, std::string_view prefix) : namespace_(ns), prefix_(prefix) {
    const std::size_t size = ns.bytes.size() + prefix.size();
    if (size >= detail::sha1_one_block_max) return;
    used_ = size;
    std::memcpy(block_.data(), ns.bytes.data(), ns.bytes.size());
    if (!prefix.empty()) std::memcpy(block_.data() + ns.bytes.size(), prefix.data(), prefix.size());
  }

  /// uuid5(ns, prefix + std::to_string(number)).
  uuid operator()(std::int64_t number) const {
    detail::sha1_one_block block = block_;
    char* bytes = reinterpret_cast<char*>(block.data());
    const auto [end, fault] =
        std::to_chars(bytes + used_, bytes + detail::sha1_one_block_max, number);
    if (used_ == 0 || fault != std::errc{}) {
      return uuid5(namespace_, prefix_ + std::to_string(number));
    }
    return detail::uuid5_of(detail::sha1_padded(block, static_cast<std::size_t>(end - bytes)));
  }

 private:
  uuid namespace_;
  std::string prefix_;
  detail::sha1_one_block block_{};
  std::size_t used_ = 0;  // 0: no number fits into one block
};

}  // namespace mig
