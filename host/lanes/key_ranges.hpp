#pragma once
// Cutting an entity into chunks: ranges of its legacy key that together are all its rows, each
// once.
#include <string>
#include <vector>

#include "plan/plan.hpp"

namespace mighost {

struct KeyRanges {
  /// SQL conditions over the source columns; one empty condition means every row.
  std::vector<std::string> conditions;
  /// SQL that yields the position of a row's range; empty where there is one, or where the key has
  /// several columns.
  std::string range_of;
  std::string remark;  // why an entity that is too large to be one chunk is one
};

/// Ranges of about `chunk_rows` rows each by the server's statistics or by steps along the index of
/// the key; one for an entity that cannot be cut: its handler or a validator wants to see all rows,
/// or its key has neither statistics nor an index.
KeyRanges key_ranges(Session& source, const PlannedEntity& planned, double rows,
                     std::uint64_t chunk_rows);

}  // namespace mighost
