#include "support/interruption.hpp"

#include <chrono>
#include <csignal>
#include <thread>

#include "support/sessions.hpp"

namespace mighost::test {
namespace {

using Kind = Interruption::Kind;

void sleep_s(double seconds) {
  std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
}

}  // namespace

const char* name_of(Kind kind) {
  switch (kind) {
    case Kind::kill_at_failpoint:
      return "killed at a failpoint";
    case Kind::kill:
      return "killed";
    case Kind::terminate:
      return "a session terminated";
    case Kind::restart:
      return "a server restarted";
    case Kind::cut:
      return "connections cut";
    case Kind::cut_after:
      return "connections cut after bytes";
    case Kind::stall:
      return "connections stalled";
    case Kind::stall_and_cut:
      return "connections stalled and cut";
  }
  return "";
}

void Network::settle() {
  to_source.flow();
  to_target.flow();
  wait_for_clients_to_end(target_url());
}

std::string Interruption::to_text() const {
  std::string text = name_of(kind);
  if (kind == Kind::kill_at_failpoint) return text + " " + order;
  if (kind != Kind::kill) text += of_target ? ", target" : ", source";
  if (kind == Kind::cut_after) return text + ", " + std::to_string(bytes);
  text += ", after " + std::to_string(after_s) + " s";
  if (kind == Kind::stall || kind == Kind::stall_and_cut) text += " for " + std::to_string(stall_s);
  return text;
}

Interruption draw_interruption(std::mt19937& random, double seconds, std::uint64_t source_bytes,
                               std::uint64_t target_bytes,
                               const std::vector<std::pair<std::string, int>>& failpoints) {
  const auto below = [&](std::uint64_t end) {
    return std::uniform_int_distribution<std::uint64_t>(0, end - 1)(random);
  };
  const auto part = [&] { return std::uniform_real_distribution<double>(0, 1)(random); };
  // Kills most: they are the cheapest, and leave the most to others.
  constexpr Kind kinds[] = {Kind::kill_at_failpoint,
                            Kind::kill_at_failpoint,
                            Kind::kill_at_failpoint,
                            Kind::kill,
                            Kind::kill,
                            Kind::terminate,
                            Kind::terminate,
                            Kind::restart,
                            Kind::cut,
                            Kind::cut_after,
                            Kind::stall,
                            Kind::stall_and_cut};
  Interruption one;
  one.kind = kinds[below(std::size(kinds))];
  one.of_target = below(3) != 0;
  one.after_s = part() * seconds;
  one.stall_s = 0.05 + part() * 0.25;
  one.bytes = below(one.of_target ? target_bytes : source_bytes);
  one.session = static_cast<unsigned>(below(1000));
  const auto& [place, times] = failpoints[below(failpoints.size())];
  one.order = place + "=kill@" + std::to_string(below(static_cast<std::uint64_t>(times)) + 1);
  return one;
}

Interrupted run_interrupted(Command command, const Interruption& one, Network& network) {
  Cluster& server = one.of_target ? network.target : network.source;
  Proxy& proxy = one.of_target ? network.to_target : network.to_source;
  const std::size_t resets = proxy.resets();
  if (one.kind == Kind::kill_at_failpoint) command.environment["MIGHOST_FAILPOINTS"] = one.order;
  if (one.kind == Kind::cut_after) proxy.cut_after(one.bytes);
  Process process(std::move(command));
  bool struck = false;
  if (one.kind != Kind::kill_at_failpoint && one.kind != Kind::cut_after) {
    sleep_s(one.after_s);
    struck = process.running();
  }
  switch (one.kind) {
    case Kind::kill_at_failpoint:
    case Kind::cut_after:
      break;
    case Kind::kill:
      process.kill(SIGKILL);
      break;
    case Kind::terminate:
      struck = terminate_session(one.of_target ? network.target_url() : network.source_url(),
                                 one.session);
      break;
    case Kind::restart:
      server.stop(true);
      server.start();
      break;
    case Kind::cut:
      proxy.cut();
      break;
    case Kind::stall:
    case Kind::stall_and_cut:
      proxy.stall();
      sleep_s(one.stall_s);
      if (one.kind == Kind::stall_and_cut) proxy.cut();
      proxy.flow();
  }
  Outcome outcome = process.wait();
  if (one.kind == Kind::kill_at_failpoint || one.kind == Kind::kill) struck = outcome.signal != 0;
  if (one.kind == Kind::cut || one.kind == Kind::cut_after || one.kind == Kind::stall_and_cut) {
    struck = proxy.resets() > resets;
  }
  return {std::move(outcome), struck};
}

}  // namespace mighost::test
