#pragma once
// The rows that one run brought, as its leaves name them: by key, with the fingerprint that they
// had. For taking them back.
#include <cstdint>
#include <string>

#include "ledger/fingerprints.hpp"

namespace mighost {

/// The rows of one entity, in a temporary table of the target session: the columns of the key and
/// `fingerprint_column`.
struct StagedRows {
  FingerprintSubject subject;
  std::string table;                     // quoted
  std::vector<std::string> key_columns;  // quoted; in both tables
  std::uint64_t rows = 0;

  /// SQL: the rows with these two aliases are the same.
  std::string same(const std::string& left, const std::string& right) const;
  /// SQL: the columns of the key, with commas between them.
  std::string key_list() const;
};
extern const char* const fingerprint_column;  // quoted

enum class RunRows : std::uint8_t {
  brought,  // and the server kept them; of a part (a late column): rows whose column the run set
  found,    // they were there before, and the run took them up: a replay sets references in them
};

/// `part`: empty, or a late column. `ledger` is another session, because the target's is busy
/// taking them in. Throws Error{Exit::failed}.
StagedRows stage_rows_of_run(Session& target, Session& ledger, const FingerprintSubject& subject,
                             const std::string& run_id, const std::string& part, RunRows which,
                             const std::string& name);

}  // namespace mighost
