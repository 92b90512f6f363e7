#include "run/entity_run.hpp"

#include <algorithm>
#include <chrono>

#include "plan/deferral_choice.hpp"
#include "report/error.hpp"
#include "report/log.hpp"
#include "run/deferral.hpp"
#include "run/entity_load.hpp"
#include "run/entity_parts.hpp"
#include "run/existing_rows.hpp"
#include "run/held_keys.hpp"
#include "run/late_references.hpp"
#include "run/natural_keys.hpp"
#include "run/restore.hpp"

namespace mighost {
namespace {

class EntityRun {
 public:
  EntityRun(RunContext& run, const PlannedEntity& planned, std::size_t position)
      : run_(run),
        planned_(planned),
        entity_(*planned.entity),
        position_(position),
        context_(entity_context(run, planned, *run.books.at(entity_.name))),
        loaded_(run.loaded[entity_.name] = {}),
        progress_(run.progress.start(entity_.name, expected())) {
    context_.rejects = run.rejects;
    context_.trace = run.trace;
    const auto replayed = run.replayed.find(entity_.name);
    if (replayed != run.replayed.end()) context_.replayed = &replayed->second;
  }

  EntityReport execute() {
    const auto started = std::chrono::steady_clock::now();
    report_.name = entity_.name;
    report_.family = entity_.family;
    report_.phase = phase_of(run_.plan, entity_.name);
    if (run_.rejects != nullptr) run_.rejects->entity_begins(entity_.name, planned_.config);
    run_steps(run_, planned_, false);
    learn_what_is_there();
    EntityLoad load(run_, planned_, position_, context_, natural_ ? &*natural_ : nullptr,
                    *progress_);
    load.count_source();
    defer(load.part().tally.counts.filtered);
    open_totals();
    load.stream(late_tables());
    check_query(load.part().tally.counts.read);
    load.heal(report_);
    load.compare();
    finish_target(load.part().tally);
    if (fingerprints_) fingerprints_->store(run_.target);
    if (refused_fingerprints_) refused_fingerprints_->store(run_.target);
    const LoadedPart& part = load.part();
    close_totals(part);
    if (run_.rejects != nullptr) run_.rejects->entity_ends(part.tally.counts.read);
    if (!load.unhealed().empty()) {
      run_.unhealed[entity_.name].insert(load.unhealed().begin(), load.unhealed().end());
    }
    loaded_.values = part.values;
    fill_report(report_, part);
    report_.seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
    return std::move(report_);
  }

 private:
  std::uint64_t expected() const {
    if (planned_.only_keys) return planned_.only_keys->size();
    return planned_.expected_rows > 0 ? static_cast<std::uint64_t>(planned_.expected_rows) : 0;
  }

  void learn_what_is_there() {
    const bool has_rows = target_has_rows(run_.target, table());
    rows_before_ = has_rows ? count_rows() : 0;
    loaded_.rows_before = rows_before_;
    if (entity_.identity == MIG_IDENTITY_NATURAL) {
      natural_.emplace(run_.target, entity_);
      if (planned_.only_keys) load_aliases(run_, entity_, *context_.own);
    } else if (has_rows) {
      context_.rerun = true;
      load_existing_keys(run_.target, entity_, *context_.own);
      if (planned_.only_keys) load_aliases(run_, entity_, *context_.own);
    }
    context_.keeps_keys = keeps_keys(entity_, context_.rerun);
    report_.whole = !context_.rerun && !natural_;
    if (run_.config.verify.fingerprints && !natural_) keep_fingerprints(has_rows);
  }

  void keep_fingerprints(bool has_rows) {
    const FingerprintSubject subject = fingerprint_subject(planned_);
    if (has_rows) keep_rows_before(run_.target, subject, run_.run_id);
    fingerprints_.emplace(subject, run_.run_id);
    context_.fingerprints = &*fingerprints_;
    refused_fingerprints_.emplace(subject, run_.run_id);
    context_.refused_fingerprints = &*refused_fingerprints_;
  }

  void defer(std::uint64_t filtered) {
    const bool chosen = !natural_ && should_defer(filtered);
    deferral_ = plan_deferral(run_.target, planned_, chosen, !context_.rerun);
    take_away(run_.target, deferral_);
    const auto remarks = deferral_remarks(deferral_);
    report_.remarks.insert(report_.remarks.end(), remarks.begin(), remarks.end());
  }

  bool should_defer(std::uint64_t filtered) {
    const Defer setting = planned_.config.defer.value_or(run_.config.load.defer);
    const DeferralChoice choice = choose_deferral(
        planned_.target, setting, expected_new_rows(filtered), static_cast<double>(rows_before_));
    log(LogLevel::debug, choice.reason, {{"entity", entity_.name}});
    // A rung down the ladder is said aloud: slower, and the operator may want to grant ownership.
    if (!planned_.target.owned) report_.remarks.push_back(choice.reason);
    return choice.defer;
  }

  /// Without those that a filter leaves out, and those that are in the target already: a second run
  /// must not build indexes again.
  double expected_new_rows(std::uint64_t filtered) {
    double rows = 0;
    if (planned_.only_keys) {
      rows = static_cast<double>(planned_.only_keys->size());
    } else {
      rows = expected_rows(run_.source, planned_);
      progress_->expected_rows = static_cast<std::uint64_t>(rows);
    }
    return std::max(0.0, rows - static_cast<double>(filtered) -
                             static_cast<double>(context_.own->existing_count()));
  }

  void open_totals() {
    for (const PlannedTotal& planned : planned_.totals) {
      OpenTotal open = open_total(planned_, planned);
      if (context_.rerun) open.target_before = *run_.target.query(open.target_sql).value();
      run_.totals.push_back(std::move(open));
    }
  }

  std::vector<std::string> late_tables() {
    std::vector<std::string> tables;
    for (std::size_t index = 0; index < entity_.references.size(); ++index) {
      const Reference& reference = entity_.references[index];
      tables.emplace_back();
      if (!reference.late || context_.parents[index] == nullptr) continue;
      tables.back() = open_late_reference(run_, planned_, reference, position_).table;
    }
    return tables;
  }

  /// A source query that claims to be one row per row of a table is held to it: a join that
  /// multiplies or loses rows shows here. The table may not have the key's columns by these names,
  /// so it cannot be counted by key: there the run that read everything has looked.
  void check_query(std::uint64_t read) {
    if (planned_.only_keys) return;
    if (auto trouble = wrong_query(run_.source, entity_, read)) {
      loaded_.source_rows.push_back(std::move(*trouble));
    }
  }

  void finish_target(Tally& tally) {
    progress_->activity = deferral_.objects.empty() ? "checking" : "building indexes";
    restore_objects(run_, context_, deferral_, tally);
    for (const auto& statement : deferral_.enable_triggers) run_.target.execute(statement);
    run_steps(run_, planned_, true);
  }

  void close_totals(const LoadedPart& part) {
    for (std::size_t index = 0; index < part.totals.size(); ++index) {
      close_open_total(run_.totals[run_.totals.size() - part.totals.size() + index], part, index);
    }
  }

  std::string table() const { return planned_.target.qualified(); }
  std::uint64_t count_rows() {
    return std::stoull(*run_.target.query("SELECT count(*) FROM " + table()).value());
  }

  RunContext& run_;
  const PlannedEntity& planned_;
  const Entity& entity_;
  const std::size_t position_;
  EntityContext context_;
  LoadedEntity& loaded_;
  std::shared_ptr<EntityProgress> progress_;
  EntityReport report_;
  std::optional<NaturalKeys> natural_;  // of rows that are only looked up
  std::optional<Fingerprints> fingerprints_, refused_fingerprints_;
  DeferralPlan deferral_;
  std::uint64_t rows_before_ = 0;
};

}  // namespace

EntityReport run_entity(RunContext& run, const PlannedEntity& planned, std::size_t position) {
  return EntityRun(run, planned, position).execute();
}

}  // namespace mighost
