#include <algorithm>

#include "parts.hpp"
#include "task_tables.hpp"

namespace mighost::bench {
namespace {

constexpr std::size_t rounds_default = 3;
constexpr std::size_t rows_default = 5'000'000;
constexpr std::size_t few_rows = 100'000;
constexpr double growth_max = 1.10;

struct Measured {
  Series seconds;
  Series resident;
};

Measured measure_rows(TaskTables& tables, std::size_t rows, std::size_t rounds) {
  tables.fill(rows);
  Measured measured;
  for (std::size_t round = 1; round <= rounds; ++round) {
    say("memory: " + grouped(static_cast<double>(rows)) + " rows, round " + std::to_string(round) +
        " of " + std::to_string(rounds));
    tables.empty_target();
    const Migration migration = tables.migrate_tasks();
    measured.seconds.add(migration.seconds);
    measured.resident.add(migration.resident_mib);
  }
  return measured;
}

void add_figures(const std::string& name, double rows, const Measured& measured, Report& report) {
  report.add(Figure{name + ", peak memory", "MiB", measured.resident, 1});
  report.add(Figure{name + ", time", "s", measured.seconds});
  report.add(Figure{name + ", rate", "rows/s", rates(rows, measured.seconds), 0});
}

}  // namespace

void measure_memory(test::Cluster& cluster, const Arguments& arguments, Report& report) {
  const std::size_t many = arguments.rows.value_or(rows_default);
  const std::size_t few = std::min(few_rows, std::max(many / 2, std::size_t{1}));
  const std::size_t rounds = arguments.rounds.value_or(rounds_default);
  TaskTables tables(cluster);
  const Measured of_few = measure_rows(tables, few, rounds);
  const Measured of_many = measure_rows(tables, many, rounds);
  report.begin_part("memory",
                    "the tasks of a small and of a large table, " + counted_rounds(rounds));
  const std::string few_name = grouped(static_cast<double>(few)) + " rows";
  const std::string many_name = grouped(static_cast<double>(many)) + " rows";
  add_figures(few_name, static_cast<double>(few), of_few, report);
  add_figures(many_name, static_cast<double>(many), of_many, report);
  report.add(Verdict{"memory, large / small", of_many.resident.median() / of_few.resident.median(),
                     Bar::at_most, growth_max, ""});
  report.remark("mighost compares nothing at its end here; the part verify does");
}

}  // namespace mighost::bench
