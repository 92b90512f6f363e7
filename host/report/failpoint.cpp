// Not part of the library: the programs for tests are linked with it (see the header).
//
//   MIGHOST_FAILPOINTS="chunk.claimed=kill@3;chunk.loaded=stall:500"
//
// An action behind a name is done each time the place is reached, or only the third time with @3:
//   kill      the program kills itself, as SIGKILL from outside would
//   error     an error is thrown, as for a statement that the server refuses
//   stall:MS  the thread sleeps
//   lost      the connection that the place is about is cut
#include "report/failpoint.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <charconv>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <list>
#include <string>
#include <thread>
#include <vector>

#include "report/error.hpp"

namespace mighost {
namespace {

constexpr const char* variable = "MIGHOST_FAILPOINTS";

struct Order {
  std::string name, action;
  std::uint64_t milliseconds = 0;
  std::uint64_t at = 0;  // 0: each time
};

struct Armed {
  Order order;
  std::atomic<std::uint64_t> reached{0};
};

// No lock: one would put the program's threads into an order that the program itself does not
// give them, and hide their races from ThreadSanitizer.
std::list<Armed> armed;

[[noreturn]] void refuse(const std::string& what) {
  std::string names;
  for (const std::string_view name : failpoint_names) {
    names += (names.empty() ? "" : ", ") + std::string(name);
  }
  throw Error(Exit::usage, what, variable,
              "write NAME=ACTION or NAME=ACTION@TIME, more of them after a semicolon; the actions "
              "are kill, error, stall:MILLISECONDS, lost; the names are " +
                  names);
}

std::uint64_t number_of(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) {
    refuse("'" + std::string(text) + "' is no number");
  }
  return number;
}

/// What stands behind the separator; the rest stays in `text`.
std::string_view cut_off(std::string_view& text, char separator) {
  const std::size_t place = text.find(separator);
  if (place == std::string_view::npos) return {};
  const std::string_view tail = text.substr(place + 1);
  text = text.substr(0, place);
  return tail;
}

Order order_of(std::string_view text) {
  Order order;
  std::string_view name = text;
  std::string_view action = cut_off(name, '=');
  if (action.find('@') != std::string_view::npos) {
    order.at = number_of(cut_off(action, '@'));
    if (order.at == 0) refuse("the first time is @1");
  }
  const bool waits = action.starts_with("stall:");
  if (waits) order.milliseconds = number_of(cut_off(action, ':'));
  order.name = name;
  order.action = action;
  if (std::find(failpoint_names.begin(), failpoint_names.end(), name) == failpoint_names.end()) {
    refuse("there is no failpoint '" + order.name + "'");
  }
  if (!waits && action != "kill" && action != "error" && action != "lost") {
    refuse("there is no action '" + order.action + "' for " + order.name);
  }
  return order;
}

void obey(const Order& order, int socket) {
  if (order.action == "kill") {
    ::kill(::getpid(), SIGKILL);
    for (;;) ::pause();
  } else if (order.action == "stall") {
    std::this_thread::sleep_for(std::chrono::milliseconds(order.milliseconds));
  } else if (order.action == "lost" && socket >= 0) {
    ::shutdown(socket, SHUT_RDWR);
  } else if (order.action == "lost") {
    throw Error(Exit::usage, "no connection is known at the failpoint " + order.name, variable,
                "take another action, or another place");
  } else {
    throw Error(Exit::failed, "the failpoint " + order.name + " says so", order.name,
                "this is a test; run again without " + std::string(variable));
  }
}

}  // namespace

void arm_failpoints(std::string_view text) {
  std::vector<Order> taken;
  while (!text.empty()) {
    std::string_view one = text;
    text = cut_off(one, ';');
    if (!one.empty()) taken.push_back(order_of(one));
  }
  armed.clear();
  for (Order& order : taken) armed.emplace_back().order = std::move(order);
}

void arm_failpoints_from_environment() {
  const char* value = std::getenv(variable);
  arm_failpoints(value != nullptr ? value : "");
}

void failpoint_reached(std::string_view name, int socket) {
  std::vector<const Order*> due;
  for (Armed& one : armed) {
    if (one.order.name != name) continue;
    const std::uint64_t times = one.reached.fetch_add(1, std::memory_order_relaxed) + 1;
    if (one.order.at == 0 || one.order.at == times) due.push_back(&one.order);
  }
  for (const Order* order : due) obey(*order, socket);
}

}  // namespace mighost
