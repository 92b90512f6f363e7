#pragma once
// [validation], [quarantine] and [verify]: how strictly a run looks at its own result. The names of
// checks are compared with the known ones later, when the plugins are there.
#include "config/run_config.hpp"
#include "config/table_reader.hpp"

namespace mighost {

/// To be called behind read_severities: what nobody asked for by then is a fault.
ValidationConfig read_validation(TableReader& table);
VerifyConfig read_verify(TableReader& table);

/// The keys `max_rejects` and `on_reject` of [quarantine] or of an entity's table.
RejectBudget read_budget(TableReader& table);
/// The table `checks` inside `table`, if it has one.
Severities read_severities(TableReader& table, Places& places);
/// A duration with its unit into `result`; 0 means none.
void read_timeout(TableReader& table, const std::string& key, std::chrono::milliseconds& result);

}  // namespace mighost
