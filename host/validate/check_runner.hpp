#pragma once
// Runs the built-in checks and writes down what each found: severity from the configuration, time
// limit, seconds, findings. A check never ends the run by itself: all are run, and all is reported.
#include <atomic>
#include <functional>
#include <string>
#include <vector>

#include "config/run_config.hpp"
#include "pg/session.hpp"
#include "report/run_report.hpp"

namespace mighost {

/// Something that a check found.
struct Trouble {
  std::string message;
  std::uint64_t offenders = 0;
  std::vector<std::string> keys = {};  // the first keys_shown
};

struct Looked {
  std::vector<Trouble> troubles = {};
  std::string skipped = {};  // why nothing could be compared
  std::string remark = {};   // how it is held, when that is not by looking at each row
};

class CheckRunner {
 public:
  CheckRunner(const RunConfig& config, Session& target, const std::atomic<bool>& cancelled,
              RunReport& report)
      : config_(config), target_(target), cancelled_(cancelled), report_(report) {}

  /// Runs `look` under the time limit, unless the check is off for the entity. `fallback` is what a
  /// finding means when the configuration says nothing.
  void run(const std::string& check, const std::string& entity, Severity fallback,
           const std::function<Looked()>& look);
  /// For what was looked at already; `seconds` is what it took.
  void record(const std::string& check, const std::string& entity, Severity severity, Looked looked,
              double seconds);
  bool is_off(const std::string& check, const std::string& entity, Severity fallback);

 private:
  const RunConfig& config_;
  Session& target_;
  const std::atomic<bool>& cancelled_;
  RunReport& report_;
};

}  // namespace mighost
