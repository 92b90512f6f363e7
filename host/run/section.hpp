#pragma once
// What commits together: all entities of a run in scope run, those of some families in scope
// family. Within the open transaction of the target: load them, check them, seal them.
#include <vector>

#include "run/run_context.hpp"

namespace mighost {

class Section {
 public:
  /// All must outlive this. `report` gets what becomes of the entities. `replays`: only certain
  /// rows are read, so that the books do not know of the others.
  Section(RunContext& run, RunReport& report, bool replays)
      : run_(run), report_(report), replays_(replays) {}

  /// Every entity of the plan, in order, and its late references. False: a validator cannot begin.
  /// May be done again from the start. Throws Error, SqlError.
  bool load();

  /// False: vetoed, the findings are in the report; else the report says whether all is verified.
  /// `position`: of the first entity within the run.
  bool check(std::size_t position = 0);

  /// What stands in the ledger and in sequences beside the rows. False: vetoed.
  bool seal();

 private:
  void learn_keys();
  std::vector<std::string> held_elsewhere() const;

  RunContext& run_;
  RunReport& report_;
  const bool replays_;
  std::string structure_;  // of the target tables, before
};

/// Throws Error{Exit::interrupted} after a first Ctrl-C.
void check_interrupted();

}  // namespace mighost
