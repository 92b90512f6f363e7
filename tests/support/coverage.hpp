#pragma once

// docs/coverage.md held against the two schemas and the loaded plugins.

#include <map>
#include <set>
#include <string>

namespace mighost::test {

// What the page must say, as the databases and the program tell it.
struct Coverage {
  struct Entity {
    std::string source;           // a legacy table; empty when a query makes up its rows
    std::string target;           // a target table
    std::string label;            // as the page writes it: the name, and what is special about it
    std::set<std::string> reads;  // legacy tables; `source` too
  };

  std::map<std::string, Entity> entities;
  std::set<std::string> legacy_tables, target_tables;
  std::set<std::string> unmapped;  // legacy tables that no plugin reads, by `mighost plan`
  // Of the legacy tables that are read: their columns that are not, as "a, b".
  std::map<std::string, std::string> columns_behind;
};

// Every way in which the page is wrong, one per line; empty when it is right.
std::string coverage_problems(const std::string& page, const Coverage& coverage);

}  // namespace mighost::test
