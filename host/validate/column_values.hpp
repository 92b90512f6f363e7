#pragma once
// Checks `null_rates` and `domains`: what the stream counted of columns with the same name in
// source and target, against the target. They warn of what nobody can have meant, and of nothing
// else (decision 012):
//
// null_rates: the target has fewer values in a column than were sent; or more than half of the
// values that the source had were sent as NULL without a note that names the column, and these are
// at least `lost_rows_min` rows. A text of blanks is no value.
//
// domains: the target has fewer distinct values in a column of at most 64 than were sent; or all
// rows were sent with one value where the source has several. Fewer values than in the source are
// no finding by themselves: spellings that are put in order and codes that share a meaning are what
// a handler is for, and codes that map one to one keep their number.
//
// Rows that the server refused after they were counted are few: so many may be missing.
#include "plan/plan.hpp"
#include "validate/check_runner.hpp"
#include "validate/value_counts.hpp"

namespace mighost {

constexpr std::uint64_t lost_rows_min = 4;  // of fewer rows, a rule and an accident look the same

/// How many rows the table has, and how many of them have a value in each counted column: one scan.
struct TableCounts {
  std::uint64_t rows = 0;
  std::vector<std::uint64_t> values;
};
TableCounts count_table(const PlannedEntity& planned, const ValueCounts& counts, Session& target);

/// `written`: rows that the books say went.
Looked check_null_rates(const ValueCounts& counts, std::uint64_t written, const TableCounts& there);
/// Of `domains`, what the stream alone can tell.
std::vector<Trouble> collapsed_columns(const ValueCounts& counts);
Looked check_domains(const PlannedEntity& planned, const ValueCounts& counts, std::uint64_t written,
                     Session& target);

/// Why these two have nothing to compare with, or nothing. `whole`: the table was empty before.
std::string not_comparable(const Plan& plan, const PlannedEntity& planned, bool whole);

}  // namespace mighost
