#include "validate/check_runner.hpp"

#include <chrono>

#include "config/severity.hpp"
#include "report/error.hpp"
#include "validate/limited_sql.hpp"

namespace mighost {
namespace {

Finding finding_of(const std::string& check, const std::string& entity, Severity severity,
                   Trouble trouble) {
  return {check,
          entity,
          "mighost",
          severity == Severity::warn ? "warn" : "veto",
          std::move(trouble.message),
          trouble.offenders,
          std::move(trouble.keys)};
}

}  // namespace

bool CheckRunner::is_off(const std::string& check, const std::string& entity, Severity fallback) {
  if (severity_of(config_, entity, check, fallback) != Severity::off) return false;
  report_.checks.push_back({check, entity, "off", 0, {}});
  return true;
}

void CheckRunner::run(const std::string& check, const std::string& entity, Severity fallback,
                      const std::function<Looked()>& look) {
  if (cancelled_) throw Error(Exit::interrupted, "stopped", entity);
  if (is_off(check, entity, fallback)) return;
  const auto started = std::chrono::steady_clock::now();
  Looked looked;
  const auto fault = run_limited(target_, config_.validation.time_limit, [&] { looked = look(); });
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
  if (!fault) {
    return record(check, entity, severity_of(config_, entity, check, fallback), std::move(looked),
                  seconds);
  }
  // What could not be checked has not passed, however lenient the check may be.
  report_.findings.push_back(
      finding_of(check, entity, Severity::abort, {"the check is faulty: " + *fault}));
  report_.checks.push_back({check, entity, "faulty", seconds, *fault});
}

void CheckRunner::record(const std::string& check, const std::string& entity, Severity severity,
                         Looked looked, double seconds) {
  CheckReport done{check, entity, "passed", seconds, std::move(looked.remark)};
  if (!looked.skipped.empty()) {
    done.status = "skipped";
    done.message = std::move(looked.skipped);
  }
  if (!looked.troubles.empty()) done.status = severity == Severity::warn ? "warned" : "vetoed";
  for (Trouble& trouble : looked.troubles) {
    report_.findings.push_back(finding_of(check, entity, severity, std::move(trouble)));
  }
  report_.checks.push_back(std::move(done));
}

}  // namespace mighost
