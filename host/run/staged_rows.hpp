#pragma once
// Rows of a run, staged by their keys, against the table that they were brought to.
#include <cstdint>
#include <string>
#include <vector>

#include "ledger/run_leaves.hpp"

namespace mighost {

struct ChangedRows {
  std::uint64_t there = 0;         // of the staged rows
  std::uint64_t written = 0;       // by somebody else, and their fingerprint is the same
  std::vector<std::string> shown;  // keys of the first of both kinds of change, as text
  std::string keys;                // whose fingerprint is another one, as rows of binary COPY
};

enum class Writers : std::uint8_t { any, mighost };

/// Staged rows against those of `table` (quoted). `part`: empty, or the late column that the staged
/// fingerprints are of. `writers`: who may have written them last.
ChangedRows compare_staged(Session& target, const StagedRows& staged, const std::string& table,
                           const std::string& part, Writers writers, std::size_t shown_max);

/// A temporary table of keys like those of `staged`; returns its name, quoted.
std::string create_key_table(Session& target, const StagedRows& staged, const std::string& name);
/// `keys`: as compare_staged() gives them.
void fill_key_table(Session& target, const StagedRows& staged, const std::string& key_table,
                    const std::string& keys);

/// Takes the rows with keys of `key_table` out of the staged ones; returns how many there were.
std::uint64_t unstage(Session& target, const StagedRows& staged, const std::string& key_table);

/// Runs INSERT, UPDATE or DELETE; returns the number of rows.
std::uint64_t count_rows_of(Session& target, const std::string& statement);

}  // namespace mighost
