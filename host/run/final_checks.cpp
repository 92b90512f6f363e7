#include "run/final_checks.hpp"

#include <algorithm>

#include "report/error.hpp"
#include "run/deferral.hpp"
#include "validate/assertions.hpp"

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
  const mig::decimal source = exact(open.source_sum, open.name);
  const mig::decimal after = exact(*run.target.query(open.target_sql).value(), open.name);
  mig::decimal target = minus(after, exact(open.target_before, open.name));
  mig::decimal unchanged = open.unchanged;
  target = minus(target, -unchanged);
  target = minus(target, -exact(open.drift.value_or("0"), open.name));
  const mig::decimal difference = minus(minus(source, target), open.held);
  return {
      open.name,           source.to_text(),     target.to_text(),
      open.held.to_text(), difference.to_text(), difference.is_zero() && open.drift.has_value()};
}

void add_veto(RunReport& report, std::string check, std::string entity, std::string message) {
  Finding finding;
  finding.check = std::move(check);
  finding.entity = std::move(entity);
  finding.plugin = "mighost";
  finding.severity = "veto";
  finding.message = std::move(message);
  report.findings.push_back(std::move(finding));
}

/// The whole difference lies in rows that an earlier run brought: this run has lost nothing.
bool is_drift(const ControlTotal& total, const OpenTotal& open) {
  const mig::decimal drift = exact(open.drift.value_or("0"), open.name);
  return minus(exact(total.difference, open.name), -drift).is_zero();
}

}  // namespace

bool totals_hold(const RunReport& report) {
  return std::all_of(report.control_totals.begin(), report.control_totals.end(),
                     [](const ControlTotal& total) { return total.holds; });
}

bool final_checks(RunContext& run, const std::string& structure_before, RunReport& report) {
  for (const EntityReport& entity : report.entities) {
    if (!entity.counts.balanced()) {
      add_veto(report, "books", entity.name,
               "read " + std::to_string(entity.counts.read) + ", settled " +
                   std::to_string(entity.counts.settled()));
    }
  }
  for (const OpenTotal& open : run.totals) {
    report.control_totals.push_back(close_total(run, open));
    const ControlTotal& total = report.control_totals.back();
    if (total.holds) continue;
    const std::string differ = "source and target differ by " + total.difference;
    if (is_drift(total, open)) {
      report.findings.push_back({"control total",
                                 total.name,
                                 open.plugin,
                                 "note",
                                 open.drift
                                     ? differ + ": rows have changed since an earlier run brought "
                                                "them"
                                     : "rows have changed since an earlier run brought them, and "
                                       "its expression cannot say by how much",
                                 0,
                                 {}});
    } else {
      add_veto(report, "control total", total.name, differ);
      report.findings.back().plugin = open.plugin;
    }
  }
  run_assertions(run.plan, run.config.validation, run.target, report);
  if (structure_fingerprint(run.target, target_oids(run.plan)) != structure_before) {
    add_veto(report, "structure", "",
             "indexes, constraints or triggers of a target table are not as they were");
  }
  return std::none_of(report.findings.begin(), report.findings.end(),
                      [](const Finding& finding) { return finding.severity == "veto"; });
}

std::vector<std::uint32_t> target_oids(const Plan& plan) {
  std::vector<std::uint32_t> oids;
  for (const PlannedEntity& planned : plan.entities) oids.push_back(planned.target.oid);
  return oids;
}

void advance_sequences(RunContext& run) {
  for (const PlannedEntity& planned : run.plan.entities) {
    std::vector<std::string> columns;
    for (const Column& column : planned.entity->target_columns) columns.push_back(column.name);
    columns.push_back(planned.entity->identity_column);
    for (const auto& column : columns) {
      if (column.empty()) continue;
      const auto sequence =
          run.target
              .query("SELECT pg_get_serial_sequence($1, $2)", {planned.target.qualified(), column})
              .value();
      if (!sequence) continue;
      run.target.execute("SELECT setval(" + quote_literal(*sequence) + ", m) FROM (SELECT max(" +
                         quote_identifier(column) + ") AS m FROM " + planned.target.qualified() +
                         ") AS highest WHERE m >= (SELECT last_value FROM " + *sequence + ")");
    }
  }
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
