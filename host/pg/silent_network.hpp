#pragma once
// What a session does so that a network that goes silent, or a machine that vanishes, is noticed
// on both sides within minutes and not, as is the default, within hours.
struct pg_conn;

namespace mighost {

/// This side: the kernel asks a server that has said nothing for a minute whether it is there, and
/// the connection is lost after two. What the connection string, a service file or the environment
/// say (keepalives, keepalives_idle, ...) stands. Nothing to do for a local socket.
///
/// No TCP_USER_TIMEOUT: it would also end connections to a server that is well and takes nothing
/// for a while, because it waits for a lock in the middle of a COPY. What was sent and is not
/// acknowledged is given up by the kernel after a quarter of an hour.
void notice_silent_server(pg_conn* connection);

/// The other side, as a statement: the same for a client that has vanished, whose session would
/// keep its locks, so that nobody could run again.
extern const char* const notice_silent_client_sql;
/// And one that has closed its connection, or died, while a long statement is at work: from server
/// version 14 on, where the server's system can do it.
extern const char* const notice_gone_client_sql;

}  // namespace mighost
