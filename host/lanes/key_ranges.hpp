#pragma once
// Cutting an entity into chunks: ranges of its legacy key that together are all its rows, each
// once.
#include <string>
#include <vector>

#include "plan/plan.hpp"

namespace mighost {

/// SQL conditions over the source columns, about `chunk_rows` rows each by the server's statistics
/// or by steps along the index of the key; one empty condition (every row) for an entity that
/// cannot be cut: its handler or a validator wants to see all rows, or its key has neither
/// statistics nor an index. `remark` says why, when it is too large to be one.
std::vector<std::string> key_ranges(Session& source, const PlannedEntity& planned, double rows,
                                    std::uint64_t chunk_rows, std::string& remark);

}  // namespace mighost
