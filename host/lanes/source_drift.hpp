#pragma once
// A run that was resumed, or whose snapshot was lost, has read its chunks at different times. Each
// chunk that was read under another snapshot is read once more and its hash compared; what has
// changed is counted by driving the chunk as a second run would, and taking that back. Nothing is
// brought: that is for a later run.
#include "lanes/crew.hpp"
#include "lanes/parent_books.hpp"

namespace mighost {

/// Adds a note for each entity whose source is not as it was read, and marks its drift. Inside the
/// run's last transaction.
void find_source_drift(Crew& crew, ParentBooks& books, RunContext& run, const std::string& snapshot,
                       RunReport& report);

}  // namespace mighost
