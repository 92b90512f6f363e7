#pragma once
// A replay is a run that reads only certain rows: what the quarantine holds back, with everything
// that hangs on it. It goes in passes. A row that its parent was missing for may wait now for a
// parent further up that nobody has read either; such rows are added and the pass is done again,
// until nothing is added. There are never more passes than the graph has levels.
#include <map>
#include <set>
#include <string>
#include <vector>

#include "run/closure.hpp"
#include "run/run_context.hpp"

namespace mighost {

/// The entities that a replay may drive: those that earlier runs have brought, as far as they are
/// loaded and switched on. Throws Error{Exit::preflight} where nothing was ever brought, and
/// Error{Exit::usage} for a choice that names an unknown entity.
Selection replay_selection(Session& target, const std::vector<const Plugin*>& plugins,
                           const RunConfig& config, const ReplayChoice& choice);

class Replay {
 public:
  /// Inside the target's transaction. `plan` is made for the selection above; from here on it holds
  /// only what is driven.
  Replay(RunContext& run, Plan& plan, const ReplayChoice& choice);

  bool nothing_to_do() const { return touched_.empty(); }
  void begin_pass();
  /// True: rows were found that belong to it too. The pass is undone, and the next may begin.
  bool found_more();
  /// Marks what was taken up and tells the report.
  void finish(RunReport& report);
  /// What the report says of a replay, also of one that has nothing to do.
  void describe(RunReport& report);

 private:
  const PlannedEntity* planned(const std::string& entity) const;
  std::vector<RowName> in_source(const std::vector<RowName>& rows);
  void take_in_news();
  void take_in(const PlannedEntity& planned, const std::vector<ClosureRow>& rows,
               std::vector<RowName>& projections);
  /// Other entities that read the same table by the same key.
  std::vector<std::string> entities_of_same_rows(const Entity& entity) const;
  void narrow_plan();
  void refer_to(const Entity& parent);

  RunContext& run_;
  Plan& plan_;
  std::vector<PlannedEntity> idle_;           // of the plan, not driven so far
  std::vector<std::string> order_;            // of all entities
  std::vector<const Entity*> outer_parents_;  // of the whole plan
  Closure closure_;
  std::map<std::string, std::vector<std::string>> keys_;  // to be read, by entity
  std::map<std::string, std::uint64_t> gone_;
  std::map<std::string, std::set<std::string>> unread_;  // noted rows that the source has no more
  std::set<std::string> touched_;                        // entities
  std::set<std::string> absent_;  // parents that the source does not have: "entity key"
  std::uint64_t passes_ = 0;
};

}  // namespace mighost
