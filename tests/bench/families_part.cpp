#include <algorithm>
#include <map>
#include <optional>

#include "commands.hpp"
#include "families_floor.hpp"
#include "family_databases.hpp"
#include "parts.hpp"

namespace mighost::bench {
namespace {

constexpr std::size_t rounds_default = 3;
constexpr double floor_ratio_max = 1.5;
constexpr double resident_mib_max = 256;

struct RowsIn {
  double rows = 0;
  Series seconds;
};

struct Measured {
  double rows = 0;
  Series seconds;
  Series resident;
  Series floor;
  Series compared;                 // a run that also compares at its end
  std::vector<std::string> order;  // of the entities, as they ran
  std::map<std::string, RowsIn> entities, families;
};

void add_round(const Migration& migration, Measured& measured) {
  measured.seconds.add(migration.seconds);
  measured.resident.add(migration.resident_mib);
  measured.rows = migration.report.at("totals").at("read").get<double>();
  std::map<std::string, std::pair<double, double>> families;
  for (const auto& each : migration.report.at("entities")) {
    const auto name = each.at("name").get<std::string>();
    if (!measured.entities.contains(name)) measured.order.push_back(name);
    RowsIn& entity = measured.entities[name];
    entity.rows = each.at("read").get<double>();
    const double seconds = each.at("seconds").get<double>();
    entity.seconds.add(seconds);
    auto& [rows, sum] = families[each.at("family").get<std::string>()];
    rows += entity.rows;
    sum += seconds;
  }
  for (const auto& [family, sums] : families) {
    measured.families[family].rows = sums.first;
    measured.families[family].seconds.add(sums.second);
  }
}

void add_rate(const std::string& name, const RowsIn& part, Report& report) {
  const std::string title = name + ", " + grouped(part.rows) + " rows";
  // The report's clock has milliseconds: below one, a rate would be invented.
  if (part.seconds.min() > 0) {
    report.add(Figure{title, "rows/s", rates(part.rows, part.seconds), 0});
  } else {
    report.add(Figure{title, "s", part.seconds, 3});
  }
}

void add_figures(const Measured& measured, Report& report) {
  const Series to_floor = ratios(measured.seconds, measured.floor);
  report.add(Figure{"whole run", "s", measured.seconds});
  report.add(Figure{"whole run that also compares at its end", "s", measured.compared});
  report.add(Figure{"floor: finished tables, psql to psql", "s", measured.floor});
  report.add(Figure{"whole run / floor, round by round", "", to_floor});
  report.add(Figure{"whole run, rate", "rows/s", rates(measured.rows, measured.seconds), 0});
  report.add(Figure{"peak memory", "MiB", measured.resident, 1});
  for (const auto& [family, part] : measured.families) {
    add_rate("family " + family, part, report);
  }
  for (const std::string& name : measured.order) {
    add_rate(name, measured.entities.at(name), report);
  }
  report.add(Verdict{"whole run / floor", to_floor.median(), Bar::at_most, floor_ratio_max, ""});
  report.add(
      Verdict{"peak memory", measured.resident.max(), Bar::at_most, resident_mib_max, "MiB"});
}

}  // namespace

void measure_families(test::Cluster& cluster, const Arguments& arguments, Report& report) {
  const std::size_t rounds = arguments.rounds.value_or(rounds_default);
  const FamilyDatabases families(cluster, "families");
  families.fill(arguments.preset);
  const FamiliesFloor floor(families.databases.target_url, families.clone_url);
  Measured measured;
  for (std::size_t round = 1; round <= rounds; ++round) {
    say("families: round " + std::to_string(round) + " of " + std::to_string(rounds));
    families.empty(families.databases.target_url);
    measured.compared.add(migrate(families.databases, MIGHOST_BINARY_DIR "/families", {}).seconds);
    families.empty(families.databases.target_url);
    add_round(migrate(families.databases, MIGHOST_BINARY_DIR "/families", {}, without_comparing),
              measured);
    families.empty(families.clone_url);
    measured.floor.add(floor.load());
  }
  report.begin_part("families", "all families, preset " + arguments.preset + ", " +
                                    grouped(measured.rows) + " rows read, " +
                                    counted_rounds(rounds));
  add_figures(measured, report);
  report.remark(
      "a run compares nothing at its end here, as the floor does not, where it does not say "
      "otherwise");
}

}  // namespace mighost::bench
