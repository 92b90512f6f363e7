#include "config/severity.hpp"

#include <algorithm>

namespace mighost {

const std::vector<std::string>& built_in_checks() {
  static const std::vector<std::string> names = {
      "books",     "row_counts",     "references", "legacy_keys",  "null_rates", "domains",
      "sequences", "control_totals", "structure",  "fingerprints", "sample"};
  return names;
}

bool always_vetoes(std::string_view check) {
  return check == "books" || check == "row_counts" || check == "structure";
}

std::string severity_fault(std::string_view check, Severity severity) {
  const auto& names = built_in_checks();
  if (std::find(names.begin(), names.end(), check) == names.end()) return {};
  if (always_vetoes(check) && severity != Severity::abort) {
    return "the check `" + std::string(check) +
           "` always ends the run: without it nothing else can be believed";
  }
  if (severity == Severity::reject) {
    return "the check `" + std::string(check) +
           "` looks at what is in the target already, so that it cannot reject a row";
  }
  return {};
}

std::optional<Severity> configured_severity(const RunConfig& config, const std::string& entity,
                                            const std::string& check) {
  if (const auto own = config.entities.find(entity); own != config.entities.end()) {
    const auto said = own->second.checks.find(check);
    if (said != own->second.checks.end()) return said->second;
  }
  const auto common = config.checks.find(check);
  if (common == config.checks.end()) return std::nullopt;
  return common->second;
}

Severity severity_of(const RunConfig& config, const std::string& entity, const std::string& check,
                     Severity fallback) {
  return configured_severity(config, entity, check).value_or(fallback);
}

}  // namespace mighost
