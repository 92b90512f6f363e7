// The callbacks of mig_host: what a plugin may ask while it transforms a batch. None may throw, so
// trouble is kept in pending_ and raised when the handler has returned.
#include <algorithm>

#include "plugin/host_codes.hpp"
#include "report/error.hpp"
#include "report/log.hpp"
#include "run/transform_stage.hpp"

namespace mighost {
void TransformStage::contract_fault(const std::string& what, std::optional<std::uint32_t> row,
                                    const std::string& column) {
  if (pending_) return;  // the first fault explains the others
  std::string where = entity_.name;
  if (row && batch_ != nullptr && *row < batch_->rows())
    where += ", key " + context_.key_text(batch_->row(*row));
  if (!column.empty()) where += ", column " + column;
  pending_ = std::make_exception_ptr(
      Error(Exit::failed, "plugin " + context_.plugin + " broke the contract: it " + what, where,
            "nothing was committed; this is a fault of the plugin, its author needs this message"));
}

mig_cell* TransformStage::on_emit(void* host, std::uint32_t row) noexcept {
  TransformStage& me = self(host);
  if (me.batch_ == nullptr || row >= me.batch_->rows()) {
    me.contract_fault("emitted a row that is not in the batch", std::nullopt);
    return nullptr;
  }
  if (me.emitted_[row] != 0) {
    me.contract_fault("emitted a row twice", row);
    return nullptr;
  }
  me.emitted_[row] = 1;
  mig_cell null{};
  null.flags = MIG_CELL_NULL;
  std::fill_n(me.target_row(row), me.target_width_, null);
  return me.target_row(row);
}

char* TransformStage::on_alloc(void* host, std::uint64_t size) noexcept {
  return self(host).arena_.allocate(size == 0 ? 1 : size);
}

mig_resolution TransformStage::on_resolve(void* host, std::uint32_t row, std::uint32_t reference,
                                          const mig_cell* key, std::uint32_t n_key,
                                          mig_cell* out) noexcept {
  TransformStage& me = self(host);
  try {
    const mig_resolution result = me.resolve(row, reference, key, n_key, out);
    if (me.context_.trace != nullptr) me.trace(reference, key, n_key, result, *out);
    return result;
  } catch (...) {
    if (!me.pending_) me.pending_ = std::current_exception();
    return MIG_ROW_VOID;
  }
}

mig_resolution TransformStage::resolve(std::uint32_t row, std::uint32_t index, const mig_cell* key,
                                       std::uint32_t n_key, mig_cell* out) {
  *out = mig_cell{};
  out->flags = MIG_CELL_NULL;
  if (batch_ == nullptr || row >= batch_->rows() || index >= entity_.references.size()) {
    contract_fault("resolved a reference or a row that does not exist", std::nullopt);
    return MIG_ROW_VOID;
  }
  const Reference& reference = entity_.references[index];
  LegacyKey& parent_key = resolved_key_;
  const KeyBook* parent = context_.parents[index];
  if (parent == nullptr) return MIG_NO_PARENT;  // policy null; the report says so once
  if (!read_key(key, n_key, parent_key)) return missing(row, reference, std::nullopt, {}, false);
  if (reference.late) {
    // The parent may come later in this stream or in this run: written as NULL, set in a second
    // pass.
    std::string text;
    append_key_text(key, n_key, text);
    const mig_cell candidate = parent->new_key(parent_key, key, arena_);
    late_.push_back({row, index, NewKey::from(candidate).bytes, std::move(text)});
    return MIG_NO_PARENT;
  }
  const KeyBook::State state = parent->state(parent_key);
  if (state == KeyBook::State::present) {
    *out = parent->new_key(parent_key, key, arena_);
    return MIG_RESOLVED;
  }
  std::string text;
  append_key_text(key, n_key, text);
  return missing(row, reference, state, text, parent->waived(parent_key));
}

/// After the answer, so that it costs nothing where nobody asks.
void TransformStage::trace(std::uint32_t index, const mig_cell* key, std::uint32_t n_key,
                           mig_resolution result, const mig_cell& out) {
  using Answer = ResolvedReference::Answer;
  if (index >= entity_.references.size()) return;
  const Reference& reference = entity_.references[index];
  const KeyBook* parent = context_.parents[index];
  LegacyKey asked;
  const bool has_key = read_key(key, n_key, asked);
  ResolvedReference line{reference.column, reference.entity, {}, {}};
  if (has_key) append_key_text(key, n_key, line.key);
  if (result == MIG_RESOLVED) append_key_text(&out, 1, line.new_key);
  line.null_by_policy = result == MIG_NO_PARENT;
  line.answer = parent == nullptr                              ? Answer::not_loaded
                : !has_key                                     ? Answer::no_key
                : reference.late                               ? Answer::late
                : result == MIG_RESOLVED                       ? Answer::resolved
                : parent->state(asked) == KeyBook::State::held ? Answer::held
                                                               : Answer::absent;
  context_.trace->push_back(std::move(line));
}

mig_resolution TransformStage::missing(std::uint32_t row, const Reference& reference,
                                       std::optional<KeyBook::State> state,
                                       const std::string& key_text, bool waived) {
  if (reference.policy == MIG_MISSING_NULL || reference.late) {
    if (state) {
      notes_.push_back({row, host_code::missing_parent, reference.column,
                        *state == KeyBook::State::held ? held_sentence(reference, key_text)
                                                       : absent_sentence(reference, key_text),
                        context_.plugin, reference.entity, key_text});
    }
    return MIG_NO_PARENT;
  }
  if (!state) {
    hold_back(row, Fate::rejected,
              {host_code::missing_parent,
               reference.column,
               "no key for " + reference.entity,
               "transform",
               {},
               {},
               {}});
    return MIG_ROW_VOID;
  }
  const bool held = *state == KeyBook::State::held;
  const bool parked = held || reference.policy == MIG_MISSING_PARK;
  const std::string sentence =
      held ? held_sentence(reference, key_text) : absent_sentence(reference, key_text);
  hold_back(row, parked ? Fate::parked : Fate::rejected,
            {parked ? host_code::waits_for_parent : host_code::missing_parent,
             reference.column,
             sentence,
             "transform",
             {},
             reference.entity,
             key_text,
             waived});
  return MIG_ROW_VOID;
}

std::string TransformStage::held_sentence(const Reference& reference, const std::string& key) {
  return reference.entity + " " + key + ", needed for " + reference.column +
         ", is quarantined or parked";
}

std::string TransformStage::absent_sentence(const Reference& reference, const std::string& key) {
  return reference.entity + " " + key + ", needed for " + reference.column + ", does not exist";
}

void TransformStage::hold_back(std::uint32_t row, Fate fate, Reason reason) {
  if (fates_[row] != Fate::none) return;  // the first reason decides
  fates_[row] = fate;
  reasons_.emplace_back(row, std::move(reason));
}

void TransformStage::on_merge(void* host, std::uint32_t row, const mig_cell* survivor,
                              std::uint32_t n_key) noexcept {
  TransformStage& me = self(host);
  try {
    if (me.batch_ == nullptr || row >= me.batch_->rows()) {
      return me.contract_fault("merged a row that is not in the batch", std::nullopt);
    }
    if (me.emitted_[row] != 0) return me.contract_fault("merged a row that it had emitted", row);
    LegacyKey key;
    if (n_key != me.entity_.n_key || !read_key(survivor, n_key, key)) {
      return me.contract_fault("merged a row into something that is not a key of the entity", row);
    }
    if (me.fates_[row] != Fate::none) return;
    me.fates_[row] = Fate::merged;
    std::string text;
    append_key_text(survivor, n_key, text);
    me.merges_.push_back({row, std::move(key), std::move(text), {survivor, survivor + n_key}});
  } catch (...) {
    if (!me.pending_) me.pending_ = std::current_exception();
  }
}

void TransformStage::on_bind_key(void* host, std::uint32_t row, const mig_cell* new_key) noexcept {
  TransformStage& me = self(host);
  try {
    if (me.entity_.identity != MIG_IDENTITY_ASSIGNED || me.batch_ == nullptr ||
        row >= me.batch_->rows() || (new_key->flags & MIG_CELL_NULL) != 0) {
      return me.contract_fault("bound a key that it may not bind", std::nullopt);
    }
    me.bound_[row] = NewKey::from(*new_key);
  } catch (...) {
    if (!me.pending_) me.pending_ = std::current_exception();
  }
}

void TransformStage::on_report(void* host, const mig_issue* issue) noexcept {
  TransformStage& me = self(host);
  try {
    me.report(*issue);
  } catch (...) {
    if (!me.pending_) me.pending_ = std::current_exception();
  }
}

void TransformStage::report(const mig_issue& issue) {
  const std::string code(text_of(issue.code));
  if (batch_ == nullptr || issue.row >= batch_->rows()) {
    return contract_fault("reported on a row that is not in the batch", std::nullopt);
  }
  if (!declared_codes_.contains(code)) {
    return contract_fault("reported the code `" + code + "`, which it does not declare", issue.row);
  }
  std::string column(text_of(issue.column)), detail(text_of(issue.detail));
  switch (issue.severity) {
    case MIG_NOTE:
      notes_.push_back(
          {issue.row, code, std::move(column), std::move(detail), context_.plugin, {}, {}});
      return;
    case MIG_REJECT:
      hold_back(issue.row, Fate::rejected,
                {code, std::move(column), std::move(detail), "transform", {}, {}, {}});
      return;
    default:
      if (!pending_) {
        pending_ = std::make_exception_ptr(
            Error(Exit::failed, "plugin " + context_.plugin + " ends the run with " + code,
                  entity_.name + ", key " + context_.key_text(batch_->row(issue.row)),
                  "nothing was committed; correct the row in the source and run again"));
      }
  }
}

void TransformStage::on_log(void* host, mig_log_level level, mig_str message) noexcept {
  TransformStage& me = self(host);
  try {
    const LogLevel shown = level >= MIG_LOG_ERROR  ? LogLevel::error
                           : level == MIG_LOG_WARN ? LogLevel::warn
                           : level == MIG_LOG_INFO ? LogLevel::info
                                                   : LogLevel::debug;
    log(shown, text_of(message), {{"plugin", me.context_.plugin}, {"entity", me.entity_.name}});
  } catch (...) {
    return;  // a log line is not worth a run
  }
}

std::uint8_t TransformStage::on_cancelled(void* host) noexcept {
  return self(host).context_.cancelled->load(std::memory_order_relaxed) ? 1 : 0;
}

}  // namespace mighost
