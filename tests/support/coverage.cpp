#include "support/coverage.hpp"

#include <regex>
#include <sstream>
#include <vector>

namespace mighost::test {
namespace {

using Names = std::set<std::string>;
using Row = std::vector<std::string>;

std::string trimmed(const std::string& text) {
  const auto begin = text.find_first_not_of(' ');
  if (begin == std::string::npos) return {};
  return text.substr(begin, text.find_last_not_of(' ') - begin + 1);
}

/// The cells of the Markdown table below a heading, without its two first lines.
std::vector<Row> table_below(const std::string& page, const std::string& heading) {
  std::vector<Row> rows;
  std::istringstream lines(page);
  bool inside = false;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("## ")) inside = line == "## " + heading;
    if (!inside || !line.starts_with("|")) continue;
    Row row;
    std::istringstream cells(line.substr(1));
    for (std::string cell; std::getline(cells, cell, '|');) row.push_back(trimmed(cell));
    rows.push_back(row);
  }
  if (rows.size() >= 2) rows.erase(rows.begin(), rows.begin() + 2);
  return rows;
}

/// The parts of a cell between commas that are not in parentheses.
Names listed(const std::string& cell) {
  static const std::regex item(R"([^,( ]+( \([^)]*\))?)");
  Names names;
  for (std::sregex_iterator i(cell.begin(), cell.end(), item), end; i != end; ++i) {
    names.insert(i->str());
  }
  return names;
}

std::string name_in(const std::string& label) { return label.substr(0, label.find(' ')); }

class Judge {
 public:
  Judge(const std::string& page, const Coverage& coverage) : page_(page), coverage_(coverage) {}

  std::string verdict() {
    legacy_tables();
    target_tables();
    columns_behind();
    return problems_;
  }

 private:
  void say(const std::string& problem) { problems_ += problem + "\n"; }

  /// The rows by table; each has `cells` cells and names another table that exists.
  std::map<std::string, Row> by_table(const std::string& heading, std::size_t cells,
                                      const Names& tables) {
    std::map<std::string, Row> found;
    for (const Row& row : table_below(page_, heading)) {
      if (row.size() != cells) {
        say(heading + ": " + row.front() + " has " + std::to_string(row.size()) + " cells, not " +
            std::to_string(cells));
      } else if (!tables.contains(row.front())) {
        say(heading + ": there is no table " + row.front());
      } else if (!found.emplace(row.front(), row).second) {
        say(heading + ": " + row.front() + " stands there twice");
      }
    }
    return found;
  }

  void expect_all(const std::string& heading, const std::map<std::string, Row>& rows,
                  const Names& tables) {
    for (const std::string& table : tables) {
      if (!rows.contains(table)) say(heading + ": the table " + table + " is missing");
    }
  }

  /// An entity as the page writes it. Null, and a problem, when it is not the right one.
  const Coverage::Entity* entity(const std::string& where, const std::string& label) {
    const auto found = coverage_.entities.find(name_in(label));
    if (found == coverage_.entities.end()) {
      say(where + ": there is no entity " + name_in(label));
      return nullptr;
    }
    return &found->second;
  }

  void legacy_tables() {
    const auto rows = by_table("Legacy tables", 5, coverage_.legacy_tables);
    expect_all("Legacy tables", rows, coverage_.legacy_tables);
    Names named;
    for (const auto& [table, row] : rows) legacy_row(table, row, named);
    for (const auto& [name, entity] : coverage_.entities) {
      if (!named.contains(name)) say("Legacy tables: no line names the entity " + name);
    }
  }

  void legacy_row(const std::string& table, const Row& row, Names& named) {
    const Names entities = listed(row[2]);
    Names readers;
    for (const auto& [name, entity] : coverage_.entities) {
      if (entity.reads.contains(table)) readers.insert(name);
    }
    for (const std::string& label : entities) {
      const Coverage::Entity* found = entity(table, label);
      if (found == nullptr) continue;
      named.insert(name_in(label));
      if (label != found->label) say(table + ": write \"" + found->label + "\", not " + label);
      if (found->source != table && (!found->source.empty() || !found->reads.contains(table))) {
        say(table + ": the rows of " + name_in(label) + " do not come from it");
      }
      readers.erase(name_in(label));
    }
    if (listed(row[3]) != readers) say(table + ": also read by: " + joined(readers));
    const std::string fate = !entities.empty()  ? "migrated"
                             : !readers.empty() ? "read"
                                                : "unmapped";
    if (row[1] != fate) say(table + ": is " + fate + ", not " + row[1]);
    if ((fate == "unmapped") != coverage_.unmapped.contains(table)) {
      say(table + ": mighost plan does not agree that it is " + fate);
    }
    if (fate != "migrated" && row[4].empty()) say(table + ": the reason is missing");
  }

  void target_tables() {
    const auto rows = by_table("Target tables", 3, coverage_.target_tables);
    expect_all("Target tables", rows, coverage_.target_tables);
    for (const auto& [table, row] : rows) {
      Names expected;
      for (const auto& [name, entity] : coverage_.entities) {
        if (entity.target == table) expected.insert(name);
      }
      for (const std::string& name : listed(row[1])) entity(table, name);
      if (listed(row[1]) != expected) say(table + ": filled by: " + joined(expected));
      if (expected.empty() && row[2].empty()) say(table + ": the reason is missing");
    }
  }

  void columns_behind() {
    const std::string heading = "Legacy columns that stay behind";
    const auto rows = by_table(heading, 3, coverage_.legacy_tables);
    for (const auto& [table, columns] : coverage_.columns_behind) {
      if (!rows.contains(table)) say(heading + ": " + table + " is missing: " + columns);
    }
    for (const auto& [table, row] : rows) {
      const auto expected = coverage_.columns_behind.find(table);
      const std::string columns =
          expected == coverage_.columns_behind.end() ? "" : expected->second;
      if (row[1] != columns) {
        say(heading + ": " + table + " leaves behind: " + (columns.empty() ? "nothing" : columns));
      }
      if (row[2].empty()) say(table + ": the reason is missing");
    }
  }

  static std::string joined(const Names& names) {
    std::string text;
    for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
    return text.empty() ? "nobody" : text;
  }

  const std::string& page_;
  const Coverage& coverage_;
  std::string problems_;
};

}  // namespace

std::string coverage_problems(const std::string& page, const Coverage& coverage) {
  return Judge(page, coverage).verdict();
}

}  // namespace mighost::test
