// A host that does nothing but what the boundary asks of one, so that what is measured is the
// boundary: cells to emit into, memory that is handed out by moving a pointer, and a resolve that
// knows the answer.
#pragma once

#include <mighost/abi.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace mighost::bench {

// Opens a plugin as the host does, and finds one of its entities. Throws Failure.
const mig_entity& open_entity(const std::filesystem::path& file, const std::string& name);

class BoundaryHost {
 public:
  BoundaryHost(const mig_entity& entity, std::uint32_t batch_rows);

  const mig_host* services() const { return &services_; }
  // What was emitted for the last batch is void.
  void begin_batch();
  std::uint64_t emitted() const { return emitted_; }
  std::uint64_t resolved() const { return resolved_; }
  // Anything that a clean batch does not do.
  std::uint64_t complaints() const { return complaints_; }
  const mig_cell* row(std::uint32_t row) const { return &cells_[std::size_t{row} * columns_]; }

 private:
  static mig_cell* emit(void* host, std::uint32_t row) noexcept;
  static char* alloc(void* host, std::uint64_t size) noexcept;
  static mig_resolution resolve(void* host, std::uint32_t row, std::uint32_t reference,
                                const mig_cell* key, std::uint32_t n_key, mig_cell* out) noexcept;
  static void merge(void* host, std::uint32_t row, const mig_cell* survivor,
                    std::uint32_t n_key) noexcept;
  static void bind_key(void* host, std::uint32_t row, const mig_cell* new_key) noexcept;
  static void report(void* host, const mig_issue* issue) noexcept;
  static void log(void* host, mig_log_level level, mig_str message) noexcept;
  static std::uint8_t cancelled(void* host) noexcept;

  mig_host services_{};
  std::uint32_t columns_;
  std::vector<mig_cell> cells_;
  std::vector<char> arena_;
  std::size_t arena_used_ = 0;
  std::uint64_t emitted_ = 0;
  std::uint64_t resolved_ = 0;
  std::uint64_t complaints_ = 0;
};

}  // namespace mighost::bench
