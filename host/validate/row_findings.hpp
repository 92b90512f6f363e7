#pragma once
// What a validator found on the rows of one entity, counted: a line of the report for each code and
// severity, with the keys of the first rows.
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "plugin/manifest.hpp"
#include "report/run_report.hpp"

namespace mighost {

/// A finding on one row, by its index in the batch.
struct RowFinding {
  std::uint32_t row = 0;
  mig_severity severity = MIG_NOTE;
  std::string code, column, detail;
  std::string plugin;  // "contact-quality 1.0.0"
};

/// The legacy key of a row of the batch, as text.
using KeyOfRow = std::function<std::string(std::uint32_t)>;

class RowFindings {
 public:
  explicit RowFindings(std::size_t keys_shown) : keys_shown_(keys_shown) {}

  /// The findings of one batch, sorted by row. A row counts once for each code.
  void add(const std::vector<RowFinding>& findings, const KeyOfRow& key_of);

  bool any_veto() const;
  bool empty() const { return groups_.empty(); }
  std::vector<Finding> to_report(const Validator& validator, const std::string& entity) const;

 private:
  struct Group {
    std::uint64_t rows = 0;
    std::vector<std::string> keys;
  };
  std::size_t keys_shown_;
  std::map<std::pair<std::string, mig_severity>, Group> groups_;
};

}  // namespace mighost
