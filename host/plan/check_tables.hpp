#pragma once
// Checks of the tables that the loaded plugins read and write.
#include <vector>

#include "plan/check_list.hpp"
#include "plan/plan.hpp"

namespace mighost {

/// Catalogs against manifests, rights, row-level security, content types. Both sessions are alive.
void check_tables(const std::vector<const Plugin*>& plugins, const RunConfig& config,
                  Session& source, Session& target, CheckList& list);

std::vector<std::string> table_checks();

}  // namespace mighost
