#include "ledger/run_lookup.hpp"

#include <algorithm>

#include "report/error.hpp"
#include "report/text.hpp"

namespace mighost {

FoundRun find_run(Session& target, const std::string& id) {
  const bool is_id = std::all_of(id.begin(), id.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || c == '-';
  });
  const std::string next = "the reports and the table mighost.runs name the runs of this target";
  constexpr std::size_t digits_min = 4;
  if (!is_id || id.size() < digits_min) {
    throw Error(
        Exit::usage, "this is no id of a run", one_line(id),
        "write the run_id of its report, or at least four digits of its beginning; " + next);
  }
  if (!target.query("SELECT to_regclass('mighost.runs')").value()) {
    throw Error(Exit::preflight, "the target has no ledger: no run has written to it",
                target.endpoint().shown, "check that [target] is the database of the run");
  }
  const Rows runs = target.query(
      "SELECT run_id, kind, status, started_at FROM mighost.runs WHERE run_id::text LIKE $1 "
      "|| '%' ORDER BY started_at",
      {id});
  if (runs.empty()) throw Error(Exit::usage, "this target has seen no such run", id, next);
  if (runs.size() > 1) {
    throw Error(Exit::usage, std::to_string(runs.size()) + " runs begin like that", id,
                "write more of the id");
  }
  return {*runs.at(0, 0), *runs.at(0, 1), *runs.at(0, 2), *runs.at(0, 3)};
}

}  // namespace mighost
