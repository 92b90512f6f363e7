#pragma once
// The row validators that look at one entity: each gets its projection of the rows that are about
// to go, and says what it finds.
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "plan/plan.hpp"

namespace mighost {

/// A finding on one row, by its index in the batch.
struct RowFinding {
  std::uint32_t row = 0;
  mig_severity severity = MIG_NOTE;
  std::string code, column, detail;
  std::string plugin;  // "contact-quality 1.0.0"
};

class RowValidators {
 public:
  /// Begins an instance of each. Throws Error.
  explicit RowValidators(const PlannedEntity& planned,
                         const std::map<std::string, std::shared_ptr<PluginSettings>>& settings);
  ~RowValidators();
  RowValidators(const RowValidators&) = delete;
  RowValidators& operator=(const RowValidators&) = delete;

  bool empty() const { return instances_.empty(); }

  /// `cells` holds rows of `width` target cells; only those in `rows` are shown. Throws Error when
  /// a validator fails.
  std::vector<RowFinding> check(const mig_cell* cells, std::size_t width,
                                const std::vector<std::uint32_t>& rows, std::uint64_t first_row);
  void finish();

 private:
  struct Instance;
  std::vector<std::unique_ptr<Instance>> instances_;
};

}  // namespace mighost
