#include "batch/paged_keys.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace mighost {
namespace {

// A set writes its table out when that takes a quarter of the budget, or, when all sets together
// have spent it, as soon as that is worth a file.
constexpr std::size_t table_divisor = 4, worth_divisor = 64;
constexpr std::size_t runs_merged = 8;

/// Goes through several parts in step, each of which has a key once; of equal keys the newest part
/// speaks.
template <typename Cursor, typename Use>
void merge_in_order(std::vector<Cursor>& cursors, Use use) {
  std::vector<Cursor*> open;  // newest first
  for (auto cursor = cursors.rbegin(); cursor != cursors.rend(); ++cursor) {
    if (cursor->next()) open.push_back(&*cursor);
  }
  while (!open.empty()) {
    const Cursor* least = open.front();
    for (const Cursor* cursor : open) {
      if (cursor->entry().key < least->entry().key) least = cursor;
    }
    // The entry's bytes are the cursor's: used before any cursor moves.
    const std::string_view key = least->entry().key;
    use(least->entry());
    // The one that is used moves last, since the others are compared with it.
    std::erase_if(open, [&](Cursor* cursor) {
      return cursor != least && cursor->entry().key == key && !cursor->next();
    });
    std::erase_if(open, [&](Cursor* cursor) { return cursor == least && !cursor->next(); });
  }
}

/// A run, or the table as the newest part.
class PartCursor {
 public:
  explicit PartCursor(std::shared_ptr<const KeyRun> run) : run_(KeyRunCursor(std::move(run))) {}
  explicit PartCursor(std::vector<KeyTable::Entry> entries) : entries_(std::move(entries)) {}
  bool next() { return run_ ? run_->next() : at_++ < entries_.size(); }
  const KeyTable::Entry& entry() const { return run_ ? run_->entry() : entries_[at_ - 1]; }

 private:
  std::optional<KeyRunCursor> run_;
  std::vector<KeyTable::Entry> entries_;
  std::size_t at_ = 0;
};

}  // namespace

KeyState PagedKeys::find(std::string_view key, std::uint64_t hash) const {
  KeyState state = table_.find(key, hash);
  for (auto part = runs_.rbegin(); state == KeyState::absent && part != runs_.rend(); ++part) {
    state = part->run->find(key, hash);
  }
  return state;
}

bool PagedKeys::contains(std::string_view key) const {
  return size_ > 0 && find(key, hash_of_text(key)) == KeyState::live;
}

bool PagedKeys::add(std::string_view key) {
  const std::uint64_t hash = hash_of_text(key);
  if (find(key, hash) == KeyState::live) return false;
  put(key, hash, KeyState::live);
  ++size_;
  return true;
}

bool PagedKeys::remove(std::string_view key) {
  const std::uint64_t hash = hash_of_text(key);
  if (size_ == 0 || find(key, hash) != KeyState::live) return false;
  put(key, hash, KeyState::gone);
  --size_;
  return true;
}

void PagedKeys::put(std::string_view key, std::uint64_t hash, KeyState state) {
  table_.put(key, hash, state);
  const std::size_t bytes = table_.memory();
  if (bytes == charge_.bytes()) return;
  charge_.set(bytes);
  const KeyBudget& budget = charge_.budget();
  const bool overdrawn = budget.used() > budget.limit();
  if (bytes > budget.limit() / table_divisor ||
      (overdrawn && bytes > budget.limit() / worth_divisor)) {
    spill();
  }
}

void PagedKeys::settle() {
  const KeyBudget& budget = charge_.budget();
  if (budget.used() > budget.limit() / 2 && table_.memory() > budget.limit() / worth_divisor) {
    spill();
  }
}

void PagedKeys::spill() {
  KeyRunWriter writer(table_.size(), charge_.budget());
  for (const KeyTable::Entry& entry : table_.sorted()) {
    // Nothing older is left that the key could be gone from.
    if (entry.state == KeyState::gone && runs_.empty()) continue;
    writer.add(entry.key, entry.state);
  }
  runs_.push_back({0, writer.finish()});
  KeyTable().swap(table_);
  charge_.set(0);
  const auto is_full = [&] {
    return runs_.size() >= runs_merged &&
           runs_[runs_.size() - runs_merged].level == runs_.back().level;
  };
  while (is_full()) merge_last(runs_merged);
}

void PagedKeys::merge_last(std::size_t count) {
  const std::size_t first = runs_.size() - count;
  std::vector<PartCursor> cursors;
  std::uint64_t keys = 0;
  for (std::size_t index = first; index < runs_.size(); ++index) {
    cursors.emplace_back(runs_[index].run);
    keys += runs_[index].run->keys();
  }
  KeyRunWriter writer(keys, charge_.budget());
  merge_in_order(cursors, [&](const KeyTable::Entry& entry) {
    if (entry.state == KeyState::live || first > 0) writer.add(entry.key, entry.state);
  });
  const unsigned level = runs_.back().level + 1;
  std::shared_ptr<const KeyRun> merged = writer.finish();
  runs_.resize(first);
  runs_.push_back({level, std::move(merged)});
}

void PagedKeys::for_each(const std::function<void(std::string_view)>& use) const {
  std::vector<PartCursor> cursors;
  for (const Level& part : runs_) cursors.emplace_back(part.run);
  cursors.emplace_back(table_.sorted());
  merge_in_order(cursors, [&](const KeyTable::Entry& entry) {
    if (entry.state == KeyState::live) use(entry.key);
  });
}

void PagedKeys::swap(PagedKeys& other) noexcept {
  table_.swap(other.table_);
  runs_.swap(other.runs_);
  std::swap(size_, other.size_);
  charge_.swap(other.charge_);
}

}  // namespace mighost
