#include "cli/verify_command.hpp"

#include <unistd.h>

#include <algorithm>
#include <memory>
#include <random>

#include "cli/log_setup.hpp"
#include "cli/output.hpp"
#include "cli/verify_text.hpp"
#include "config/run_config.hpp"
#include "ledger/fingerprint_groups.hpp"
#include "pg/session.hpp"
#include "plugin/library.hpp"
#include "plugin/settings.hpp"
#include "report/log.hpp"
#include "report/nearest.hpp"
#include "report/screen.hpp"
#include "report/text.hpp"
#include "run/independent_path.hpp"
#include "verify/comparison.hpp"
#include "verify/shown_values.hpp"
#include "verify/table_scan.hpp"

namespace mighost {
namespace {

constexpr std::size_t findings_max = 10'000;
constexpr std::size_t sample_default = 100;

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

/// What differs from the source counts as a mismatch, and is called by its name.
void take_in(const SourceComparison& comparison, Verdict& verdict) {
  verdict.independent.push_back(comparison);
  if (comparison.differ == 0) return;
  const std::string text = thousands(comparison.differ) + " of " +
                           counted(comparison.looked, "row", "rows") + " transformed again " +
                           (comparison.differ == 1 ? "differs" : "differ") +
                           " from what the source says now";
  const bool told = verdict.status == Verdict::Status::mismatch;
  verdict.reason = told ? verdict.reason + "; " + text : text;
  verdict.status = Verdict::Status::mismatch;
}

class Verification {
 public:
  Verification(Session& target, const Arguments& arguments, const RunConfig& config)
      : target_(target), arguments_(arguments) {
    options_.allow_new_rows = arguments.allow_new_rows;
    options_.findings_max = findings_max;
    // The setting is about the end of a run: here somebody asks for it.
    if (config.verify.sample > 0) sample_ = config.verify.sample;
    if (arguments.plugins.empty()) return;
    plugins_ = load_plugins(arguments.plugins);
    check_names_in_config(plugins_, config);
  }

  std::vector<Verdict> run(const RunConfig& config) {
    // One state of the target, however long it takes. Rows that are transformed again need
    // temporary tables; they are gone with the transaction.
    target_.execute(std::string("BEGIN ISOLATION LEVEL REPEATABLE READ ") +
                    (plugins_.empty() ? "READ ONLY" : "READ WRITE"));
    if (!arguments_.rows.entities.empty()) {
      refuse_unknown_entities(load_fingerprints(target_, {}), arguments_.rows.entities);
    }
    const KnownFingerprints known = load_fingerprints(target_, arguments_.rows.entities);
    // Before the scan: a source that cannot be reached is told at once.
    if (!plugins_.empty()) path_ = std::make_unique<IndependentPath>(plugins_, config, target_);
    std::vector<Verdict> verdicts;
    for (const FingerprintGroup& group : known.groups) verdicts.push_back(verify(group));
    for (const Unfingerprinted& entity : known.without) verdicts.push_back(verify(entity));
    target_.execute("ROLLBACK");
    return verdicts;
  }

 private:
  Verdict verify(const FingerprintGroup& group) {
    RowPicker picker(sample_, std::random_device{}());
    if (path_) options_.picker = &picker;
    Verdict verdict = verify_group(target_, group, options_);
    if (arguments_.show_values) show_values(target_, group.subject, verdict);
    if (path_) look_again(group.entities, picker.keys(), verdict);
    log(LogLevel::debug, word(verdict.status), {{"entity", group.name()}});
    return verdict;
  }

  /// Without fingerprints the source is all that its rows can be compared with.
  Verdict verify(const Unfingerprinted& entity) {
    Verdict verdict = unverified(entity);
    if (!path_) return verdict;
    RowPicker picker(sample_, std::random_device{}());
    if (const auto subject = path_->subject(entity.entity)) {
      FingerprintGroup group;
      group.entities = {entity.entity};
      group.subject = *subject;
      const RowHasher hasher(subject->layout);
      group.parts.emplace("", Buckets(hasher.counted().size()));
      scan_table(target_, group, &picker);
    }
    look_again({entity.entity}, picker.keys(), verdict);
    return verdict;
  }

  void look_again(const std::vector<std::string>& entities, const std::vector<std::string>& picked,
                  Verdict& verdict) {
    for (const std::string& entity : entities) {
      take_in(path_->look(entity, picked, arguments_.show_values), verdict);
    }
  }

  Session& target_;
  const Arguments& arguments_;
  std::vector<const Plugin*> plugins_;  // empty: the independent path was not asked for
  std::size_t sample_ = sample_default;
  ComparisonOptions options_;
  std::unique_ptr<IndependentPath> path_;
};

}  // namespace

Exit verify_command(const Arguments& arguments) {
  set_up_log(arguments, nullptr);
  JsonOutput json(arguments.json);
  const Sides needed = arguments.plugins.empty() ? Sides::target : Sides::both;
  const RunConfig config = read_run_config(arguments.config, needed);
  set_up_log(arguments, &config);
  Session target(config.target, Session::Role::target, config.load, "mighost verify");
  const std::vector<Verdict> verdicts = Verification(target, arguments, config).run(config);
  json.write(verify_json(verdicts));
  if (!json.on_stdout()) print_result(verify_text(verdicts, color_allowed(STDOUT_FILENO)));
  return exit_of(verdicts);
}

}  // namespace mighost
