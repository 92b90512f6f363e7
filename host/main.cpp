// The program's entry: signals, and the one place where every error becomes a message and an exit
// code.
#include <cxxabi.h>
#include <fcntl.h>
#include <malloc.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <memory>
#include <new>
#include <nlohmann/json.hpp>
#include <string>
#include <typeinfo>
#include <vector>

#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "pg/session.hpp"
#include "plugin/foreign_code.hpp"
#include "report/error.hpp"
#include "report/failpoint.hpp"
#include "report/log.hpp"
#include "report/next_step.hpp"
#include "run/run.hpp"
#include "validate/limited_thread.hpp"

namespace {

using mighost::Error;
using mighost::Exit;

// What the second signal writes: made beforehand, because a signal's handler may allocate nothing,
// and never destroyed.
std::string& last_word = *new std::string;

// Whoever presses Ctrl-C twice means it.
extern "C" void stop_politely(int signal) {
  if (!mighost::interrupted.exchange(true)) return;
  // Nothing can be done about a standard error that takes no more.
  [[maybe_unused]] const auto written = write(STDERR_FILENO, last_word.data(), last_word.size());
  std::signal(signal, SIG_DFL);
  std::raise(signal);  // comes when the handler has returned
}

std::string last_word_of(const mighost::Arguments& arguments) {
  using mighost::Command;
  if (arguments.command == Command::status) return "";  // it had nothing to do but look
  const Error error(Exit::interrupted,
                    "stopped at once by a second signal; what was not committed is not in the "
                    "target",
                    "",
                    mighost::next_command("status", arguments.config.string()) +
                        " says how it stands and what to do");
  if (!arguments.log_json) return "\nmighost: error: " + std::string(error.what()) + "\n";
  const nlohmann::ordered_json line = {
      {"level", "error"}, {"message", error.message()}, {"next", error.next()}};
  return line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

// Only what writes has something to take back, and status gives the terminal back; every other
// command may just end.
void set_up_signals(const mighost::Arguments& arguments) {
  using mighost::Command;
  const Command command = arguments.command;
  if (command != Command::run && command != Command::resume && command != Command::replay &&
      command != Command::rollback && command != Command::status) {
    return;
  }
  last_word = last_word_of(arguments);
  struct sigaction action = {};
  action.sa_handler = stop_politely;
  sigemptyset(&action.sa_mask);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    // What was ignored by whoever started us (nohup, a shell's background job) stays ignored.
    struct sigaction before = {};
    sigaction(signal, nullptr, &before);
    if (before.sa_handler != SIG_IGN) sigaction(signal, &action, nullptr);
  }
}

// A file or connection that got number 1 or 2 would receive what is meant for people.
void open_standard_descriptors() {
  int opened = 0;
  do {
    opened = open("/dev/null", O_RDWR);
  } while (opened >= 0 && opened <= STDERR_FILENO);
  if (opened > STDERR_FILENO) close(opened);
}

// The log of the command line; good enough for an error about the command line itself.
void set_up_log_early(const std::vector<std::string>& words) {
  mighost::LogOptions options;
  for (const std::string& word : words) options.json = options.json || word == "--log-json";
  mighost::setup_log(options);
}

std::string type_of(const std::exception& failure) {
  int status = 0;
  const std::unique_ptr<char, void (*)(void*)> name(
      abi::__cxa_demangle(typeid(failure).name(), nullptr, nullptr, &status), std::free);
  return name ? name.get() : typeid(failure).name();
}

// The text of a foreign exception may quote rows or passwords, so only its type is told.
Error internal(const std::string& kind) {
  return {Exit::internal, "internal error: " + kind + " was not handled",
          "mighost " MIGHOST_VERSION,
          "this is a bug in mighost: please report it with the command and the log up to here "
          "(mighost writes no row values to either)"};
}

// A run reports its own failures; what arrives here stopped a look at the catalogs.
Error from_server(const mighost::SqlError& failure) {
  return {Exit::preflight, failure.error().told(), "",
          failure.error().connection_lost
              ? "nothing was touched; check the server and the network, then start again"
              : "nothing was touched; mighost check looks for missing privileges and settings"};
}

int fail(const Error& error) {
  mighost::log_failure(error);
  return static_cast<int>(error.exit());
}

int run(const std::vector<std::string>& words) {
  try {
    set_up_log_early(words);
    if (mighost::arm_failpoints_from_environment != nullptr) {
      mighost::arm_failpoints_from_environment();
    }
    const mighost::Arguments arguments = mighost::parse_arguments(words);
    set_up_signals(arguments);
    return static_cast<int>(mighost::execute(arguments));
  } catch (const Error& error) {
    return fail(error);
  } catch (const mighost::SqlError& failure) {
    return fail(from_server(failure));
  } catch (const std::bad_alloc&) {
    return fail(
        {Exit::internal, "out of memory", "", "lower [load] memory, or give the machine more"});
  } catch (const std::exception& failure) {
    return fail(internal(type_of(failure)));
  } catch (...) {
    return fail(internal("an exception of unknown type"));
  }
}

// Batches are freed by another thread than made them. Large blocks of their own go back to the
// system at once; on the heap they leave holes, and memory creeps up with the table. What is free
// at the end of a heap stays for the next batch, up to a bound.
void keep_memory_level() {
  constexpr int large_block = 512 * 1024, heap_end_kept = 2 * 1024 * 1024;
  mallopt(M_MMAP_THRESHOLD, large_block);
  mallopt(M_TRIM_THRESHOLD, heap_end_kept);
}

}  // namespace

// A thread in a validator that never came back may use what others tidy up at the end.
[[noreturn]] void end_at_once(int status) {
  std::fflush(nullptr);
  _exit(status);
}

int main(int argc, char** argv) {
  keep_memory_level();
  mighost::watch_foreign_code();
  open_standard_descriptors();
  std::signal(SIGPIPE, SIG_IGN);  // a closed stdout is an error code, not the end of a run
  const int status = run(std::vector<std::string>(argv + (argc > 0 ? 1 : 0), argv + argc));
  mighost::end_is_ours();
  if (mighost::LimitedThread::any_left_behind()) end_at_once(status);
  return status;
}
