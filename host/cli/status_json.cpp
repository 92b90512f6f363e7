#include <nlohmann/json.hpp>

#include "cli/status_view.hpp"

namespace mighost {
namespace {

using json = nlohmann::ordered_json;

template <typename Value>
json value_or_null(const std::optional<Value>& value) {
  return value ? json(*value) : json();
}

json run_line_json(const RunLine& run) {
  return {{"run_id", run.id},
          {"kind", run.kind},
          {"scope", run.scope},
          {"status", run.status},
          {"started_at", run.started_at},
          {"finished_at", value_or_null(run.finished_at)},
          {"seconds", run.seconds},
          {"written", value_or_null(run.written)},
          {"exit_code", value_or_null(run.exit_code)},
          {"error", run.error.empty() ? json() : json(run.error)},
          {"undoes", run.undoes.empty() ? json() : json(run.undoes)},
          {"rolled_back", run.taken_back}};
}

json worker_json(const SeenWorker& worker) {
  return {{"worker", worker.id.to_text()},   {"host", worker.host},
          {"process", worker.process},       {"lanes", worker.lanes},
          {"started_at", worker.started_at}, {"seen_seconds_ago", worker.age_s},
          {"alive", seen_lately(worker)}};
}

json entity_status_json(const EntityStatus& entity) {
  return {{"name", entity.name},
          {"state", entity.state},
          {"doing", entity.doing.empty() ? json() : json(entity.doing)},
          {"chunks", entity.chunks},
          {"chunks_done", entity.chunks_done},
          {"rows", entity.rows},
          {"expected_rows", entity.expected == 0 ? json() : json(entity.expected)},
          {"written", value_or_null(entity.written)},
          {"seconds", value_or_null(entity.seconds)},
          {"rows_per_second", value_or_null(entity.rows_per_second)},
          {"seconds_left", value_or_null(entity.seconds_left)},
          {"error", entity.error.empty() ? json() : json(entity.error)}};
}

json session_json(const ServerSession& session) {
  return {{"pid", session.pid},
          {"application", session.application},
          {"user", session.user},
          {"state", session.state},
          {"transaction_seconds", value_or_null(session.seconds)}};
}

json waiting_json(const WaitingSession& session) {
  json blockers = json::array();
  for (const ServerSession& blocker : session.blockers) blockers.push_back(session_json(blocker));
  return {{"pid", session.pid},
          {"application", session.application},
          {"mode", session.mode},
          {"waits_for", session.what},
          {"seconds", value_or_null(session.seconds)},
          {"blocked_by", blockers}};
}

template <typename Item, typename Function>
json listed(const std::vector<Item>& items, Function item) {
  json list = json::array();
  for (const Item& one : items) list.push_back(item(one));
  return list;
}

json detail_json(const TargetStatus& status) {
  const RunDetail& detail = *status.detail;
  json object = run_line_json(detail.run);
  object["life"] = life_word(life_of(detail, status));
  object["workers"] = listed(detail.workers, worker_json);
  object["entities"] = listed(detail.entities, entity_status_json);
  object["deferred"] = listed(detail.away, [](const TakenAway& one) {
    return json{{"entity", one.entity}, {"names", one.names}};
  });
  object["retries"] = detail.retries;
  return object;
}

}  // namespace

std::string status_json(const TargetStatus& status, const std::string& target, int indent) {
  json object;
  object["target"] = target;
  object["at"] = status.at;
  object["standby"] = status.standby;
  object["runs"] = listed(status.runs, run_line_json);
  object["runs_more"] = status.more_runs;
  object["lock_holders"] = listed(status.lock_holders, session_json);
  object["waiting"] = listed(status.waiting, waiting_json);
  object["run"] = status.detail ? detail_json(status) : json();
  object["findings"] = listed(status_findings(status), [](const StatusFinding& finding) {
    return json{{"kind", finding.kind},
                {"message", finding.message},
                {"next", finding.next.empty() ? json() : json(finding.next)}};
  });
  return object.dump(indent, ' ', false, json::error_handler_t::replace) + "\n";
}

}  // namespace mighost
