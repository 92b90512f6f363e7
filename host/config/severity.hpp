#pragma once
// The built-in checks by name, and what the configuration says a finding of a check means. Stands
// in config/ because the names in a configuration are compared with it before anything else runs.
#include <string>
#include <string_view>
#include <vector>

#include "config/run_config.hpp"

namespace mighost {

/// Names of the built-in checks, in the order in which the report lists them.
const std::vector<std::string>& built_in_checks();

/// books, row_counts and structure: what a run is for, so that nothing but `abort` may be said of
/// them.
bool always_vetoes(std::string_view check);

/// What is wrong with giving a built-in check this severity, as a sentence; empty when it may have
/// it. For other names: empty.
std::string severity_fault(std::string_view check, Severity severity);

/// What the configuration says of a check: the entity's own word goes before the common one.
std::optional<Severity> configured_severity(const RunConfig& config, const std::string& entity,
                                            const std::string& check);

/// The entity's own word goes before the common one; `fallback` when neither says anything.
Severity severity_of(const RunConfig& config, const std::string& entity, const std::string& check,
                     Severity fallback);

}  // namespace mighost
