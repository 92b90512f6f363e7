#include "run/transform_stage.hpp"

#include <algorithm>

#include "pg/wire.hpp"
#include "plugin/foreign_code.hpp"
#include "plugin/host_codes.hpp"
#include "report/error.hpp"

namespace mighost {
namespace {

std::vector<RowEncoder::Target> encoder_columns(const PlannedEntity& planned) {
  const Entity& entity = *planned.entity;
  std::vector<RowEncoder::Target> columns;
  for (std::size_t index = 0; index < entity.target_columns.size(); ++index) {
    columns.push_back({entity.target_columns[index], planned.target_types[index]});
  }
  if (host_fills_identity(entity)) {
    const mig_type type =
        entity.identity == MIG_IDENTITY_KEEP ? entity.source_columns[0].type : mig_type{MIG_UUID};
    columns.push_back({Column{entity.identity_column, type, false}, planned.identity_type});
  }
  return columns;
}

std::string key_text(const mig_cell& key) {
  std::string text;
  append_key_text(&key, 1, text);
  return text;
}

}  // namespace

TransformStage::TransformStage(EntityContext& context, const NaturalKeys* natural)
    : context_(context),
      natural_(natural),
      entity_(context.entity()),
      validators_(*context.planned, context.settings, context.validator_terms),
      tally_(context.totals()) {
  if (!context.rerun && natural == nullptr) values_ = ValueCounts(entity_);
  host_fills_identity_ = host_fills_identity(entity_);
  target_width_ = entity_.target_columns.size() + (host_fills_identity_ ? 1 : 0);
  encoder_.emplace(encoder_columns(*context.planned));
  for (const Code& code : entity_.codes) declared_codes_.insert(code.code);

  host_.struct_size = sizeof host_;
  host_.host = this;
  host_.emit = on_emit;
  host_.alloc = on_alloc;
  host_.resolve = on_resolve;
  host_.merge = on_merge;
  host_.bind_key = on_bind_key;
  host_.report = on_report;
  host_.log = on_log;
  host_.cancelled = on_cancelled;

  mig_error error{};
  error.struct_size = sizeof error;
  static const PluginSettings no_settings;
  const auto settings = context.settings.find(entity_.family);
  const PluginSettings& given =
      settings != context.settings.end() ? *settings->second : no_settings;
  {
    const ForeignCode inside(context.plugin, entity_.name);
    instance_ = entity_.abi->begin(given.abi(), &error);
  }
  if (instance_ == nullptr) {
    throw Error(
        Exit::failed,
        "plugin " + context.plugin + " does not start for " + entity_.name + ": " + error.message,
        entity_.plugin->file.string(),
        "check [plugins." + entity_.family + "] in the configuration");
  }
}

TransformStage::~TransformStage() {
  const ForeignCode inside(context_.plugin, entity_.name);
  entity_.abi->end(instance_);
}

std::shared_ptr<LoadBatch> TransformStage::process(std::shared_ptr<const SourceBatch> batch) {
  start_batch(*batch);
  call_handler(*batch);
  if (!validators_.empty()) validate_rows(batch);
  std::shared_ptr<LoadBatch> out = pool_.lend([] { return std::make_unique<LoadBatch>(); });
  out->late.resize(entity_.references.size());
  for (std::uint32_t row = 0; row < batch->rows(); ++row) settle_row(*batch, row, *out);
  // Notes belong to rows that go; the others have a quarantine record.
  for (Note& note : notes_) {
    const bool goes = emitted_[note.source_row] != 0 && fates_[note.source_row] == Fate::none;
    if (!goes) continue;
    if (note.plugin == context_.plugin) {
      values_.add_note(batch->first_row() + note.source_row, note.column,
                       batch->row(note.source_row), target_row(note.source_row));
    }
    out->notes.push_back(std::move(note));
  }
  if (context_.fingerprints != nullptr) {
    out->leaves = std::exchange(context_.fingerprints->full_chunks(), {});
  }
  batch_ = nullptr;
  out->source = std::move(batch);
  return out;
}

void TransformStage::start_batch(const SourceBatch& batch) {
  arena_.reset();
  batch_ = &batch;
  const std::size_t rows = batch.rows();
  target_cells_.resize(rows * target_width_);
  emitted_.assign(rows, 0);
  fates_.assign(rows, Fate::none);
  if (entity_.identity == MIG_IDENTITY_ASSIGNED) bound_.assign(rows, std::nullopt);
  reasons_.clear();
  merges_.clear();
  notes_.clear();
  late_.clear();
}

mig_status TransformStage::transform_rows(const mig_batch& rows, mig_error& error) {
  const ForeignCode inside(context_.plugin, entity_.name);
  return entity_.abi->transform(instance_, &rows, &host_, &error);
}

void TransformStage::call_handler(const SourceBatch& batch) {
  // The handler sees its declared columns only, not the control total values behind them.
  const mig_batch shown{sizeof(mig_batch),
                        batch.rows(),
                        static_cast<std::uint32_t>(context_.source_columns()),
                        0,
                        batch.first_row(),
                        handler_cells(batch)};
  mig_error error{};
  error.struct_size = sizeof error;
  error.row = UINT64_MAX;
  const mig_status status = transform_rows(shown, error);
  if (pending_) std::rethrow_exception(std::exchange(pending_, nullptr));
  if (status == MIG_OK) return;
  if (status == MIG_CANCELLED && context_.cancelled->load()) {
    throw Error(Exit::interrupted, "stopped", entity_.name);
  }
  std::string where = entity_.name;
  const std::uint64_t index = error.row - batch.first_row();
  if (error.row != UINT64_MAX && index < batch.rows())
    where += ", key " + context_.key_text(batch.row(index));
  throw Error(Exit::failed, "plugin " + context_.plugin + " failed: " + std::string(error.message),
              where,
              "nothing was committed; look at that row, or give its plugin's author this message");
}

const mig_cell* TransformStage::handler_cells(const SourceBatch& batch) {
  if (context_.totals() == 0) return batch.cells();
  const std::size_t width = context_.source_columns();
  handler_cells_.resize(width * batch.rows());
  for (std::uint32_t row = 0; row < batch.rows(); ++row) {
    std::copy_n(batch.row(row), width, handler_cells_.data() + row * width);
  }
  return handler_cells_.data();
}

void TransformStage::validate_rows(const std::shared_ptr<const SourceBatch>& batch) {
  std::vector<std::uint32_t> going;
  for (std::uint32_t row = 0; row < batch->rows(); ++row) {
    if (emitted_[row] != 0 && fates_[row] == Fate::none) going.push_back(row);
  }
  if (going.empty()) return;
  // Cells borrow from the source's bytes and from the arena: a validator that does not come back
  // keeps both.
  using Lent = std::pair<std::shared_ptr<const SourceBatch>, std::shared_ptr<const void>>;
  const ShownRows shown{target_cells_.data(), target_width_, going, batch->first_row(),
                        std::make_shared<Lent>(batch, arena_.lend())};
  const auto key_of = [&](std::uint32_t row) { return context_.key_text(batch->row(row)); };
  for (RowFinding& finding : validators_.check(shown, key_of)) {
    if (finding.severity == MIG_NOTE) {
      notes_.push_back({finding.row,
                        std::move(finding.code),
                        std::move(finding.column),
                        std::move(finding.detail),
                        std::move(finding.plugin),
                        {},
                        {}});
    } else if (finding.severity == MIG_REJECT) {
      hold_back(finding.row, Fate::rejected,
                {finding.code, finding.column, finding.detail, "validate", finding.plugin, {}, {}});
    }
    // MIG_ABORT is counted: the run goes on to find everything, and nothing is committed.
  }
}

void TransformStage::settle_row(const SourceBatch& batch, std::uint32_t row, LoadBatch& out) {
  const mig_cell* cells = batch.row(row);
  ++tally_.counts.read;
  if (!read_key(cells, entity_.n_key, key_)) {
    return settle_held(cells,
                       {host_code::not_null,
                        entity_.source_columns[0].name,
                        "the legacy key is NULL",
                        "transform",
                        {},
                        {},
                        {}},
                       false, out);
  }
  const Fate fate = fates_[row];
  const bool existed = context_.rerun && context_.own->existed(key_);
  if (existed && is_second_of_key()) return settle_duplicate(cells, out);
  switch (fate) {
    case Fate::rejected:
    case Fate::parked: {
      const auto found = std::find_if(reasons_.begin(), reasons_.end(),
                                      [&](const auto& entry) { return entry.first == row; });
      const bool parked = fate == Fate::parked;
      if (existed) return settle_unfit(cells, found->second, parked, out);
      return settle_held(cells, found->second, parked, out);
    }
    case Fate::merged:
      return settle_merged(cells, row, key_, out);
    case Fate::none:
      break;
  }
  if (emitted_[row] == 0) {
    contract_fault("neither emitted, rejected nor merged a row", row);
    std::rethrow_exception(std::exchange(pending_, nullptr));
  }
  if (natural_ != nullptr) return settle_found(cells, row, key_, out);
  settle_going(batch, row, key_, out);
}

/// The row is in the target under its natural key, or nowhere.
void TransformStage::settle_found(const mig_cell* cells, std::uint32_t row, const LegacyKey& key,
                                  LoadBatch& out) {
  if (const NewKey* found = natural_->find(target_row(row))) {
    context_.own->add_alias(key, *found);
    if (context_.keeps_keys) out.keys.push_back({row, true, key_text(found->cell(arena_))});
    return tally_.settle(Outcome::merged, {}, context_.total_cells(cells));
  }
  settle_held(cells,
              {host_code::no_match,
               entity_.natural_key.front(),
               "no row of " + entity_.target + " has this natural key",
               "load",
               {},
               {},
               {}},
              false, out);
}

void TransformStage::settle_going(const SourceBatch& batch, std::uint32_t row, const LegacyKey& key,
                                  LoadBatch& out) {
  const mig_cell* cells = batch.row(row);
  mig_cell* target = target_row(row);
  const bool existed = context_.rerun && context_.own->existed(key);
  mig_cell identity{};
  if (entity_.identity == MIG_IDENTITY_ASSIGNED) {
    if (!bound_[row]) {
      contract_fault("emitted a row without binding its key", row);
      std::rethrow_exception(std::exchange(pending_, nullptr));
    }
    if (!existed) context_.own->assign(key, *bound_[row]);
    identity = bound_[row]->cell(arena_);
  } else if (host_fills_identity_) {
    identity = context_.own->new_key(key, cells, arena_);
    target[target_width_ - 1] = identity;
  }
  if (!existed && !totals_can_be_added(cells)) {
    return settle_held(cells,
                       {host_code::numeric_range,
                        {},
                        "a control total cannot take the row's amount: it is no finite decimal of "
                        "38 digits",
                        "load",
                        {},
                        {},
                        {}},
                       false, out);
  }
  EncodedRows& rows = existed ? out.existing : out.fresh;
  const auto begin = static_cast<std::uint32_t>(rows.bytes.size());
  if (const EncodeFault fault = encoder_->encode(target, rows.bytes)) {
    const std::string column = fault.column < entity_.target_columns.size()
                                   ? entity_.target_columns[fault.column].name
                                   : entity_.identity_column;
    if (fault.kind == EncodeFault::Kind::contract) {
      contract_fault(fault.message, row, column);
      std::rethrow_exception(std::exchange(pending_, nullptr));
    }
    const Reason reason{fault.code, column, fault.message, "load", {}, {}, {}};
    if (existed) return settle_unfit(cells, reason, false, out);
    return settle_held(cells, reason, false, out);
  }
  if (existed) {
    rows.rows.push_back({begin, row});
    if (context_.replayed != nullptr && context_.replayed->noted.contains(key)) {
      heal(batch, row, identity, out);
    }
    return settle_unchanged(cells);
  }
  if (!context_.own->add_written(key)) {
    rows.bytes.resize(begin);
    return settle_duplicate(cells, out);
  }
  rows.rows.push_back({begin, row});
  if (!late_.empty()) encode_late(row, cells, identity, false, out);
  if (context_.keeps_keys) out.keys.push_back({row, false, key_text(identity)});
  if (context_.fingerprints != nullptr) {
    context_.fingerprints->add(std::string_view(rows.bytes).substr(begin));
  }
  values_.add(cells, target);
  tally_.settle(Outcome::written, {}, context_.total_cells(cells));
}

void TransformStage::settle_duplicate(const mig_cell* cells, LoadBatch& out) {
  settle_held(cells,
              {host_code::duplicate_key,
               {},
               "the source has this legacy key more than once",
               "transform",
               {},
               {},
               {}},
              false, out);
}

/// A replay reads all rows of a key, and one of them may be there since the run before. A run
/// leaves such rows to the comparison.
bool TransformStage::is_second_of_key() { return context_.replayed != nullptr && !seen_.add(key_); }

void TransformStage::settle_unchanged(const mig_cell* cells) {
  const ReplayedRows* replayed = context_.replayed;
  if (replayed != nullptr) {
    // What a record held back until now is news; what was there has been counted.
    const bool was_held = replayed->held.contains(key_) && !replayed->duplicates.contains(key_);
    if (!was_held) ++tally_.known;
  }
  tally_.settle(Outcome::unchanged, {}, context_.total_cells(cells));
}

/// An earlier run brought the row; the source has changed into something that would not go today.
void TransformStage::settle_unfit(const mig_cell* cells, const Reason& reason, bool parked,
                                  LoadBatch& out) {
  ++tally_.drift;
  // Who explains the row wants to know; a run has nothing to hold back.
  if (context_.trace != nullptr) record_held(cells, reason, parked, out);
  if (context_.replayed != nullptr && context_.replayed->noted.contains(key_)) {
    unhealed_.push_back(context_.key_text(cells));
  }
  settle_unchanged(cells);
}

void TransformStage::heal(const SourceBatch& batch, std::uint32_t row, const mig_cell& identity,
                          LoadBatch& out) {
  const mig_cell* cells = batch.row(row);
  const auto begin = static_cast<std::uint32_t>(out.healing.bytes.size());
  out.healing.rows.push_back({begin, row});
  if (entity_.identity_column.empty()) return;  // found by its legacy columns
  wire::append<std::int16_t>(out.healing.bytes, 2);
  wire::append_field(out.healing.bytes, NewKey::from(identity).bytes);
  wire::append_field(out.healing.bytes, context_.key_text(cells));
  if (!late_.empty()) encode_late(row, cells, identity, true, out);
}

bool TransformStage::totals_can_be_added(const mig_cell* cells) const {
  const mig_cell* totals = context_.total_cells(cells);
  return std::all_of(totals, totals + context_.totals(), can_be_added);
}

QuarantineRecord TransformStage::record_held(const mig_cell* cells, const Reason& reason,
                                             bool parked, LoadBatch& out) {
  QuarantineRecord record;
  record.parked = parked;
  record.legacy_key = context_.key_text(cells);
  record.plugin = reason.plugin.empty() ? context_.plugin : reason.plugin;
  record.stage = reason.stage;
  record.code = reason.code;
  record.column = reason.column;
  record.message = reason.message;
  record.waits_for_entity = reason.waits_for_entity;
  record.waits_for_key = reason.waits_for_key;
  record.source_row = source_row_json(entity_.source_columns, cells);
  context_.records.quarantine(out.quarantine, record);
  return record;
}

void TransformStage::settle_held(const mig_cell* cells, const Reason& reason, bool parked,
                                 LoadBatch& out) {
  const QuarantineRecord record = record_held(cells, reason, parked, out);
  const bool has_key = read_key(cells, entity_.n_key, key_);
  if (has_key) context_.own->add_held(key_);
  if (context_.rejects != nullptr) {
    const bool waived = reason.waived || (has_key && context_.own->waived(key_));
    if (waived && has_key) context_.own->add_waived(key_);
    if (!waived) context_.rejects->held(parked, reason.code, record.legacy_key);
  }
  tally_.settle(parked ? Outcome::parked : Outcome::quarantined, reason.code,
                context_.total_cells(cells));
}

void TransformStage::settle_merged(const mig_cell* cells, std::uint32_t row, const LegacyKey& key,
                                   LoadBatch& out) {
  const auto found = std::find_if(merges_.begin(), merges_.end(),
                                  [&](const Merge& merge) { return merge.row == row; });
  // The survivor stands earlier in the stream, so its own outcome is settled by now.
  if (context_.own->state(found->survivor) != KeyBook::State::present) {
    return settle_held(cells,
                       {host_code::waits_for_parent,
                        {},
                        "merges into " + found->survivor_text + ", which does not go",
                        "transform",
                        {},
                        entity_.name,
                        found->survivor_text,
                        context_.own->waived(found->survivor)},
                       true, out);
  }
  const mig_cell new_key =
      context_.own->new_key(found->survivor, found->survivor_cells.data(), arena_);
  context_.own->add_alias(key, NewKey::from(new_key));
  // The target does not show it, so whoever resolves it later needs the ledger.
  out.keys.push_back({row, true, key_text(new_key)});
  tally_.settle(Outcome::merged, {}, context_.total_cells(cells));
}

void TransformStage::encode_late(std::uint32_t row, const mig_cell* cells, const mig_cell& child,
                                 bool heals, LoadBatch& out) {
  const NewKey child_key = NewKey::from(child);
  for (const LateReference& late : late_) {
    if (late.row != row) continue;
    std::string& rows = out.late[late.reference];
    wire::append<std::int16_t>(rows, 5);
    wire::append_field(rows, child_key.bytes);
    wire::append_field(rows, late.parent_key);
    wire::append_field(rows, context_.key_text(cells));
    wire::append_field(rows, late.parent_legacy);
    wire::append_field(rows, heals ? std::string_view("\1", 1) : std::string_view("\0", 1));
  }
}

void TransformStage::finish() {
  validators_.finish();
  mig_error error{};
  error.struct_size = sizeof error;
  const mig_status status = [&] {
    const ForeignCode inside(context_.plugin, entity_.name);
    return entity_.abi->finish(instance_, &host_, &error);
  }();
  if (pending_) std::rethrow_exception(std::exchange(pending_, nullptr));
  if (status != MIG_OK) {
    throw Error(Exit::failed,
                "plugin " + context_.plugin + " failed at the end: " + std::string(error.message),
                entity_.name, "nothing was committed; give the plugin's author this message");
  }
}

}  // namespace mighost
