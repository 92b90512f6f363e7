#include "run/row_loader.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "plugin/host_codes.hpp"
#include "report/error.hpp"

namespace mighost {
namespace {

// After a refusal the pieces shrink, so that a dirty stretch costs little, and grow again behind
// it.
constexpr std::size_t piece_rows_min = 64;

}  // namespace

RowLoader::RowLoader(Session& target, EntityContext& context, LoadStatements statements)
    : target_(target),
      context_(context),
      statements_(std::move(statements)),
      copy_(target),
      tally_(context.totals()),
      late_(statements_.late.size()) {}

void RowLoader::add(std::shared_ptr<LoadBatch> batch) {
  segment_memory_ += batch->memory();
  quarantine_ += std::exchange(batch->quarantine, {});
  healing_ += std::exchange(batch->healing.bytes, {});
  leaves_ += std::exchange(batch->leaves, {});
  for (std::size_t index = 0; index < batch->late.size(); ++index) {
    late_[index] += std::exchange(batch->late[index], {});
  }
  stream(*batch);
  segment_.push_back(std::move(batch));
  if (segment_memory_ >= context_.memory.segment_bytes) send_segment();
}

RowLoader::~RowLoader() {
  if (copy_.active()) copy_.abandon();
}

void RowLoader::finish() {
  send_segment();
  send_records();
}

void RowLoader::send_segment() {
  if (segment_.empty()) return;
  end_stream();
  if (!statements_.existing.empty()) send_rows(Stream::existing);
  for (const auto& batch : segment_) {
    gather_notes(*batch);
    gather_keys(*batch);
  }
  segment_.clear();
  segment_memory_ = 0;
  refused_rows_.clear();
  std::size_t records =
      quarantine_.size() + notes_.size() + keys_.size() + healing_.size() + leaves_.size();
  for (const auto& rows : late_) records += rows.size();
  if (records >= context_.memory.record_bytes) send_records();
}

const EncodedRows& RowLoader::rows_of(Stream stream, const LoadBatch& batch) const {
  return stream == Stream::fresh ? batch.fresh : batch.existing;
}

/// New rows flow to the server as they come; the end of the segment tells whether it took them.
void RowLoader::stream(const LoadBatch& batch) {
  const EncodedRows& fresh = batch.fresh;
  if (fresh.rows.empty()) return;
  if (!copy_.active()) begin_copy(Stream::fresh);
  streamed_ += fresh.rows.size();
  copy_.put(fresh.range(0, fresh.rows.size()));
}

void RowLoader::end_stream() {
  if (!copy_.active()) return;
  const CopyResult result = end_copy(std::exchange(streamed_, 0));
  if (result.refused) isolate(Stream::fresh, rows_of_segment(Stream::fresh), result);
}

void RowLoader::send_rows(Stream stream) {
  std::vector<RowRef> rows = rows_of_segment(stream);
  if (rows.empty()) return;
  const CopyResult result = copy_range(stream, rows, 0, rows.size());
  if (result.refused) isolate(stream, std::move(rows), result);
}

std::vector<RowLoader::RowRef> RowLoader::rows_of_segment(Stream stream) const {
  std::vector<RowRef> rows;
  for (const auto& batch : segment_) {
    for (std::size_t index = 0; index < rows_of(stream, *batch).rows.size(); ++index) {
      rows.push_back({batch.get(), index});
    }
  }
  return rows;
}

void RowLoader::isolate(Stream stream, std::vector<RowRef> rows, CopyResult result) {
  std::size_t piece = rows.size();
  for (std::size_t at = 0; at < rows.size();) {
    const std::size_t count = std::min(piece, rows.size() - at);
    // The result of all rows together is known when this begins.
    if (count < rows.size()) result = copy_range(stream, rows, at, count);
    if (!result.refused) {
      at += count;
      piece = std::min(piece * 2, rows.size());
      continue;
    }
    const ServerError& error = *result.refused;
    if (error.comes_from_others()) throw SqlError(error, "COPY");
    if (refusal_code(error).empty()) {
      throw Error(Exit::failed, "the target refused a COPY: " + error.safe_message(),
                  context_.entity().name + " into " + context_.entity().target,
                  "nothing was committed; the message is the server's");
    }
    const std::size_t line = error.copy_line;
    if (count == 1) {
      refuse(stream, rows[at], error);
      ++at;
    } else if (line >= 1 && line <= count) {
      // Rows before the line were fine for the server; the row of the line is the culprit.
      if (line > 1 && copy_range(stream, rows, at, line - 1).refused) {
        piece = std::max<std::size_t>(1, (line - 1) / 2);
        continue;
      }
      refuse(stream, rows[at + line - 1], error);
      at += line;
      piece = std::max(piece_rows_min, piece / 2);
    } else {
      // Raised at the end of the statement (foreign keys, deferred triggers): no line, so halve.
      piece = std::max<std::size_t>(1, count / 2);
    }
  }
}

CopyResult RowLoader::copy_range(Stream stream, const std::vector<RowRef>& rows, std::size_t first,
                                 std::size_t count) {
  begin_copy(stream);
  for (std::size_t at = first; at < first + count;) {
    // Neighbours of one batch lie side by side: one piece of bytes.
    std::size_t end = at + 1;
    while (end < first + count && rows[end].batch == rows[at].batch &&
           rows[end].index == rows[end - 1].index + 1) {
      ++end;
    }
    const EncodedRows& encoded = rows_of(stream, *rows[at].batch);
    if (!copy_.put(encoded.range(rows[at].index, rows[end - 1].index + 1))) break;
    at = end;
  }
  return end_copy(count);
}

/// Each COPY stands under a savepoint that is always released: subtransactions left open slow down
/// every later statement.
void RowLoader::begin_copy(Stream stream) {
  if (context_.cancelled->load()) throw Error(Exit::interrupted, "stopped", context_.entity().name);
  const bool recorded = stream == Stream::fresh && !statements_.record.empty();
  target_.execute("SAVEPOINT mighost_copy" + (recorded ? "; " + statements_.record : ""));
  copy_.begin(stream == Stream::fresh ? statements_.fresh : statements_.existing);
}

CopyResult RowLoader::end_copy(std::size_t rows_sent) {
  CopyResult result = copy_.finish();
  if (!result.refused && result.rows != rows_sent) {
    // A BEFORE trigger returned NULL for some row: the server is content, the books are not.
    ServerError lost;
    lost.sqlstate = "P0000";
    lost.message = "a trigger of the target table suppressed the row";
    result.refused = std::move(lost);
  }
  if (result.refused && result.refused->connection_lost) return result;
  if (result.refused) target_.execute("ROLLBACK TO SAVEPOINT mighost_copy");
  target_.execute("RELEASE SAVEPOINT mighost_copy");
  return result;
}

void RowLoader::refuse(Stream stream, const RowRef& row, const ServerError& error) {
  const std::uint32_t source_row = rows_of(stream, *row.batch).rows[row.index].source_row;
  const mig_cell* cells = row.batch->source->row(source_row);
  if (stream == Stream::existing) {
    ++tally_.drift;  // what the source says now could not even be stored
    return;
  }
  if (context_.refused_fingerprints != nullptr) {
    context_.refused_fingerprints->subtract(row.batch->fresh.range(row.index, row.index + 1));
  }
  const bool suppressed = error.sqlstate == "P0000";
  QuarantineRecord record;
  record.legacy_key = context_.key_text(cells);
  record.plugin = context_.plugin;
  record.stage = "load";
  record.code = suppressed ? host_code::suppressed_by_trigger : refusal_code(error);
  record.column = error.column;
  record.constraint = error.constraint;
  record.sqlstate = suppressed ? "" : error.sqlstate;
  record.message = suppressed ? error.message : refusal_message(error);
  record.source_row = source_row_json(context_.entity().source_columns, cells);
  context_.records.quarantine(quarantine_, record);
  tally_.retract_written(record.code, context_.total_cells(cells));
  LegacyKey key;
  const bool has_key = read_key(cells, context_.entity().n_key, key);
  // The transform stage may be adding to what is waived by its parents; it leaves waivers alone.
  const bool waived = has_key && context_.own->has_waiver(key);
  if (has_key) refused_.push_back(std::move(key));
  refused_rows_.emplace_back(row.batch, source_row);
  if (context_.rejects != nullptr && !waived) {
    context_.rejects->held(false, record.code, record.legacy_key);
  }
}

std::vector<bool> RowLoader::fresh_rows(const LoadBatch& batch) const {
  std::vector<bool> fresh(batch.source->rows());
  for (const auto& row : batch.fresh.rows) fresh[row.source_row] = true;
  for (const auto& [refused_batch, row] : refused_rows_) {
    if (refused_batch == &batch) fresh[row] = false;
  }
  return fresh;
}

void RowLoader::gather_keys(const LoadBatch& batch) {
  if (batch.keys.empty()) return;
  const std::vector<bool> fresh = fresh_rows(batch);
  for (const BoundKey& key : batch.keys) {
    if (!key.merged && !fresh[key.source_row]) continue;
    context_.records.new_key(keys_, context_.key_text(batch.source->row(key.source_row)),
                             key.new_key, key.merged);
  }
}

void RowLoader::gather_notes(const LoadBatch& batch) {
  if (batch.notes.empty()) return;
  const std::vector<bool> fresh = fresh_rows(batch);
  std::vector<bool> still_waiting(fresh.size());
  for (const auto& row : batch.healing.rows) still_waiting[row.source_row] = true;
  std::set<std::pair<std::size_t, std::string>> counted;  // rows are counted, not their notes
  for (const Note& note : batch.notes) {
    // Unchanged rows had their notes in the run that brought them, but for what a replay took up.
    const bool waits = !note.waits_for_entity.empty() && still_waiting[note.source_row];
    if (!fresh[note.source_row] && !waits) continue;
    if (counted.emplace(note.source_row, note.code).second) ++tally_.notes[note.code];
    const std::string key = context_.key_text(batch.source->row(note.source_row));
    context_.records.note(notes_, key, note);
  }
}

void RowLoader::send_records() {
  copy_records(copy_in_statement(quarantine_table, quarantine_columns), quarantine_);
  copy_records(copy_in_statement(notes_table, notes_columns), notes_);
  copy_records(copy_in_statement(new_keys_table, new_keys_columns), keys_);
  copy_records(statements_.healing, healing_);
  for (std::size_t index = 0; index < late_.size(); ++index)
    copy_records(statements_.late[index], late_[index]);
  copy_records(copy_in_statement(leaves_table, leaves_columns), leaves_);
}

void RowLoader::copy_records(const std::string& statement, std::string& rows) {
  if (rows.empty()) return;
  copy_.begin(statement);
  copy_.put(rows);
  const CopyResult result = copy_.finish();
  if (result.refused && result.refused->comes_from_others()) {
    throw SqlError(*result.refused, statement);
  }
  if (result.refused) {
    throw Error(Exit::failed, "the ledger refused records: " + result.refused->safe_message(),
                context_.entity().name, "nothing was committed");
  }
  rows.clear();
  // Not for ever what one huge row has taken.
  if (rows.capacity() > 2 * context_.memory.record_bytes) rows = {};
}

}  // namespace mighost
