// The smallest useful plugin, through the raw C ABI: rows of public.legacy_items (id, name) become
// rows of public.items. Each file beside this one takes it and misbehaves in one way.
#pragma once

#include <mighost/abi.h>

#include <cstring>
#include <string_view>

namespace tiny {

constexpr mig_str str(std::string_view text) { return {text.data(), text.size()}; }

constexpr mig_column column(std::string_view name, mig_type type, bool nullable = false) {
  mig_column made{};
  made.struct_size = sizeof made;
  made.type = type;
  made.nullable = nullable ? 1 : 0;
  made.name = str(name);
  return made;
}

inline constexpr mig_column id = column("id", MIG_INT8);
inline constexpr mig_column name = column("name", MIG_TEXT);
inline constexpr mig_column legacy_id = column("legacy_id", MIG_INT8);
inline constexpr const mig_column* source_columns[] = {&id, &name};
inline constexpr const mig_column* target_columns[] = {&legacy_id, &name};
inline constexpr mig_str legacy_columns[] = {str("legacy_id")};

// What the handlers below need of the host, in the words of a row.
inline const mig_cell* cells_of(const mig_batch& batch, std::uint32_t row) {
  return batch.cells + std::size_t{row} * batch.columns;
}

inline mig_status failed(mig_error* error, std::string_view message) {
  error->code = MIG_FAILED;
  const std::size_t size = message.copy(error->message, sizeof error->message - 1);
  error->message[size] = '\0';
  return MIG_FAILED;
}

// Writes the row as it should be.
inline mig_status pass_on(const mig_batch& batch, const mig_host& host, std::uint32_t row) {
  mig_cell* out = host.emit(host.host, row);
  if (out == nullptr) return MIG_FAILED;
  out[0] = cells_of(batch, row)[0];
  out[1] = cells_of(batch, row)[1];
  return MIG_OK;
}

inline void* begin(const mig_settings*, mig_error*) noexcept {
  static int instance = 0;
  return &instance;
}
inline mig_status transform(void*, const mig_batch* batch, const mig_host* host,
                            mig_error*) noexcept {
  for (std::uint32_t row = 0; row < batch->rows; ++row) {
    if (const mig_status status = pass_on(*batch, *host, row); status != MIG_OK) return status;
  }
  return MIG_OK;
}
inline mig_status finish(void*, const mig_host*, mig_error*) noexcept { return MIG_OK; }
inline void end(void*) noexcept {}

using Transform = mig_status (*)(void*, const mig_batch*, const mig_host*, mig_error*) noexcept;

constexpr mig_entity entity(std::string_view entity_name, Transform handler = transform) {
  mig_entity made{};
  made.struct_size = sizeof made;
  made.name = str(entity_name);
  made.source = str("public.legacy_items");
  made.source_columns = source_columns;
  made.n_source_columns = 2;
  made.n_key = 1;
  made.target = str("public.items");
  made.target_columns = target_columns;
  made.n_target_columns = 2;
  made.identity = MIG_IDENTITY_UUID5;
  made.identity_column = str("id");
  made.legacy_columns = legacy_columns;
  made.n_legacy_columns = 1;
  made.begin = begin;
  made.transform = handler;
  made.finish = finish;
  made.end = end;
  return made;
}

template <std::size_t N>
constexpr mig_plugin plugin(const mig_entity* const (&entities)[N]) {
  mig_plugin made{};
  made.struct_size = sizeof made;
  made.abi_major = MIG_ABI_MAJOR;
  made.abi_minor = MIG_ABI_MINOR;
  made.min_host_minor = MIG_ABI_MINOR;
  made.family = str("tiny");
  made.version = str("1.0.0");
  made.build = str("test");
  made.entities = entities;
  made.n_entities = N;
  return made;
}

}  // namespace tiny
