#include "lanes/lane.hpp"

#include <algorithm>
#include <array>
#include <chrono>

#include "lanes/chunk_load.hpp"
#include "lanes/conclusion.hpp"
#include "lanes/entity_begin.hpp"
#include "lanes/entity_finish.hpp"
#include "ledger/workers.hpp"
#include "report/failpoint.hpp"
#include "report/log.hpp"
#include "report/text.hpp"
#include "run/commit.hpp"
#include "run/retry.hpp"
#include "run/run.hpp"

namespace mighost {
namespace {

using namespace std::chrono_literals;

constexpr auto idle_pause = 50ms;
// With the pauses between them: about a minute, in which a server restarts.
constexpr std::uint32_t retries_default = 12;

bool tables_meet(const PlannedEntity& one, const PlannedEntity& other) {
  const auto leads = [](const PlannedEntity& from, const PlannedEntity& to) {
    const auto& keys = to.target.referenced_by;
    return std::any_of(keys.begin(), keys.end(), [&](const CatalogConstraint& key) {
      return key.table_oid == from.target.oid;
    });
  };
  return one.target.oid == other.target.oid || leads(one, other) || leads(other, one);
}

}  // namespace

Lane::Lane(Crew& crew, ParentBooks& books, SourceSnapshot& snapshot, CrewOutcome& outcome)
    : crew_(crew), books_(books), snapshot_(snapshot), outcome_(outcome) {}

void Lane::work() noexcept {
  while (!crew_.stopping && !interrupted) {
    try {
      connect();
      record_retries();
      const Step made = step();
      attempts_ = 0;
      if (made == Step::over) crew_.stopping = true;
      if (made == Step::nothing) wait(idle_pause);
    } catch (const SqlError& refused) {
      after(refused);
    } catch (const Error& error) {
      after(error);
    } catch (const std::exception&) {
      // The text of a foreign exception may quote a row.
      stop_process(
          {Exit::internal, "internal error in a lane", in_hand_.entity, "please report it"});
    }
  }
  tell_the_last_retries();
  sessions_.reset();
}

/// Of a lane that did not come to try once more.
void Lane::tell_the_last_retries() noexcept {
  if (retries_.empty() || interrupted) return;
  try {
    connect();
    record_retries();
  } catch (const std::exception& failure) {
    log(LogLevel::debug, "retries could not be recorded", {{"reason", failure.what()}});
  }
}

void Lane::connect() {
  if (sessions_) return;
  in_hand_ = {};
  std::string side = "source";
  try {
    std::string label;
    Session source = snapshot_.open(label);
    side = "target";
    Session target(crew_.config.target, Session::Role::target, crew_.config.load,
                   worker_application(crew_.run_id, crew_.worker));
    sessions_.emplace(LaneSessions{std::move(source), std::move(target), std::move(label)});
  } catch (const Error& error) {
    // Both servers were there when the run began.
    ServerError gone;
    gone.message = error.message();
    gone.connection_lost = true;
    gone.side = side;
    throw SqlError(gone, "connect");
  }
}

Lane::Step Lane::step() {
  // What is finished sets others free. But a lane begins with rows: whoever resumes is to see early
  // that they flow, not after an hour of building indexes.
  const std::array<Claim, 3> claims =
      loaded_ ? std::array<Claim, 3>{&Lane::finish_one, &Lane::load_one, &Lane::begin_one}
              : std::array<Claim, 3>{&Lane::load_one, &Lane::begin_one, &Lane::finish_one};
  // What another lane has locked is left for later, while there is something else to do.
  for (const bool patient : {false, true}) {
    for (const Claim claim : claims) {
      in_hand_ = {};
      begin_target_transaction(sessions_->target);
      if (const Step run = look_at_run(); run != Step::done) return run;
      if ((this->*claim)(patient)) return Step::done;
      sessions_->target.execute("ROLLBACK");
    }
  }
  return look_around();
}

/// Whatever goes wrong behind it is not the entity's.
void Lane::commit() {
  sessions_->target.execute("COMMIT");
  crew_.succeeded(in_hand_.entity, in_hand_.chunk);
  in_hand_ = {};
}

/// Done: it goes on, and nobody takes it over meanwhile. Nothing: somebody concludes it, which may
/// take longer than a lock is waited for. Over: that is done, by us without being told perhaps.
Lane::Step Lane::look_at_run() {
  const std::string sql = "SELECT status, epoch FROM mighost.runs WHERE run_id = $1";
  const auto is_ours = [&](const Rows& run) {
    return !run.empty() && *run.at(0, 0) == "running" &&
           *run.at(0, 1) == std::to_string(crew_.ticket.epoch);
  };
  Rows run = sessions_->target.query(sql + " FOR SHARE SKIP LOCKED", {crew_.ticket.run_id});
  if (is_ours(run)) return Step::done;
  if (run.empty()) run = sessions_->target.query(sql, {crew_.ticket.run_id});
  sessions_->target.execute("ROLLBACK");
  if (is_ours(run)) return Step::nothing;
  if (!run.empty() && (*run.at(0, 0) == "done" || *run.at(0, 0) == "unverified")) {
    if (concluded_) outcome_.concluded(std::move(*concluded_));
    outcome_.over();
    return Step::over;
  }
  run_is_lost(sessions_->target, crew_.ticket);
}

/// Runs what needs locks on tables. False: somebody has one of them.
bool Lane::unless_locked(bool patient, const std::function<void()>& what) {
  try {
    what();
    return true;
  } catch (const SqlError& refused) {
    if (patient || !refused.error().is_locked()) throw;
    return false;
  }
}

bool Lane::finish_one(bool patient) {
  const auto entity = claim_finishing(sessions_->target, crew_.ticket.run_id);
  if (!entity) return false;
  in_hand_.entity = *entity;
  failpoint("entity.finishing");
  std::atomic<bool> cancelled{false};
  RunContext run = lane_context(crew_, *sessions_, cancelled);
  const bool done = unless_locked(patient, [&] {
    finish_entity(crew_, run, crew_.planned(in_hand_.entity), sessions_->snapshot, patient);
  });
  if (!done) return false;
  commit();
  failpoint("entity.finished");
  return true;
}

bool Lane::load_one(bool) {
  const auto chunk = claim_chunk(sessions_->target, crew_.ticket.run_id);
  if (!chunk) return false;
  in_hand_.entity = chunk->entity;
  in_hand_.chunk = chunk->number;
  failpoint("chunk.claimed");
  log(LogLevel::debug, "chunk",
      {{"entity", in_hand_.entity}, {"number", std::to_string(in_hand_.chunk)}});
  std::atomic<bool> cancelled{false};
  RunContext run = lane_context(crew_, *sessions_, cancelled);
  load_chunk(crew_, books_, run, *chunk, sessions_->snapshot);
  commit();
  loaded_ = true;
  failpoint("chunk.committed");
  return true;
}

bool Lane::begin_one(bool patient) {
  const auto states = load_states(sessions_->target, crew_.ticket.run_id);
  const auto entity = claim_beginning(sessions_->target, crew_.ticket.run_id, ready(states));
  if (!entity) return false;
  in_hand_.entity = *entity;
  std::atomic<bool> cancelled{false};
  RunContext run = lane_context(crew_, *sessions_, cancelled);
  books_.open(run, crew_.planned(in_hand_.entity));
  const bool done = unless_locked(
      patient, [&] { begin_entity(crew_, run, crew_.planned(in_hand_.entity), patient); });
  if (!done) return false;
  failpoint("entity.beginning");
  commit();
  failpoint("entity.begun");
  return true;
}

/// Entities whose parents are finished. Those that share a table go one after the other, and so do
/// those whose tables a foreign key joins, declared or not: it is put back with one of them, and
/// needs the unique index that is away with the other.
std::vector<std::string> Lane::ready(const std::map<std::string, LoadState>& states) const {
  std::vector<std::string> entities;
  for (const PlannedEntity& planned : crew_.plan.entities) {
    const std::string& name = planned.entity->name;
    const auto own = states.find(name);
    if (own == states.end() || own->second.status != "waiting") continue;
    const bool waits = std::any_of(states.begin(), states.end(), [&](const auto& other) {
      return other.second.status != "finished" && waits_for(planned, other.first);
    });
    if (!waits) entities.push_back(name);
  }
  return entities;
}

bool Lane::waits_for(const PlannedEntity& planned, const std::string& name) const {
  const Entity& entity = *planned.entity;
  if (name == entity.name) return false;
  const auto refers = [&](const Reference& reference) {
    return !reference.late && reference.entity == name;
  };
  if (std::any_of(entity.references.begin(), entity.references.end(), refers)) return true;
  const PlannedEntity& other = crew_.planned(name);
  return tables_meet(planned, other) && crew_.position(name) < crew_.position(entity.name);
}

/// Nothing can be claimed: the others are at it, or the run is to be concluded, or it is stuck.
Lane::Step Lane::look_around() {
  const auto states = load_states(sessions_->target, crew_.ticket.run_id);
  if (states.empty()) return Step::nothing;  // concluded this moment: the next step sees it
  std::string stopped, reasons;
  std::size_t finished = 0, loading = 0;
  for (const auto& [entity, state] : states) {
    finished += state.status == "finished" ? 1 : 0;
    loading += state.status == "loading" ? 1 : 0;
    if (state.status != "stopped") continue;
    stopped += (stopped.empty() ? "" : ", ") + entity;
    reasons += (reasons.empty() ? "" : "; ") + entity + ": " +
               state.error.substr(0, state.error.find('\n'));
  }
  if (finished == states.size()) return conclude();
  if (loading > 0 || !ready(states).empty()) return Step::nothing;
  const std::size_t waiting = states.size() - finished;
  stop_process({Exit::failed,
                "stopped: " + reasons + "; " + std::to_string(waiting) + " of " +
                    std::to_string(states.size()) + " entities are not there",
                stopped, "correct the cause"});
  return Step::over;
}

Lane::Step Lane::conclude() {
  in_hand_.concluding = true;
  begin_target_transaction(sessions_->target);
  if (!claim_conclusion(sessions_->target, crew_.ticket)) {
    sessions_->target.execute("ROLLBACK");
    return Step::nothing;
  }
  std::atomic<bool> cancelled{false};
  RunContext run = lane_context(crew_, *sessions_, cancelled);
  RunReport report;
  report.run_id = crew_.ticket.run_id;
  report.scope = crew_.config.scope;
  if (!conclude_run(crew_, books_, run, sessions_->snapshot, report)) {
    sessions_->target.execute("ROLLBACK");
    report.status = "vetoed";
    outcome_.concluded(std::move(report));
    return Step::over;
  }
  concluded_ = std::move(report);
  commit();
  failpoint("run.committed");
  outcome_.concluded(std::move(*concluded_));
  outcome_.over();
  return Step::over;
}

void Lane::after(const SqlError& refused) {
  sessions_.reset();
  const ServerError& error = refused.error();
  // A lock that was not to be had may be another lane's, whose chunk takes longer than
  // lock_timeout.
  if (error.comes_from_others()) return try_again(error);
  after(Error(Exit::failed, refused.told()));
}

void Lane::after(const Error& error) {
  sessions_.reset();
  if (error.exit() == Exit::failed && !in_hand_.entity.empty()) return stop_entity(error);
  stop_process(error);
}

/// What does not pass is the entity's, unless it is the server that is not there. A step that fails
/// is taken by any lane next: its attempts are those of all of them.
void Lane::try_again(const ServerError& trouble) {
  const std::string message = trouble.safe_message();
  const bool of_step = in_hand_.concluding || !in_hand_.entity.empty();
  const unsigned before = of_step ? crew_.failed(in_hand_.entity, in_hand_.chunk) : attempts_++;
  if (before >= crew_.config.chunks.retries.value_or(retries_default)) {
    const Error error(Exit::failed,
                      message + ", after " + counted(before, "more attempt", "more attempts"),
                      in_hand_.entity, "");
    attempts_ = 0;
    return trouble.connection_lost || in_hand_.entity.empty() ? stop_process(error)
                                                              : stop_entity(error);
  }
  log_warn("trying again: " + message, {{"entity", in_hand_.entity},
                                        {"attempt", std::to_string(before + 1)},
                                        {"sqlstate", trouble.sqlstate}});
  retries_.push_back({in_hand_.entity, trouble.sqlstate, message, in_hand_.chunk, before + 1});
  wait(pause_before(before));
}

/// Unrelated entities go on. What depends on it is never ready.
void Lane::stop_entity(const Error& error) {
  for (unsigned attempt = 0;; ++attempt) {
    try {
      if (attempt == 0) failpoint("entity.stopping");
      Session target(crew_.config.target, Session::Role::control, crew_.config.load,
                     worker_application(crew_.run_id, crew_.worker));
      target.execute("BEGIN");
      hold_run(target, crew_.ticket);
      const bool stopped = stop_load(target, crew_.ticket.run_id, in_hand_.entity, error.what());
      target.execute("COMMIT");
      log_warn(
          (stopped ? "stopped: " : "another lane could do what failed here: ") + error.message(),
          {{"entity", in_hand_.entity}});
      return;
    } catch (const SqlError& refused) {
      // Another lane is at it, and stops it, or can do what failed here.
      if (refused.error().is_locked()) return;
      if (!refused.error().may_pass()) return stop_process(error);
    } catch (const Error& unable) {
      if (unable.exit() != Exit::preflight) return stop_process(error);  // not: nobody connects
    } catch (const std::exception&) {
      return stop_process(error);
    }
    const bool enough = attempt >= crew_.config.chunks.retries.value_or(retries_default);
    if (enough || crew_.stopping || interrupted) return stop_process(error);
    wait(pause_before(attempt));
  }
}

void Lane::stop_process(const Error& error) {
  outcome_.stopped(error);
  crew_.stopping = true;
}

void Lane::wait(std::chrono::milliseconds time) const {
  pause(time, [this] { return crew_.stopping.load(); });
}

/// Of a run that is ours still; while somebody concludes it, they wait.
void Lane::record_retries() {
  while (!retries_.empty()) {
    const Retry& retry = retries_.front();
    const Rows written = sessions_->target.query(
        "WITH run AS (SELECT run_id FROM mighost.runs WHERE run_id = $1 AND epoch = $7 FOR SHARE "
        "SKIP LOCKED) INSERT INTO mighost.retries (run_id, entity, chunk, attempt, sqlstate, "
        "message) SELECT run_id, $2::text, $3::int, $4::int, $5::text, $6::text FROM run RETURNING "
        "1",
        {crew_.ticket.run_id, retry.entity.empty() ? std::nullopt : std::optional(retry.entity),
         retry.chunk < 0 ? std::nullopt : std::optional(std::to_string(retry.chunk)),
         std::to_string(retry.attempt), retry.sqlstate, retry.message,
         std::to_string(crew_.ticket.epoch)});
    if (written.empty()) return;
    retries_.erase(retries_.begin());
  }
}

}  // namespace mighost
