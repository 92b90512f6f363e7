// A key set as bytes for the ledger: "MKS1", three parts (integers of 32 bits, other integers,
// texts), and the XXH3 of all of that. Bitmaps are in the portable format of Roaring, numbers are
// little-endian. The same keys added in any order give the same bytes.
#define XXH_INLINE_ALL
#include "batch/key_set.hpp"

#include <xxhash.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <stdexcept>
#include <vector>

#include "report/error.hpp"

namespace mighost {
namespace {

static_assert(std::endian::native == std::endian::little);
constexpr std::string_view key_set_mark = "MKS1";

[[noreturn]] void damaged_key_set(const std::string& why) {
  throw Error(Exit::failed, "a set of keys in the ledger is damaged: " + why, "the ledger's keys",
              "restore the ledger from a backup, or start over with a new run");
}

void append_count(std::string& out, std::uint64_t count) {
  char bytes[sizeof count];
  std::memcpy(bytes, &count, sizeof count);
  out.append(bytes, sizeof bytes);
}

template <typename Bitmap>
void append_bitmap(std::string& out, Bitmap bitmap) {
  bitmap.runOptimize();
  // In a string of its own: Roaring writes whole words and wants them aligned.
  std::string bytes(bitmap.getSizeInBytes(), '\0');
  bitmap.write(bytes.data());
  append_count(out, bytes.size());
  out += bytes;
}

class KeySetReader {
 public:
  explicit KeySetReader(std::string_view bytes) : rest_(bytes) {}

  std::string_view take(std::uint64_t size) {
    if (size > rest_.size()) damaged_key_set("it ends too early");
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }

  std::uint64_t count() {
    std::uint64_t value = 0;
    std::memcpy(&value, take(sizeof value).data(), sizeof value);
    return value;
  }

  template <typename Bitmap>
  Bitmap bitmap() {
    const std::string aligned{take(count())};
    // readSafe of the large map reads its size without looking whether it is there.
    if (aligned.size() < sizeof(std::uint64_t)) damaged_key_set("a bitmap is cut off");
    try {
      return Bitmap::readSafe(aligned.data(), aligned.size());
    } catch (const std::runtime_error&) {
      damaged_key_set("a bitmap cannot be read");
    }
  }

  bool done() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

}  // namespace

std::string KeySet::encode() const {
  std::string out{key_set_mark};
  append_bitmap(out, narrow_);
  append_bitmap(out, wide_);
  std::vector<std::string_view> sorted(texts_.begin(), texts_.end());
  std::sort(sorted.begin(), sorted.end());
  append_count(out, sorted.size());
  for (const std::string_view text : sorted) {
    append_count(out, text.size());
    out += text;
  }
  append_count(out, XXH3_64bits(out.data(), out.size()));
  return out;
}

KeySet KeySet::decode(std::string_view bytes) {
  if (!bytes.starts_with(key_set_mark)) damaged_key_set("it begins with unknown bytes");
  if (bytes.size() < key_set_mark.size() + sizeof(std::uint64_t)) {
    damaged_key_set("it ends too early");
  }
  const std::string_view body = bytes.substr(0, bytes.size() - sizeof(std::uint64_t));
  KeySetReader hash(bytes.substr(body.size()));
  if (hash.count() != XXH3_64bits(body.data(), body.size())) {
    damaged_key_set("its checksum differs");
  }
  KeySetReader reader(body.substr(key_set_mark.size()));
  KeySet set;
  set.narrow_ = reader.bitmap<Roaring>();
  set.wide_ = reader.bitmap<Roaring64Map>();
  for (std::uint64_t left = reader.count(); left > 0; --left) {
    set.texts_.emplace(reader.take(reader.count()));
  }
  if (!reader.done()) damaged_key_set("bytes are left over");
  return set;
}

void KeySet::add_all(const KeySet& other) {
  narrow_ |= other.narrow_;
  wide_ |= other.wide_;
  for (const std::string& text : other.texts_) texts_.insert(text);
}

}  // namespace mighost
