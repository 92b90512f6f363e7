#include <algorithm>
#include <map>

#include "figures.hpp"
#include "parts.hpp"
#include "task_tables.hpp"

namespace mighost::bench {
namespace {

constexpr std::size_t rounds_default = 3;
constexpr std::size_t rows_default = 10'000'000;
// Where the range begins. Part of what a run takes whatever its rows begins only with some
// thousands of them: a foreign key is checked by reading the whole referenced table, all buckets of
// the fingerprints have something in them.
constexpr std::size_t rows_of_base = 10'000;
constexpr double spread_max = 1.15;

// The machine's pace changes from minute to minute, so each run is compared with runs of the base
// beside it, and a small table, whose rows take less than that change, is run more often in a
// round.
std::size_t pairs_of(std::size_t rows) { return std::clamp<std::size_t>(3'200'000 / rows, 1, 64); }

double seconds_of(const TaskTables& tables, const std::string& config) {
  tables.empty_target();
  return tables.migrate_tasks(config).seconds;
}

// Seconds of a run, beside each other.
struct Compared {
  Series of_base, of_rows;
};

}  // namespace

void measure_scaling(test::Cluster& cluster, const Arguments& arguments, Report& report) {
  const std::size_t rounds = arguments.rounds.value_or(rounds_default);
  const std::size_t most = arguments.rows.value_or(rows_default);
  // What other parts have measured is not lost by it.
  if (most < 10 * rows_of_base) return say("scaling: left out, it needs --rows 100000 or more");
  // Small tables too have their indexes taken away and built again, so that the runs differ in
  // nothing but their rows.
  const std::string always = "[load]\ndefer = \"always\"\n";
  const std::map<std::string, std::string> scopes = {
      {"run", always}, {"chunk", "[transaction]\nscope = \"chunk\"\nlanes = 1\n" + always}};
  TaskTables tables(cluster), base(cluster, "base");
  base.fill(rows_of_base);
  std::map<std::string, std::map<std::size_t, Compared>> runs;
  // The small ones first: what the disk still does for a large one would be all that they show.
  for (std::size_t rows = 10 * rows_of_base; rows <= most; rows *= 10) {
    tables.fill(rows);
    for (std::size_t pair = 0; pair < rounds * pairs_of(rows); ++pair) {
      for (const auto& [scope, config] : scopes) {
        Compared& compared = runs[scope][rows];
        compared.of_base.add(seconds_of(base, config));
        compared.of_rows.add(seconds_of(tables, config));
      }
    }
  }
  const std::string first = grouped(static_cast<double>(rows_of_base)) + " rows";
  report.begin_part("scaling", "tasks, each run beside one of " + first + ", " +
                                   counted_rounds(rounds) + ", in each more runs of small tables");
  for (const auto& [scope, by_rows] : runs) {
    Series costs;
    for (const auto& [rows, compared] : by_rows) {
      const std::string name = "scope " + scope + ", ";
      const std::string all = grouped(static_cast<double>(rows)) + " rows";
      report.add(Figure{name + first + " beside " + all, "s", compared.of_base});
      report.add(Figure{name + all, "s", compared.of_rows});
      const double more = compared.of_rows.median() - compared.of_base.median();
      costs.add(1e6 * more / static_cast<double>(rows - rows_of_base));
      report.add(
          Figure{name + "each further row up to " + all, "us", Series({costs.values().back()})});
    }
    report.add(Verdict{"scope " + scope + ", dearest row / cheapest row", costs.max() / costs.min(),
                       Bar::at_most, spread_max, ""});
  }
}

}  // namespace mighost::bench
