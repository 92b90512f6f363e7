#include <algorithm>
#include <map>

#include "figures.hpp"
#include "parts.hpp"
#include "task_tables.hpp"

namespace mighost::bench {
namespace {

constexpr std::size_t rounds_default = 3;
constexpr std::size_t rows_default = 10'000'000;
constexpr double spread_max = 1.15;

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
  // What a run takes before and after its rows: one of a hundred rows.
  std::map<std::string, double> constant;
  std::map<std::string, std::map<std::size_t, Series>> cost;  // microseconds a row
  for (std::size_t rows = 100; rows <= most; rows = rows == 100 ? 10'000 : rows * 10) {
    tables.fill(rows);
    for (const auto& [scope, config] : scopes) {
      Series seconds;
      // Half a second each: what disturbs the machine is as much as the rows take. The quickest of
      // many is the one that was disturbed least.
      const std::size_t times = rows < 1'000'000 ? rounds * 20 : rounds;
      for (std::size_t round = 1; round <= times; ++round) {
        tables.empty_target();
        seconds.add(tables.migrate_tasks(config).seconds);
      }
      if (rows == 100) {
        constant[scope] = seconds.min();
        continue;
      }
      Series each;
      for (const double value : seconds.values()) {
        each.add(1e6 * (value - constant[scope]) / static_cast<double>(rows));
      }
      cost[scope].emplace(rows, each);
    }
  }
  report.begin_part("scaling", "tasks, time less that of a run of 100 rows, " +
                                   counted_rounds(rounds) +
                                   " (of small tables twenty times as many)");
  for (const auto& [scope, by_rows] : cost) {
    report.add(Figure{"scope " + scope + ", a run of 100 rows", "s", Series({constant[scope]})});
    double low = 1e9, high = 0;
    for (const auto& [rows, each] : by_rows) {
      report.add(Figure{"scope " + scope + ", " + grouped(static_cast<double>(rows)) + " rows",
                        "us/row", each});
      low = std::min(low, each.min());
      high = std::max(high, each.min());
    }
    report.add(Verdict{"scope " + scope + ", dearest row / cheapest row, quickest runs", high / low,
                       Bar::at_most, spread_max, ""});
  }
}

}  // namespace mighost::bench
