#pragma once
// Bytes that live as long as one batch: what plugins get from mig_host.alloc. Reset keeps one
// block, so a steady stream of batches does not allocate. Bytes that somebody still looks at are
// left to him.
#include <cstddef>
#include <memory>
#include <vector>

namespace mighost {

class Arena {
 public:
  /// Null only when memory is exhausted.
  char* allocate(std::size_t size) noexcept {
    size = (size + 7) & ~std::size_t{7};
    if (size > left_ && !grow(size)) return nullptr;
    char* bytes = at_;
    at_ += size;
    left_ -= size;
    return bytes;
  }

  void reset() {
    if (blocks_.use_count() > 1) {
      blocks_ = std::make_shared<Blocks>();
      at_ = nullptr;
      left_ = 0;
    }
    if (blocks_->size() > 1) blocks_->resize(1);
    if (blocks_->empty()) return;
    at_ = blocks_->front().get();
    left_ = block_bytes;
  }

  /// What is allocated until the next reset, which then begins anew: for who may outlive the batch.
  std::shared_ptr<const void> lend() const { return blocks_; }

 private:
  using Blocks = std::vector<std::unique_ptr<char[]>>;
  static constexpr std::size_t block_bytes = 1024 * 1024;

  bool grow(std::size_t size) noexcept {
    try {
      // The first block stays for the next batch; a huge value gets a block of its own.
      const std::size_t bytes = blocks_->empty() && size < block_bytes ? block_bytes
                                : size > block_bytes                   ? size
                                                                       : block_bytes;
      if (blocks_->empty() && bytes != block_bytes) blocks_->emplace_back(new char[block_bytes]);
      blocks_->emplace_back(new char[bytes]);
      at_ = blocks_->back().get();
      left_ = bytes;
      return true;
    } catch (...) {
      return false;
    }
  }

  std::shared_ptr<Blocks> blocks_ = std::make_shared<Blocks>();
  char* at_ = nullptr;
  std::size_t left_ = 0;
};

}  // namespace mighost
