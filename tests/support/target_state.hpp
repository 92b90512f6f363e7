#pragma once

// A target database as text, one thing a line, so that two of them can be compared with
// changed_lines(): all rows and all of the catalogs outside the ledger, and what the ledger says.

#include <string>

namespace mighost::test {

// Rows of each table outside the schema mighost (number and digest), and tables with their columns,
// indexes, constraints, triggers and whether they fire, sequences with their values, comments.
// `row` is what counts of a row `t`, as SQL.
std::string database_state(const std::string& url, const std::string& row = "t");

// What the ledger knows of the rows, without what differs from one run to the next by nature (ids,
// times): books, quarantine, notes, keys, fingerprints.
std::string ledger_state(const std::string& url);

// What is wrong in a ledger when no run is at work, one per line; empty when nothing is: records
// of runs that brought nothing, books that do not balance, rows told twice, rows brought and held
// back, leftovers of the machinery. Tables that this version does not have are passed over.
std::string ledger_faults(const std::string& url);

}  // namespace mighost::test
