#include "run/rollback_ledger.hpp"

#include <algorithm>

#include "ledger/run_lookup.hpp"
#include "report/error.hpp"
#include "report/nearest.hpp"
#include "report/next_step.hpp"
#include "report/text.hpp"
#include "run/closure.hpp"
#include "run/unfinished_run.hpp"

namespace mighost {
namespace {

constexpr const char* can_be_undone =
    "kind IN ('run', 'replay') AND (status IN ('done', 'unverified') OR EXISTS (SELECT FROM "
    "mighost.loads l WHERE l.run_id = r.run_id))";

/// Whoever asks again after a rollback that has done its work has what he wants.
std::string why_nothing(const RunToUndo& run, const std::string& status) {
  const std::string what = run.kind + " " + run.id;
  if (status == "rolled-back") return what + " has been rolled back already";
  if (status == "done" || status == "unverified") return "";
  return what + " never committed anything (" + status +
         "): rows, indexes and constraints went with its transaction";
}

}  // namespace

RunToUndo find_run_to_undo(Session& target, const std::string& id) {
  const FoundRun found = find_run(target, id);
  RunToUndo run{found.id, found.kind, found.started_at, ""};
  if (run.kind == "rollback") {
    throw Error(Exit::usage, "rollback " + run.id + " is a rollback itself", "",
                "run again what it undid");
  }
  if (!is_unfinished(target, run.id)) run.nothing_left = why_nothing(run, found.status);
  return run;
}

void refuse_newer_runs(Session& target, const std::string& run_id,
                       const std::vector<std::string>& entities) {
  const Rows newer = target.query(
      "SELECT r.kind, r.run_id FROM mighost.runs r JOIN mighost.steps s USING (run_id) WHERE " +
          std::string(can_be_undone) +
          " AND r.started_at > (SELECT started_at FROM mighost.runs WHERE run_id = $1) AND "
          "s.entity = ANY (" +
          quote_literal(text_array(entities)) + "::text[]) ORDER BY r.started_at DESC LIMIT 1",
      {run_id});
  if (newer.empty()) return;
  throw Error(Exit::preflight,
              *newer.at(0, 0) + " " + *newer.at(0, 1) +
                  " came later and found rows of this one, or changed them",
              "run " + run_id,
              "nothing was changed; roll back the newest first: " +
                  next_command("rollback " + *newer.at(0, 1), target.endpoint().file));
}

void forget_run(Session& target, const std::string& run_id,
                const std::vector<std::string>& entities, bool whole,
                const mig::uuid& rollback_id) {
  const std::string run = quote_literal(run_id),
                    list = quote_literal(text_array(entities)) + "::text[]";
  const std::string of_entities = " AND entity = ANY (" + list + ")";
  for (const char* table : {"fingerprints", "fingerprint_leaves", "new_keys", "quarantine", "notes",
                            "steps", "retries"}) {
    target.execute("DELETE FROM mighost." + std::string(table) + " WHERE run_id = " + run +
                   of_entities);
  }
  for (const char* table : {"quarantine", "notes"}) {
    target.execute("UPDATE mighost." + std::string(table) +
                   " SET taken_up_by = NULL WHERE taken_up_by = " + run + of_entities);
  }
  if (whole) {
    target.query("DELETE FROM mighost.retries WHERE run_id = $1", {run_id});  // of no entity
    target.query(
        "UPDATE mighost.runs SET status = 'rolled-back', finished_at = coalesce(finished_at, "
        "clock_timestamp()) WHERE run_id = $1",
        {run_id});
  }
  target.query(
      "INSERT INTO mighost.audit (run_id, event, detail) VALUES ($1, $2, "
      "jsonb_build_object('rollback', $3::text, 'entities', to_jsonb(" +
          list + ")))",
      {run_id, whole ? "rolled back" : "rolled back in part", rollback_id.to_text()});
}

void record_end_of_rollback(Session& target, const mig::uuid& rollback_id,
                            const std::string& report_json) {
  target.query(
      "UPDATE mighost.runs SET status = 'done', finished_at = clock_timestamp(), exit_code = 0, "
      "report = $2 WHERE run_id = $1",
      {rollback_id.to_text(), report_json});
}

void refuse_unknown_names(Session& target, const std::string& run_id,
                          const std::vector<std::string>& entities,
                          const std::vector<std::string>& families) {
  if (entities.empty() && families.empty()) return;
  const std::string of_run = run_id.empty() ? "" : " AND run_id = " + quote_literal(run_id);
  const Rows had = target.query(
      "SELECT entity FROM mighost.steps WHERE true" + of_run +
      " UNION SELECT entity FROM mighost.loads WHERE true" + of_run +
      " UNION SELECT jsonb_array_elements_text(detail -> 'entities') FROM mighost.audit WHERE "
      "event LIKE 'rolled back%'" +
      of_run + " ORDER BY 1");
  std::vector<std::string> known, known_families;
  for (const auto& row : had.rows) {
    known.push_back(*row[0]);
    const std::string family = row[0]->substr(0, row[0]->find('.'));
    if (known_families.empty() || known_families.back() != family) known_families.push_back(family);
  }
  if (known.empty()) return;  // a replay that found nothing to do
  const auto look = [&](const std::string& what, const std::vector<std::string>& names,
                        const std::vector<std::string>& all) {
    for (const std::string& name : names) {
      if (std::find(all.begin(), all.end(), name) != all.end()) continue;
      throw Error(Exit::usage,
                  run_id.empty() ? "no run ever had " + what + " \"" + name + "\""
                                 : "run " + run_id + " has no " + what + " \"" + name + "\"",
                  "--" + what, "nothing was changed; " + nearest_hint(name, all));
    }
  };
  look("entity", entities, known);
  look("family", families, known_families);
}

std::vector<std::string> runs_to_undo(Session& target, const std::vector<std::string>& entities,
                                      const std::vector<std::string>& families) {
  if (!target.query("SELECT to_regclass('mighost.runs')").value()) return {};
  refuse_unknown_names(target, "", entities, families);
  const bool any = entities.empty() && families.empty();
  const std::string has_one =
      " AND EXISTS (SELECT FROM mighost.steps s WHERE s.run_id = r.run_id AND (s.entity = ANY (" +
      quote_literal(text_array(entities)) + "::text[]) OR split_part(s.entity, '.', 1) = ANY (" +
      quote_literal(text_array(families)) + "::text[])))";
  const Rows runs =
      target.query("SELECT run_id FROM mighost.runs r WHERE " + std::string(can_be_undone) +
                   (any ? "" : has_one) + " ORDER BY started_at DESC");
  std::vector<std::string> ids;
  ids.reserve(runs.size());
  for (const auto& run : runs.rows) ids.push_back(*run[0]);
  return ids;
}

}  // namespace mighost
