#include "run/entity_parts.hpp"

#include "report/log.hpp"
#include "run/source_reader.hpp"

namespace mighost {

void run_steps(RunContext& run, const PlannedEntity& planned, bool after) {
  for (const Step& step : planned.entity->steps) {
    if (step.after != after) continue;
    log_info("SQL step: " + step.purpose, {{"entity", planned.entity->name}});
    run.target.execute(step.sql);
  }
}

bool keeps_keys(const Entity& entity, bool rerun) {
  if (entity.identity_column.empty()) return false;
  return rerun || entity.identity == MIG_IDENTITY_NATURAL || entity.legacy_columns.empty();
}

double expected_rows(Session& source, const PlannedEntity& planned) {
  if (planned.expected_rows >= 0) return planned.expected_rows;
  return std::stod(*source.query("SELECT count(*) FROM " + source_relation(planned)).value());
}

std::optional<Trouble> wrong_query(Session& source, const Entity& entity, std::uint64_t read) {
  if (entity.source_query.empty() || entity.source.empty()) return std::nullopt;
  const auto rows = source.query("SELECT count(*) FROM " + quote_relation(entity.source)).value();
  if (std::stoull(*rows) == read) return std::nullopt;
  return Trouble{"the source query yields " + std::to_string(read) + " rows, but " + entity.source +
                 " has " + *rows + ": a join in it multiplies or loses rows"};
}

OpenTotal open_total(const PlannedEntity& planned, const PlannedTotal& total) {
  OpenTotal open;
  open.name = total.name;
  open.entity = planned.entity->name;
  if (!total.plugin.empty()) open.plugin = total.plugin;
  open.target_sql = "SELECT coalesce(sum((" + total.total.target_expression +
                    ")::numeric), 0) FROM " + planned.target.qualified();
  return open;
}

void close_open_total(OpenTotal& open, const LoadedPart& part, std::size_t index) {
  const TotalSums& sums = part.tally.totals[index];
  const SourceTotal& source = part.totals[index];
  open.source = source.source;
  open.unchanged = sums.unchanged;
  open.held = sums.held;
  add_exactly(open.held, source.filtered);
  open.drift = source.drift;
}

void fill_report(EntityReport& report, const LoadedPart& part) {
  report.counts = part.tally.counts;
  report.codes = part.tally.codes;
  report.notes = part.tally.notes;
  report.drift = part.tally.drift;
  report.known = part.tally.known;
  report.findings.insert(report.findings.end(), part.findings.begin(), part.findings.end());
  report.checks.insert(report.checks.end(), part.checks.begin(), part.checks.end());
  report.remarks.insert(report.remarks.end(), part.remarks.begin(), part.remarks.end());
}

}  // namespace mighost
