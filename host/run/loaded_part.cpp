#include "run/loaded_part.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "report/error.hpp"

namespace mighost {
namespace {

using nlohmann::json;

[[noreturn]] void damaged(const std::string& what) {
  throw Error(Exit::failed, "the ledger's record of a load is damaged: " + what,
              "mighost.chunks or mighost.loads, column record",
              "restore the ledger from a backup, or roll the run back");
}

constexpr std::pair<const char*, std::uint64_t Counts::*> count_names[] = {
    {"read", &Counts::read},           {"written", &Counts::written},
    {"unchanged", &Counts::unchanged}, {"merged", &Counts::merged},
    {"filtered", &Counts::filtered},   {"quarantined", &Counts::quarantined},
    {"parked", &Counts::parked},
};

json totals_json(const LoadedPart& part) {
  json list = json::array();
  for (std::size_t index = 0; index < part.totals.size(); ++index) {
    const SourceTotal& source = part.totals[index];
    const TotalSums& sums = part.tally.totals[index];
    json total{{"source", source.source.to_text()}, {"filtered", source.filtered.to_text()},
               {"written", sums.written.to_text()}, {"unchanged", sums.unchanged.to_text()},
               {"held", sums.held.to_text()},       {"drift", nullptr}};
    if (source.drift) total["drift"] = source.drift->to_text();
    list.push_back(std::move(total));
  }
  return list;
}

mig::decimal decimal_of(const json& text) {
  const auto value = mig::decimal::parse(text.get<std::string>());
  if (!value) damaged("a control total");
  return *value;
}

void read_totals(const json& list, LoadedPart& part) {
  part.tally.totals.clear();
  for (const json& total : list) {
    SourceTotal source{decimal_of(total.at("source")), decimal_of(total.at("filtered")), {}};
    if (!total.at("drift").is_null()) source.drift = decimal_of(total.at("drift"));
    part.totals.push_back(source);
    part.tally.totals.push_back({decimal_of(total.at("written")), decimal_of(total.at("unchanged")),
                                 decimal_of(total.at("held"))});
  }
}

json values_json(const ValueCounts& values) {
  json columns = json::array();
  for (const CountedColumn& column : values.columns()) {
    columns.push_back({{"name", column.name},
                       {"source_values", column.source_values},
                       {"sent_values", column.sent_values},
                       {"dropped", column.dropped},
                       {"explained", column.explained},
                       {"source_distinct", column.source_distinct.hashes()},
                       {"sent_distinct", column.sent_distinct.hashes()}});
  }
  return {{"rows", values.rows()}, {"columns", columns}};
}

ValueCounts values_from(const Entity& entity, const json& object) {
  const json& list = object.at("columns");
  if (list.empty()) return {};  // nothing is counted where the table had rows before
  ValueCounts values(entity);
  std::vector<CountedColumn> columns = values.columns();
  if (list.size() != columns.size()) damaged("the counted columns are others");
  for (std::size_t index = 0; index < columns.size(); ++index) {
    const json& from = list[index];
    CountedColumn& column = columns[index];
    if (from.at("name") != column.name) damaged("the counted columns are others");
    column.source_values = from.at("source_values");
    column.sent_values = from.at("sent_values");
    column.dropped = from.at("dropped");
    column.explained = from.at("explained");
    for (const std::uint64_t hash : from.at("source_distinct")) column.source_distinct.add(hash);
    for (const std::uint64_t hash : from.at("sent_distinct")) column.sent_distinct.add(hash);
  }
  values.restore(object.at("rows"), std::move(columns));
  return values;
}

json finding_json(const Finding& finding) {
  return {{"check", finding.check},     {"entity", finding.entity},
          {"plugin", finding.plugin},   {"severity", finding.severity},
          {"message", finding.message}, {"offenders", finding.offenders},
          {"keys", finding.keys},       {"code", finding.code}};
}

Finding finding_from(const json& from) {
  return {from.at("check"),   from.at("entity"),    from.at("plugin"), from.at("severity"),
          from.at("message"), from.at("offenders"), from.at("keys"),   from.at("code")};
}

json check_json(const CheckReport& check) {
  return {{"check", check.check},
          {"entity", check.entity},
          {"status", check.status},
          {"seconds", check.seconds},
          {"message", check.message}};
}

CheckReport check_from(const json& from) {
  return {from.at("check"), from.at("entity"), from.at("status"), from.at("seconds"),
          from.at("message")};
}

/// The worse of two ends of one check.
void add_checks(std::vector<CheckReport>& to, const std::vector<CheckReport>& from) {
  constexpr const char* by_gravity[] = {"passed", "off", "skipped", "warned", "vetoed", "faulty"};
  const auto gravity = [&](const std::string& status) {
    return std::find(std::begin(by_gravity), std::end(by_gravity), status) - by_gravity;
  };
  for (const CheckReport& check : from) {
    const auto same = std::find_if(to.begin(), to.end(), [&](const CheckReport& other) {
      return other.check == check.check && other.entity == check.entity;
    });
    if (same == to.end()) {
      to.push_back(check);
      continue;
    }
    same->seconds += check.seconds;
    if (gravity(check.status) <= gravity(same->status)) continue;
    same->status = check.status;
    same->message = check.message;
  }
}

}  // namespace

void add_findings(std::vector<Finding>& to, const std::vector<Finding>& from,
                  std::size_t keys_max) {
  for (const Finding& finding : from) {
    const auto same = std::find_if(to.begin(), to.end(), [&](const Finding& other) {
      return other.check == finding.check && other.entity == finding.entity &&
             other.severity == finding.severity && other.code == finding.code &&
             other.plugin == finding.plugin && other.message == finding.message;
    });
    if (same == to.end()) {
      to.push_back(finding);
      continue;
    }
    same->offenders += finding.offenders;
    for (const std::string& key : finding.keys) {
      if (same->keys.size() < keys_max) same->keys.push_back(key);
    }
  }
}

LoadedPart& LoadedPart::operator+=(const LoadedPart& other) {
  constexpr std::size_t keys_max = 10;
  if (totals.empty()) totals.resize(other.totals.size());
  if (tally.totals.empty()) tally.totals.resize(other.tally.totals.size());
  tally += other.tally;
  for (std::size_t index = 0; index < other.totals.size(); ++index) {
    SourceTotal& total = totals[index];
    const SourceTotal& more = other.totals[index];
    add_exactly(total.source, more.source);
    add_exactly(total.filtered, more.filtered);
    if (total.drift && more.drift) add_exactly(*total.drift, *more.drift);
    if (!more.drift) total.drift.reset();
  }
  values += other.values;
  for (const std::string& remark : other.remarks) {
    if (std::find(remarks.begin(), remarks.end(), remark) == remarks.end()) {
      remarks.push_back(remark);
    }
  }
  add_findings(findings, other.findings, keys_max);
  add_checks(checks, other.checks);
  rejects += other.rejects;
  seconds += other.seconds;
  return *this;
}

std::string loaded_part_json(const LoadedPart& part) {
  json object;
  for (const auto& [name, count] : count_names) object[name] = part.tally.counts.*count;
  object["codes"] = part.tally.codes;
  object["notes"] = part.tally.notes;
  object["drift"] = part.tally.drift;
  object["totals"] = totals_json(part);
  object["values"] = values_json(part.values);
  object["remarks"] = part.remarks;
  object["findings"] = json::array();
  for (const Finding& finding : part.findings) object["findings"].push_back(finding_json(finding));
  object["checks"] = json::array();
  for (const CheckReport& check : part.checks) object["checks"].push_back(check_json(check));
  object["rejects"] = part.rejects;
  object["seconds"] = part.seconds;
  return object.dump(-1, ' ', false, json::error_handler_t::replace);
}

LoadedPart loaded_part_from_json(const Entity& entity, const std::string& text) {
  LoadedPart part;
  try {
    const json object = json::parse(text);
    for (const auto& [name, count] : count_names) part.tally.counts.*count = object.at(name);
    part.tally.codes = object.at("codes").get<CountByCode>();
    part.tally.notes = object.at("notes").get<CountByCode>();
    part.tally.drift = object.at("drift");
    read_totals(object.at("totals"), part);
    part.values = values_from(entity, object.at("values"));
    part.remarks = object.at("remarks").get<std::vector<std::string>>();
    for (const json& finding : object.at("findings")) {
      part.findings.push_back(finding_from(finding));
    }
    for (const json& check : object.at("checks")) part.checks.push_back(check_from(check));
    part.rejects = object.at("rejects");
    part.seconds = object.at("seconds");
  } catch (const json::exception& fault) {
    damaged("it cannot be read");
  }
  return part;
}

}  // namespace mighost
