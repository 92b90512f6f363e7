#include <map>

#include "family_databases.hpp"
#include "parts.hpp"

namespace mighost::bench {
namespace {

constexpr std::size_t rounds_default = 3;
constexpr double share_max = 8;  // per cent

struct Measured {
  double rows = 0;
  std::size_t checks = 0;
  Series run, all, share;
  std::map<std::string, Series> by_name;
};

void add_round(const nlohmann::json& report, Measured& measured) {
  std::map<std::string, double> seconds;
  double all = 0;
  for (const auto& check : report.at("checks")) {
    seconds[check.at("check").get<std::string>()] += check.at("seconds").get<double>();
    all += check.at("seconds").get<double>();
  }
  const double run = report.at("seconds").get<double>();
  measured.rows = report.at("totals").at("read").get<double>();
  measured.checks = report.at("checks").size();
  measured.run.add(run);
  measured.all.add(all);
  measured.share.add(100 * all / run);
  for (const auto& [name, sum] : seconds) measured.by_name[name].add(sum);
}

}  // namespace

void measure_checks(test::Cluster& cluster, const Arguments& arguments, Report& report) {
  const std::size_t rounds = arguments.rounds.value_or(rounds_default);
  const FamilyDatabases families(cluster, "checks");
  families.fill(arguments.preset);
  Measured measured;
  for (std::size_t round = 1; round <= rounds; ++round) {
    say("checks: round " + std::to_string(round) + " of " + std::to_string(rounds));
    families.empty(families.databases.target_url);
    add_round(
        migrate(families.databases, MIGHOST_BINARY_DIR "/families", {}, without_comparing).report,
        measured);
  }
  report.begin_part("checks", grouped(static_cast<double>(measured.checks)) +
                                  " checks of a run, preset " + arguments.preset + ", " +
                                  grouped(measured.rows) + " rows read, " + counted_rounds(rounds));
  report.add(Figure{"whole run", "s", measured.run});
  report.add(Figure{"all checks", "s", measured.all});
  report.add(Figure{"share of the run", "%", measured.share, 1});
  // What takes less than the report's clock can tell is not worth a line.
  for (const auto& [name, seconds] : measured.by_name) {
    if (seconds.max() >= 0.001) report.add(Figure{name, "s", seconds, 3});
  }
  report.add(Verdict{"share of the run", measured.share.median(), Bar::at_most, share_max, "%"});
  report.remark("without fingerprints and sample, which the part verify measures");
}

}  // namespace mighost::bench
