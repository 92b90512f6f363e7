#pragma once
// Runs by what people write of them: an id or its beginning.
#include <string>

#include "pg/session.hpp"

namespace mighost {

struct FoundRun {
  std::string id, kind, status, started_at;
};

/// Throws Error{Exit::usage} when there is none, several, or when this can be no id;
/// Error{Exit::preflight} when there is no ledger.
FoundRun find_run(Session& target, const std::string& id);

}  // namespace mighost
