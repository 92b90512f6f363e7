#include "pg/silent_network.hpp"

#include <libpq-fe.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cstring>
#include <memory>

namespace mighost {
namespace {

struct Option {
  const char* keyword;
  int option;
  int value;
};

/// A minute of silence, then six questions: what a firewall forgets, or a failover takes, is over.
constexpr Option keepalive_options[] = {{"keepalives_idle", TCP_KEEPIDLE, 60},
                                        {"keepalives_interval", TCP_KEEPINTVL, 10},
                                        {"keepalives_count", TCP_KEEPCNT, 6}};

struct FreeConninfo {
  void operator()(PQconninfoOption* options) const { PQconninfoFree(options); }
};

bool is_tcp(int socket) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  if (getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) != 0) return false;
  return address.ss_family == AF_INET || address.ss_family == AF_INET6;
}

}  // namespace

const char* const notice_silent_client_sql =
    "SELECT set_config('tcp_keepalives_idle', '60', false), "
    "set_config('tcp_keepalives_interval', '10', false), "
    "set_config('tcp_keepalives_count', '6', false)";

const char* const notice_gone_client_sql =
    "SELECT set_config('client_connection_check_interval', '5s', false)";

void notice_silent_server(pg_conn* connection) {
  const int socket = PQsocket(connection);
  if (socket < 0 || !is_tcp(socket)) return;
  const std::unique_ptr<PQconninfoOption, FreeConninfo> options(PQconninfo(connection));
  if (!options) return;
  const auto said = [&](const char* keyword) -> const char* {
    for (const PQconninfoOption* one = options.get(); one->keyword != nullptr; ++one) {
      if (std::strcmp(one->keyword, keyword) != 0) continue;
      return one->val != nullptr && *one->val != '\0' ? one->val : nullptr;
    }
    return nullptr;
  };
  // libpq has set SO_KEEPALIVE unless it was told not to. A refusal leaves the system's default.
  if (const char* on = said("keepalives"); on != nullptr && std::strcmp(on, "0") == 0) return;
  for (const Option& option : keepalive_options) {
    if (said(option.keyword) != nullptr) continue;
    setsockopt(socket, IPPROTO_TCP, option.option, &option.value, sizeof option.value);
  }
}

}  // namespace mighost
