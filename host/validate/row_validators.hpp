#pragma once
// The row validators that look at one entity: each gets its projection of the rows that are about
// to go, and says what it finds. One that fails, comes back late or breaks the contract is faulty:
// it is not asked again, and the run cannot pass.
#include <atomic>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "plan/plan.hpp"
#include "validate/limited_thread.hpp"
#include "validate/row_findings.hpp"

namespace mighost {

/// What validators of one run have in common.
struct ValidatorTerms {
  ValidationConfig limits;
  const std::atomic<bool>* cancelled = nullptr;
  /// Those that did not come back: no other entity waits for them again.
  std::set<const Validator*>* hung = nullptr;
};

/// Rows of a batch as target cells, `width` to a row; only those in `rows` are shown. `memory`
/// keeps alive what the cells point to.
struct ShownRows {
  const mig_cell* cells = nullptr;
  std::size_t width = 0;
  const std::vector<std::uint32_t>& rows;
  std::uint64_t first_row = 0;
  std::shared_ptr<const void> memory;
};

class RowValidators {
 public:
  /// Begins an instance of each.
  RowValidators(const PlannedEntity& planned,
                const std::map<std::string, std::shared_ptr<PluginSettings>>& settings,
                const ValidatorTerms& terms);
  ~RowValidators();
  RowValidators(const RowValidators&) = delete;
  RowValidators& operator=(const RowValidators&) = delete;

  bool empty() const { return seats_.empty(); }

  /// What all of them say, sorted by row for each. Throws Error{Exit::interrupted}.
  std::vector<RowFinding> check(const ShownRows& shown, const KeyOfRow& key_of);
  void finish();

  /// For the report, once all rows were shown.
  std::vector<Finding> findings() const;
  std::vector<CheckReport> checks() const;

 private:
  struct Instance;
  struct Seat;

  bool is_cancelled() const { return terms_.cancelled != nullptr && *terms_.cancelled; }
  template <class Call>
  bool call(Seat& seat, Call call);
  void begin(Seat& seat, const std::shared_ptr<PluginSettings>& settings);
  void end(Seat& seat);
  void show(Seat& seat, const ShownRows& shown);

  std::string entity_;
  ValidatorTerms terms_;
  LimitedThread thread_;
  std::vector<std::unique_ptr<Seat>> seats_;
};

}  // namespace mighost
