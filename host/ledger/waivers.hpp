#pragma once
// Waivers: somebody has decided that a row will never come. It stays in the quarantine, but no
// longer counts as open, and neither does what waits for it. Who, why and which keys stand in the
// audit, also when the waiver is taken back.
#include <cstdint>
#include <string>
#include <vector>

#include "ledger/standing.hpp"

namespace mighost {

struct WaiverWords {
  std::string who, why;
};

struct WaiverCount {
  std::uint64_t meant = 0;    // keys that the filter selects
  std::uint64_t changed = 0;  // of these, waived now or no longer; the others were so already
};

/// Waives the filter's rows and, when it names keys and no codes, also the rows of these keys that
/// others wait for and that never came. When it names entities and keys, the rows need not be known
/// at all: a run that a budget has stopped leaves no trace of its rows. Within the transaction of a
/// Standing, which does not know of the change: make it anew.
WaiverCount record_waivers(Session& target, const RowFilter& filter, const WaiverWords& words);

/// Takes the waivers of the filter's rows back. A code means the rows that are held back with it.
WaiverCount withdraw_waivers(Session& target, const RowFilter& filter, const WaiverWords& words);

/// The waived keys of an entity.
std::vector<std::string> waived_keys(Session& target, const std::string& entity);

}  // namespace mighost
