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
// Of tables smaller than that, in a round.
constexpr std::size_t pairs = 32;
constexpr double spread_max = 1.15;

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
  TaskTables tables(cluster), nothing(cluster, "nothing");
  nothing.fill(rows_of_nothing);
  std::map<std::string, Series> constant;                     // seconds of a run of next to nothing
  std::map<std::string, std::map<std::size_t, Series>> cost;  // microseconds a row
  for (std::size_t rows = 10'000; rows <= most; rows *= 10) {
    tables.fill(rows);
    const bool small = rows < large;
    for (std::size_t round = 0; round < (small ? pairs * rounds : rounds); ++round) {
      for (const auto& [scope, config] : scopes) {
        // The rows of a small table take less than the machine's pace changes from minute to
        // minute: each is compared with the run of next to nothing just before it.
        if (small) constant[scope].add(seconds_of(nothing, config));
        const double begun = small ? constant[scope].values().back() : constant[scope].median();
        cost[scope][rows].add(1e6 * (seconds_of(tables, config) - begun) /
                              static_cast<double>(rows - rows_of_nothing));
      }
    }
  }
  report.begin_part("scaling", "tasks, time less that of a run of 100 rows, " +
                                   counted_rounds(rounds) + " (of small tables " +
                                   std::to_string(pairs) + " pairs in each)");
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
