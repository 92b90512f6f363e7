#pragma once
// The fingerprint of a row, taken from its bytes in binary COPY, and sums of fingerprints by bucket
// of keys. A row's fingerprint is the sum of its columns' hashes, each seeded by the row's key and
// the column: sums over many rows can be added, taken back, and tell which column differs.
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "batch/canonical.hpp"

namespace mighost {

struct FingerprintColumn {
  std::string name;
  std::uint32_t type = 0;  // of a domain: its base type
  std::int32_t modifier = -1;
  std::string type_name;  // "character varying(10)"
  bool late = false;      // set after its row, so not part of the row's fingerprint

  bool same_type(std::uint32_t other_type, const std::string& other_name) const;
  bool operator==(const FingerprintColumn& other) const {
    return name == other.name && same_type(other.type, other.type_name) && late == other.late;
  }
};

/// The columns of an entity's rows in the order in which they are sent, and which of them are the
/// key (positions). Without a key the row itself is its key: it can be missed, not be told changed.
struct FingerprintLayout {
  std::vector<FingerprintColumn> columns;
  std::vector<std::uint32_t> key;

  /// The key is one integer, and is kept as such.
  bool integer_key() const;
  bool operator==(const FingerprintLayout& other) const {
    return columns == other.columns && key == other.key;
  }
};

/// A row's key. `bytes` is empty for an integer; else the key columns as fields of the wire.
struct RowKey {
  std::int64_t number = 0;
  std::string_view bytes;
  std::uint64_t hash = 0;
};

std::uint64_t hash_of_key(std::int64_t number);
std::uint64_t hash_of_key(std::string_view bytes);

/// The key for people: columns joined by '/', as the legacy key stands in the ledger.
std::string key_text(const FingerprintLayout& layout, const RowKey& key);

/// Reads rows of one layout. `part` is empty for the row itself, or names a late column, which has
/// fingerprints of its own.
class RowHasher {
 public:
  explicit RowHasher(const FingerprintLayout& layout, std::string_view part = {});

  enum class Result : std::uint8_t { counted, no_key, absent };
  /// `row` begins with its field count. no_key: NULL in the key, so somebody else's row. absent:
  /// the late column is NULL, so there is nothing to count.
  Result read(std::string_view row);

  /// Of the row read last; the bytes of the key are good until the next one.
  const RowKey& key() const { return key_; }
  std::uint64_t fingerprint() const { return fingerprint_; }
  const std::vector<std::uint64_t>& hashes() const { return hashes_; }
  /// What the hashes are of: positions in the layout.
  const std::vector<std::uint32_t>& counted() const { return counted_; }

 private:
  struct Field {
    const char* data = nullptr;
    std::int32_t size = 0;
  };
  struct Counted {
    std::uint32_t position;
    ValueForm form;
    std::int32_t modifier;
    std::uint64_t seed;
  };
  void split(std::string_view row);
  bool read_key();
  void append_key_field(std::uint32_t position);

  const FingerprintLayout layout_;
  const bool integer_key_;
  std::vector<Field> fields_;
  std::vector<Counted> columns_;
  std::vector<std::uint32_t> counted_;
  std::vector<std::uint64_t> hashes_;
  bool late_part_ = false;
  std::string key_bytes_;
  RowKey key_;
  std::uint64_t fingerprint_ = 0;
};

inline constexpr std::size_t bucket_count = 1024;
inline std::size_t bucket_of(std::uint64_t key_hash) { return key_hash % bucket_count; }

/// Count, sum, xor and a sum per column, for each bucket.
class Buckets {
 public:
  explicit Buckets(std::size_t columns);

  void add(const RowHasher& row);
  void subtract(const RowHasher& row);
  void subtract(std::uint64_t key_hash, const std::vector<std::uint64_t>& hashes);
  /// Throws Error{Exit::failed} when the bytes are not such buckets: the ledger was tampered with.
  void add_encoded(std::string_view bytes);
  std::string encode() const;  // empty buckets are left out

  std::int64_t rows(std::size_t bucket) const;
  /// Rows of all buckets.
  std::int64_t rows() const;
  bool same(std::size_t bucket, const Buckets& other) const;
  std::uint64_t row_sum(std::size_t bucket) const { return at(bucket)[1]; }
  std::uint64_t column_sum(std::size_t bucket, std::size_t column) const {
    return at(bucket)[head_ + column];
  }

 private:
  static constexpr std::size_t head_ = 3;
  const std::uint64_t* at(std::size_t bucket) const { return sums_.data() + bucket * width_; }
  std::uint64_t* at(std::size_t bucket) { return sums_.data() + bucket * width_; }
  std::size_t width_;
  std::vector<std::uint64_t> sums_;
};

}  // namespace mighost
