#pragma once
// Rows of a run, staged by their keys, against the table that they were brought to.
#include <cstdint>
#include <string>
#include <vector>

#include "ledger/run_leaves.hpp"

namespace mighost {

struct ChangedRows {
  std::uint64_t there = 0;         // of the staged rows
  std::uint64_t changed = 0;       // of these: their fingerprint is another one
  std::vector<std::string> shown;  // keys of the first, as text
  std::string keys;                // of all of them, as rows of binary COPY
};

/// `table`: quoted. `part`: empty, or the late column that the staged fingerprints are of.
ChangedRows compare_staged(Session& target, const StagedRows& staged, const std::string& table,
                           const std::string& part, std::size_t shown_max);

/// Takes rows out of the staged ones; returns how many there were.
std::uint64_t unstage(Session& target, const StagedRows& staged, const std::string& keys);

/// Runs INSERT, UPDATE or DELETE; returns the number of rows.
std::uint64_t count_rows_of(Session& target, const std::string& statement);

}  // namespace mighost
