#include "support/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fstream>
#include <stdexcept>
#include <utility>

namespace mighost::test {
namespace {

constexpr int sample_ms = 10;
// A grandchild that stays behind may hold the pipes open for ever.
constexpr auto drain_max = std::chrono::milliseconds(300);

[[noreturn]] void fail(const std::string& what, int error) {
  throw std::runtime_error(what + ": " + std::strerror(error));
}

struct Pipe {
  int read_end = -1;
  int write_end = -1;

  Pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) fail("pipe", errno);
    read_end = ends[0];
    write_end = ends[1];
  }
  ~Pipe() {
    if (read_end >= 0) ::close(read_end);
    if (write_end >= 0) ::close(write_end);
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
};

int take(int& descriptor) {
  ::fcntl(descriptor, F_SETFL, O_NONBLOCK);
  return std::exchange(descriptor, -1);
}

void close_descriptor(int& descriptor) {
  if (descriptor >= 0) ::close(std::exchange(descriptor, -1));
}

std::vector<std::string> environment_of(const Command& command) {
  std::map<std::string, std::string> merged;
  for (char** entry = ::environ; *entry != nullptr; ++entry) {
    const std::string text = *entry;
    const auto equals = text.find('=');
    if (equals != std::string::npos) merged[text.substr(0, equals)] = text.substr(equals + 1);
  }
  for (const auto& [name, value] : command.environment) {
    if (value) {
      merged[name] = *value;
    } else {
      merged.erase(name);
    }
  }
  std::vector<std::string> result;
  result.reserve(merged.size());
  for (const auto& [name, value] : merged) result.push_back(name + "=" + value);
  return result;
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> result;
  result.reserve(texts.size() + 1);
  for (auto& text : texts) result.push_back(text.data());
  result.push_back(nullptr);
  return result;
}

// The high-water mark of a process's own memory, 0 when it has ended.
std::size_t resident_bytes_max_of(const std::string& process) {
  std::ifstream status("/proc/" + process + "/status");
  std::string line;
  while (std::getline(status, line)) {
    if (line.starts_with("VmHWM:")) return std::stoull(line.substr(6)) * 1024;
  }
  return 0;
}

// Appends what there is to read. False at the end of the stream.
bool read_into(int descriptor, std::string& text) {
  std::array<char, 65536> buffer{};
  for (;;) {
    const ssize_t count = ::read(descriptor, buffer.data(), buffer.size());
    if (count > 0) {
      text.append(buffer.data(), static_cast<std::size_t>(count));
    } else if (count == 0) {
      return false;
    } else if (errno != EINTR) {
      return errno == EAGAIN;
    }
  }
}

}  // namespace

Process::Process(Command command) : command_(std::move(command)) {
  if (command_.arguments.empty()) throw std::runtime_error("a command without a program");
  spawn();
  watcher_ = std::thread([this] { watch(); });
}

Process::~Process() {
  kill(SIGKILL);
  watcher_.join();
  close_descriptor(input_);
  close_descriptor(output_);
  close_descriptor(error_);
}

void Process::spawn() {
  // A child that ends before it has read its input must not end the test.
  std::signal(SIGPIPE, SIG_IGN);
  Pipe input;
  Pipe output;
  Pipe error;
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, input.read_end, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, output.write_end, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, error.write_end, STDERR_FILENO);
  // A server started by the child would keep whatever is open here open, ctest's pipe among it.
  posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
  if (!command_.directory.empty()) {
    posix_spawn_file_actions_addchdir_np(&actions, command_.directory.c_str());
  }
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF);
  posix_spawnattr_setpgroup(&attributes, 0);
  sigset_t defaults;
  sigemptyset(&defaults);
  // Whoever starts the tests in the background, or with nohup, ignores some of them.
  for (const int signal : {SIGPIPE, SIGINT, SIGTERM, SIGHUP, SIGQUIT}) {
    sigaddset(&defaults, signal);
  }
  posix_spawnattr_setsigdefault(&attributes, &defaults);

  auto environment = environment_of(command_);
  const auto argument_pointers = pointers_to(command_.arguments);
  const auto environment_pointers = pointers_to(environment);
  own_resident_bytes_ = resident_bytes_max_of("self");
  started_ = std::chrono::steady_clock::now();
  const int status = posix_spawnp(&id_, command_.arguments[0].c_str(), &actions, &attributes,
                                  argument_pointers.data(), environment_pointers.data());
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  if (status != 0) fail("cannot start " + command_.arguments[0], status);
  input_ = take(input.write_end);
  output_ = take(output.read_end);
  error_ = take(error.read_end);
}

bool Process::running() const {
  const std::lock_guard lock(mutex_);
  return !ended_;
}

void Process::kill(int signal) {
  const std::lock_guard lock(mutex_);
  if (!ended_) ::kill(-id_, signal);
}

std::string Process::output() const {
  const std::lock_guard lock(mutex_);
  return outcome_.output;
}

std::string Process::error() const {
  const std::lock_guard lock(mutex_);
  return outcome_.error;
}

bool Process::wait_for_text(const std::string& text, std::chrono::milliseconds timeout) {
  const auto printed = [&] {
    return outcome_.output.find(text) != std::string::npos ||
           outcome_.error.find(text) != std::string::npos;
  };
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, timeout, [&] { return closed_ || printed(); });
  return printed();
}

Outcome Process::wait() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return closed_; });
  return outcome_;
}

// Runs in its own thread until the child has ended and its output has been read.
void Process::watch() {
  const auto deadline = started_ + command_.timeout;
  bool reaped = false;
  auto drain_deadline = std::chrono::steady_clock::time_point::max();
  for (;;) {
    const bool open = serve_pipes(sample_ms);
    const auto now = std::chrono::steady_clock::now();
    if (!reaped) {
      sample_memory();
      reaped = reap();
      if (reaped) drain_deadline = now + drain_max;
    }
    if (reaped && (!open || now > drain_deadline)) break;
    if (!reaped && now > deadline) {
      {
        const std::lock_guard lock(mutex_);
        outcome_.timed_out = true;
      }
      kill(SIGKILL);
    }
  }
  const std::lock_guard lock(mutex_);
  closed_ = true;
  changed_.notify_all();
}

// Moves bytes both ways for up to `wait_ms`. False once both outputs have ended.
bool Process::serve_pipes(int wait_ms) {
  if (input_ >= 0 && input_written_ == command_.input.size()) close_descriptor(input_);
  std::array<pollfd, 3> polled{{
      {input_, POLLOUT, 0},
      {output_, POLLIN, 0},
      {error_, POLLIN, 0},
  }};
  ::poll(polled.data(), polled.size(), wait_ms);
  if (polled[0].revents != 0) {
    const ssize_t count = ::write(input_, command_.input.data() + input_written_,
                                  command_.input.size() - input_written_);
    if (count >= 0) {
      input_written_ += static_cast<std::size_t>(count);
    } else if (errno != EAGAIN && errno != EINTR) {
      close_descriptor(input_);
    }
  }
  const std::lock_guard lock(mutex_);
  if (polled[1].revents != 0 && !read_into(output_, outcome_.output)) close_descriptor(output_);
  if (polled[2].revents != 0 && !read_into(error_, outcome_.error)) close_descriptor(error_);
  changed_.notify_all();
  return output_ >= 0 || error_ >= 0;
}

void Process::sample_memory() {
  const auto bytes = resident_bytes_max_of(std::to_string(id_));
  const std::lock_guard lock(mutex_);
  outcome_.resident_bytes_max = std::max(outcome_.resident_bytes_max, bytes);
}

bool Process::reap() {
  const std::lock_guard lock(mutex_);
  int status = 0;
  rusage usage{};
  if (::wait4(id_, &status, WNOHANG, &usage) != id_) return false;
  ended_ = true;
  if (WIFEXITED(status)) outcome_.exit_code = WEXITSTATUS(status);
  if (WIFSIGNALED(status)) outcome_.signal = WTERMSIG(status);
  const auto kernel_bytes = static_cast<std::size_t>(usage.ru_maxrss) * 1024;
  if (kernel_bytes > own_resident_bytes_) outcome_.resident_bytes_max = kernel_bytes;
  const std::chrono::duration<double> lasted = std::chrono::steady_clock::now() - started_;
  outcome_.seconds = lasted.count();
  return true;
}

Outcome run_process(Command command) { return Process(std::move(command)).wait(); }

}  // namespace mighost::test
