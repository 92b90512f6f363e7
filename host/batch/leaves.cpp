#include "batch/leaves.hpp"

#include <utility>

#include "pg/wire.hpp"
#include "report/error.hpp"

namespace mighost {
namespace {

constexpr std::size_t fingerprint_size = 8, varint_max = 10;

void append_varint(std::string& out, std::uint64_t value) {
  char bytes[varint_max];
  std::size_t size = 0;
  for (; value >= 0x80; value >>= 7) bytes[size++] = static_cast<char>(value | 0x80);
  bytes[size++] = static_cast<char>(value);
  out.append(bytes, size);
}

/// Small for small numbers of either sign.
std::uint64_t zigzag(std::int64_t value) {
  return (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63);
}
std::int64_t unzigzag(std::uint64_t value) {
  return static_cast<std::int64_t>((value >> 1) ^ (~(value & 1) + 1));
}

class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}
  bool done() const { return rest_.empty(); }

  std::uint64_t varint() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      const auto byte = static_cast<unsigned char>(take(1).front());
      value |= std::uint64_t{byte & 0x7fu} << shift;
      if ((byte & 0x80) == 0) return value;
    }
    damaged();
  }

  std::string_view take(std::size_t size) {
    if (size > rest_.size()) damaged();
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }

 private:
  [[noreturn]] static void damaged() {
    throw Error(Exit::failed, "a chunk of fingerprints in the ledger is damaged",
                "mighost.fingerprint_leaves", "restore the ledger from a backup");
  }
  std::string_view rest_;
};

}  // namespace

bool LeafChunk::add(const RowKey& key, std::uint64_t fingerprint) {
  const std::size_t needed = key.bytes.size() + varint_max + fingerprint_size;
  if (rows_ > 0 && bytes_.size() + needed > bytes_max) return false;
  if (bytes_.capacity() == 0) bytes_.reserve(bytes_max);
  if (integer_keys_) {
    // The difference may leave the range of 64 bits; modulo 2^64 it comes back.
    append_varint(bytes_, zigzag(static_cast<std::int64_t>(static_cast<std::uint64_t>(key.number) -
                                                           static_cast<std::uint64_t>(previous_))));
    previous_ = key.number;
  } else {
    append_varint(bytes_, key.bytes.size());
    bytes_.append(key.bytes);
  }
  wire::append(bytes_, static_cast<std::int64_t>(fingerprint));
  ++rows_;
  return true;
}

std::string LeafChunk::take() {
  rows_ = 0;
  previous_ = 0;
  return std::exchange(bytes_, {});
}

void read_leaves(std::string_view chunk, bool integer_keys,
                 const std::function<void(const Leaf&)>& each) {
  Reader reader(chunk);
  std::uint64_t previous = 0;
  Leaf leaf;
  while (!reader.done()) {
    if (integer_keys) {
      previous += static_cast<std::uint64_t>(unzigzag(reader.varint()));
      leaf.key.number = static_cast<std::int64_t>(previous);
      leaf.key.hash = hash_of_key(leaf.key.number);
    } else {
      leaf.key.bytes = reader.take(reader.varint());
      leaf.key.hash = hash_of_key(leaf.key.bytes);
    }
    leaf.fingerprint =
        static_cast<std::uint64_t>(wire::get<std::int64_t>(reader.take(fingerprint_size).data()));
    each(leaf);
  }
}

}  // namespace mighost
