#include "cli/status_command.hpp"

#include <unistd.h>

#include <chrono>
#include <sstream>
#include <thread>

#include "cli/log_setup.hpp"
#include "cli/output.hpp"
#include "cli/status_view.hpp"
#include "report/screen.hpp"
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

/// Shows one look after the other: in place on a terminal, else block after block.
class StatusWatch {
 public:
  StatusWatch(const Arguments& arguments, const std::string& target, Session& session)
      : arguments_(arguments),
        target_(target),
        session_(session),
        screen_(STDOUT_FILENO),
        in_place_(is_terminal(STDOUT_FILENO) && arguments.json != "-") {
    if (!arguments.operands.empty()) question_.run = arguments.operands.front();
  }
  ~StatusWatch() { screen_.show({}); }
  StatusWatch(const StatusWatch&) = delete;
  StatusWatch& operator=(const StatusWatch&) = delete;

  /// Until the run is over or the user has seen enough.
  Exit follow(JsonOutput& json) {
    question_.count_written = false;
    while (look()) {
      if (!pause(*arguments_.watch)) return Exit::interrupted;
    }
    // The last word is the whole of it.
    question_.count_written = true;
    show_last(json);
    return Exit::done;
  }

  void show_last(JsonOutput& json) {
    status_ = read_status(session_, question_);
    screen_.show({});
    if (json.on_stdout()) {
      json.write(status_json(status_, target_, arguments_.watch ? -1 : 2));
      return;
    }
    json.write(status_json(status_, target_, 2));
    print_result(separator() + status_text(status_, target_, color_allowed(STDOUT_FILENO)));
  }

 private:
  /// False: there is nothing to wait for.
  bool look() {
    status_ = read_status(session_, question_);
    // Who holds the target without a run is only starting.
    if (!status_.detail && status_.lock_holders.empty()) return false;
    if (status_.detail) {
      // Another run may begin meanwhile: it is this one that is watched.
      question_.run = status_.detail->run.id;
      const Life life = life_of(*status_.detail, status_);
      if (life == Life::over || life == Life::dead) return false;
    }
    if (arguments_.json == "-") {
      print_result(status_json(status_, target_, -1));
    } else if (in_place_) {
      screen_.show(lines_of(status_text(status_, target_, false)));
    } else {
      print_result(separator() + status_text(status_, target_, false));
    }
    return true;
  }

  std::string separator() {
    const bool first = blocks_++ == 0;
    return first || in_place_ ? "" : "\n";
  }

  const Arguments& arguments_;
  const std::string target_;
  Session& session_;
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
  Session session(config.target, Session::Role::control, quick(config.load), "mighost status");
  std::atomic<bool> cancelled{false};
  const Watcher watcher(cancelled, {&session});
  StatusWatch watch(arguments, config.target.shown, session);
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
