#pragma once
// What a comparison of a target table with the fingerprints of its rows came to.
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace mighost {

/// One row that is not as it was brought. The key and the columns are named, never a value.
struct RowDifference {
  enum class Kind { changed, missing, extra };
  Kind kind = Kind::changed;
  std::string key;
  std::vector<std::string> columns;  // of a changed row
  /// False: rows of one bucket changed in several columns, and these are all of them.
  bool columns_certain = true;
  bool this_run = false;  // the row was brought by the run that asks
  /// What the columns hold now; only filled for whoever asks for values.
  std::vector<std::pair<std::string, std::optional<std::string>>> values;
};

/// One row that the source and the plugins would make otherwise now.
struct SourceDifference {
  struct Value {
    std::string column;
    std::optional<std::string> in_target, by_source;
  };
  std::string key;
  std::vector<std::string> columns;
  std::vector<Value> values;  // only filled for whoever asks for values
};

/// Rows of one entity that were read from the source and transformed once more: the independent
/// path. What differs says that the source, the plugins or the target are not what they were; it
/// does not say which.
struct SourceComparison {
  std::string entity;
  std::string reason;         // why nothing could be looked at; empty otherwise
  std::uint64_t picked = 0;   // rows of the target
  std::uint64_t looked = 0;   // of these, rows that the source still gives
  std::uint64_t differ = 0;   // of these; with those that would not go now
  std::uint64_t refused = 0;  // would not go now
  std::vector<SourceDifference> findings;
};

struct Verdict {
  enum class Status { verified, mismatch, unverified };

  std::string entity;  // several with commas between them when they share a table
  std::string target;
  Status status = Status::verified;
  std::string reason;            // a sentence; empty when verified
  std::uint64_t rows = 0;        // in the table, of this entity
  std::uint64_t others = 0;      // without a key: somebody else's
  std::uint64_t before = 0;      // that were there before the first run with fingerprints
  std::uint64_t unverified = 0;  // brought without fingerprints
  std::uint64_t changed = 0, missing = 0, extra = 0, added = 0;  // added: extra, but allowed
  std::uint64_t damaged = 0;  // buckets whose sums in the ledger do not fit its own leaves
  std::uint64_t earlier = 0;  // of these, rows that an earlier run brought, or nobody
  std::vector<RowDifference> findings;        // the first of them
  std::vector<SourceComparison> independent;  // by entity; empty when nobody asked
  double seconds = 0;

  std::uint64_t offenders() const { return changed + missing + extra; }
};

std::string word(Verdict::Status status);    // "VERIFIED"
std::string word(RowDifference::Kind kind);  // "changed"

}  // namespace mighost
