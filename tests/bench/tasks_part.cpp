#include <algorithm>
#include <array>
#include <string>

#include "parts.hpp"
#include "task_floor.hpp"

namespace mighost::bench {
namespace {

constexpr std::size_t rounds_default = 5;
constexpr double floor_ratio_max = 1.25;
constexpr double pgloader_ratio_min = 3;
constexpr double resident_mib_max = 64;
// Rounds that lie further apart than this were not measured on a quiet machine.
constexpr double quiet_spread_max = 0.15;

enum class Way { floor, mighost, pgloader_ready, pgloader_own };

struct Measured {
  Series floor;
  Series mighost;
  Series pgloader_ready;
  Series pgloader_own;
  Series mighost_resident;
  Series pgloader_resident;
};

class TasksPart {
 public:
  explicit TasksPart(test::Cluster& cluster, std::size_t rows) : tables_(cluster) {
    tables_.fill(rows);
    floor_.prepare();
    pgloader_.emplace(tables_);
  }

  // One unmeasured load of each, which also shows that the floor and mighost end in the same rows.
  std::string warm_up() {
    say("tasks: warm-up, and comparing mighost's rows with the floor's");
    const Comparison comparison(tables_);
    tables_.empty_target();
    floor_.load();
    comparison.keep();
    tables_.empty_target();
    tables_.migrate_tasks();
    std::string digest = comparison.compare();
    for (const auto table : {Pgloader::Table::ready, Pgloader::Table::own}) {
      tables_.empty_target();
      pgloader_->load(table);
    }
    return digest;
  }

  Measured measure(std::size_t rounds) {
    Measured measured;
    std::array<Way, 4> order{Way::floor, Way::mighost, Way::pgloader_ready, Way::pgloader_own};
    for (std::size_t round = 1; round <= rounds; ++round) {
      say("tasks: round " + std::to_string(round) + " of " + std::to_string(rounds));
      for (const Way way : order) measure_one(way, measured);
      // Nobody is always the one who runs after pgloader.
      std::rotate(order.begin(), order.begin() + 1, order.end());
    }
    return measured;
  }

 private:
  void measure_one(Way way, Measured& measured) {
    tables_.empty_target();
    switch (way) {
      case Way::floor:
        measured.floor.add(floor_.load());
        break;
      case Way::mighost:
        measure_mighost(measured);
        break;
      case Way::pgloader_ready:
        measured.pgloader_ready.add(measure_pgloader(Pgloader::Table::ready, measured));
        break;
      case Way::pgloader_own:
        measured.pgloader_own.add(measure_pgloader(Pgloader::Table::own, measured));
        break;
    }
  }

  void measure_mighost(Measured& measured) {
    const Migration migration = tables_.migrate_tasks();
    measured.mighost.add(migration.seconds);
    measured.mighost_resident.add(migration.resident_mib);
  }

  double measure_pgloader(Pgloader::Table table, Measured& measured) {
    const Pgloader::Load load = pgloader_->load(table);
    measured.pgloader_resident.add(load.resident_mib);
    return load.seconds;
  }

  TaskTables tables_;
  Floor floor_{tables_};
  std::optional<Pgloader> pgloader_;  // asks the databases, which must be there
};

void add_figures(const Measured& measured, double rows, Report& report) {
  report.add(Figure{"floor: psql | psql, transformed before", "s", measured.floor});
  report.add(Figure{"mighost", "s", measured.mighost});
  report.add(Figure{"pgloader, untransformed", "s", measured.pgloader_ready});
  report.add(Figure{"pgloader, making its own table", "s", measured.pgloader_own});
  report.add(Figure{"mighost, rate", "rows/s", rates(rows, measured.mighost), 0});
  report.add(Figure{"mighost, peak memory", "MiB", measured.mighost_resident, 1});
  report.add(Figure{"pgloader, peak memory", "MiB", measured.pgloader_resident, 1});
  const Series to_floor = ratios(measured.mighost, measured.floor);
  const Series to_pgloader = ratios(measured.pgloader_ready, measured.mighost);
  report.add(Figure{"mighost / floor, round by round", "", to_floor});
  report.add(Figure{"pgloader / mighost, round by round", "", to_pgloader});
  report.add(
      Figure{"pgloader, own table / mighost", "", ratios(measured.pgloader_own, measured.mighost)});
  report.add(Verdict{"mighost / floor", to_floor.median(), Bar::at_most, floor_ratio_max, ""});
  report.add(
      Verdict{"pgloader / mighost", to_pgloader.median(), Bar::at_least, pgloader_ratio_min, ""});
  report.add(Verdict{"mighost, peak memory", measured.mighost_resident.max(), Bar::at_most,
                     resident_mib_max, "MiB"});
}

void remark_on_noise(const Measured& measured, Report& report) {
  const double spread = std::max(measured.floor.spread(), measured.mighost.spread());
  if (spread <= quiet_spread_max) return;
  report.remark("noisy: the rounds lie up to " + grouped(spread * 100) +
                " % apart; measure again on a quiet machine");
}

}  // namespace

void measure_tasks(test::Cluster& cluster, const Arguments& arguments, Report& report) {
  const std::size_t rows = arguments.rows.value_or(task_rows);
  const std::size_t rounds = arguments.rounds.value_or(rounds_default);
  TasksPart part(cluster, rows);
  const std::string digest = part.warm_up();
  const Measured measured = part.measure(rounds);
  report.begin_part("tasks", grouped(static_cast<double>(rows)) + " rows, " +
                                 counted_rounds(rounds) + " after one warm-up");
  add_figures(measured, static_cast<double>(rows), report);
  remark_on_noise(measured, report);
  report.remark("mighost's rows are the floor's, whose keys are uuid_generate_v5's (md5 " + digest +
                ")");
  report.remark("mighost compares nothing at its end here, as the floor does not");
}

}  // namespace mighost::bench
