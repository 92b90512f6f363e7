// The task-shaped load: both databases, filled, and the orders migrated.
#pragma once

#include <cstddef>
#include <string>

#include "commands.hpp"
#include "support/cluster.hpp"

namespace mighost::bench {

inline constexpr std::size_t task_rows = 762'604;
inline constexpr std::size_t order_rows = 23'272;

class TaskTables {
 public:
  // The databases are called NAME_source and NAME_target.
  explicit TaskTables(test::Cluster& cluster, const std::string& name = "bench");
  // Drops the databases.
  ~TaskTables();
  TaskTables(const TaskTables&) = delete;
  TaskTables& operator=(const TaskTables&) = delete;

  const Databases& databases() const { return databases_; }
  std::size_t rows() const { return rows_; }

  // Fills the source with that many tasks, empties the target, migrates the orders.
  void fill(std::size_t rows);
  // As after fill(): no tasks, no ledger. Ends with a checkpoint, so that the next one to be
  // measured does not write out what the last one left.
  void empty_target() const;
  // One migration of the tasks; throws Failure unless every one of them was written.
  Migration migrate_tasks(const std::string& more_config = {}) const;

 private:
  test::Cluster& cluster_;
  const std::string source_name_, target_name_;
  Databases databases_;
  std::size_t rows_ = 0;
};

}  // namespace mighost::bench
