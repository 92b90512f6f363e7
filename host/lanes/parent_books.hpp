#pragma once
// The key books that the lanes of one process share: of entities whose rows are all there, so that
// children can be resolved, and of what a table had before the run. Each is read once, from what
// the ledger and the target hold, and does not change after that.
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "lanes/crew.hpp"

namespace mighost {

class ParentBooks {
 public:
  explicit ParentBooks(const Crew& crew) : crew_(crew) {}

  /// Of everything that the entity's references lead to, into run.books. Parents that the run
  /// brings must be finished. [any thread]
  void open(RunContext& run, const PlannedEntity& planned);

  /// What the entity's own table had before the run, and its waivers. [any thread]
  std::shared_ptr<KeyBook> earlier(RunContext& run, const PlannedEntity& planned);

 private:
  std::shared_ptr<KeyBook> parent(RunContext& run, const Entity& entity);
  std::shared_ptr<KeyBook> read_parent(RunContext& run, const Entity& entity);
  bool add_finished(RunContext& run, const Entity& entity, KeyBook& book);

  const Crew& crew_;
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<KeyBook>> parents_, earlier_;
};

}  // namespace mighost
