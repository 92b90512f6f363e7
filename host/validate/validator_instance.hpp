#pragma once
// One instance of a validator and all that its calls touch. Shared between the caller and the
// thread of the call, because either may be gone first.
#include <mighost/abi.h>

#include <atomic>
#include <string>
#include <vector>

#include "validate/row_findings.hpp"

namespace mighost {

class ValidatorInstance {
 public:
  ValidatorInstance(const Validator& validator, const Entity& entity);
  ValidatorInstance(const ValidatorInstance&) = delete;
  ValidatorInstance& operator=(const ValidatorInstance&) = delete;

  // Called on the validator's thread. Each leaves its result in `fault`.
  void begin(const mig_settings* settings) noexcept;
  void check(std::uint32_t rows, std::uint64_t first_row) noexcept;
  void finish() noexcept;
  void end() noexcept;

  std::vector<std::size_t> projection;  // index of each needed column among the target cells
  std::vector<mig_cell> cells;          // what `check` shows
  std::vector<RowFinding> findings;     // of the last call
  std::string fault;                    // what it did wrong, as a sentence without its subject
  bool begun = false;
  std::atomic<bool> cancelled{false};  // the run stops
  std::atomic<bool> disowned{false};   // left behind: what it says now is not heard

 private:
  static ValidatorInstance& of(void* host) { return *static_cast<ValidatorInstance*>(host); }
  static void on_report(void* host, const mig_issue* issue) noexcept;
  static void on_log(void* host, mig_log_level level, mig_str message) noexcept;
  static std::uint8_t on_cancelled(void* host) noexcept;
  void report(const mig_issue& issue);
  void judge(mig_status status, const char* when) noexcept;

  const Validator& validator_;
  const Entity& entity_;
  const std::string title_;  // of its plugin: "contact-quality 1.0.0"
  mig_check host_{};
  mig_error error_{};
  void* self_ = nullptr;
  std::uint32_t rows_ = 0;  // shown by the call that runs
};

}  // namespace mighost
