#pragma once

// One random interruption of a program that moves rows: what is done to it and when. Drawn from a
// generator, so that a seed replays it.

#include <random>
#include <string>
#include <vector>

#include "support/cluster.hpp"
#include "support/process.hpp"
#include "support/proxy.hpp"

namespace mighost::test {

// Two private servers, each behind a proxy.
struct Network {
  Cluster source, target;
  Proxy to_source{source.socket_file()}, to_target{target.socket_file()};

  std::string source_url() const { return source.url("legacy"); }
  std::string target_url() const { return target.url("target"); }
  // Everything flows, and nobody works in the target any more.
  void settle();
};

struct Interruption {
  enum class Kind {
    kill_at_failpoint,  // SIGKILL, where the code has a place for it
    kill,               // SIGKILL, after a time
    terminate,          // pg_terminate_backend of one of its sessions
    restart,            // immediate stop of a server, and start
    cut,                // all connections to a server are reset
    cut_after,          // the same after a number of bytes
    stall,              // a server is not to be reached for a while, and then answers
    stall_and_cut       // or never does
  };
  Kind kind = Kind::kill;
  bool of_target = false;
  double after_s = 0;  // since the start of the program
  double stall_s = 0;
  std::uint64_t bytes = 0;
  unsigned session = 0;
  std::string order;  // for MIGHOST_FAILPOINTS

  std::string to_text() const;
};

const char* name_of(Interruption::Kind kind);

// `seconds` and `bytes` are what an undisturbed program takes, and moves in both directions;
// `failpoints` those that it comes by, with the number of times.
Interruption draw_interruption(std::mt19937& random, double seconds, std::uint64_t source_bytes,
                               std::uint64_t target_bytes,
                               const std::vector<std::pair<std::string, int>>& failpoints);

struct Interrupted {
  Outcome outcome;
  bool struck = false;  // it was there to be interrupted, whether it got over it or not
};

// Runs the command and interrupts it. Servers are up again afterwards, but may still be busy with
// the remains: see Network::settle().
Interrupted run_interrupted(Command command, const Interruption& interruption, Network& network);

}  // namespace mighost::test
