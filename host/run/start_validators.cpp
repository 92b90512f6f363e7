#include "run/start_validators.hpp"

#include "validate/row_validators.hpp"

namespace mighost {

bool start_validators(RunContext& run, RunReport& report) {
  bool sound = true;
  for (const PlannedEntity& planned : run.plan.entities) {
    for (const std::string& check : planned.checks_off) {
      report.checks.push_back({check, planned.entity->name, "off", 0, {}});
    }
    const RowValidators trial(planned, run.plan.settings,
                              {run.config.validation, &run.cancelled, &run.hung_validators});
    const std::vector<Finding> findings = trial.findings();
    if (findings.empty()) continue;
    sound = false;
    report.findings.insert(report.findings.end(), findings.begin(), findings.end());
    for (CheckReport& check : trial.checks()) {
      if (check.status == "faulty") report.checks.push_back(std::move(check));
    }
  }
  return sound;
}

}  // namespace mighost
