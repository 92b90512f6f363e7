#pragma once
// Rows picked while a table is scanned, to be looked at by another way: a random sample, and the
// rows at the edges (lowest and highest key, longest row).
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "batch/fingerprint.hpp"

namespace mighost {

class RowPicker {
 public:
  /// `seed` makes another run pick other rows.
  RowPicker(std::size_t sample, std::uint64_t seed) : sample_(sample), seed_(seed) {}

  void see(const FingerprintLayout& layout, const RowKey& key, std::string_view row);
  /// Keys as text, each once.
  std::vector<std::string> keys() const;

 private:
  struct Edge {
    std::int64_t number = 0;
    std::string bytes, text;
  };
  static bool less(const FingerprintLayout& layout, const RowKey& key, const Edge& edge);
  static Edge edge(const FingerprintLayout& layout, const RowKey& key);

  std::size_t sample_;
  std::uint64_t seed_;
  std::map<std::uint64_t, std::string> drawn_;  // the lowest of a number drawn for each key
  std::optional<Edge> lowest_, highest_;
  std::string longest_;
  std::size_t longest_size_ = 0;
};

}  // namespace mighost
