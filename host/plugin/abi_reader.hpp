#pragma once
// Reads the ABI's pointers and counts without trusting them, and remembers every fault with the
// place in the manifest where it was found.
#include <mighost/abi.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "plugin/fault.hpp"
#include "plugin/text_checks.hpp"

namespace mighost {

/// Size of the struct in the first released header. A struct that has grown since gets a
/// specialisation, because a plugin built against the older header is still whole.
template <class T>
inline constexpr std::size_t first_size = sizeof(T);
template <>
inline constexpr std::size_t first_size<mig_validator> = offsetof(mig_validator, totals);

class AbiReader {
 public:
  AbiReader(std::string where, Faults& faults) : where_(std::move(where)), faults_(faults) {}

  /// A reader for something inside: "core.mig.so: entity offices".
  AbiReader inside(const std::string& part) const { return {where_ + ": " + part, faults_}; }

  void fault(std::string what, std::string next = {}) const {
    if (next.empty()) next = "correct the manifest and build the plugin again";
    faults_.push_back({where_, std::move(what), std::move(next)});
  }

  std::string text(const mig_str& value, const char* field) const {
    if (value.size == 0) return {};
    if (value.data == nullptr || value.size > text_bytes_max) {
      fault(std::string("`") + field + "` is not a valid text (null pointer or absurd size)");
      return {};
    }
    std::string copy(value.data, value.size);
    if (!is_utf8(copy)) {
      fault(std::string("`") + field + "` is not UTF-8, or contains NUL");
      return {};
    }
    return copy;
  }

  std::string required_text(const mig_str& value, const char* field) const {
    if (value.size == 0) fault(std::string("`") + field + "` is empty");
    return text(value, field);
  }

  void reserved_zero(std::uint64_t value) const {
    if (value != 0) fault("a reserved field is not zero", "set reserved fields to zero");
  }

  /// The struct as this host knows it lies inside what its producer has written.
  template <class T>
  bool whole(const T* item, const char* field) const {
    if (item == nullptr) {
      fault(std::string("`") + field + "` has a null pointer");
      return false;
    }
    if (item->struct_size < first_size<T> || item->struct_size > struct_bytes_max) {
      fault(std::string("`") + field + "` has struct_size " + std::to_string(item->struct_size) +
                ", expected " + std::to_string(first_size<T>) + " or somewhat more",
            "set struct_size to sizeof of the struct; the C++ wrapper does it by itself");
      return false;
    }
    return true;
  }

  /// Calls `read(element, index)` for each sound element of an array of pointers.
  template <class T, class Read>
  void each(const T* const* items, std::uint32_t count, const char* field, Read read) const {
    if (count == 0) return;
    if (count > count_max || items == nullptr) {
      fault(std::string("`") + field + "` has the count " + std::to_string(count) +
            (items == nullptr ? " and a null pointer" : ", which is absurd"));
      return;
    }
    for (std::uint32_t i = 0; i < count; ++i) {
      if (whole(items[i], field)) read(*items[i], i);
    }
  }

  std::vector<std::string> texts(const mig_str* items, std::uint32_t count,
                                 const char* field) const {
    std::vector<std::string> copies;
    if (count == 0) return copies;
    if (count > count_max || items == nullptr) {
      fault(std::string("`") + field + "` has the count " + std::to_string(count) +
            (items == nullptr ? " and a null pointer" : ", which is absurd"));
      return copies;
    }
    for (std::uint32_t i = 0; i < count; ++i) copies.push_back(required_text(items[i], field));
    return copies;
  }

 private:
  // Generous bounds that only garbage exceeds; PostgreSQL itself stops at 1,600 columns.
  static constexpr std::uint64_t text_bytes_max = 1 << 20;
  static constexpr std::uint32_t struct_bytes_max = 1 << 16;
  static constexpr std::uint32_t count_max = 10'000;

  std::string where_;
  Faults& faults_;
};

}  // namespace mighost
