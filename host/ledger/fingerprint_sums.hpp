#pragma once
// The sums that the chunks of one entity have left in mighost.fingerprints, made one again.
#include <string>

#include "pg/session.hpp"

namespace mighost {

/// Inside a transaction. Throws Error{Exit::failed} when a record is damaged.
void join_fingerprint_sums(Session& target, const std::string& run_id, const std::string& entity);

}  // namespace mighost
