#pragma once
// Whether a load takes the target's indexes and constraints down and builds them again afterwards:
// much faster for a large load into a small table, a waste for a small one, and it locks the table.
#include <string>

#include "config/run_config.hpp"
#include "pg/catalog.hpp"

namespace mighost {

struct DeferralChoice {
  bool defer = false;
  std::string reason;  // in words, either way
};

/// `expected_rows` and `existing_rows` are -1 when unknown.
DeferralChoice choose_deferral(const CatalogTable& table, Defer setting, double expected_rows,
                               double existing_rows);

/// Rows that the table holds, by the server's statistics, or guessed from its size; 0 when it looks
/// empty.
double existing_rows_estimate(const CatalogTable& table);

/// Below this a load is over before the locks would have been taken.
inline constexpr double deferral_rows_min = 5000;

}  // namespace mighost
