#include "plan/deferral_choice.hpp"

#include <algorithm>
#include <cmath>

#include "report/text.hpp"

namespace mighost {
namespace {

std::string row_number_text(double rows) {
  return rows < 0 ? "an unknown number of rows"
                  : counted(static_cast<std::uint64_t>(std::llround(rows)), "row", "rows");
}

}  // namespace

DeferralChoice choose_deferral(const CatalogTable& table, Defer setting, double expected_rows,
                               double existing_rows) {
  if (setting == Defer::never) return {false, "defer = \"never\""};
  if (!table.owned) {
    return {false, "the role does not own the table, so it may not take indexes down"};
  }
  if (setting == Defer::always) return {true, "defer = \"always\""};
  // Rows that are there already are not written again, so only the others are a load.
  const double existing = std::max(0.0, existing_rows);
  const double to_load = expected_rows < 0 ? -1 : std::max(0.0, expected_rows - existing);
  if (to_load < deferral_rows_min) {
    return {false, row_number_text(to_load) + " to load: too few to be worth the locks"};
  }
  if (to_load < existing) {
    return {false, row_number_text(to_load) + " to load, and the table already holds about " +
                       row_number_text(existing)};
  }
  if (existing <= 0) return {true, row_number_text(to_load) + " into an empty table"};
  return {true, row_number_text(to_load) + " into a table of about " + row_number_text(existing)};
}

double existing_rows_estimate(const CatalogTable& table) {
  if (!table.has_pages) return 0;
  if (table.estimated_rows > 0) return table.estimated_rows;
  constexpr double bytes_per_row = 100;  // never analysed
  return static_cast<double>(table.bytes) / bytes_per_row;
}

}  // namespace mighost
