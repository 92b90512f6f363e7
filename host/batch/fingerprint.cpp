#include "batch/fingerprint.hpp"

#include <algorithm>
#include <mighost/value.hpp>

#include "pg/oids.hpp"
#include "pg/wire.hpp"
#include "report/error.hpp"

namespace mighost {
namespace {

constexpr std::uint64_t key_seed = 0x6d6967686f737431;

bool is_integer(std::uint32_t type) {
  return type == oid::int2 || type == oid::int4 || type == oid::int8;
}

std::int64_t integer_of(const char* data, std::int32_t size) {
  if (size == 2) return wire::get<std::int16_t>(data);
  if (size == 4) return wire::get<std::int32_t>(data);
  return wire::get<std::int64_t>(data);
}

/// Columns are known by name and form, not by position: an entity may declare them in another
/// order.
std::uint64_t column_seed(const FingerprintColumn& column, ValueForm form) {
  return hash_bytes(column.name, static_cast<std::uint64_t>(form) + 1);
}

std::string field_text(const FingerprintColumn& column, std::string_view bytes) {
  if (is_integer(column.type)) {
    return std::to_string(integer_of(bytes.data(), static_cast<std::int32_t>(bytes.size())));
  }
  if (column.type == oid::uuid && bytes.size() == 16) {
    mig::uuid id;
    std::copy(bytes.begin(), bytes.end(), reinterpret_cast<char*>(id.bytes.data()));
    return id.to_text();
  }
  std::string text;
  for (const char character : bytes) {
    if (character == '\\' || character == '/') text += '\\';
    text += character;
  }
  return text;
}

[[noreturn]] void damaged() {
  throw Error(Exit::failed, "the fingerprints in the ledger are not what mighost writes",
              "mighost.fingerprints", "restore the ledger from a backup");
}

}  // namespace

/// Types that the server does not bring along have another number in every database.
bool FingerprintColumn::same_type(std::uint32_t other_type, const std::string& other_name) const {
  constexpr std::uint32_t first_own = 16384;
  if (type < first_own || other_type < first_own) return type == other_type;
  return type_name == other_name;
}

bool FingerprintLayout::integer_key() const {
  return key.size() == 1 && is_integer(columns[key.front()].type);
}

std::uint64_t hash_of_key(std::int64_t number) {
  return hash_bytes({reinterpret_cast<const char*>(&number), sizeof number}, key_seed);
}
std::uint64_t hash_of_key(std::string_view bytes) { return hash_bytes(bytes, key_seed); }

std::string key_text(const FingerprintLayout& layout, const RowKey& key) {
  if (layout.integer_key()) return std::to_string(key.number);
  if (layout.key.empty()) return "(a row without a key)";
  std::string text;
  std::string_view rest = key.bytes;
  for (const std::uint32_t position : layout.key) {
    if (rest.size() < 4) break;
    const auto size = static_cast<std::size_t>(wire::get<std::int32_t>(rest.data()));
    if (size > rest.size() - 4) break;
    text += (text.empty() ? "" : "/") + field_text(layout.columns[position], rest.substr(4, size));
    rest.remove_prefix(4 + size);
  }
  return text;
}

RowHasher::RowHasher(const FingerprintLayout& layout, std::string_view part)
    : layout_(layout),
      integer_key_(layout.integer_key()),
      fields_(layout.columns.size()),
      late_part_(!part.empty()) {
  for (std::uint32_t position = 0; position < layout_.columns.size(); ++position) {
    const FingerprintColumn& column = layout_.columns[position];
    if (late_part_ ? column.name != part : column.late) continue;
    const ValueForm form = value_form(column.type, column.modifier);
    columns_.push_back({position, form, column.modifier, column_seed(column, form)});
    counted_.push_back(position);
  }
  hashes_.resize(columns_.size());
}

void RowHasher::split(std::string_view row) {
  const char* at = row.data();
  const char* const end = at + row.size();
  const bool whole =
      row.size() >= 2 && wire::get<std::int16_t>(at) == static_cast<std::int16_t>(fields_.size());
  at += 2;
  for (Field& field : fields_) {
    if (!whole || end - at < 4) throw Error(Exit::internal, "not a row of this fingerprint layout");
    field.size = wire::get<std::int32_t>(at);
    field.data = at += 4;
    if (field.size > end - at) throw Error(Exit::internal, "a row's field passes its end");
    if (field.size > 0) at += field.size;
  }
}

void RowHasher::append_key_field(std::uint32_t position) {
  const Field& field = fields_[position];
  const FingerprintColumn& column = layout_.columns[position];
  const std::string_view bytes{field.data, static_cast<std::size_t>(field.size)};
  wire::append_field(key_bytes_,
                     kept_text(bytes, value_form(column.type, column.modifier), column.modifier));
}

bool RowHasher::read_key() {
  for (const std::uint32_t position : layout_.key) {
    if (fields_[position].size < 0) return false;
  }
  if (integer_key_) {
    const Field& field = fields_[layout_.key.front()];
    key_.number = integer_of(field.data, field.size);
    key_.hash = hash_of_key(key_.number);
    return true;
  }
  key_bytes_.clear();
  for (const std::uint32_t position : layout_.key) append_key_field(position);
  if (layout_.key.empty()) {
    std::uint64_t whole = 0;
    for (const Counted& column : columns_) {
      const Field& field = fields_[column.position];
      whole += field.size < 0 ? hash_null(column.seed)
                              : hash_value({field.data, static_cast<std::size_t>(field.size)},
                                           column.form, column.modifier, column.seed);
    }
    wire::append(key_bytes_, static_cast<std::int64_t>(whole));
  }
  key_.bytes = key_bytes_;
  key_.hash = hash_of_key(key_bytes_);
  return true;
}

RowHasher::Result RowHasher::read(std::string_view row) {
  split(row);
  if (!read_key()) return Result::no_key;
  if (late_part_ && (columns_.empty() || fields_[columns_.front().position].size < 0)) {
    return Result::absent;
  }
  fingerprint_ = 0;
  for (std::size_t index = 0; index < columns_.size(); ++index) {
    const Counted& column = columns_[index];
    const Field& field = fields_[column.position];
    const std::uint64_t seed = key_.hash + column.seed;
    const std::uint64_t hash = field.size < 0
                                   ? hash_null(seed)
                                   : hash_value({field.data, static_cast<std::size_t>(field.size)},
                                                column.form, column.modifier, seed);
    hashes_[index] = hash;
    fingerprint_ += hash;
  }
  return Result::counted;
}

Buckets::Buckets(std::size_t columns)
    : width_(head_ + columns), sums_(bucket_count * (head_ + columns)) {}

void Buckets::add(const RowHasher& row) {
  std::uint64_t* sums = at(bucket_of(row.key().hash));
  sums[0] += 1;
  sums[1] += row.fingerprint();
  sums[2] ^= row.fingerprint();
  const std::uint64_t* hashes = row.hashes().data();
  for (std::size_t column = head_; column < width_; ++column) sums[column] += *hashes++;
}

void Buckets::subtract(const RowHasher& row) { subtract(row.key().hash, row.hashes()); }

void Buckets::subtract(std::uint64_t key_hash, const std::vector<std::uint64_t>& hashes) {
  std::uint64_t* sums = at(bucket_of(key_hash));
  std::uint64_t fingerprint = 0;
  for (std::size_t column = 0; column < hashes.size(); ++column) {
    sums[head_ + column] -= hashes[column];
    fingerprint += hashes[column];
  }
  sums[0] -= 1;
  sums[1] -= fingerprint;
  sums[2] ^= fingerprint;
}

std::string Buckets::encode() const {
  std::string bytes;
  wire::append(bytes, static_cast<std::int16_t>(width_));
  for (std::size_t bucket = 0; bucket < bucket_count; ++bucket) {
    const std::uint64_t* sums = at(bucket);
    if (std::all_of(sums, sums + width_, [](std::uint64_t sum) { return sum == 0; })) continue;
    wire::append(bytes, static_cast<std::int16_t>(bucket));
    for (std::size_t index = 0; index < width_; ++index) {
      wire::append(bytes, static_cast<std::int64_t>(sums[index]));
    }
  }
  return bytes;
}

void Buckets::add_encoded(std::string_view bytes) {
  const std::size_t record = 2 + 8 * width_;
  const bool fits = bytes.size() >= 2 && (bytes.size() - 2) % record == 0 &&
                    wire::get<std::int16_t>(bytes.data()) == static_cast<std::int16_t>(width_);
  if (!fits) damaged();
  for (std::size_t at = 2; at < bytes.size(); at += record) {
    const auto bucket = static_cast<std::size_t>(wire::get<std::int16_t>(bytes.data() + at));
    if (bucket >= bucket_count) damaged();
    std::uint64_t* sums = this->at(bucket);
    for (std::size_t index = 0; index < width_; ++index) {
      const auto sum =
          static_cast<std::uint64_t>(wire::get<std::int64_t>(bytes.data() + at + 2 + 8 * index));
      if (index == 2) {
        sums[index] ^= sum;
      } else {
        sums[index] += sum;
      }
    }
  }
}

std::int64_t Buckets::rows(std::size_t bucket) const {
  return static_cast<std::int64_t>(at(bucket)[0]);
}

std::int64_t Buckets::rows() const {
  std::int64_t sum = 0;
  for (std::size_t bucket = 0; bucket < bucket_count; ++bucket) sum += rows(bucket);
  return sum;
}

bool Buckets::same(std::size_t bucket, const Buckets& other) const {
  return std::equal(at(bucket), at(bucket) + width_, other.at(bucket));
}

}  // namespace mighost
