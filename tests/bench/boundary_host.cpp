#include "boundary_host.hpp"

#include <dlfcn.h>

#include <algorithm>
#include <string_view>

#include "commands.hpp"

namespace mighost::bench {
namespace {

// Enough for a batch of any entity that is measured here.
constexpr std::size_t arena_bytes_per_row = 256;
constexpr std::size_t alignment = 8;

constexpr char parent_key[] = "\x3d\x9b\x6f\x0e\x6f\x5c\x5d\x0b\x9c\x52\x0a\x4f\x1d\x7b\xe8\xa1";

constexpr mig_cell null_cell() {
  mig_cell cell{};
  cell.flags = MIG_CELL_NULL;
  return cell;
}

}  // namespace

const mig_entity& open_entity(const std::filesystem::path& file, const std::string& name) {
  // Never closed: a plugin stays until the process ends.
  void* library = ::dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) throw Failure(std::string("cannot open the plugin: ") + ::dlerror());
  void* symbol = ::dlsym(library, "mighost_plugin_v1");
  if (symbol == nullptr) throw Failure(std::string("no plugin: ") + ::dlerror());
  const mig_plugin* plugin = reinterpret_cast<decltype(&mighost_plugin_v1)>(symbol)();
  for (std::uint32_t i = 0; i < plugin->n_entities; ++i) {
    const mig_entity& entity = *plugin->entities[i];
    if (std::string_view(entity.name.data, entity.name.size) == name) return entity;
  }
  throw Failure(file.string() + " has no entity " + name);
}

BoundaryHost::BoundaryHost(const mig_entity& entity, std::uint32_t batch_rows)
    : columns_(entity.n_target_columns),
      cells_(std::size_t{batch_rows} * columns_),
      arena_(std::size_t{batch_rows} * arena_bytes_per_row) {
  services_.struct_size = sizeof services_;
  services_.host = this;
  services_.emit = emit;
  services_.alloc = alloc;
  services_.resolve = resolve;
  services_.merge = merge;
  services_.bind_key = bind_key;
  services_.report = report;
  services_.log = log;
  services_.cancelled = cancelled;
}

void BoundaryHost::begin_batch() {
  arena_used_ = 0;
  emitted_ = resolved_ = 0;
}

mig_cell* BoundaryHost::emit(void* host, std::uint32_t row) noexcept {
  auto& self = *static_cast<BoundaryHost*>(host);
  ++self.emitted_;
  mig_cell* cells = &self.cells_[std::size_t{row} * self.columns_];
  std::fill_n(cells, self.columns_, null_cell());
  return cells;
}

char* BoundaryHost::alloc(void* host, std::uint64_t size) noexcept {
  auto& self = *static_cast<BoundaryHost*>(host);
  const std::size_t begin = (self.arena_used_ + alignment - 1) / alignment * alignment;
  if (size > self.arena_.size() - std::min(begin, self.arena_.size())) return nullptr;
  self.arena_used_ = begin + size;
  return self.arena_.data() + begin;
}

mig_resolution BoundaryHost::resolve(void* host, std::uint32_t, std::uint32_t, const mig_cell*,
                                     std::uint32_t, mig_cell* out) noexcept {
  ++static_cast<BoundaryHost*>(host)->resolved_;
  *out = {};
  out->type = MIG_UUID;
  out->as.data = parent_key;
  out->size = sizeof parent_key - 1;
  return MIG_RESOLVED;
}

void BoundaryHost::merge(void* host, std::uint32_t, const mig_cell*, std::uint32_t) noexcept {
  ++static_cast<BoundaryHost*>(host)->complaints_;
}

void BoundaryHost::bind_key(void* host, std::uint32_t, const mig_cell*) noexcept {
  ++static_cast<BoundaryHost*>(host)->complaints_;
}

void BoundaryHost::report(void* host, const mig_issue*) noexcept {
  ++static_cast<BoundaryHost*>(host)->complaints_;
}

void BoundaryHost::log(void* host, mig_log_level, mig_str) noexcept {
  ++static_cast<BoundaryHost*>(host)->complaints_;
}

std::uint8_t BoundaryHost::cancelled(void*) noexcept { return 0; }

}  // namespace mighost::bench
