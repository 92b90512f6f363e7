#include "validate/assertions.hpp"

#include <chrono>

#include "validate/limited_sql.hpp"

namespace mighost {
namespace {

struct Offenders {
  std::uint64_t rows = 0;
  std::vector<std::string> keys;
};

Offenders offenders_of(const Assertion& assertion, std::uint32_t keys_shown, Session& target) {
  Offenders found;
  const std::string from = " FROM (" + assertion.sql + "\n) AS offenders";
  found.rows = std::stoull(*target.query("SELECT count(*)" + from).value());
  if (found.rows == 0) return found;
  const Rows rows = target.query("SELECT *" + from + " LIMIT " + std::to_string(keys_shown));
  for (const auto& row : rows.rows) {
    if (!row.empty()) found.keys.push_back(row.front().value_or("NULL"));
  }
  return found;
}

void run_assertion(const PlannedAssertion& planned, const ValidationConfig& limits, Session& target,
                   RunReport& report) {
  const auto started = std::chrono::steady_clock::now();
  Offenders found;
  const auto fault = run_limited(target, limits.time_limit, [&] {
    // A stranger's SQL: what no rollback takes back, such as setval, is refused.
    target.execute("SET LOCAL transaction_read_only = on");
    found = offenders_of(*planned.assertion, limits.keys_shown, target);
  });
  const bool warns = planned.severity == Severity::warn;
  CheckReport check{planned.check, planned.entity, "passed", 0, fault.value_or("")};
  check.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
  if (fault || found.rows > 0) {
    check.status = fault ? "faulty" : warns ? "warned" : "vetoed";
    Finding finding;
    finding.check = planned.check;
    finding.entity = planned.entity;
    finding.plugin = plugin_title(*planned.plugin);
    finding.severity = warns && !fault ? "warn" : "veto";
    finding.message = fault ? "the assertion is faulty: " + *fault : planned.assertion->meaning;
    finding.offenders = found.rows;
    finding.keys = std::move(found.keys);
    report.findings.push_back(std::move(finding));
  }
  report.checks.push_back(std::move(check));
}

}  // namespace

void run_assertions(const Plan& plan, const ValidationConfig& limits, Session& target,
                    RunReport& report) {
  for (const PlannedEntity& planned : plan.entities) {
    for (const PlannedAssertion& assertion : planned.assertions) {
      run_assertion(assertion, limits, target, report);
    }
  }
}

}  // namespace mighost
