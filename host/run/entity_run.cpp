#include "run/entity_run.hpp"

#include <algorithm>
#include <chrono>

#include "plan/deferral_choice.hpp"
#include "report/error.hpp"
#include "report/log.hpp"
#include "run/deferral.hpp"
#include "run/existing_rows.hpp"
#include "run/healing.hpp"
#include "run/held_keys.hpp"
#include "run/late_references.hpp"
#include "run/natural_keys.hpp"
#include "run/pipeline.hpp"
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
        tally_(planned.totals.size()),
        loaded_(run.loaded[entity_.name] = {}) {
    context_.rejects = run.rejects;
    context_.trace = run.trace;
    const auto replayed = run.replayed.find(entity_.name);
    if (replayed != run.replayed.end()) context_.replayed = &replayed->second;
  }

  EntityReport execute() {
    const auto started = std::chrono::steady_clock::now();
    progress_ =
        run_.progress.start(entity_.name, planned_.only_keys ? planned_.only_keys->size()
                                          : planned_.expected_rows > 0
                                              ? static_cast<std::uint64_t>(planned_.expected_rows)
                                              : 0);
    report_.name = entity_.name;
    report_.family = entity_.family;
    if (run_.rejects != nullptr) run_.rejects->entity_begins(entity_.name, planned_.config);
    count_filtered();
    prepare();
    open_totals();
    stream();
    heal();
    compare();
    finish_target();
    if (fingerprints_) fingerprints_->store(run_.target);
    if (refused_fingerprints_) refused_fingerprints_->store(run_.target);
    close_totals();
    if (run_.rejects != nullptr) run_.rejects->entity_ends(tally_.counts.read);
    report_.counts = tally_.counts;
    report_.codes = tally_.codes;
    report_.notes = tally_.notes;
    report_.drift = tally_.drift;
    report_.known = tally_.known;
    report_.seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
    return std::move(report_);
  }

 private:
  void prepare() {
    run_steps(false);
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
    context_.keeps_keys = !entity_.identity_column.empty() &&
                          (context_.rerun || natural_ || entity_.legacy_columns.empty());
    report_.whole = !context_.rerun && !natural_;
    if (run_.config.verify.fingerprints && !natural_) keep_fingerprints(has_rows);

    const bool defer = !natural_ && should_defer();
    deferral_ = plan_deferral(run_.target, planned_, defer, !context_.rerun);
    for (const auto& statement : deferral_.disable_triggers) run_.target.execute(statement);
    for (auto object = deferral_.objects.rbegin(); object != deferral_.objects.rend(); ++object) {
      run_.target.execute(object->drop);
    }
    for (const auto& kept : deferral_.kept) report_.remarks.push_back(kept);
    if (!deferral_.disable_triggers.empty()) {
      report_.remarks.push_back(std::to_string(deferral_.disable_triggers.size()) +
                                " triggers did not fire, as configured");
    }
  }

  void keep_fingerprints(bool has_rows) {
    const FingerprintSubject subject = fingerprint_subject(planned_);
    if (has_rows) keep_rows_before(run_.target, subject, run_.run_id);
    fingerprints_.emplace(subject, run_.run_id);
    context_.fingerprints = &*fingerprints_;
    refused_fingerprints_.emplace(subject, run_.run_id);
    context_.refused_fingerprints = &*refused_fingerprints_;
  }

  bool should_defer() {
    const Defer setting = planned_.config.defer.value_or(run_.config.load.defer);
    const DeferralChoice choice = choose_deferral(planned_.target, setting, expected_new_rows(),
                                                  static_cast<double>(rows_before_));
    log(LogLevel::debug, choice.reason, {{"entity", entity_.name}});
    // A rung down the ladder is said aloud: slower, and the operator may want to grant ownership.
    if (!planned_.target.owned) report_.remarks.push_back(choice.reason);
    return choice.defer;
  }

  /// Without those that a filter leaves out, and those that are in the target already: a second run
  /// must not build indexes again.
  double expected_new_rows() {
    const double stay = static_cast<double>(tally_.counts.filtered) +
                        static_cast<double>(context_.own->existing_count());
    return std::max(0.0, expected_rows() - stay);
  }

  /// The catalog's estimate; a count when the table was never analysed or the source is a query.
  double expected_rows() {
    if (planned_.only_keys) return static_cast<double>(planned_.only_keys->size());
    if (planned_.expected_rows >= 0) return planned_.expected_rows;
    const auto count =
        run_.source.query("SELECT count(*) FROM " + source_relation(planned_)).value();
    progress_->expected_rows = std::stoull(*count);
    return std::stod(*count);
  }

  void run_steps(bool after) {
    for (const Step& step : entity_.steps) {
      if (step.after != after) continue;
      log_info("SQL step: " + step.purpose, {{"entity", entity_.name}});
      run_.target.execute(step.sql);
    }
  }

  /// Rows that a declared filter leaves out never reach the stream; they are counted by the server,
  /// each under the first filter that it fails.
  void count_filtered() {
    if (entity_.filters.empty()) return;
    std::string select, passed;
    for (const Filter& filter : entity_.filters) {
      const std::string fails = passed + "(" + filter.predicate + ") IS NOT TRUE";
      select += (select.empty() ? "" : ", ") + ("count(*) FILTER (WHERE " + fails + ")");
      passed += "(" + filter.predicate + ") IS TRUE AND ";
    }
    const Rows counts =
        run_.source.query("SELECT " + select + " FROM " + source_relation(planned_));
    for (std::size_t index = 0; index < entity_.filters.size(); ++index) {
      const std::uint64_t rows = std::stoull(*counts.at(0, index));
      if (rows == 0) continue;
      tally_.counts.read += rows;
      tally_.counts.filtered += rows;
      tally_.codes[entity_.filters[index].code] += rows;
    }
  }

  void open_totals() {
    for (const auto& [total, name, plugin] : planned_.totals) {
      OpenTotal open;
      open.name = name;
      open.entity = entity_.name;
      if (!plugin.empty()) open.plugin = plugin;
      const std::string sum = "coalesce(sum(" + summable(total.source_expression) + "), 0)";
      const std::string kept = filter_clause(entity_);
      const Rows sums = run_.source.query(
          "SELECT " + sum + ", " +
          (kept.empty() ? std::string("0")
                        : "coalesce(sum(" + summable(total.source_expression) +
                              ") FILTER (WHERE NOT (" + kept.substr(7) + ")), 0)") +
          " FROM " + source_relation(planned_));
      open.source_sum = *sums.at(0, 0);
      filtered_sums_.push_back(*sums.at(0, 1));
      open.target_sql =
          "SELECT coalesce(sum((" + total.target_expression + ")::numeric), 0) FROM " + table();
      open.target_before = context_.rerun ? *run_.target.query(open.target_sql).value() : "0";
      run_.totals.push_back(std::move(open));
    }
  }

  void stream() {
    LoadStatements statements;
    const std::vector<std::string> columns = sent_columns(entity_);
    statements.fresh = copy_in_statement(table(), columns);
    if (context_.rerun) {
      comparison_ = create_comparison_table(run_.target, planned_, position_, columns);
      statements.existing = copy_in_statement(comparison_, columns);
      if (context_.replayed != nullptr) open_healing(statements);
    }
    for (std::size_t index = 0; index < entity_.references.size(); ++index) {
      const Reference& reference = entity_.references[index];
      statements.late.emplace_back();
      if (!reference.late || context_.parents[index] == nullptr) continue;
      const LatePatch& patch = open_late_reference(run_, planned_, reference, position_);
      statements.late.back() =
          copy_in_statement(patch.table, {"child", "parent", "child_key", "parent_key", "heals"});
    }
    SourceReader reader(run_.source, planned_, run_.config.load, run_.memory);
    TransformStage transform(context_, natural_ ? &*natural_ : nullptr);
    RowLoader loader(run_.target, context_, std::move(statements));
    run_pipeline(reader, transform, loader, run_.memory.queue_bytes, run_.cancelled,
                 progress_->rows);
    for (const LegacyKey& key : loader.refused()) context_.own->retract(key);
    tally_ += transform.tally();
    tally_ += loader.tally();
    loaded_.values = transform.values();
    if (!transform.unhealed().empty()) {
      run_.unhealed[entity_.name].insert(transform.unhealed().begin(), transform.unhealed().end());
    }
    report_.findings = transform.validators().findings();
    report_.checks = transform.validators().checks();
    context_.own->finish();
    check_query();
  }

  /// A source query that claims to be one row per row of a table is held to it: a join that
  /// multiplies or loses rows shows here. The table may not have the key's columns by these names,
  /// so it cannot be counted by key: there the run that read everything has looked.
  void check_query() {
    if (planned_.only_keys) return;
    if (entity_.source_query.empty() || entity_.source.empty()) return;
    const auto rows =
        run_.source.query("SELECT count(*) FROM " + quote_relation(entity_.source)).value();
    if (std::stoull(*rows) == tally_.counts.read) return;
    loaded_.source_rows.push_back({"the source query yields " + std::to_string(tally_.counts.read) +
                                   " rows, but " + entity_.source + " has " + *rows +
                                   ": a join in it multiplies or loses rows"});
  }

  void open_healing(LoadStatements& statements) {
    healing_ = create_healing_table(run_, planned_, position_);
    if (!healing_.empty()) statements.healing = copy_in_statement(healing_, {"id", "legacy_key"});
  }

  void heal() {
    if (context_.replayed == nullptr || comparison_.empty()) return;
    heal_rows(run_, planned_, comparison_, healing_, context_.fingerprints, report_);
  }

  void compare() {
    if (comparison_.empty()) return;
    progress_->activity = "comparing";
    const Drift drift = compare_existing(run_.target, planned_, comparison_);
    tally_.drift += drift.rows;
    if (!drift.remark.empty()) report_.remarks.push_back(drift.remark);
    for (std::size_t index = 0; drift.rows > 0 && index < planned_.totals.size(); ++index) {
      open_total(index).drift =
          drift_of_total(run_.target, planned_, comparison_, planned_.totals[index].total);
    }
    run_.target.execute("DROP TABLE " + comparison_);
  }

  void finish_target() {
    progress_->activity = deferral_.objects.empty() ? "checking" : "building indexes";
    restore_objects(run_, context_, deferral_, tally_);
    for (const auto& statement : deferral_.enable_triggers) run_.target.execute(statement);
    run_steps(true);
  }

  void close_totals() {
    for (std::size_t index = 0; index < tally_.totals.size(); ++index) {
      OpenTotal& open = open_total(index);
      open.written = tally_.totals[index].written;
      open.unchanged = tally_.totals[index].unchanged;
      open.held = tally_.totals[index].held;
      if (const auto filtered = mig::decimal::parse(filtered_sums_[index]))
        add_exactly(open.held, *filtered);
    }
  }

  OpenTotal& open_total(std::size_t index) {
    return run_.totals[run_.totals.size() - planned_.totals.size() + index];
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
  Tally tally_;
  LoadedEntity& loaded_;
  EntityReport report_;
  std::shared_ptr<EntityProgress> progress_;
  std::optional<NaturalKeys> natural_;  // of rows that are only looked up
  std::optional<Fingerprints> fingerprints_, refused_fingerprints_;
  DeferralPlan deferral_;
  std::string comparison_, healing_;
  std::uint64_t rows_before_ = 0;
  std::vector<std::string> filtered_sums_;
};

}  // namespace

EntityReport run_entity(RunContext& run, const PlannedEntity& planned, std::size_t position) {
  return EntityRun(run, planned, position).execute();
}

}  // namespace mighost
