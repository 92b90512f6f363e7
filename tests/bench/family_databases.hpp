// The databases of the parts that move all families: a legacy database with generated rows, an
// empty target, and a clone of it for the floor. Gone at the end.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "commands.hpp"
#include "support/cluster.hpp"

namespace mighost::bench {

class FamilyDatabases {
 public:
  explicit FamilyDatabases(test::Cluster& cluster);
  ~FamilyDatabases();
  FamilyDatabases(const FamilyDatabases&) = delete;
  FamilyDatabases& operator=(const FamilyDatabases&) = delete;

  void fill(const std::string& preset) const;
  // The target is the same for every preset.
  void empty(const std::string& url) const;

  Databases databases;
  std::string clone_url;

 private:
  test::Cluster& cluster_;
};

}  // namespace mighost::bench
