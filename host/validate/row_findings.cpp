#include "validate/row_findings.hpp"

#include <algorithm>

namespace mighost {
namespace {

std::string meaning_of(const Validator& validator, const std::string& code) {
  for (const Code& declared : validator.codes) {
    if (declared.code == code && !declared.meaning.empty()) return code + ": " + declared.meaning;
  }
  return code;
}

}  // namespace

void RowFindings::add(const std::vector<RowFinding>& findings, const KeyOfRow& key_of) {
  std::vector<std::pair<std::string, mig_severity>> of_row;  // what was counted for this row
  for (std::size_t at = 0; at < findings.size(); ++at) {
    const RowFinding& finding = findings[at];
    if (at > 0 && findings[at - 1].row != finding.row) of_row.clear();
    std::pair<std::string, mig_severity> what{finding.code, finding.severity};
    if (std::find(of_row.begin(), of_row.end(), what) != of_row.end()) continue;
    Group& group = groups_[what];
    of_row.push_back(std::move(what));
    ++group.rows;
    if (group.keys.size() < keys_shown_) group.keys.push_back(key_of(finding.row));
  }
}

bool RowFindings::any_veto() const {
  return std::any_of(groups_.begin(), groups_.end(),
                     [](const auto& group) { return group.first.second == MIG_ABORT; });
}

std::vector<Finding> RowFindings::to_report(const Validator& validator,
                                            const std::string& entity) const {
  std::vector<Finding> findings;
  for (const auto& [what, group] : groups_) {
    const auto& [code, severity] = what;
    Finding finding;
    finding.check = check_name(validator);
    finding.entity = entity;
    finding.plugin = plugin_title(*validator.plugin);
    finding.severity = severity == MIG_ABORT ? "veto" : "warn";
    finding.message = meaning_of(validator, code) + (severity == MIG_REJECT ? " (rejected)" : "");
    finding.offenders = group.rows;
    finding.keys = group.keys;
    finding.code = code;
    findings.push_back(std::move(finding));
  }
  return findings;
}

}  // namespace mighost
