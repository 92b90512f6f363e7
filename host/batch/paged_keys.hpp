#pragma once
// An exact set of keys as bytes that does not grow with the table: what is new is in memory, and
// goes to unlinked temporary files as sorted runs when its share of the budget is full. Runs of
// like size are merged, so that few are ever looked into.
//
// Threads: one that changes the set, with nobody reading meanwhile; any number that read a set
// that nobody changes, copies that share runs among them.
#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "batch/key_budget.hpp"
#include "batch/key_run.hpp"
#include "batch/key_table.hpp"

namespace mighost {

class PagedKeys {
 public:
  explicit PagedKeys(KeyBudget& budget = key_budget()) : charge_(budget) {}
  PagedKeys(const PagedKeys&) = default;
  PagedKeys(PagedKeys&& other) noexcept : PagedKeys(other.charge_.budget()) { swap(other); }
  PagedKeys& operator=(PagedKeys other) noexcept {
    swap(other);
    return *this;
  }

  /// False when it was in already. Throws Error when the temporary disk is full.
  bool add(std::string_view key);
  /// False when it was not in.
  bool remove(std::string_view key);
  bool contains(std::string_view key) const;
  bool empty() const { return size_ == 0; }
  std::uint64_t size() const { return size_; }

  /// The set is complete: where memory is short, it need not stay there.
  void settle();

  /// In the order of their bytes. `use` must not keep the key.
  void for_each(const std::function<void(std::string_view)>& use) const;

  /// Of this set and no other, without the runs: for tests.
  std::size_t table_bytes() const { return table_.memory(); }
  std::size_t runs() const { return runs_.size(); }

 private:
  struct Level {
    unsigned level;
    std::shared_ptr<const KeyRun> run;
  };
  KeyState find(std::string_view key, std::uint64_t hash) const;
  void put(std::string_view key, std::uint64_t hash, KeyState state);
  void spill();
  void merge_last(std::size_t count);
  void swap(PagedKeys& other) noexcept;

  KeyTable table_;
  std::vector<Level> runs_;  // what is newer stands behind
  std::uint64_t size_ = 0;
  KeyCharge charge_;  // of the table; runs have their own
};

}  // namespace mighost
