#pragma once
// The end of the pipeline: encoded rows into the target by COPY. They are sent as they come and
// kept until the server has taken their segment; each segment is one COPY under a savepoint that is
// always released. A row that the server refuses is found, quarantined, and its neighbours go
// (design 4).
#include <memory>
#include <string>
#include <vector>

#include "batch/batch.hpp"
#include "pg/copy_in.hpp"
#include "run/entity_context.hpp"
#include "run/tally.hpp"

namespace mighost {

struct LoadStatements {
  std::string fresh;     // COPY into the target table
  std::string record;    // beside each such COPY (transactions.hpp); empty: none is kept
  std::string existing;  // COPY into the comparison table; empty when the target was empty
  std::vector<std::string>
      late;             // COPY into the late-reference tables, by reference; empty where none
  std::string healing;  // COPY into the table of rows to heal; empty in a run
};

class RowLoader {
 public:
  RowLoader(Session& target, EntityContext& context, LoadStatements statements);
  ~RowLoader();
  RowLoader(const RowLoader&) = delete;
  RowLoader& operator=(const RowLoader&) = delete;

  /// Takes the batch over and sends its new rows; may wait for the server's word on what it has
  /// got. Throws SqlError or Error. [one thread]
  void add(std::shared_ptr<LoadBatch> batch);
  /// Sends the rest.
  void finish();

  /// Rows that the transform stage counted as written and the server refused, and the notes of the
  /// rows that went.
  const Tally& tally() const { return tally_; }
  const std::vector<LegacyKey>& refused() const { return refused_; }

 private:
  struct RowRef {
    const LoadBatch* batch;
    std::size_t index;  // within its EncodedRows
  };
  enum class Stream { fresh, existing };

  void send_segment();
  void stream(const LoadBatch& batch);
  void end_stream();
  void send_rows(Stream stream);
  std::vector<RowRef> rows_of_segment(Stream stream) const;
  /// `result` is the refusal of all `rows` in one COPY.
  void isolate(Stream stream, std::vector<RowRef> rows, CopyResult result);
  CopyResult copy_range(Stream stream, const std::vector<RowRef>& rows, std::size_t first,
                        std::size_t count);
  void begin_copy(Stream stream);
  CopyResult end_copy(std::size_t rows_sent);
  void refuse(Stream stream, const RowRef& row, const ServerError& error);
  void send_records();
  void copy_records(const std::string& statement, std::string& rows);
  /// By source row: it was sent as new, and the server kept it.
  std::vector<bool> fresh_rows(const LoadBatch& batch) const;
  void gather_notes(const LoadBatch& batch);
  void gather_keys(const LoadBatch& batch);
  const EncodedRows& rows_of(Stream stream, const LoadBatch& batch) const;

  Session& target_;
  EntityContext& context_;
  LoadStatements statements_;
  CopyIn copy_;
  Tally tally_;
  std::vector<LegacyKey> refused_;
  std::vector<std::shared_ptr<LoadBatch>> segment_;
  std::size_t segment_memory_ = 0;
  std::size_t streamed_ = 0;  // rows sent in the COPY that is open
  std::vector<std::pair<const LoadBatch*, std::uint32_t>>
      refused_rows_;  // of the segment, for its notes
  std::string quarantine_, notes_, keys_;
  std::vector<std::string> late_;
  std::string healing_, leaves_;
};

/// The host code for a refusal of one row, or empty when the error is not a row's (then the run
/// fails).
std::string refusal_code(const ServerError& error);
/// A sentence for the quarantine record, without values.
std::string refusal_message(const ServerError& error);

}  // namespace mighost
