#include "cli/verify_command.hpp"

#include <unistd.h>

#include <algorithm>

#include "cli/log_setup.hpp"
#include "cli/output.hpp"
#include "cli/verify_text.hpp"
#include "config/run_config.hpp"
#include "ledger/fingerprint_groups.hpp"
#include "pg/session.hpp"
#include "report/log.hpp"
#include "report/nearest.hpp"
#include "report/screen.hpp"
#include "verify/comparison.hpp"
#include "verify/shown_values.hpp"

namespace mighost {
namespace {

constexpr std::size_t findings_max = 10'000;

void refuse_unknown_entities(const KnownFingerprints& all, const std::vector<std::string>& wanted) {
  std::vector<std::string> known;
  for (const FingerprintGroup& group : all.groups) {
    known.insert(known.end(), group.entities.begin(), group.entities.end());
  }
  for (const Unfingerprinted& one : all.without) known.push_back(one.entity);
  for (const std::string& name : wanted) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    throw Error(Exit::usage, "the ledger knows no rows of " + name, "--entity",
                nearest_hint(name, known));
  }
}

Exit exit_of(const std::vector<Verdict>& verdicts) {
  const auto any = [&](Verdict::Status status) {
    return std::any_of(verdicts.begin(), verdicts.end(),
                       [&](const Verdict& verdict) { return verdict.status == status; });
  };
  if (any(Verdict::Status::mismatch)) return Exit::vetoed;
  return any(Verdict::Status::unverified) ? Exit::unverified : Exit::done;
}

std::vector<Verdict> verify(Session& target, const Arguments& arguments) {
  // One state of the target, however long it takes.
  target.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
  if (!arguments.rows.entities.empty()) {
    refuse_unknown_entities(load_fingerprints(target, {}), arguments.rows.entities);
  }
  const KnownFingerprints known = load_fingerprints(target, arguments.rows.entities);
  ComparisonOptions options;
  options.allow_new_rows = arguments.allow_new_rows;
  options.findings_max = findings_max;
  std::vector<Verdict> verdicts;
  for (const FingerprintGroup& group : known.groups) {
    verdicts.push_back(verify_group(target, group, options));
    if (arguments.show_values) show_values(target, group.subject, verdicts.back());
    log(LogLevel::debug, word(verdicts.back().status), {{"entity", group.name()}});
  }
  for (const Unfingerprinted& entity : known.without) verdicts.push_back(unverified(entity));
  target.execute("ROLLBACK");
  return verdicts;
}

}  // namespace

Exit verify_command(const Arguments& arguments) {
  set_up_log(arguments, nullptr);
  JsonOutput json(arguments.json);
  const RunConfig config = read_run_config(arguments.config, Sides::target);
  set_up_log(arguments, &config);
  Session target(config.target, Session::Role::target, config.load, "mighost verify");
  const std::vector<Verdict> verdicts = verify(target, arguments);
  json.write(verify_json(verdicts));
  if (!json.on_stdout()) print_result(verify_text(verdicts, color_allowed(STDOUT_FILENO)));
  return exit_of(verdicts);
}

}  // namespace mighost
