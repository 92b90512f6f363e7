#include "run/final_checks.hpp"

#include <algorithm>
#include <chrono>

#include "config/severity.hpp"
#include "report/error.hpp"
#include "run/structure.hpp"
#include "run/table_checks.hpp"
#include "validate/assertions.hpp"
#include "validate/sequences.hpp"

namespace mighost {
namespace {

mig::decimal exact(const std::string& text, const std::string& name) {
  const auto value = mig::decimal::parse(text);
  if (!value) throw Error(Exit::failed, "control total " + name + " does not fit 38 digits");
  return *value;
}

mig::decimal minus(const mig::decimal& left, const mig::decimal& right) {
  const auto difference = left.subtract(right);
  if (!difference) throw Error(Exit::failed, "a control total does not fit 38 digits");
  return *difference;
}

/// source: all source rows, by SQL. target: what the table gained, by SQL, plus what was there
/// already. held: what the stream saw held back. The two sides meet only here.
ControlTotal close_total(RunContext& run, const OpenTotal& open) {
  const mig::decimal after = exact(*run.target.query(open.target_sql).value(), open.name);
  mig::decimal target = minus(after, exact(open.target_before, open.name));
  target = minus(target, -open.unchanged);
  target = minus(target, -open.drift.value_or(mig::decimal{}));
  const mig::decimal difference = minus(minus(open.source, target), open.held);
  return {
      open.name,           open.source.to_text(), target.to_text(),
      open.held.to_text(), difference.to_text(),  difference.is_zero() && open.drift.has_value()};
}

/// The whole difference lies in rows that an earlier run brought: this run has lost nothing.
bool is_drift(const ControlTotal& total, const OpenTotal& open) {
  const mig::decimal drift = open.drift.value_or(mig::decimal{});
  return minus(exact(total.difference, open.name), -drift).is_zero();
}

/// The finding of a total that does not hold; returns its severity, nothing when it holds.
std::string judge_total(const RunContext& run, const std::string& entity, const OpenTotal& open,
                        RunReport& report) {
  const ControlTotal& total = report.control_totals.back();
  if (total.holds) return {};
  Finding finding{"control_totals", total.name, open.plugin, "veto", {}, 0, {}};
  finding.message = "source and target differ by " + total.difference;
  if (is_drift(total, open)) {
    finding.severity = "note";
    finding.message =
        open.drift ? finding.message + ": rows have changed since an earlier run brought them"
                   : "rows have changed since an earlier run brought them, and its "
                     "expression cannot say by how much";
  } else if (severity_of(run.config, entity, "control_totals", Severity::abort) == Severity::warn) {
    finding.severity = "warn";
  }
  report.findings.push_back(finding);
  return finding.severity;
}

}  // namespace

bool totals_hold(const RunReport& report) {
  return std::all_of(report.control_totals.begin(), report.control_totals.end(),
                     [](const ControlTotal& total) { return total.holds; });
}

namespace {

/// One line of `checks` for each entity that has control totals.
void check_totals(RunContext& run, CheckRunner& runner, RunReport& report) {
  constexpr const char* check = "control_totals";
  std::map<std::string, CheckReport> done;
  for (const OpenTotal& open : run.totals) {
    const std::string& entity = open.entity;
    const auto [line, first] = done.emplace(entity, CheckReport{check, entity, "passed", 0, {}});
    if (first && runner.is_off(check, entity, Severity::abort)) line->second.status = "off";
    if (line->second.status == "off") continue;
    const auto started = std::chrono::steady_clock::now();
    report.control_totals.push_back(close_total(run, open));
    const std::string severity = judge_total(run, entity, open, report);
    if (severity == "veto") line->second.status = "vetoed";
    if (!severity.empty() && line->second.status == "passed") line->second.status = "warned";
    line->second.seconds +=
        std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
  }
  for (const auto& [entity, line] : done) {
    if (line.status != "off") report.checks.push_back(line);
  }
}

/// What is off is named, also where it would have had nothing to look at.
void name_what_is_off(const RunConfig& config, RunReport& report) {
  for (const std::string& check : built_in_checks()) {
    const auto said = config.checks.find(check);
    if (said == config.checks.end() || said->second != Severity::off) continue;
    const bool named = std::any_of(report.checks.begin(), report.checks.end(),
                                   [&](const CheckReport& one) { return one.check == check; });
    if (!named) report.checks.push_back({check, "", "off", 0, {}});
  }
}

}  // namespace

bool final_checks(RunContext& run, const std::string& structure_before, RunReport& report) {
  CheckRunner runner(run.config, run.target, run.cancelled, report);
  check_tables(run, report, runner);
  check_totals(run, runner, report);
  run_assertions(run.plan, run.config.validation, run.target, report);
  runner.run("structure", "", Severity::abort, [&]() -> Looked {
    const std::string now = structure_of(run.target, target_oids(run.plan));
    if (now == structure_before) return {};
    return {
        .troubles = {{"indexes, constraints or triggers of target tables are not as they were: " +
                      structure_changes(structure_before, now)}}};
  });
  name_what_is_off(run.config, report);
  return report.vetoes() == 0;
}

std::vector<std::uint32_t> target_oids(const Plan& plan) {
  std::vector<std::uint32_t> oids;
  for (const PlannedEntity& planned : plan.entities) oids.push_back(planned.target.oid);
  return oids;
}

void advance_sequences(RunContext& run) {
  for (const ColumnSequence& numbering : column_sequences(run.plan, run.target)) {
    const std::string can = can_be_set(numbering);
    if (can == "false") continue;
    run.target.execute("SELECT setval(" + quote_literal(numbering.sequence) +
                       ", m::bigint) FROM (SELECT max(" + quote_identifier(numbering.column) +
                       ") AS m FROM " + numbering.planned->target.qualified() +
                       ") AS highest WHERE m >= (SELECT last_value FROM " + numbering.sequence +
                       ") AND " + can);
  }
}

bool sequences_stand(RunContext& run, RunReport& report) {
  bool stand = true;
  const auto sequences = column_sequences(run.plan, run.target);
  for (CheckReport& check : report.checks) {
    if (check.check != "sequences" || check.status != "passed") continue;
    const bool veto =
        severity_of(run.config, check.entity, check.check, Severity::abort) != Severity::warn;
    for (const PlannedEntity& planned : run.plan.entities) {
      if (planned.entity->name != check.entity) continue;
      for (Trouble& trouble :
           check_sequences(sequences, planned, false, true, run.target).troubles) {
        report.findings.push_back({check.check,
                                   check.entity,
                                   "mighost",
                                   veto ? "veto" : "warn",
                                   std::move(trouble.message),
                                   0,
                                   {}});
        check.status = veto ? "vetoed" : "warned";
        stand = stand && !veto;
      }
    }
  }
  return stand;
}

void check_sequence_rights(const Plan& plan, Session& target) {
  for (const PlannedEntity& planned : plan.entities) {
    const Rows refused = target.query(
        "SELECT s FROM pg_attribute a, pg_get_serial_sequence($1, a.attname) AS s "
        "WHERE a.attrelid = $2::oid AND a.attnum > 0 AND NOT a.attisdropped AND s IS NOT NULL "
        "AND a.attname = $3 AND NOT has_sequence_privilege(s, 'UPDATE') LIMIT 1",
        {planned.target.qualified(), std::to_string(planned.target.oid),
         planned.entity->identity_column});
    if (refused.empty()) continue;
    throw Error(Exit::preflight, "the role may not set the sequence " + *refused.at(0, 0),
                planned.entity->name + " into " + planned.entity->target,
                "GRANT SELECT, UPDATE ON SEQUENCE " + *refused.at(0, 0) + " to the role");
  }
}

}  // namespace mighost
