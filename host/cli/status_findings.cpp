#include <algorithm>

#include "cli/status_view.hpp"
#include "report/next_step.hpp"
#include "report/text.hpp"

namespace mighost {
namespace {

constexpr std::size_t application_shown = 40;

bool commits_in_parts(const RunLine& run) { return run.scope == "chunk" || run.scope == "family"; }

/// The words of the commands that end a run which waits, one way or the other.
struct WaysOut {
  explicit WaysOut(const TargetStatus& status)
      : resume(next_resume(status.detail->run.id, "", status.config_file)),
        rollback(next_command("rollback " + status.detail->run.id, status.config_file)) {}
  std::string resume, rollback;
};

/// A rollback stands in the ledger with the scope of the configuration, and has one transaction.
bool can_be_resumed(const RunLine& run) { return run.kind == "run" && commits_in_parts(run); }

std::string again(const TargetStatus& status) {
  const RunLine& run = status.detail->run;
  if (can_be_resumed(run)) {
    const WaysOut ways(status);
    return ways.resume + " goes on where it ended; " + ways.rollback +
           " takes back what it committed";
  }
  if (run.kind == "rollback") {
    const std::string same =
        run.undoes.empty() ? ""
                           : ", or " + next_command("rollback " + run.undoes, status.config_file);
    return "start the same command again" + same +
           " with the options that it had: what it had committed (--by-entity, --all) stays undone";
  }
  return "run the same command again: nothing was committed";
}

std::string session_words(const ServerSession& session, const std::string& run_id) {
  if (session.pid == 0) return "a prepared transaction (see pg_prepared_xacts)";
  std::vector<std::string> facts;
  if (!session.application.empty()) {
    facts.push_back(truncated(one_line(session.application), application_shown));
  }
  if (!session.user.empty()) facts.push_back("user " + one_line(session.user));
  if (!session.state.empty()) {
    facts.push_back(session.state +
                    (session.seconds ? " for " + duration_text(*session.seconds) : ""));
  }
  if (!run_id.empty() && session.application.find(run_id) != std::string::npos)
    facts.push_back("of this run");
  std::string text = "pid " + std::to_string(session.pid);
  for (std::size_t i = 0; i < facts.size(); ++i) text += (i == 0 ? " (" : ", ") + facts[i];
  return facts.empty() ? text : text + ")";
}

StatusFinding waiting_finding(const WaitingSession& session, const std::string& run_id) {
  std::string text = "pid " + std::to_string(session.pid) + " (" +
                     truncated(one_line(session.application), application_shown) +
                     ") waits for a lock: " + one_line(session.what);
  if (session.seconds) text += ", for " + duration_text(*session.seconds);
  std::vector<std::string> blockers;
  int foreign = 0;
  for (const ServerSession& blocker : session.blockers) {
    blockers.push_back(session_words(blocker, run_id));
    // Without a run to tell of, every mighost is one that starts or ends with it.
    const bool own = run_id.empty() ? blocker.application.starts_with("mighost ")
                                    : blocker.application.find(run_id) != std::string::npos;
    if (!own && foreign == 0) foreign = blocker.pid;
  }
  if (!blockers.empty()) text += "; held by " + joined(blockers);
  const std::string next =
      foreign == 0 ? ""
                   : "let that transaction end, or end it: SELECT pg_terminate_backend(" +
                         std::to_string(foreign) + ")";
  return {"waiting", text, next};
}

StatusFinding silent_finding(const RunDetail& detail, const TargetStatus& status) {
  double age = -1;
  for (const SeenWorker& worker : detail.workers) {
    age = age < 0 ? worker.age_s : std::min(age, worker.age_s);
  }
  std::string text = age < 0 ? "no process says that it works on the run"
                             : "no process has been seen for " + duration_text(age);
  if (status.standby) {
    return {"silent", text + ", as far as this standby knows",
            "ask the primary: a standby sees neither sessions nor locks of it"};
  }
  const ServerSession& holder = status.lock_holders.front();
  const std::string pid = std::to_string(holder.pid);
  return {"silent",
          text + ", but " + session_words(holder, detail.run.id) + " still holds the target",
          "look whether the process lives and reaches the server; if it is gone: SELECT "
          "pg_terminate_backend(" +
              pid + ")"};
}

void add_life(const TargetStatus& status, std::vector<StatusFinding>& findings) {
  const RunDetail& detail = *status.detail;
  const Life life = life_of(detail, status);
  if (life == Life::dead) findings.push_back({"died", "its process died", again(status)});
  if (life == Life::silent) findings.push_back(silent_finding(detail, status));
  if (life != Life::at_work) return;
  for (const SeenWorker& worker : detail.workers) {
    if (seen_lately(worker)) continue;
    findings.push_back({"worker_lost",
                        "process " + std::to_string(worker.process) + " on " +
                            one_line(worker.host) + " has not been seen for " +
                            duration_text(worker.age_s),
                        "the others take over what it had when its lease is over"});
  }
}

void add_entities(const TargetStatus& status, std::vector<StatusFinding>& findings) {
  const RunDetail& detail = *status.detail;
  const WaysOut ways(status);
  std::size_t unfinished = 0;
  for (const EntityStatus& entity : detail.entities) {
    unfinished += entity.state == "finished" ? 0 : 1;
    if (entity.state != "stopped") continue;
    // Its first line: what follows was said of one transaction, and others are committed.
    const std::string why = one_line(entity.error.substr(0, entity.error.find('\n')));
    findings.push_back({"stopped", entity.name + " stopped" + (why.empty() ? "" : ": " + why),
                        "correct the cause, then " + ways.resume});
  }
  const std::string& end = detail.run.status;
  const bool over = life_of(detail, status) == Life::over && end != "rolled-back" &&
                    end != "done" && end != "unverified";
  if (!over || detail.entities.empty() || !can_be_resumed(detail.run)) return;
  // Of a vetoed run every entity is there.
  findings.push_back({"unfinished",
                      unfinished == 0
                          ? "the run is not concluded, and its rows are in the target"
                          : counted(unfinished, "entity is", "entities are") + " not finished",
                      ways.resume + " goes on, " + ways.rollback + " removes what it brought"});
}

void add_away(const TargetStatus& status, std::vector<StatusFinding>& findings) {
  const RunDetail& detail = *status.detail;
  const Life life = life_of(detail, status);
  if (life == Life::at_work) return;  // they are to be away while rows are loaded
  const WaysOut ways(status);
  for (const TakenAway& one : detail.away) {
    findings.push_back(
        {"indexes_away",
         counted(one.names.size(), "index or constraint", "indexes, constraints or triggers") +
             " of " + one.entity + (one.names.size() == 1 ? " is" : " are") +
             " away until the run is resumed or rolled back",
         ways.resume + ", or " + ways.rollback});
  }
}

}  // namespace

const char* life_word(Life life) {
  constexpr const char* words[] = {"over", "at work", "silent", "dead"};
  return words[static_cast<std::size_t>(life)];
}

std::vector<StatusFinding> status_findings(const TargetStatus& status) {
  std::vector<StatusFinding> findings;
  if (status.detail) {
    add_life(status, findings);
    add_entities(status, findings);
  }
  for (const WaitingSession& session : status.waiting) {
    findings.push_back(waiting_finding(session, status.detail ? status.detail->run.id : ""));
  }
  if (status.detail) add_away(status, findings);
  return findings;
}

}  // namespace mighost
