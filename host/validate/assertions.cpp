#include "validate/assertions.hpp"

#include <set>

namespace mighost {
namespace {

constexpr int keys_shown = 10;

void run_one(const Assertion& assertion, const std::string& entity, const Plugin& plugin,
             Session& target, std::vector<Finding>& findings) {
  Finding finding;
  finding.check = assertion.name;
  finding.entity = entity;
  finding.plugin = plugin.family + " " + plugin.version;
  finding.severity = assertion.severity == MIG_NOTE ? "note" : "veto";
  finding.message = assertion.meaning;
  target.execute("SAVEPOINT mighost_assertion");
  try {
    const std::string from = " FROM (" + assertion.sql + "\n) AS offenders";
    finding.offenders = std::stoull(*target.query("SELECT count(*)" + from).value());
    if (finding.offenders > 0) {
      const Rows rows = target.query("SELECT *" + from + " LIMIT " + std::to_string(keys_shown));
      for (const auto& row : rows.rows) {
        if (!row.empty()) finding.keys.push_back(row.front().value_or("NULL"));
      }
      findings.push_back(std::move(finding));
    }
    target.execute("RELEASE SAVEPOINT mighost_assertion");
  } catch (const SqlError& refused) {
    if (refused.error().connection_lost) throw;
    target.execute("ROLLBACK TO SAVEPOINT mighost_assertion");
    target.execute("RELEASE SAVEPOINT mighost_assertion");
    finding.severity = "veto";
    finding.message = "the assertion cannot be run: " + refused.error().safe_message();
    findings.push_back(std::move(finding));
  }
}

}  // namespace

std::vector<Finding> run_assertions(const Plan& plan, Session& target) {
  std::vector<Finding> findings;
  std::set<const Validator*> seen;  // a validator of several entities asserts once
  for (const PlannedEntity& planned : plan.entities) {
    for (const Assertion& assertion : planned.entity->assertions) {
      run_one(assertion, planned.entity->name, *planned.entity->plugin, target, findings);
    }
    for (const Validator* validator : planned.validators) {
      if (!seen.insert(validator).second) continue;
      for (const Assertion& assertion : validator->assertions) {
        run_one(assertion, validator->applies_to, *validator->plugin, target, findings);
      }
    }
  }
  return findings;
}

}  // namespace mighost
