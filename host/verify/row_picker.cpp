#include "verify/row_picker.hpp"

#include <set>

namespace mighost {

bool RowPicker::less(const FingerprintLayout& layout, const RowKey& key, const Edge& edge) {
  return layout.integer_key() ? key.number < edge.number : key.bytes < edge.bytes;
}

RowPicker::Edge RowPicker::edge(const FingerprintLayout& layout, const RowKey& key) {
  return {key.number, std::string(key.bytes), key_text(layout, key)};
}

void RowPicker::see(const FingerprintLayout& layout, const RowKey& key, std::string_view row) {
  if (sample_ == 0) return;
  const bool integer = layout.integer_key();
  if (!lowest_ || less(layout, key, *lowest_)) lowest_ = edge(layout, key);
  const bool above =
      !highest_ || (integer ? key.number > highest_->number : key.bytes > highest_->bytes);
  if (above) highest_ = edge(layout, key);
  if (row.size() > longest_size_) {
    longest_size_ = row.size();
    longest_ = key_text(layout, key);
  }
  const std::uint64_t drawn = (key.hash ^ seed_) * 0x9e3779b97f4a7c15;
  if (drawn_.size() == sample_ && drawn >= drawn_.rbegin()->first) return;
  drawn_.emplace(drawn, key_text(layout, key));
  if (drawn_.size() > sample_) drawn_.erase(std::prev(drawn_.end()));
}

std::vector<std::string> RowPicker::keys() const {
  std::set<std::string> keys;
  for (const auto& [drawn, key] : drawn_) keys.insert(key);
  if (lowest_) keys.insert(lowest_->text);
  if (highest_) keys.insert(highest_->text);
  if (longest_size_ > 0) keys.insert(longest_);
  return {keys.begin(), keys.end()};
}

}  // namespace mighost
