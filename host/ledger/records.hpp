#pragma once
// Rows of the ledger's quarantine, notes and new_keys tables, as binary COPY. They hold values of
// source rows, so they go to the target database, beside the data, and nowhere else (design 6.5).
#include <mighost/value.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "batch/batch.hpp"
#include "plugin/manifest.hpp"

namespace mighost {

struct QuarantineRecord {
  bool parked = false;
  std::string legacy_key;
  std::string plugin;  // "core 0.9.0"
  std::string stage;   // transform, validate, load
  std::string code;
  std::string column, constraint, sqlstate;
  std::string message;  // a sentence
  std::string waits_for_entity, waits_for_key;
  std::string source_row;  // JSON object, see source_row_json
};

/// Appends records of one run and entity.
class RecordEncoder {
 public:
  RecordEncoder(const mig::uuid& run_id, std::string entity)
      : run_id_(run_id), entity_(std::move(entity)) {}
  void quarantine(std::string& out, const QuarantineRecord& record) const;
  void note(std::string& out, std::string_view legacy_key, const Note& note) const;
  /// `merged`: the new key is another row's.
  void new_key(std::string& out, std::string_view legacy_key, std::string_view new_key,
               bool merged) const;

 private:
  mig::uuid run_id_;
  std::string entity_;
};

extern const char* const quarantine_table;  // quoted
extern const char* const notes_table;
extern const char* const new_keys_table;
extern const std::vector<std::string> quarantine_columns;
extern const std::vector<std::string> notes_columns;
extern const std::vector<std::string> new_keys_columns;

/// The source row as a JSON object of its declared columns. Numerics are strings, so that nothing
/// is rounded.
std::string source_row_json(const std::vector<Column>& columns, const mig_cell* cells);

}  // namespace mighost
