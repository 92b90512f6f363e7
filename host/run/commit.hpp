#pragma once
#include "config/run_config.hpp"
#include "pg/session.hpp"

namespace mighost {

/// COMMIT. When the connection dies meanwhile, the transaction's own number tells what became of it
/// (PostgreSQL documentation, 9.27 pg_xact_status): throws SqlError only when it was not committed,
/// or nobody can tell.
void commit_surely(Session& target, const RunConfig& config, const std::string& run_id);

}  // namespace mighost
