#include "run/heartbeat.hpp"

#include <libpq-fe.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <condition_variable>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <thread>

#include "ledger/workers.hpp"
#include "pg/session.hpp"
#include "report/log.hpp"
#include "validate/limited_thread.hpp"

namespace mighost {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds beat_interval = 1s, longest_pause = 2s;
// How long the end of a run waits for a server that does not answer, at most.
constexpr std::chrono::milliseconds answer_awaited = 500ms, given_up_after = 1s;

std::string host_name() {
  std::array<char, 256> name{};
  if (gethostname(name.data(), name.size() - 1) != 0) return "unknown";
  return name.data();
}

/// It must never wait behind others for its one row.
LoadConfig impatient(LoadConfig load) {
  load.lock_timeout = load.statement_timeout = 5s;
  return load;
}

std::string activity_json(const std::vector<ActiveEntity>& entities) {
  nlohmann::json list = nlohmann::json::array();
  for (const ActiveEntity& one : entities) {
    list.push_back({{"entity", one.name},
                    {"rows", one.rows},
                    {"expected", one.expected_rows},
                    {"doing", one.doing},
                    {"seconds", one.seconds}});
  }
  return list.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace

/// Shared with the thread, which may outlive the heartbeat when the server never answers.
struct Heartbeat::State {
  const Endpoint target;
  const LoadConfig load;
  Worker worker;                   // the thread's own
  std::optional<Session> session;  // the thread's own

  std::mutex mutex;
  std::condition_variable changed;
  const Progress* progress;  // guarded by mutex, like all below; null: the run is over
  bool ended = false;
  int socket = -1;  // of the session
  std::thread thread;

  State(const Endpoint& target_, const LoadConfig& load_, Worker worker_, const Progress& progress_)
      : target(target_), load(impatient(load_)), worker(std::move(worker_)), progress(&progress_) {}

  void loop() {
    std::chrono::milliseconds pause = beat_interval;
    std::unique_lock lock(mutex);
    while (progress != nullptr) {
      worker.activity = activity_json(progress->active());
      lock.unlock();
      const bool heard = say([this] { worker_seen(*session, worker); });
      pause = heard ? beat_interval : std::min(2 * pause, longest_pause);
      lock.lock();
      changed.wait_for(lock, pause, [this] { return progress == nullptr; });
    }
    lock.unlock();
    if (session) say([this] { remove_worker(*session, worker.id); });
    disconnect();
    lock.lock();
    ended = true;
    changed.notify_all();
  }

  template <typename Statement>
  bool say(Statement statement) noexcept {
    try {
      if (!session) connect();
      statement();
      return true;
    } catch (const std::exception& failure) {
      // A message of the run's end would come when others tidy up the log already.
      const std::lock_guard lock(mutex);
      if (progress != nullptr) log(LogLevel::debug, "no heartbeat", {{"reason", failure.what()}});
    } catch (...) {
    }
    disconnect();
    return false;
  }

  void connect() {
    session.emplace(target, Session::Role::control, load,
                    "mighost heartbeat " + worker.run_id.to_text());
    const std::lock_guard lock(mutex);
    socket = PQsocket(session->raw());
  }

  void disconnect() noexcept {
    {
      const std::lock_guard lock(mutex);
      socket = -1;
    }
    session.reset();
  }
};

Heartbeat::Heartbeat(const Endpoint& target, const LoadConfig& load, const mig::uuid& run_id,
                     const mig::uuid& worker, int lanes, const Progress& progress)
    : state_(std::make_shared<State>(
          target, load, Worker{worker, run_id, host_name(), getpid(), lanes, "[]"}, progress)) {
  state_->thread = std::thread([state = state_] { state->loop(); });
}

Heartbeat::~Heartbeat() {
  std::unique_lock lock(state_->mutex);
  state_->progress = nullptr;
  state_->changed.notify_all();
  if (!state_->changed.wait_for(lock, answer_awaited, [this] { return state_->ended; })) {
    // Wakes a thread that waits for an answer; nothing else can.
    if (state_->socket >= 0) shutdown(state_->socket, SHUT_RDWR);
  }
  lock.unlock();
  // A connection that is only being made has no socket yet to shut.
  LimitedThread(given_up_after)
      .run([state = state_] { state->thread.join(); }, [] { return true; });
}

}  // namespace mighost
