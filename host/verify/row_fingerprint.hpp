#pragma once
// The fingerprint of one row, as the ledger has it and as the target gives it.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "pg/session.hpp"

namespace mighost {

struct RowFingerprint {
  /// Of the row, or of a column that is set after its row.
  struct Part {
    std::string column;  // empty: the row
    std::optional<std::uint64_t> kept, found;
  };
  std::size_t bucket = 0;
  std::vector<Part> parts;

  bool kept() const { return !parts.empty() && parts.front().kept.has_value(); }
  bool matches() const;
};

/// `key` holds the values of the columns by which fingerprints know the row (legacy columns, else
/// the new key), as text that the server can read. Nothing when the ledger has no fingerprints of
/// the entity. A row that is not in the target has no `found`.
std::optional<RowFingerprint> fingerprint_of_row(Session& target, const std::string& entity,
                                                 const std::vector<std::string>& key);

/// "matches", "differs", "none kept"; of a row that was brought and is gone "missing".
std::string word(const RowFingerprint& fingerprint);
/// Sixteen hexadecimal digits.
std::string hex(std::uint64_t fingerprint);

}  // namespace mighost
