// mig_host for one entity in a test: emit, alloc, resolve, merge, bind_key, and what must hold
// after each batch.
#pragma once

#include <mighost/testing/session.hpp>

namespace mig::testing {

class entity_session : public session {
 public:
  entity_session(outcome& out, const mig_entity& entity, const parents& known, bool cancelled)
      : session(out, entity.codes, entity.n_codes, cancelled), entity_(entity), known_(known) {
    host_.struct_size = sizeof host_;
    host_.host = static_cast<session*>(this);
    host_.emit = [](void* self, std::uint32_t row) noexcept { return me(self).emit(row); };
    host_.alloc = [](void* self, std::uint64_t size) noexcept { return me(self).alloc(size); };
    host_.resolve = [](void* self, std::uint32_t row, std::uint32_t reference, const mig_cell* key,
                       std::uint32_t n_key, mig_cell* to) noexcept {
      return me(self).resolve(row, reference, key, n_key, to);
    };
    host_.merge = [](void* self, std::uint32_t row, const mig_cell* survivor,
                     std::uint32_t n_key) noexcept { me(self).merge(row, survivor, n_key); };
    host_.bind_key = [](void* self, std::uint32_t row, const mig_cell* key) noexcept {
      me(self).bind_key(row, key);
    };
    host_.report = &session::report;
    host_.log = &session::log;
    host_.cancelled = &session::cancelled;
  }

  const mig_host* services() const noexcept { return &host_; }

  /// `cells` is the input of the batch in `memory`.
  void begin_rows(batch_memory& memory, std::uint64_t first_row, std::uint32_t rows,
                  const mig_cell* cells) {
    memory_ = &memory;
    emitted_.clear();
    begin_batch(first_row, rows);
    for (std::uint32_t row = 0; row < rows; ++row) {
      keys_.push_back(key_text(cells + std::size_t{row} * entity_.n_source_columns, entity_.n_key));
    }
  }

  /// Checks what the plugin left behind and copies it, while the memory of the batch is alive.
  void end_rows() {
    for (const auto& [row, cells] : emitted_) {
      if (fate_of(row) == fate::written) keep(row, cells);
    }
    for (std::uint32_t row = 0; row < rows_; ++row) {
      const fate now = fate_of(row);
      if (now == fate::none) violation(row, "neither emitted nor rejected nor merged");
      if (now == fate::merged && emitted_.count(row) != 0) violation(row, "emitted and merged");
      if (now == fate::written) check_bound_key(row);
    }
    emitted_.clear();
    memory_ = nullptr;
    end_batch();
  }

 private:
  static entity_session& me(void* self) noexcept {
    return static_cast<entity_session&>(*static_cast<session*>(self));
  }

  mig_cell* emit(std::uint32_t row) {
    if (!in_batch(row, "emit")) return nullptr;
    if (emitted_.count(row) != 0) violation(row, "emitted twice");
    if (fate_of(row) == fate::rejected && voided_.count(place(row)) == 0) {
      out_.advice.push_back("row " + std::to_string(place(row)) +
                            " was emitted after it was rejected");
    }
    if (fate_of(row) == fate::none) fate_of(row) = fate::written;
    std::vector<mig_cell> cells(entity_.n_target_columns);
    for (std::uint32_t i = 0; i < entity_.n_target_columns; ++i) {
      cells[i].type = entity_.target_columns[i]->type;
      cells[i].flags = MIG_CELL_NULL;
    }
    return emitted_[row] = memory_->lend_cells(std::move(cells));
  }

  char* alloc(std::uint64_t size) {
    if (memory_ != nullptr) return memory_->allocate(static_cast<std::size_t>(size));
    violation("alloc outside a batch");
    return nullptr;
  }

  mig_resolution resolve(std::uint32_t row, std::uint32_t index, const mig_cell* key,
                         std::uint32_t n_key, mig_cell* to) {
    if (!in_batch(row, "resolve")) return MIG_ROW_VOID;
    if (index >= entity_.n_references) {
      violation(row, "resolve of a reference that is not declared");
      return MIG_ROW_VOID;
    }
    const mig_reference& reference = *entity_.references[index];
    const std::string_view column = detail::view(reference.column);
    *to = memory_->lend(null_of(column_type(column)));
    const bool has_key = std::none_of(
        key, key + n_key, [](const mig_cell& part) { return (part.flags & MIG_CELL_NULL) != 0; });
    const std::string text = key_text(key, n_key);
    if (reference.late != 0) {
      if (has_key) out_.late_keys[{place(row), std::string{column}}] = text;
      return MIG_NO_PARENT;
    }
    const parent* found = has_key ? find(detail::view(reference.entity), text) : nullptr;
    if (found != nullptr && !found->held_back) {
      *to = memory_->lend(found->new_key);
      return MIG_RESOLVED;
    }
    if (reference.policy == MIG_MISSING_NULL) {
      if (has_key) add(row, MIG_NOTE, "missing_parent", column);
      return MIG_NO_PARENT;
    }
    const bool park = found != nullptr || reference.policy == MIG_MISSING_PARK;
    add(row, MIG_REJECT, found != nullptr ? "waits_for_parent" : "missing_parent", column);
    hold_back(row, park ? fate::parked : fate::rejected);
    voided_.insert({place(row), true});
    return MIG_ROW_VOID;
  }

  const parent* find(std::string_view entity, const std::string& key) const {
    const auto rows = known_.find(entity);
    if (rows == known_.end()) return nullptr;
    const auto row = rows->second.find(key);
    return row == rows->second.end() ? nullptr : &row->second;
  }

  mig_type column_type(std::string_view name) const {
    for (std::uint32_t i = 0; i < entity_.n_target_columns; ++i) {
      if (detail::view(entity_.target_columns[i]->name) == name)
        return entity_.target_columns[i]->type;
    }
    return MIG_UUID;
  }

  void merge(std::uint32_t row, const mig_cell* survivor, std::uint32_t n_key) {
    if (!in_batch(row, "merge")) return;
    if (n_key != entity_.n_key) violation(row, "merged by a key of another number of columns");
    const std::string text = key_text(survivor, n_key);
    const auto end = keys_.begin() + static_cast<std::ptrdiff_t>(place(row));
    if (std::find(keys_.begin(), end, text) == end) {
      violation(row, "merged into a row that does not stand earlier in the stream");
    }
    if (fate_of(row) == fate::none) fate_of(row) = fate::merged;
    if (emitted_.count(row) != 0) violation(row, "emitted and merged");
    out_.survivors[place(row)] = text;
  }

  void bind_key(std::uint32_t row, const mig_cell* key) {
    if (!in_batch(row, "bind_key")) return;
    if (entity_.identity != MIG_IDENTITY_ASSIGNED) {
      violation(row, "bind_key by an entity whose identity is not assigned");
    }
    out_.bound_keys[place(row)] = key_text(key, 1);
  }

  void check_bound_key(std::uint32_t row) {
    if (entity_.identity != MIG_IDENTITY_ASSIGNED) return;
    const auto bound = out_.bound_keys.find(place(row));
    if (bound == out_.bound_keys.end()) return violation(row, "emitted without bind_key");
    for (std::uint32_t i = 0; i < entity_.n_target_columns; ++i) {
      const std::string_view name = detail::view(entity_.target_columns[i]->name);
      if (name == detail::view(entity_.identity_column) &&
          key_text(emitted_[row] + i, 1) != bound->second) {
        violation(row, "bind_key and the emitted key differ");
      }
    }
  }

  void keep(std::uint32_t row, const mig_cell* cells) {
    std::vector<std::string> names;
    std::vector<value> values;
    bool sound = true;
    for (std::uint32_t i = 0; i < entity_.n_target_columns; ++i) {
      const mig_column& column = *entity_.target_columns[i];
      names.emplace_back(detail::view(column.name));
      if (const char* wrong = flaw(column, cells[i])) {
        violation(row, names.back() + " " + wrong);
        sound = false;
      } else {
        values.push_back(copy(cells[i]));
      }
    }
    if (sound) out_.records.emplace(place(row), record(std::move(names), std::move(values)));
  }

  /// What is wrong with an output cell; nullptr: nothing.
  const char* flaw(const mig_column& column, const mig_cell& cell) const {
    if (cell.reserved != 0 || (cell.flags & ~MIG_CELL_NULL) != 0) return "has unknown flags";
    if (cell.type != column.type) return "has another type than declared";
    if ((cell.flags & MIG_CELL_NULL) != 0) {
      return column.nullable != 0 ? nullptr : "is NULL and was promised not to be";
    }
    if (cell.type == MIG_BOOL && cell.as.i64 != 0 && cell.as.i64 != 1) return "is neither 0 nor 1";
    if (cell.type == MIG_DATE &&
        cell.as.i64 != static_cast<std::int64_t>(static_cast<std::int32_t>(cell.as.i64))) {
      return "is not a date of 32 bits";
    }
    if (!has_bytes(cell.type)) return nullptr;
    if (!memory_->may_lie(cell.as.data, cell.size)) {
      return "points neither into the arena nor the input nor constant data";
    }
    const std::string_view bytes{cell.as.data, cell.size};
    if (cell.type == MIG_UUID && cell.size != 16) return "is not 16 bytes long";
    if (cell.type == MIG_NUMERIC && !numeric{bytes}.valid()) return "is not a binary numeric";
    if (cell.type != MIG_TEXT && cell.type != MIG_JSON) return nullptr;
    if (!valid_utf8(bytes)) return "is not UTF-8";
    if (has_nul(bytes)) return "holds a NUL byte";
    if (cell.type == MIG_JSON && json_check(bytes) != json_status::valid) {
      return "is not JSON that PostgreSQL takes";
    }
    return nullptr;
  }

  mig_host host_{};
  const mig_entity& entity_;
  const parents& known_;
  batch_memory* memory_ = nullptr;
  std::map<std::uint32_t, mig_cell*> emitted_;
  std::vector<std::string> keys_;       // of all rows so far
  std::map<std::size_t, bool> voided_;  // rows that a resolve settled
};

}  // namespace mig::testing
