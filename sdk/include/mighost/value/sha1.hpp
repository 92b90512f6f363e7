// SHA-1, because UUID version 5 is defined by it (RFC 9562 section 5.5). It names things here and
// protects nothing: SHA-1 has been broken as a security measure. Algorithm: FIPS 180-4
// sections 5.3.1 and 6.1.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <utility>

#include "mighost/value/sha1_x86.hpp"

namespace mig::detail {

using sha1_words = std::array<std::uint32_t, 16>;

struct sha1_state {
  std::array<std::uint32_t, 5> words{0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0};
};

inline constexpr std::size_t sha1_block_size = 64;

inline std::uint32_t load_big_endian(const unsigned char* at) noexcept {
  return std::uint32_t{at[0]} << 24 | std::uint32_t{at[1]} << 16 | std::uint32_t{at[2]} << 8 |
         std::uint32_t{at[3]};
}

inline void store_big_endian(unsigned char* at, std::uint32_t word) noexcept {
  for (int i = 0; i < 4; ++i) at[i] = static_cast<unsigned char>(word >> (24 - 8 * i));
}

/// The word of the message schedule for round `Round`, kept in a window of 16.
template <std::size_t Round>
[[gnu::always_inline]] inline std::uint32_t sha1_schedule(sha1_words& w) noexcept {
  if constexpr (Round >= 16) {
    w[Round % 16] = std::rotl(
        w[(Round + 13) % 16] ^ w[(Round + 8) % 16] ^ w[(Round + 2) % 16] ^ w[Round % 16], 1);
  }
  return w[Round % 16];
}

template <std::size_t Round>
[[gnu::always_inline]] inline void sha1_round(std::uint32_t a, std::uint32_t& b, std::uint32_t c,
                                              std::uint32_t d, std::uint32_t& e,
                                              sha1_words& w) noexcept {
  const std::uint32_t word = sha1_schedule<Round>(w);
  if constexpr (Round < 20) {
    e += (d ^ (b & (c ^ d))) + 0x5A827999;
  } else if constexpr (Round < 40) {
    e += (b ^ c ^ d) + 0x6ED9EBA1;
  } else if constexpr (Round < 60) {
    e += (b & c) + (d & (b ^ c)) + 0x8F1BBCDC;
  } else {
    e += (b ^ c ^ d) + 0xCA62C1D6;
  }
  e += std::rotl(a, 5) + word;
  b = std::rotl(b, 30);
}

/// Five rounds: after them the five variables are in their places again, so none has to be moved.
template <std::size_t Round>
[[gnu::always_inline]] inline void sha1_five_rounds(std::array<std::uint32_t, 5>& v,
                                                    sha1_words& w) noexcept {
  sha1_round<Round>(v[0], v[1], v[2], v[3], v[4], w);
  sha1_round<Round + 1>(v[4], v[0], v[1], v[2], v[3], w);
  sha1_round<Round + 2>(v[3], v[4], v[0], v[1], v[2], w);
  sha1_round<Round + 3>(v[2], v[3], v[4], v[0], v[1], w);
  sha1_round<Round + 4>(v[1], v[2], v[3], v[4], v[0], w);
}

template <std::size_t... Five>
[[gnu::always_inline]] inline void sha1_rounds(std::array<std::uint32_t, 5>& v, sha1_words& w,
                                               std::index_sequence<Five...>) noexcept {
  (sha1_five_rounds<5 * Five>(v, w), ...);
}

/// Works one block of 64 bytes into the state, on any processor.
inline void sha1_block_plain(sha1_state& state, const unsigned char* block) noexcept {
  sha1_words w;
  for (std::size_t i = 0; i < w.size(); ++i) w[i] = load_big_endian(block + 4 * i);
  std::array<std::uint32_t, 5> v = state.words;
  sha1_rounds(v, w, std::make_index_sequence<16>{});
  for (std::size_t i = 0; i < v.size(); ++i) state.words[i] += v[i];
}

inline void sha1_block(sha1_state& state, const unsigned char* block) noexcept {
#if defined(__x86_64__)
  if (has_sha1_instructions()) return sha1_block_x86(state.words.data(), block);
#endif
  sha1_block_plain(state, block);
}

using sha1_one_block = std::array<unsigned char, sha1_block_size>;
/// Bytes that fit into one block beside the padding.
inline constexpr std::size_t sha1_one_block_max = sha1_block_size - 9;

inline std::array<unsigned char, 20> sha1_digest(const sha1_state& state) noexcept {
  std::array<unsigned char, 20> digest;
  for (std::size_t i = 0; i < 5; ++i) store_big_endian(digest.data() + 4 * i, state.words[i]);
  return digest;
}

/// The digest of the first `size` bytes of `block`, at most sha1_one_block_max; the others are
/// zeros.
inline std::array<unsigned char, 20> sha1_padded(sha1_one_block& block, std::size_t size) noexcept {
  sha1_state state;
  block[size] = 0x80;
  store_big_endian(block.data() + sha1_block_size - 4, static_cast<std::uint32_t>(size * 8));
  sha1_block(state, block.data());
  return sha1_digest(state);
}

/// The digest of `first` followed by `second`. Where both and the padding fit into one block (55
/// bytes in all), as they do for keys, it is one copy and one call of sha1_block.
inline std::array<unsigned char, 20> sha1(const void* first, std::size_t first_size,
                                          const void* second, std::size_t second_size) noexcept {
  constexpr std::size_t length_at = sha1_block_size - 8;
  sha1_state state;
  std::array<unsigned char, sha1_block_size> block{};
  std::size_t used = 0;
  const auto add = [&](const void* data, std::size_t size) {
    const auto* from = static_cast<const unsigned char*>(data);
    while (size != 0) {
      const std::size_t room = sha1_block_size - used;
      const std::size_t taken = size < room ? size : room;
      std::memcpy(block.data() + used, from, taken);
      from += taken;
      size -= taken;
      used += taken;
      if (used < sha1_block_size) return;
      sha1_block(state, block.data());
      block.fill(0);
      used = 0;
    }
  };
  add(first, first_size);
  add(second, second_size);
  block[used] = 0x80;
  if (used >= length_at) {
    sha1_block(state, block.data());
    block.fill(0);
  }
  const std::uint64_t bits = (std::uint64_t{first_size} + second_size) * 8;
  store_big_endian(block.data() + length_at, static_cast<std::uint32_t>(bits >> 32));
  store_big_endian(block.data() + length_at + 4, static_cast<std::uint32_t>(bits));
  sha1_block(state, block.data());
  return sha1_digest(state);
}

}  // namespace mig::detail
