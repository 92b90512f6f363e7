#pragma once

// Child processes for tests: what they print, how they end, how much memory they took. A child is
// the leader of its own process group, so that a timeout ends its children too.

#include <sys/types.h>

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace mighost::test {

struct Command {
  std::vector<std::string> arguments;  // the program first; looked up in PATH
  // Added to the environment of the test; a variable without a value is removed from it.
  std::map<std::string, std::optional<std::string>> environment;
  std::string input;                // written to standard input, which is then closed
  std::filesystem::path directory;  // empty: where the test runs
  std::chrono::milliseconds timeout = std::chrono::minutes(2);
};

struct Outcome {
  std::string output;
  std::string error;
  int exit_code = -1;  // -1 when a signal ended it
  int signal = 0;
  bool timed_out = false;
  // Of the child alone. Sampled every 10 ms when it stayed below what the test itself uses,
  // because the kernel's own figure starts from there.
  std::size_t resident_bytes_max = 0;
  double seconds = 0;
};

class Process {
 public:
  // Starts the child. Throws std::runtime_error when it cannot be started.
  explicit Process(Command command);
  // Kills the child if it still runs.
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  pid_t id() const { return id_; }
  bool running() const;
  // To the whole process group. Without effect once the child has ended.
  void kill(int signal);
  // What it has printed until now.
  std::string output() const;
  std::string error() const;
  // Waits for `text` in standard output or standard error; false if it ended or time ran out.
  bool wait_for_text(const std::string& text, std::chrono::milliseconds timeout);
  // Waits until it has ended. May be called again.
  Outcome wait();

 private:
  void spawn();
  void watch();
  bool serve_pipes(int wait_ms);
  void sample_memory();
  bool reap();

  Command command_;
  pid_t id_ = -1;
  int input_ = -1;
  int output_ = -1;
  int error_ = -1;
  std::size_t input_written_ = 0;
  std::size_t own_resident_bytes_ = 0;
  std::chrono::steady_clock::time_point started_;

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool ended_ = false;   // reaped: the id may belong to someone else from now on
  bool closed_ = false;  // ended, and everything it printed has been read
  Outcome outcome_;
  std::thread watcher_;
};

// Runs a command to its end.
Outcome run_process(Command command);

}  // namespace mighost::test
