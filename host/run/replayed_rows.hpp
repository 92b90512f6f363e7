#pragma once
// Why the rows of one entity stand in a replay. Rows that are in none of these sets are parents
// that somebody waits for.
#include "batch/key_set.hpp"

namespace mighost {

struct ReplayedRows {
  KeySet held;        // a quarantine record holds the row back
  KeySet duplicates;  // ... because another row of the source has its key
  KeySet noted;       // the row is in the target without a reference that may resolve now
};

}  // namespace mighost
