// A key set as bytes for the ledger: "MKS1", four parts (integers of 32 bits, other integers,
// uuids, texts), and the XXH3 of all of that. Bitmaps are in the portable format of Roaring,
// numbers are little-endian. The same keys added in any order give the same bytes.
#include "batch/key_set.hpp"

#include <array>
#include <bit>
#include <cstring>
#include <stdexcept>

#include "report/error.hpp"

namespace mighost {
namespace {

static_assert(std::endian::native == std::endian::little);
constexpr std::string_view key_set_mark = "MKS1";

constexpr std::size_t id_bytes = 16;
using IdBytes = std::array<char, id_bytes>;

int lower_hex_digit(char letter) {
  if (letter >= '0' && letter <= '9') return letter - '0';
  if (letter >= 'a' && letter <= 'f') return letter - 'a' + 10;
  return -1;
}

/// True when the text is a uuid exactly as a LegacyKey writes one: another spelling is another key.
bool read_id(std::string_view text, IdBytes& id) {
  if (text.size() != 36) return false;
  std::size_t at = 0;
  for (char& byte : id) {
    if (at == 8 || at == 13 || at == 18 || at == 23) {
      if (text[at++] != '-') return false;
    }
    const int high = lower_hex_digit(text[at]), low = lower_hex_digit(text[at + 1]);
    if (high < 0 || low < 0) return false;
    byte = static_cast<char>(high * 16 + low);
    at += 2;
  }
  return true;
}

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

bool KeySet::add_text(std::string_view text) {
  IdBytes id;
  return read_id(text, id) ? ids_.add({id.data(), id.size()}) : texts_.add(text);
}

void KeySet::remove_text(std::string_view text) {
  IdBytes id;
  read_id(text, id) ? ids_.remove({id.data(), id.size()}) : texts_.remove(text);
}

bool KeySet::contains_text(std::string_view text) const {
  IdBytes id;
  return read_id(text, id) ? ids_.contains({id.data(), id.size()}) : texts_.contains(text);
}

std::string KeySet::encode() const {
  std::string out{key_set_mark};
  append_bitmap(out, narrow_);
  append_bitmap(out, wide_);
  append_count(out, ids_.size());
  ids_.for_each([&](std::string_view id) { out += id; });
  append_count(out, texts_.size());
  texts_.for_each([&](std::string_view text) {
    append_count(out, text.size());
    out += text;
  });
  append_count(out, hash_of_text(out));
  return out;
}

KeySet KeySet::decode(std::string_view bytes) {
  if (!bytes.starts_with(key_set_mark)) damaged_key_set("it begins with unknown bytes");
  if (bytes.size() < key_set_mark.size() + sizeof(std::uint64_t)) {
    damaged_key_set("it ends too early");
  }
  const std::string_view body = bytes.substr(0, bytes.size() - sizeof(std::uint64_t));
  KeySetReader hash(bytes.substr(body.size()));
  if (hash.count() != hash_of_text(body)) {
    damaged_key_set("its checksum differs");
  }
  KeySetReader reader(body.substr(key_set_mark.size()));
  KeySet set;
  set.narrow_ = reader.bitmap<Roaring>();
  set.wide_ = reader.bitmap<Roaring64Map>();
  for (std::uint64_t left = reader.count(); left > 0; --left) set.ids_.add(reader.take(id_bytes));
  for (std::uint64_t left = reader.count(); left > 0; --left) {
    set.texts_.add(reader.take(reader.count()));
  }
  if (!reader.done()) damaged_key_set("bytes are left over");
  return set;
}

void KeySet::add_all(const KeySet& other) {
  narrow_ |= other.narrow_;
  wide_ |= other.wide_;
  other.ids_.for_each([&](std::string_view id) { ids_.add(id); });
  other.texts_.for_each([&](std::string_view text) { texts_.add(text); });
}

}  // namespace mighost
