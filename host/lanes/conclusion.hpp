#pragma once
// The end of a run in scope chunk, one transaction: late references, everything that is checked at
// the end of a run in scope run, and the run's record. After it nothing of the queue is left.
#include "lanes/crew.hpp"
#include "lanes/parent_books.hpp"

namespace mighost {

/// Inside the transaction that has claimed the run. False: vetoed, the findings are in the report.
/// Throws Error, SqlError.
bool conclude_run(Crew& crew, ParentBooks& books, RunContext& run, const std::string& snapshot,
                  RunReport& report);

}  // namespace mighost
