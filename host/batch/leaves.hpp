#pragma once
// Leaves: key and fingerprint of every row, packed into chunks that leave as soon as they are full,
// so that memory does not grow with the table. They name the rows when sums differ.
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "batch/fingerprint.hpp"

namespace mighost {

struct Leaf {
  RowKey key;
  std::uint64_t fingerprint = 0;
};

class LeafChunk {
 public:
  /// With its record a chunk fills a page of the ledger: the server keeps it in one piece.
  static constexpr std::size_t bytes_max = 7900;

  explicit LeafChunk(bool integer_keys) : integer_keys_(integer_keys) {}

  /// False: the chunk is full; take it and add again.
  bool add(const RowKey& key, std::uint64_t fingerprint);
  bool empty() const { return rows_ == 0; }
  std::uint32_t rows() const { return rows_; }
  /// The bytes; the chunk is empty afterwards.
  std::string take();

 private:
  bool integer_keys_;
  std::string bytes_;
  std::uint32_t rows_ = 0;
  std::int64_t previous_ = 0;
};

/// Calls `each` for every leaf, in the order in which they were added. Throws Error{Exit::failed}
/// when the bytes are not a chunk.
void read_leaves(std::string_view chunk, bool integer_keys,
                 const std::function<void(const Leaf&)>& each);

}  // namespace mighost
