#pragma once
// SQL that only looks, under a savepoint and a time limit: whatever it does, transaction and
// settings are as before.
#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "pg/session.hpp"

namespace mighost {

/// Runs `work`, each statement of which may take `limit` (0: for ever). Returns why it did not come
/// to its end, as a sentence; nothing when it did. Throws SqlError when the connection is lost.
std::optional<std::string> run_limited(Session& target, std::chrono::milliseconds limit,
                                       const std::function<void()>& work);

}  // namespace mighost
