#include "support/proxy.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <vector>

namespace mighost::test {
namespace {

/// What waits to be sent on; more is not read before that.
constexpr std::size_t waiting_max = 256 * 1024;

[[noreturn]] void fail(const std::string& what) {
  throw std::runtime_error(what + ": " + std::strerror(errno));
}

/// One direction of a connection.
struct Flow {
  int in = -1, out = -1;
  std::string waiting;
  bool ended = false;   // nothing more will be read
  bool closed = false;  // and the other side knows
};

short events_of(const Flow& flow) {
  return static_cast<short>(flow.ended || flow.waiting.size() >= waiting_max ? 0 : POLLIN);
}

/// False: the connection is broken. `most` is what may be read yet.
bool read_some(Flow& flow, std::uint64_t most, std::atomic<std::uint64_t>& bytes) {
  if (flow.ended || flow.waiting.size() >= waiting_max || most == 0) return true;
  std::array<char, 65536> buffer{};
  const std::size_t wanted = most < buffer.size() ? static_cast<std::size_t>(most) : buffer.size();
  const ssize_t count = ::recv(flow.in, buffer.data(), wanted, MSG_DONTWAIT);
  if (count < 0) return errno == EAGAIN || errno == EINTR;
  if (count == 0) flow.ended = true;
  flow.waiting.append(buffer.data(), static_cast<std::size_t>(count));
  bytes += static_cast<std::uint64_t>(count);
  return true;
}

bool send_some(Flow& flow) {
  while (!flow.waiting.empty()) {
    const ssize_t count =
        ::send(flow.out, flow.waiting.data(), flow.waiting.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (count < 0) return errno == EAGAIN || errno == EINTR;
    flow.waiting.erase(0, static_cast<std::size_t>(count));
  }
  if (flow.ended && !flow.closed) {
    ::shutdown(flow.out, SHUT_WR);
    flow.closed = true;
  }
  return true;
}

int connect_to(const std::filesystem::path& file) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string name = file.string();
  if (name.size() >= sizeof address.sun_path) throw std::runtime_error("too long: " + name);
  std::memcpy(address.sun_path, name.data(), name.size());
  const int server = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (server < 0) fail("socket");
  if (::connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    ::close(server);
    return -1;
  }
  return server;
}

/// The other side gets "connection reset" rather than an orderly end.
void reset(int client) {
  const linger at_once{1, 0};
  ::setsockopt(client, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  ::close(client);
}

}  // namespace

struct Proxy::Connection {
  Flow up, down;  // towards the server, towards the client
};

Proxy::Proxy(std::filesystem::path server) : server_(std::move(server)) {
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  wake_ = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (listener_ < 0 || wake_ < 0 ||
      ::bind(listener_, reinterpret_cast<const sockaddr*>(&address), size) != 0 ||
      ::listen(listener_, SOMAXCONN) != 0 ||
      ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    fail("proxy");
  }
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { work(); });
}

Proxy::~Proxy() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  wake();
  thread_.join();
  cut_all();
  ::close(listener_);
  ::close(wake_);
}

std::string Proxy::url(std::string_view database) const {
  return "postgresql://mighost@127.0.0.1:" + std::to_string(port_) + "/" + std::string(database) +
         "?sslmode=disable&gssencmode=disable";
}

void Proxy::wake() {
  const std::uint64_t one = 1;
  if (::write(wake_, &one, sizeof one) != sizeof one) fail("proxy");
}

std::size_t Proxy::cut() {
  const std::lock_guard lock(mutex_);
  const std::size_t there = connections_.size();
  cut_all();
  wake();
  return there;
}

void Proxy::cut_after(std::uint64_t bytes) {
  const std::lock_guard lock(mutex_);
  cut_at_ = bytes_ + bytes;
  wake();
}

void Proxy::take_turns_with(std::filesystem::path other) {
  const std::lock_guard lock(mutex_);
  other_ = std::move(other);
}

void Proxy::stall() {
  const std::lock_guard lock(mutex_);
  stalled_ = true;
  wake();
}

void Proxy::flow() {
  const std::lock_guard lock(mutex_);
  stalled_ = false;
  cut_at_ = 0;
  wake();
}

std::size_t Proxy::connections() const {
  const std::lock_guard lock(mutex_);
  return connections_.size();
}

std::size_t Proxy::resets() const {
  const std::lock_guard lock(mutex_);
  return resets_;
}

void Proxy::cut_all() {
  resets_ += connections_.size();
  for (const Connection& connection : connections_) {
    reset(connection.up.in);
    ::close(connection.up.out);
  }
  connections_.clear();
}

void Proxy::accept_one() {
  const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
  if (client < 0) return;
  const int server = connect_to(server_);
  if (!other_.empty()) std::swap(server_, other_);
  if (server < 0) return reset(client);
  const int at_once = 1;
  ::setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof at_once);
  connections_.push_back({{client, server, {}, false, false}, {server, client, {}, false, false}});
}

Proxy::End Proxy::serve(Connection& connection) {
  for (Flow* flow : {&connection.up, &connection.down}) {
    const std::uint64_t gone = bytes_;
    const std::uint64_t most = cut_at_ == 0 ? UINT64_MAX : cut_at_ > gone ? cut_at_ - gone : 0;
    if (!read_some(*flow, most, bytes_) || !send_some(*flow)) return End::broken;
  }
  // A server that is gone takes nothing any more.
  return connection.down.closed ? End::orderly : End::not_yet;
}

void Proxy::work() {
  for (;;) {
    std::vector<pollfd> polled = {{wake_, POLLIN, 0}};
    {
      const std::lock_guard lock(mutex_);
      if (stop_) return;
      if (!stalled_) {
        polled.push_back({listener_, POLLIN, 0});
        for (const Connection& connection : connections_) {
          const Flow &up = connection.up, &down = connection.down;
          const auto writing = [](const Flow& flow) {
            return static_cast<short>(flow.waiting.empty() ? 0 : POLLOUT);
          };
          // An entry without events would still report a hang-up, again and again.
          const auto add = [&](int descriptor, int events) {
            polled.push_back({events != 0 ? descriptor : -1, static_cast<short>(events), 0});
          };
          add(up.in, events_of(up) | writing(down));
          add(down.in, events_of(down) | writing(up));
        }
      }
    }
    ::poll(polled.data(), polled.size(), -1);
    const std::lock_guard lock(mutex_);
    if (std::uint64_t times = 0; polled[0].revents != 0) {
      if (::read(wake_, &times, sizeof times) < 0 && errno != EAGAIN) fail("proxy");
    }
    if (stalled_) continue;
    accept_one();
    for (auto connection = connections_.begin(); connection != connections_.end();) {
      const End end = serve(*connection);
      if (end == End::not_yet) {
        ++connection;
        continue;
      }
      if (end == End::broken) {
        reset(connection->up.in);
      } else {
        ::close(connection->up.in);
      }
      ::close(connection->up.out);
      connection = connections_.erase(connection);
    }
    if (cut_at_ != 0 && bytes_ >= cut_at_) {
      cut_all();
      cut_at_ = 0;
    }
  }
}

}  // namespace mighost::test
