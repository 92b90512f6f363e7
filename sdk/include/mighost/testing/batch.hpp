// The memory of one batch, as a host would lend it: everything in an allocation of its own, and
// gone after the call, so that AddressSanitizer sees a plugin that keeps a view or writes beyond
// its buffer.
#pragma once

#include <link.h>

#include <map>
#include <mighost/testing/values.hpp>

namespace mig::testing {

/// True when the bytes lie in memory that the process cannot write: the constant data of some
/// library.
inline bool in_constant_data(const char* data, std::size_t size) {
  struct range {
    std::uintptr_t begin, end;
    bool found;
  } wanted{reinterpret_cast<std::uintptr_t>(data), reinterpret_cast<std::uintptr_t>(data) + size,
           false};
  dl_iterate_phdr(
      [](dl_phdr_info* object, std::size_t, void* context) {
        auto& range_ = *static_cast<range*>(context);
        for (int i = 0; i < object->dlpi_phnum; ++i) {
          const auto& segment = object->dlpi_phdr[i];
          if (segment.p_type != PT_LOAD || (segment.p_flags & PF_W) != 0) continue;
          const std::uintptr_t begin = object->dlpi_addr + segment.p_vaddr;
          if (range_.begin >= begin && range_.end <= begin + segment.p_memsz) range_.found = true;
        }
        return range_.found ? 1 : 0;
      },
      &wanted);
  return wanted.found;
}

class batch_memory {
 public:
  char* allocate(std::size_t size) {
    std::unique_ptr<char[]>& bytes = blocks_.emplace_back(std::make_unique<char[]>(size));
    sizes_[bytes.get()] = size;
    return bytes.get();
  }

  /// A cell for `from` whose bytes live here.
  mig_cell lend(const value& from) {
    mig_cell cell{};
    cell.type = from.type;
    if (from.null) {
      cell.flags = MIG_CELL_NULL;
    } else if (has_bytes(from.type)) {
      char* bytes = allocate(from.bytes.size());
      std::copy(from.bytes.begin(), from.bytes.end(), bytes);
      cell.as.data = bytes;
      cell.size = static_cast<std::uint32_t>(from.bytes.size());
    } else if (from.type == MIG_FLOAT8) {
      cell.as.f64 = from.real;
    } else {
      cell.as.i64 = from.integer;
    }
    return cell;
  }

  mig_cell* lend_cells(std::vector<mig_cell> cells) {
    std::unique_ptr<mig_cell[]>& to =
        cells_.emplace_back(std::make_unique<mig_cell[]>(cells.size()));
    std::copy(cells.begin(), cells.end(), to.get());
    return to.get();
  }

  /// True when a plugin may point an output cell there.
  bool may_lie(const char* data, std::size_t size) const {
    if (size == 0) return true;
    const auto after = sizes_.upper_bound(data);
    if (after != sizes_.begin()) {
      const auto& [begin, length] = *std::prev(after);
      if (data + size <= begin + length) return true;
    }
    return in_constant_data(data, size);
  }

 private:
  std::vector<std::unique_ptr<char[]>> blocks_;
  std::vector<std::unique_ptr<mig_cell[]>> cells_;
  std::map<const char*, std::size_t> sizes_;
};

}  // namespace mig::testing
