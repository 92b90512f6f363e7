#include "report/run_report.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <nlohmann/json.hpp>

namespace mighost {
namespace {

using json = nlohmann::ordered_json;

// More digits would pretend a precision that a clock does not have.
double to_milliseconds(double seconds) { return std::round(seconds * 1e3) / 1e3; }
double to_tenths(double rate) { return std::round(rate * 10) / 10; }

void add_counts(json& object, const Counts& counts) {
  object["read"] = counts.read;
  object["written"] = counts.written;
  object["unchanged"] = counts.unchanged;
  object["merged"] = counts.merged;
  object["filtered"] = counts.filtered;
  object["quarantined"] = counts.quarantined;
  object["parked"] = counts.parked;
}

json entity_json(const EntityReport& entity) {
  json object;
  object["name"] = entity.name;
  object["family"] = entity.family;
  add_counts(object, entity.counts);
  object["seconds"] = to_milliseconds(entity.seconds);
  object["rows_per_second"] = to_tenths(entity.rows_per_second());
  object["codes"] = json(entity.codes);
  object["notes"] = json(entity.notes);
  object["drift"] = entity.drift;
  object["taken_up"] = entity.taken_up;
  object["gone"] = entity.gone;
  object["healed"] = entity.healed;
  object["remarks"] = json(entity.remarks);
  return object;
}

json total_json(const ControlTotal& total) {
  json object;
  object["name"] = total.name;
  object["source"] = total.source;
  object["target"] = total.target;
  object["difference"] = total.difference;
  object["held"] = total.held;
  object["holds"] = total.holds;
  return object;
}

json finding_json(const Finding& finding) {
  json object;
  object["check"] = finding.check;
  object["entity"] = finding.entity;
  object["plugin"] = finding.plugin;
  object["severity"] = finding.severity;
  object["message"] = finding.message;
  object["offenders"] = finding.offenders;
  object["keys"] = json(finding.keys);
  object["code"] = finding.code;
  return object;
}

json check_json(const CheckReport& check) {
  json object;
  object["check"] = check.check;
  object["entity"] = check.entity;
  object["status"] = check.status;
  object["seconds"] = to_milliseconds(check.seconds);
  object["message"] = check.message;
  return object;
}

json retry_json(const RetryReport& retry) {
  json object;
  object["at"] = retry.at;
  object["entity"] = retry.entity;
  object["chunk"] = retry.chunk;
  object["attempt"] = retry.attempt;
  object["sqlstate"] = retry.sqlstate;
  object["message"] = retry.message;
  return object;
}

json totals_json(const RunReport& report) {
  json object;
  const Counts totals = report.totals();
  add_counts(object, totals);
  object["drift"] = report.drift();
  object["seconds"] = to_milliseconds(report.seconds);
  const double rate = report.seconds > 0 ? static_cast<double>(totals.read) / report.seconds : 0;
  object["rows_per_second"] = to_tenths(rate);
  return object;
}

template <typename Items, typename Function>
json list_json(const Items& items, Function one) {
  json list = json::array();
  for (const auto& item : items) list.push_back(one(item));
  return list;
}

std::uint64_t sum(const std::vector<EntityReport>& entities, std::uint64_t EntityReport::*which) {
  std::uint64_t rows = 0;
  for (const EntityReport& entity : entities) rows += entity.*which;
  return rows;
}

CountByCode summed(const std::vector<EntityReport>& entities, CountByCode EntityReport::*which) {
  CountByCode sums;
  for (const EntityReport& entity : entities) {
    for (const auto& [code, rows] : entity.*which) sums[code] += rows;
  }
  return sums;
}

}  // namespace

Counts& Counts::operator+=(const Counts& other) {
  read += other.read;
  written += other.written;
  unchanged += other.unchanged;
  merged += other.merged;
  filtered += other.filtered;
  quarantined += other.quarantined;
  parked += other.parked;
  return *this;
}

Counts RunReport::totals() const {
  Counts sum;
  for (const EntityReport& entity : entities) sum += entity.counts;
  return sum;
}

std::size_t RunReport::vetoes() const {
  return static_cast<std::size_t>(
      std::count_if(findings.begin(), findings.end(),
                    [](const Finding& finding) { return finding.severity == "veto"; }));
}

void RunReport::add(EntityReport entity) {
  std::move(entity.findings.begin(), entity.findings.end(), std::back_inserter(findings));
  std::move(entity.checks.begin(), entity.checks.end(), std::back_inserter(checks));
  entity.findings.clear();
  entity.checks.clear();
  entities.push_back(std::move(entity));
}

std::uint64_t RunReport::drift() const { return sum(entities, &EntityReport::drift); }
std::uint64_t RunReport::taken_up() const { return sum(entities, &EntityReport::taken_up); }
std::uint64_t RunReport::gone() const { return sum(entities, &EntityReport::gone); }
std::uint64_t RunReport::healed() const { return sum(entities, &EntityReport::healed); }

CountByCode RunReport::rejects_by_code() const { return summed(entities, &EntityReport::codes); }

std::string RunReport::to_json() const {
  json object;
  object["run_id"] = run_id;
  object["status"] = status;
  object["kind"] = kind();
  object["scope"] = scope;
  object["seconds"] = to_milliseconds(seconds);
  object["verified"] = verified;
  object["dry_run"] = dry_run;
  object["error"] = error;
  object["entities"] = list_json(entities, entity_json);
  object["totals"] = totals_json(*this);
  if (replay) {
    object["replay"] = {
        {"passes", replay->passes}, {"taken_up", taken_up()},     {"gone", gone()},
        {"healed", healed()},       {"waiting", replay->waiting}, {"waived", replay->waived}};
  }
  object["control_totals"] = list_json(control_totals, total_json);
  object["rejects_by_code"] = json(rejects_by_code());
  object["notes_by_code"] = json(summed(entities, &EntityReport::notes));
  object["findings"] = list_json(findings, finding_json);
  object["checks"] = list_json(checks, check_json);
  object["retries"] = list_json(retries, retry_json);
  // Keys come from source databases and may not be UTF-8; a report must be readable all the same.
  return object.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

}  // namespace mighost
