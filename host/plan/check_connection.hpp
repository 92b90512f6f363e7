#pragma once
// Checks of one connection and of the server behind it, before any table is looked at.
#include <memory>
#include <string>

#include "plan/check_list.hpp"

namespace mighost {

/// Connects and makes the checks that hold for either side. Null when it cannot connect; every
/// check that is then impossible has its line.
std::unique_ptr<Session> check_connection(const Endpoint& endpoint, Session::Role role,
                                          const LoadConfig& load, CheckList& list);

/// Only the source: opened read-only, no standby that changes under the hand, snapshots shared
/// between connections.
void check_source_server(Session& source, CheckList& list);

/// Only the target: writable, and a place for the ledger.
void check_target_server(Session& target, CheckList& list);

/// Names of the checks above, for the lines of those that could not be made.
std::vector<std::string> source_server_checks();
std::vector<std::string> target_server_checks();

}  // namespace mighost
