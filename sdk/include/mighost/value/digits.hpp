// Integers as decimal text, for numbers made of legacy ids.
#pragma once

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <string_view>

namespace mig {

/// An integer in decimal, with zeros in front up to `width` digits (at most 20). The text lives in
/// this object: out.concat({"PAT-", mig::digits{id, 6}}) copies it in time.
class digits {
 public:
  explicit digits(std::int64_t value, std::size_t width = 1) noexcept {
    std::array<char, 24> plain{};
    const auto end = std::to_chars(plain.data(), plain.data() + plain.size(), value).ptr;
    const auto size = static_cast<std::size_t>(end - plain.data());
    const std::size_t zeros = size < width ? std::min<std::size_t>(width, 20) - size : 0;
    std::fill_n(text_.data(), zeros, '0');
    std::copy(plain.data(), end, text_.data() + zeros);
    size_ = zeros + size;
  }
  operator std::string_view() const noexcept { return {text_.data(), size_}; }

 private:
  std::array<char, 48> text_{};
  std::size_t size_ = 0;
};

}  // namespace mig
