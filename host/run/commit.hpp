#pragma once
// COMMIT, and what became of it when the connection died meanwhile: the transaction's own number
// tells (PostgreSQL documentation, 9.27 pg_xact_status).
#include "config/run_config.hpp"
#include "pg/session.hpp"

namespace mighost {

/// Throws SqlError when it was not committed. When the server cannot be asked: Error{Exit::failed},
/// and `unknown` is set.
void commit_surely(Session& target, const RunConfig& config, const std::string& run_id,
                   bool& unknown);

}  // namespace mighost
