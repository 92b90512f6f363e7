// The databases that all families run between: the generated source, a target, and a clone for a
// floor. They are gone at the end.
#pragma once

#include <string>
#include <vector>

#include "commands.hpp"
#include "support/cluster.hpp"

namespace mighost::bench {

class FamilyDatabases {
 public:
  // `part` begins their names and what is said of them.
  FamilyDatabases(test::Cluster& cluster, std::string part);
  ~FamilyDatabases();
  FamilyDatabases(const FamilyDatabases&) = delete;
  FamilyDatabases& operator=(const FamilyDatabases&) = delete;

  // `clean`: without the dirt that a preset has.
  void fill(const std::string& preset, bool clean = false) const;
  void empty(const std::string& url) const;

  Databases databases;
  std::string clone_url;

 private:
  std::vector<std::string> names() const;

  test::Cluster& cluster_;
  std::string part_;
};

}  // namespace mighost::bench
