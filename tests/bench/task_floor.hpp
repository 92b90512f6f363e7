// What mighost is held against: the least that the same result can take, and another tool.
#pragma once

#include <string>

#include "task_tables.hpp"

namespace mighost::bench {

// Two psql and a pipe, over rows that were transformed beforehand. prepare() once after fill().
class Floor {
 public:
  explicit Floor(const TaskTables& tables) : tables_(tables) {}

  void prepare() const;
  // Seconds of one load.
  double load() const;

 private:
  const TaskTables& tables_;
};

// The rows as they are, and one index: into a table that is there already, or into one that
// pgloader makes itself.
class Pgloader {
 public:
  enum class Table { ready, own };
  struct Load {
    double seconds = 0;
    double resident_mib = 0;
  };

  // Asks the databases how they are reached.
  explicit Pgloader(const TaskTables& tables);
  Load load(Table table) const;

 private:
  const TaskTables& tables_;
  Databases databases_;  // as pgloader writes sockets
};

// Proves that two ways end in the same rows and the same indexes and constraints.
class Comparison {
 public:
  explicit Comparison(const TaskTables& tables) : tables_(tables) {}

  // Keeps what the target holds now.
  void keep() const;
  // Throws Failure where the target differs from what was kept, which is then dropped. Returns the
  // digest of the rows.
  std::string compare() const;

 private:
  std::string structure() const;

  const TaskTables& tables_;
};

}  // namespace mighost::bench
