#pragma once
// Whether one server process serves a session from beginning to end. A transaction pooler hands
// each statement to whichever process is free: settings, snapshots, temporary tables and locks get
// lost.
#include "pg/session.hpp"

namespace mighost {

/// The oldest server that the catalog queries and the load know.
inline constexpr int server_version_min = 120000;

enum class Pooling {
  none,
  session,      // a pooler stands between, but keeps to one process
  transaction,  // processes change between statements
};

/// Opens a second session for a moment. Inside a transaction, where the process stays the same, it
/// does so only if a pooler is there, and opens a third. Throws SqlError, Error.
Pooling find_pooling(Session& session);

/// Throws Error (preflight) where whatever moves rows would trip over the connection, however well
/// plugins and tables fit: a server that is too old, a transaction pooler.
void refuse_unfit(Session& session);

/// What to do about a transaction pooler.
inline constexpr const char* pooler_remedy =
    "connect to the server itself, or to the pooler's session mode (Supabase: port 5432 instead of "
    "6543)";

}  // namespace mighost
