// SHA-1 of one block with the processor's own instructions, where it has them (x86-64 "SHA
// extensions", since 2016). New keys are SHA-1 digests, two of them for a typical row.
#pragma once

#if defined(__x86_64__)

#include <cpuid.h>
#include <immintrin.h>

#include <cstddef>
#include <cstdint>
#include <utility>

#define MIGHOST_SHA1_TARGET [[gnu::target("sha,sse4.1")]]

namespace mig::detail {

inline bool has_sha1_instructions() noexcept {
  static const bool found = [] {
    unsigned a = 0, b = 0, c = 0, d = 0;
    if (__get_cpuid(1, &a, &b, &c, &d) == 0) return false;
    const bool sse41 = (c & bit_SSE4_1) != 0;
    if (__get_cpuid_count(7, 0, &a, &b, &c, &d) == 0) return false;
    return sse41 && (b & bit_SHA) != 0;
  }();
  return found;
}

/// What four rounds hand to the next four. Lanes stand as the instructions want them: the first
/// word of a group in the highest lane.
struct sha1_lanes {
  __m128i abcd;
  __m128i before;  // abcd before the last four rounds: its `a` becomes the next `e`
  __m128i message[4];
};

template <std::size_t Group>
MIGHOST_SHA1_TARGET inline void sha1_four_rounds(sha1_lanes& v, __m128i first_e) noexcept {
  __m128i& word = v.message[Group % 4];
  if constexpr (Group >= 4) {
    word = _mm_sha1msg2_epu32(_mm_xor_si128(_mm_sha1msg1_epu32(word, v.message[(Group + 1) % 4]),
                                            v.message[(Group + 2) % 4]),
                              v.message[(Group + 3) % 4]);
  }
  __m128i e;
  if constexpr (Group == 0) {
    e = _mm_add_epi32(first_e, word);
  } else {
    e = _mm_sha1nexte_epu32(v.before, word);
  }
  v.before = v.abcd;
  v.abcd = _mm_sha1rnds4_epu32(v.abcd, e, Group / 5);
}

template <std::size_t... Group>
MIGHOST_SHA1_TARGET inline void sha1_all_rounds(sha1_lanes& v, __m128i first_e,
                                                std::index_sequence<Group...>) noexcept {
  (sha1_four_rounds<Group>(v, first_e), ...);
}

/// Works one block of 64 bytes into the five words of the state.
MIGHOST_SHA1_TARGET inline void sha1_block_x86(std::uint32_t* state,
                                               const unsigned char* block) noexcept {
  const __m128i big_endian = _mm_set_epi64x(0x0001020304050607, 0x08090a0b0c0d0e0f);
  constexpr int reversed = 0x1B;  // the four lanes in the opposite order
  const auto* words = reinterpret_cast<const __m128i*>(block);
  sha1_lanes v;
  for (int i = 0; i < 4; ++i) {
    v.message[i] = _mm_shuffle_epi8(_mm_loadu_si128(words + i), big_endian);
  }
  const __m128i abcd =
      _mm_shuffle_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(state)), reversed);
  const __m128i e = _mm_set_epi32(static_cast<int>(state[4]), 0, 0, 0);
  v.abcd = abcd;
  v.before = abcd;
  sha1_all_rounds(v, e, std::make_index_sequence<20>{});
  const __m128i sum = _mm_shuffle_epi32(_mm_add_epi32(v.abcd, abcd), reversed);
  _mm_storeu_si128(reinterpret_cast<__m128i*>(state), sum);
  state[4] = static_cast<std::uint32_t>(_mm_extract_epi32(_mm_sha1nexte_epu32(v.before, e), 3));
}

}  // namespace mig::detail

#undef MIGHOST_SHA1_TARGET

#endif  // __x86_64__
