#include "run/tally.hpp"

#include "report/error.hpp"

namespace mighost {
namespace {

std::optional<mig::decimal> exact(const mig_cell& cell) {
  if ((cell.flags & MIG_CELL_NULL) != 0) return mig::decimal{};
  return mig::decimal::from(mig::numeric{{cell.as.data, cell.size}});
}

/// What nobody can add up counts as nothing, here as in the source's sum.
mig::decimal value_of(const mig_cell& cell) { return exact(cell).value_or(mig::decimal{}); }

std::uint64_t& counter(Counts& counts, Outcome outcome) {
  switch (outcome) {
    case Outcome::written:
      return counts.written;
    case Outcome::unchanged:
      return counts.unchanged;
    case Outcome::merged:
      return counts.merged;
    case Outcome::filtered:
      return counts.filtered;
    case Outcome::quarantined:
      return counts.quarantined;
    case Outcome::parked:
      break;
  }
  return counts.parked;
}

mig::decimal& bucket(TotalSums& sums, Outcome outcome) {
  if (outcome == Outcome::written) return sums.written;
  if (outcome == Outcome::unchanged) return sums.unchanged;
  return sums.held;
}

}  // namespace

bool can_be_added(const mig_cell& total_cell) { return exact(total_cell).has_value(); }

std::string summable(const std::string& expression) {
  // NaN and the infinities are greater than every number (PostgreSQL documentation, 8.1.2).
  const std::string value = "(" + expression + "\n)::numeric";
  return "CASE WHEN abs(" + value + ") < 1e38 THEN " + value + " END";
}

void add_exactly(mig::decimal& sum, const mig::decimal& value) {
  const auto result = sum.add(value);
  if (!result) throw Error(Exit::failed, "a control total does not fit 38 digits");
  sum = *result;
}

void Tally::settle(Outcome outcome, const std::string& code, const mig_cell* total_cells) {
  ++counter(counts, outcome);
  if (!code.empty()) ++codes[code];
  for (std::size_t index = 0; index < totals.size(); ++index) {
    add_exactly(bucket(totals[index], outcome), value_of(total_cells[index]));
  }
}

void Tally::retract_written(const std::string& code, const mig_cell* total_cells) {
  --counts.written;
  ++counts.quarantined;
  ++codes[code];
  for (std::size_t index = 0; index < totals.size(); ++index) {
    const auto value = value_of(total_cells[index]);
    add_exactly(totals[index].written, -value);
    add_exactly(totals[index].held, value);
  }
}

Tally& Tally::operator+=(const Tally& other) {
  counts += other.counts;
  for (const auto& [code, rows] : other.codes) codes[code] += rows;
  for (const auto& [code, rows] : other.notes) notes[code] += rows;
  drift += other.drift;
  known += other.known;
  for (std::size_t index = 0; index < totals.size(); ++index) {
    add_exactly(totals[index].written, other.totals[index].written);
    add_exactly(totals[index].unchanged, other.totals[index].unchanged);
    add_exactly(totals[index].held, other.totals[index].held);
  }
  return *this;
}

}  // namespace mighost
