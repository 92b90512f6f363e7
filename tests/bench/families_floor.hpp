// The least that a whole migration can take: its finished target tables, copied by psql into an
// empty clone of the schema, with the same work on indexes and constraints, in one transaction.
// Shares no code with what it judges: the script is made from the catalogs by SQL.
#pragma once

#include <string>

#include "commands.hpp"

namespace mighost::bench {

class FamiliesFloor {
 public:
  // `finished` is a target that mighost has filled; `clone` an empty one of the same schema.
  FamiliesFloor(std::string finished_url, std::string clone_url)
      : finished_url_(std::move(finished_url)), clone_url_(std::move(clone_url)) {}

  // Seconds. Throws Failure when the clone does not end with the same number of rows.
  double load() const;

 private:
  std::string finished_url_, clone_url_;
};

}  // namespace mighost::bench
