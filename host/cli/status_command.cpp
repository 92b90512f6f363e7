#include "cli/status_command.hpp"

#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <optional>
#include <sstream>
#include <thread>

#include "cli/log_setup.hpp"
#include "cli/output.hpp"
#include "cli/status_view.hpp"
#include "report/error.hpp"
#include "report/log.hpp"
#include "report/screen.hpp"
#include "report/text.hpp"
#include "run/run.hpp"
#include "run/watcher.hpp"

namespace mighost {
namespace {

using namespace std::chrono_literals;

/// Looking must neither wait behind a run's locks nor keep a server busy for long.
LoadConfig quick(LoadConfig load) {
  load.lock_timeout = 10s;
  load.statement_timeout = 60s;
  return load;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

/// False: interrupted.
bool pause(std::chrono::seconds seconds) {
  const auto end = std::chrono::steady_clock::now() + seconds;
  while (std::chrono::steady_clock::now() < end && !interrupted) std::this_thread::sleep_for(50ms);
  return !interrupted;
}

/// A session whose statements Ctrl-C cancels.
class Connection {
 public:
  explicit Connection(const RunConfig& config)
      : session_(config.target, Session::Role::control, quick(config.load), "mighost status"),
        watcher_(cancelled_, {&session_}) {}
  Session& session() { return session_; }

 private:
  Session session_;
  std::atomic<bool> cancelled_{false};
  Watcher watcher_;  // the last member: it uses the others
};

/// Shows one look after the other: in place on a terminal, else block after block.
class StatusWatch {
 public:
  StatusWatch(const Arguments& arguments, const RunConfig& config)
      : arguments_(arguments),
        config_(config),
        screen_(STDOUT_FILENO),
        in_place_(is_terminal(STDOUT_FILENO) && arguments.json != "-") {
    if (!arguments.operands.empty()) question_.run = arguments.operands.front();
    connection_.emplace(config_);
  }
  ~StatusWatch() { screen_.show({}); }
  StatusWatch(const StatusWatch&) = delete;
  StatusWatch& operator=(const StatusWatch&) = delete;

  /// Until the run is over or the user has seen enough. A server that goes away is waited for.
  Exit follow(JsonOutput& json) {
    do {
      if (!connection_ && !connect_again()) continue;
      try {
        question_.count_written = false;
        if (look()) continue;
        question_.count_written = true;  // the last word is the whole of it
        show_last(json);
        return Exit::done;
      } catch (const SqlError& error) {
        if (interrupted || !error.error().may_pass()) throw;
        connection_.reset();
        tell_absence(error.told());
      }
    } while (pause(*arguments_.watch));
    return Exit::interrupted;
  }

  void show_last(JsonOutput& json) {
    status_ = read_status(connection_->session(), question_);
    screen_.show({});
    if (json.on_stdout()) {
      json.write(status_json(status_, config_.target.shown, arguments_.watch ? -1 : 2));
      return;
    }
    json.write(status_json(status_, config_.target.shown, 2));
    print_result(separator() +
                 status_text(status_, config_.target.shown, color_allowed(STDOUT_FILENO)));
  }

 private:
  using Clock = std::chrono::steady_clock;

  /// False: there is nothing to wait for.
  bool look() {
    status_ = read_status(connection_->session(), question_);
    seen_ = true;
    // Whose server has just come back may not have found it yet.
    const bool believed = !returned_at_ || Clock::now() - *returned_at_ > return_of_processes;
    bool gone = !status_.detail && status_.lock_holders.empty();  // who holds it is only starting
    if (status_.detail) {
      // Another run may begin meanwhile: it is this one that is watched.
      question_.run = status_.detail->run.id;
      const Life life = life_of(*status_.detail, status_);
      if (life == Life::over) return false;
      gone = life == Life::dead;
    }
    if (gone && believed) return false;
    if (gone) {
      tell("the target is back; the processes of the run are waited for");
      return true;
    }
    told_.clear();
    if (arguments_.json == "-") {
      print_result(status_json(status_, config_.target.shown, -1));
    } else if (in_place_) {
      screen_.show(lines_of(status_text(status_, config_.target.shown, false)));
    } else {
      print_result(separator() + status_text(status_, config_.target.shown, false));
    }
    return true;
  }

  bool connect_again() {
    try {
      connection_.emplace(config_);
    } catch (const Error& error) {
      tell_absence(error.message());
      return false;
    } catch (const SqlError& error) {
      tell_absence(error.told());
      return false;
    }
    returned_at_ = Clock::now();
    return true;
  }

  void tell_absence(const std::string& reason) { tell(reason + "; looking again"); }

  /// Why there is nothing new to show.
  void tell(const std::string& reason) {
    if (in_place_) {
      std::vector<std::string> lines;
      if (seen_) lines = lines_of(status_text(status_, config_.target.shown, false));
      lines.insert(lines.begin(), {one_line(reason) + (seen_ ? "; what was seen last:" : ""), ""});
      screen_.show(lines);
    } else if (told_ != reason) {
      log_warn(reason);
    }
    told_ = reason;
  }

  std::string separator() {
    const bool first = blocks_++ == 0;
    return first || in_place_ ? "" : "\n";
  }

  // Longer than the pause of a process between two attempts to reach its server.
  static constexpr auto return_of_processes = 30s;

  const Arguments& arguments_;
  const RunConfig& config_;
  std::optional<Connection> connection_;
  std::optional<Clock::time_point> returned_at_;  // of a target that was away
  bool seen_ = false;                             // status_ is more than nothing
  std::string told_;                              // why there was nothing new to show
  Screen screen_;
  const bool in_place_;
  StatusQuestion question_;
  TargetStatus status_;
  std::size_t blocks_ = 0;
};

}  // namespace

Exit status_command(const Arguments& arguments) {
  set_up_log(arguments, nullptr);
  JsonOutput json(arguments.json);
  const RunConfig config = read_run_config(arguments.config, Sides::target);
  set_up_log(arguments, &config);
  // A host that does not answer at all: long enough for any other, unless the address says more
  // (PostgreSQL documentation, 34.15).
  setenv("PGCONNECT_TIMEOUT", "15", 0);  // NOLINT(concurrency-mt-unsafe): no thread is there yet
  StatusWatch watch(arguments, config);
  try {
    if (arguments.watch) return watch.follow(json);
    watch.show_last(json);
    return Exit::done;
  } catch (const std::exception&) {
    if (interrupted) return Exit::interrupted;  // the statement was cancelled
    throw;
  }
}

}  // namespace mighost
