#include "run/source_sums.hpp"

#include <nlohmann/json.hpp>

#include "report/error.hpp"
#include "run/source_reader.hpp"

namespace mighost {
namespace {

/// One aggregate for each filter, then two for each total; empty when there is none.
std::string aggregates(const PlannedEntity& planned) {
  std::string list, passed;
  const auto add = [&](const std::string& one) { list += (list.empty() ? "" : ", ") + one; };
  for (const Filter& filter : planned.entity->filters) {
    const std::string fails = passed + "(" + filter.predicate + ") IS NOT TRUE";
    add("count(*) FILTER (WHERE " + fails + ")");
    passed += "(" + filter.predicate + ") IS TRUE AND ";
  }
  const std::string kept = filter_condition(*planned.entity);
  for (const PlannedTotal& total : planned.totals) {
    const std::string sum = "sum(" + summable(total.total.source_expression) + ")";
    add("coalesce(" + sum + ", 0)");
    add(kept.empty() ? "0" : "coalesce(" + sum + " FILTER (WHERE NOT (" + kept + ")), 0)");
  }
  return list;
}

/// `at`: the column of the first aggregate.
SourceSums read_sums(const PlannedEntity& planned,
                     const std::vector<std::optional<std::string>>& row, std::size_t at) {
  SourceSums sums;
  for (std::size_t filter = 0; filter < planned.entity->filters.size(); ++filter) {
    sums.filtered.push_back(std::stoull(*row[at++]));
  }
  for (const PlannedTotal& total : planned.totals) {
    SourceTotal& sum = sums.totals.emplace_back();
    sum.source = exact_sum(*row[at++], total.name);
    sum.filtered = exact_sum(*row[at++], total.name);
  }
  return sums;
}

}  // namespace

mig::decimal exact_sum(const std::string& text, const std::string& name) {
  const auto value = mig::decimal::parse(text);
  if (!value) throw Error(Exit::failed, "control total " + name + " does not fit 38 digits");
  return *value;
}

SourceSums source_sums(Session& source, const PlannedEntity& planned) {
  const std::string list = aggregates(planned);
  if (list.empty()) return {};
  const Rows rows = source.query("SELECT " + list + " FROM " + source_relation(planned));
  return read_sums(planned, rows.rows.front(), 0);
}

std::vector<SourceSums> source_sums_by_range(Session& source, const PlannedEntity& planned,
                                             const std::string& range_of, std::size_t ranges) {
  const std::string list = aggregates(planned);
  if (list.empty()) return {};
  SourceSums none;
  none.filtered.resize(planned.entity->filters.size());
  none.totals.resize(planned.totals.size());
  std::vector<SourceSums> sums(ranges, none);
  const Rows rows = source.query("SELECT " + range_of + ", " + list + " FROM " +
                                 source_relation(planned) + " GROUP BY 1");
  for (const auto& row : rows.rows) sums.at(std::stoull(*row[0])) = read_sums(planned, row, 1);
  return sums;
}

std::string source_sums_json(const SourceSums& sums) {
  nlohmann::json totals = nlohmann::json::array();
  for (const SourceTotal& total : sums.totals) {
    totals.push_back({total.source.to_text(), total.filtered.to_text()});
  }
  return nlohmann::json{{"filtered", sums.filtered}, {"totals", totals}}.dump();
}

SourceSums source_sums_from_json(const std::string& json) {
  SourceSums sums;
  try {
    const auto object = nlohmann::json::parse(json);
    sums.filtered = object.at("filtered").get<std::vector<std::uint64_t>>();
    for (const auto& total : object.at("totals")) {
      SourceTotal& sum = sums.totals.emplace_back();
      sum.source = exact_sum(total.at(0), "of a chunk");
      sum.filtered = exact_sum(total.at(1), "of a chunk");
    }
  } catch (const nlohmann::json::exception&) {
    throw Error(Exit::failed, "the ledger's sums of a chunk are damaged",
                "mighost.chunks, column sums",
                "restore the ledger from a backup, or roll the run back");
  }
  return sums;
}

}  // namespace mighost
