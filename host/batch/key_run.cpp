#include "batch/key_run.hpp"

#include <algorithm>
#include <atomic>
#include <utility>

namespace mighost {
namespace {

constexpr std::uint64_t run_block_bytes = 4096;
constexpr std::size_t block_memory_max = 1 << 20;  // kept by a thread after a block of huge keys

std::atomic<std::uint64_t> runs_made{0};

/// The block that a thread has looked into last: keys that come in order are found in it again.
struct LastBlock {
  std::uint64_t run = 0;  // no run has this number
  std::size_t block = 0;
  std::string bytes;
};
thread_local LastBlock last_block;

// A record is its size times two, plus one where the key is gone, in 7 bits a byte; then its bytes.
void append_record(std::string& out, std::string_view key, KeyState state) {
  std::uint64_t head = key.size() * 2 + (state == KeyState::gone ? 1 : 0);
  for (; head >= 0x80; head >>= 7) out += static_cast<char>(head | 0x80);
  out += static_cast<char>(head);
  out += key;
}

KeyTable::Entry take_record(std::string_view& rest) {
  std::uint64_t head = 0;
  for (unsigned shift = 0;; shift += 7) {
    const auto byte = static_cast<unsigned char>(rest.front());
    rest.remove_prefix(1);
    head |= std::uint64_t{byte & 0x7fu} << shift;
    if ((byte & 0x80) == 0) break;
  }
  const std::string_view key = rest.substr(0, head / 2);
  rest.remove_prefix(key.size());
  return {key, (head & 1) != 0 ? KeyState::gone : KeyState::live};
}

}  // namespace

KeyRun::KeyRun(std::uint64_t keys_max, KeyBudget& budget)
    : number_(++runs_made), filter_(keys_max), charge_(budget) {}

std::string_view KeyRun::first_key(std::size_t block) const {
  const std::uint64_t begin = first_key_begins_[block];
  const std::uint64_t end =
      block + 1 < first_key_begins_.size() ? first_key_begins_[block + 1] : first_keys_.size();
  return std::string_view{first_keys_}.substr(begin, end - begin);
}

std::uint64_t KeyRun::end_of(std::size_t block) const {
  return block + 1 < begins_.size() ? begins_[block + 1] : file_.size();
}

std::string_view KeyRun::read_block(std::size_t block) const {
  LastBlock& last = last_block;
  if (last.run == number_ && last.block == block) return last.bytes;
  last.run = 0;  // for the case that reading fails
  if (last.bytes.capacity() > block_memory_max) last.bytes = {};
  last.bytes.resize(end_of(block) - begins_[block]);
  file_.read(begins_[block], last.bytes.data(), last.bytes.size());
  last.run = number_;
  last.block = block;
  return last.bytes;
}

KeyState KeyRun::find(std::string_view key, std::uint64_t hash) const {
  if (begins_.empty() || !filter_.may_contain(hash)) return KeyState::absent;
  // The last block whose first key is not behind the key.
  std::size_t low = 0, high = begins_.size();
  while (high - low > 1) {
    const std::size_t middle = low + (high - low) / 2;
    (first_key(middle) <= key ? low : high) = middle;
  }
  for (std::string_view rest = read_block(low); !rest.empty();) {
    const KeyTable::Entry entry = take_record(rest);
    const int order = entry.key.compare(key);
    if (order == 0) return entry.state;
    if (order > 0) break;
  }
  return KeyState::absent;
}

KeyRunWriter::KeyRunWriter(std::uint64_t keys_max, KeyBudget& budget)
    : run_(new KeyRun(keys_max, budget)) {
  run_->charge_.set(run_->filter_.memory());
}

void KeyRunWriter::add(std::string_view key, KeyState state) {
  KeyRun& run = *run_;
  if (run.begins_.empty() || run.file_.size() - run.begins_.back() >= run_block_bytes) {
    run.begins_.push_back(run.file_.size());
    run.first_key_begins_.push_back(run.first_keys_.size());
    run.first_keys_ += key;
  }
  record_.clear();
  append_record(record_, key, state);
  run.file_.append(record_);
  run.filter_.add(hash_of_text(key));
  ++run.keys_;
}

std::shared_ptr<const KeyRun> KeyRunWriter::finish() {
  run_->file_.flush();
  run_->begins_.shrink_to_fit();
  run_->first_keys_.shrink_to_fit();
  run_->first_key_begins_.shrink_to_fit();
  run_->charge_.set(run_->filter_.memory() + run_->first_keys_.size() +
                    2 * sizeof(std::uint64_t) * run_->begins_.size());
  return std::exchange(run_, nullptr);
}

KeyRunCursor::KeyRunCursor(std::shared_ptr<const KeyRun> run) : run_(std::move(run)) {}

bool KeyRunCursor::next() {
  if (rest_.empty()) {
    if (block_ == run_->begins_.size()) return false;
    bytes_.resize(run_->end_of(block_) - run_->begins_[block_]);
    run_->file_.read(run_->begins_[block_], bytes_.data(), bytes_.size());
    rest_ = bytes_;
    ++block_;
  }
  entry_ = take_record(rest_);
  return true;
}

}  // namespace mighost
