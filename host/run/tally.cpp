#include "run/tally.hpp"

#include "report/error.hpp"

namespace mighost {
namespace {

mig::decimal value_of(const mig_cell& cell) {
  if ((cell.flags & MIG_CELL_NULL) != 0) return {};
  const auto value = mig::decimal::from(mig::numeric{{cell.as.data, cell.size}});
  if (!value) {
    throw Error(Exit::failed,
                "a control total meets a value that is not a finite decimal of 38 digits", {},
                "correct the row in the source, or leave it out with the total's expression");
  }
  return *value;
}

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
  for (std::size_t index = 0; index < totals.size(); ++index) {
    add_exactly(totals[index].written, other.totals[index].written);
    add_exactly(totals[index].unchanged, other.totals[index].unchanged);
    add_exactly(totals[index].held, other.totals[index].held);
  }
  return *this;
}

}  // namespace mighost
