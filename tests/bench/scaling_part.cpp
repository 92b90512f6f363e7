#include <algorithm>
#include <map>

#include "figures.hpp"
#include "parts.hpp"
#include "task_tables.hpp"

namespace mighost::bench {
namespace {

constexpr std::size_t rounds_default = 3;
constexpr std::size_t rows_default = 10'000'000;
// A run of so few rows shows what a run takes before and after its rows.
constexpr std::size_t rows_of_nothing = 100;
constexpr std::size_t large = 1'000'000;
constexpr double spread_max = 1.15;

/// Half a second each: what disturbs the machine is as much as the rows take. The quickest of some
/// is the one that was disturbed least.
double quickest(const TaskTables& tables, const std::string& config, std::size_t times) {
  Series seconds;
  for (std::size_t time = 0; time < times; ++time) {
    tables.empty_target();
    seconds.add(tables.migrate_tasks(config).seconds);
  }
  return seconds.min();
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
  TaskTables tables(cluster);
  std::map<std::string, Series> constant;                     // seconds of a run of next to nothing
  std::map<std::string, std::map<std::size_t, Series>> cost;  // microseconds a row
  for (std::size_t rows = 10'000; rows <= most; rows *= 10) {
    const bool small = rows < large;
    // Of small tables many, each beside a run of next to nothing, because the machine's pace
    // changes from minute to minute by as much as their rows take.
    const std::size_t blocks = small ? 4 * rounds : rounds, times = small ? 8 : 1;
    for (std::size_t block = 0; block < blocks; ++block) {
      std::map<std::string, double> nothing;
      if (small) {
        tables.fill(rows_of_nothing);
        for (const auto& [scope, config] : scopes) {
          nothing[scope] = quickest(tables, config, times);
          constant[scope].add(nothing[scope]);
        }
      }
      if (small || block == 0) tables.fill(rows);
      for (const auto& [scope, config] : scopes) {
        const double begun = small ? nothing[scope] : constant[scope].median();
        cost[scope][rows].add(1e6 * (quickest(tables, config, times) - begun) /
                              static_cast<double>(rows - rows_of_nothing));
      }
    }
  }
  report.begin_part("scaling", "tasks, time less that of a run of 100 rows beside it, " +
                                   counted_rounds(rounds) + " (of small tables four times as " +
                                   "many, of the quickest of 8 runs)");
  for (const auto& [scope, by_rows] : cost) {
    report.add(Figure{"scope " + scope + ", a run of 100 rows", "s", constant[scope]});
    double low = 1e9, high = 0;
    for (const auto& [rows, each] : by_rows) {
      report.add(Figure{"scope " + scope + ", " + grouped(static_cast<double>(rows)) + " rows",
                        "us/row", each});
      low = std::min(low, each.median());
      high = std::max(high, each.median());
    }
    report.add(Verdict{"scope " + scope + ", dearest row / cheapest row, medians", high / low,
                       Bar::at_most, spread_max, ""});
  }
}

}  // namespace mighost::bench
