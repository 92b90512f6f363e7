#include "run/source_sums.hpp"

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

}  // namespace mighost
