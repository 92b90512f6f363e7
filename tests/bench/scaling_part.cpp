#include <algorithm>
#include <map>

#include "figures.hpp"
#include "parts.hpp"
#include "task_tables.hpp"

namespace mighost::bench {
namespace {

constexpr std::size_t rounds_default = 3;
constexpr std::size_t rows_default = 10'000'000;
// What a run takes whatever its rows. Some of it begins only with the first few thousand of them:
// a foreign key of so many rows is checked by reading the whole referenced table, and all buckets
// of the fingerprints have something in them. So each table has that many rows more than it is
// named after, and its time is compared with a table's that has no others. Of each the quickest run
// counts: whatever else the machine does makes a run longer and none shorter, and a small table's
// rows take less than that.
constexpr std::size_t rows_of_base = 5'000;
constexpr double spread_max = 1.15;

// So there are more runs of small tables in a round, each beside a run of the base.
std::size_t pairs_of(std::size_t rows) { return std::clamp<std::size_t>(1'600'000 / rows, 1, 64); }

double seconds_of(const TaskTables& tables, const std::string& config) {
  tables.empty_target();
  return tables.migrate_tasks(config).seconds;
}

}  // namespace

void measure_scaling(test::Cluster& cluster, const Arguments& arguments, Report& report) {
  const std::size_t rounds = arguments.rounds.value_or(rounds_default);
  const std::size_t most = arguments.rows.value_or(rows_default);
  // Small tables too have their indexes taken away and built again, so that the runs differ in
  // nothing but their rows.
  const std::string always = "[load]\ndefer = \"always\"\n";
  const std::map<std::string, std::string> scopes = {
      {"run", always}, {"chunk", "[transaction]\nscope = \"chunk\"\nlanes = 1\n" + always}};
  TaskTables tables(cluster), base(cluster, "base");
  base.fill(rows_of_base);
  std::map<std::string, Series> of_base;                         // seconds of a run
  std::map<std::string, std::map<std::size_t, Series>> of_rows;  // the same by rows more
  // The small ones first: what the disk still does for a large one would be all that they show.
  for (std::size_t rows = 10'000; rows <= most; rows *= 10) {
    tables.fill(rows + rows_of_base);
    for (std::size_t pair = 0; pair < rounds * pairs_of(rows); ++pair) {
      for (const auto& [scope, config] : scopes) {
        of_base[scope].add(seconds_of(base, config));
        of_rows[scope][rows].add(seconds_of(tables, config));
      }
    }
  }
  report.begin_part("scaling", "tasks, the quickest run of each size less the quickest of " +
                                   grouped(static_cast<double>(rows_of_base)) + " rows, " +
                                   counted_rounds(rounds) + ", in each more runs of small tables");
  for (const auto& [scope, by_rows] : of_rows) {
    report.add(Figure{
        "scope " + scope + ", a run of " + grouped(static_cast<double>(rows_of_base)) + " rows",
        "s", of_base[scope]});
    Series costs;
    for (const auto& [rows, seconds] : by_rows) {
      const std::string more = grouped(static_cast<double>(rows)) + " rows more";
      report.add(Figure{"scope " + scope + ", a run of " + more, "s", seconds});
      costs.add(1e6 * (seconds.min() - of_base[scope].min()) / static_cast<double>(rows));
      report.add(
          Figure{"scope " + scope + ", each of " + more, "us", Series({costs.values().back()})});
    }
    report.add(Verdict{"scope " + scope + ", dearest row / cheapest row", costs.max() / costs.min(),
                       Bar::at_most, spread_max, ""});
  }
}

}  // namespace mighost::bench
