#include <algorithm>

#include "cli/status_view.hpp"
#include "report/progress_lines.hpp"
#include "report/text.hpp"

namespace mighost {
namespace {

using Cells = std::vector<std::string>;

constexpr std::size_t id_shown = 8;

/// Columns that nobody fills lose their heading, and with it their place.
std::string table_of(std::vector<Cells> lines, const std::vector<Align>& sides) {
  for (std::size_t column = 0; column < sides.size(); ++column) {
    const bool empty = std::all_of(lines.begin() + 1, lines.end(),
                                   [&](const Cells& cells) { return cells[column].empty(); });
    if (empty) lines.front()[column].clear();
  }
  std::string text;
  for (const std::string& line : aligned(lines, sides)) text += "  " + line + "\n";
  return text;
}

std::string taken_back(const RunLine& run, const std::string& of) {
  if (run.taken_back.empty()) return "";
  return "  rolled back" + of + ": " + one_line(joined(run.taken_back, "and")) + "\n";
}

std::string runs_table(const TargetStatus& status) {
  if (status.runs.empty()) return "  none\n";
  const auto state = [](const RunLine& run) {
    return run.status + (run.taken_back.empty() ? "" : ", partly rolled back");
  };
  std::vector<Cells> lines{
      {"run", "kind", "scope", "status", "started (UTC)", "ended (UTC)", "took", "rows written"}};
  for (const RunLine& run : status.runs) {
    lines.push_back({run.id.substr(0, id_shown), run.kind, run.scope, state(run), run.started_at,
                     run.finished_at.value_or(""), duration_text(run.seconds),
                     run.written ? thousands(*run.written) : ""});
  }
  std::vector<Align> sides(lines.front().size(), Align::left);
  sides[6] = sides[7] = Align::right;
  std::string text = table_of(std::move(lines), sides);
  if (status.more_runs > 0) {
    text += "  and " + counted(status.more_runs, "earlier one", "earlier ones") + "\n";
  }
  for (const RunLine& run : status.runs) {
    const bool told = status.detail && status.detail->run.id == run.id;
    if (!told) text += taken_back(run, " of " + run.id.substr(0, id_shown));
  }
  return text;
}

std::string headline(const TargetStatus& status, bool color) {
  const RunDetail& detail = *status.detail;
  const std::string name = (detail.run.kind == "run"      ? "Run"
                            : detail.run.kind == "replay" ? "Replay"
                                                          : "Rollback") +
                           (" " + detail.run.id) +
                           (detail.run.undoes.empty() ? "" : " of run " + detail.run.undoes);
  const std::string since = " " + duration_text(detail.run.seconds) + " ago";
  switch (life_of(detail, status)) {
    case Life::at_work:
      return name + " " + colored("is at work", Color::green, color) + ", begun" + since + ".\n";
    case Life::silent:
      return name + " was begun" + since + "; " + colored("nobody answers", Color::yellow, color) +
             ".\n";
    case Life::dead:
      return name + " was begun" + since + ", and " + colored("died", Color::red, color) + ".\n";
    case Life::over:
      break;
  }
  return name + " is over: " + detail.run.status +
         (detail.run.exit_code ? ", exit code " + std::to_string(*detail.run.exit_code) : "") +
         ", after " + duration_text(detail.run.seconds) + ".\n";
}

std::string error_of(const RunLine& run) {
  std::string text;
  std::string_view rest = run.error;
  while (!rest.empty()) {
    const std::size_t end = rest.find('\n');
    text += "  " + one_line(rest.substr(0, end)) + "\n";
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  }
  return text;
}

std::string workers_table(const RunDetail& detail) {
  if (detail.workers.empty()) return "";
  std::vector<Cells> lines{{"host", "process", "lanes", "last seen"}};
  for (const SeenWorker& worker : detail.workers) {
    lines.push_back({one_line(worker.host), std::to_string(worker.process),
                     std::to_string(worker.lanes),
                     seen_lately(worker) ? duration_text(worker.age_s) + " ago"
                                         : "not seen for " + duration_text(worker.age_s)});
  }
  return "\n" + table_of(std::move(lines), {Align::left, Align::right, Align::right, Align::left});
}

Cells entity_cells(const EntityStatus& entity) {
  std::string chunks;
  if (entity.chunks > 0) {
    chunks = thousands(entity.chunks_done) + " of " + thousands(entity.chunks);
  }
  const auto percent = entity.chunks > 0 ? percent_done(entity.chunks_done, entity.chunks)
                                         : percent_done(entity.rows, entity.expected);
  const bool loading = entity.state == "loading";
  return {one_line(entity.name),
          entity.state,
          chunks,
          loading && percent ? std::to_string(*percent) + " %" : "",
          thousands(entity.rows),
          entity.written ? thousands(*entity.written) : "",
          entity.rows_per_second ? rate_text(*entity.rows_per_second) : "",
          entity.seconds ? duration_text(*entity.seconds) : "",
          entity.seconds_left ? duration_text(*entity.seconds_left) : "",
          one_line(entity.doing)};
}

std::string entities_table(const RunDetail& detail) {
  std::vector<Cells> lines{
      {"entity", "state", "chunks", "", "rows", "written", "rows/s", "time", "ETA", "doing"}};
  std::size_t waiting = 0;
  for (const EntityStatus& entity : detail.entities) {
    const bool begun = entity.state != "waiting";
    waiting += begun ? 0 : 1;
    if (begun) lines.push_back(entity_cells(entity));
  }
  std::string text;
  if (lines.size() > 1) {
    std::vector<Align> sides(lines.front().size(), Align::right);
    sides[0] = sides[1] = sides[9] = Align::left;
    text += "\n" + table_of(std::move(lines), sides);
  }
  if (waiting > 0) {
    text += "  " + counted(waiting, "entity has", "entities have") + " not begun\n";
  }
  return text;
}

std::string findings_text(const TargetStatus& status, bool color) {
  std::string text;
  for (const StatusFinding& finding : status_findings(status)) {
    text += "  " + colored("!", Color::red, color) + " " + finding.message + "\n";
    if (!finding.next.empty()) text += "    next: " + finding.next + "\n";
  }
  return text.empty() ? "" : "\n" + text;
}

std::string remarks(const TargetStatus& status) {
  const RunDetail& detail = *status.detail;
  std::string text;
  if (life_of(detail, status) == Life::at_work) {
    for (const TakenAway& one : detail.away) {
      text += "  " +
              counted(one.names.size(), "index or constraint", "indexes, constraints or triggers") +
              " of " + one.entity + " away while it is loaded\n";
    }
  }
  if (detail.retries > 0) text += "  " + counted(detail.retries, "retry", "retries") + "\n";
  return text.empty() ? "" : "\n" + text;
}

/// Somebody has the lock, and no run stands as running.
std::string unknown_holders(const TargetStatus& status) {
  const bool known = std::any_of(status.runs.begin(), status.runs.end(),
                                 [](const RunLine& run) { return run.status == "running"; });
  if (known || status.lock_holders.empty()) return "";
  const ServerSession& holder = status.lock_holders.front();
  return "\nA run is starting, or a dry run is at work: pid " + std::to_string(holder.pid) + " (" +
         one_line(holder.application) + ") holds the target.\n";
}

}  // namespace

std::string status_text(const TargetStatus& status, const std::string& target, bool color) {
  std::string text = "Runs into " + target + ", " + status.at + " UTC\n";
  if (status.standby) text += "  (a standby: as far as it has come)\n";
  text += runs_table(status) + unknown_holders(status);
  if (!status.detail) return text + findings_text(status, color);
  return text + "\n" + headline(status, color) + taken_back(status.detail->run, " since") +
         error_of(status.detail->run) + workers_table(*status.detail) +
         findings_text(status, color) + entities_table(*status.detail) + remarks(status);
}

}  // namespace mighost
