#pragma once
// How many rows may be held back: max_rejects and on_reject, of each entity and of the run. A count
// that is exceeded ends the run at once, so that nobody waits for hours for a veto; a share is
// judged when all rows are read. Waived rows are not shown to it.
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "config/run_config.hpp"
#include "report/run_report.hpp"

namespace mighost {

class RejectMeter {
 public:
  /// Null when the configuration limits nothing.
  static std::unique_ptr<RejectMeter> of(const RunConfig& config);
  explicit RejectMeter(const RunConfig& config);

  /// `config` must live until the entity ends.
  void entity_begins(const std::string& entity, const EntityConfig& config);
  /// Rows of the entity, and of the run, that other chunks hold back already.
  void held_before(std::uint64_t of_entity, std::uint64_t of_run);
  void run_holds(std::uint64_t rows, std::uint64_t rows_read);
  /// Rows that this meter was shown since.
  std::uint64_t held_now() const { return of_entity_.rows - before_; }
  /// One row of the entity that is not waived. All of these throw Error{Exit::vetoed} when a budget
  /// is exceeded. [any thread]
  void held(bool parked, const std::string& code, const std::string& key);
  void entity_ends(std::uint64_t rows_read);
  void run_ends();

  /// What was exceeded, for the report.
  const std::optional<Finding>& finding() const { return finding_; }

 private:
  struct Sum {  // rows held back
    std::uint64_t rows = 0, read = 0;
    CountByCode codes;              // of the run: "core.orders missing_parent"
    std::vector<std::string> keys;  // the first few; of the run with their entity
    void add(const std::string& code, const std::string& key, std::size_t keys_max);
  };
  bool has_own_budget() const { return own_->rejects.rows || own_->rejects.share; }
  void judge_count(const Sum& sum, const RejectBudget& budget, const std::string& whose);
  void judge_share(const Sum& sum, const RejectBudget& budget, const std::string& whose);
  [[noreturn]] void veto(const std::string& check, const std::string& what, const Sum& sum,
                         const std::string& whose);

  const RunConfig& config_;
  std::mutex mutex_;
  const EntityConfig* own_ = nullptr;
  std::string entity_;
  Sum of_entity_, of_run_;
  std::uint64_t before_ = 0;
  std::optional<Finding> finding_;
};

}  // namespace mighost
