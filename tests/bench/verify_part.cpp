// What fingerprints cost during a run, what comparing at its end costs, and `mighost verify` beside
// psql that reads the same tables.
#include <algorithm>
#include <array>

#include "commands.hpp"
#include "family_databases.hpp"
#include "parts.hpp"

namespace mighost::bench {
namespace {

constexpr std::size_t rounds_default = 5;
constexpr double fingerprints_share_max = 0.03;
constexpr double verify_ratio_max = 1.3;

enum class Way { none, kept, compared, sampled };

constexpr const char* config_of(Way way) {
  switch (way) {
    case Way::none:
      return "[verify]\nfingerprints = false\nat_end = false\nsample = 0\n";
    case Way::kept:
      return "[verify]\nat_end = false\nsample = 0\n";
    case Way::compared:
      return "[verify]\nsample = 0\n";
    case Way::sampled:
      break;  // as a run is when nobody configures it
  }
  return "";
}

struct Measured {
  double rows = 0, ledger_mib = 0;
  Series none, kept, compared, sampled, verify, psql, resident;
};

double verify_seconds(const FamilyDatabases& families, Measured& measured) {
  test::Command command;
  command.arguments = {MIGHOST_EXECUTABLE, "verify", "--config", work_directory() / "run.toml"};
  command.environment = {{"MIGHOST_TARGET_URL", families.databases.target_url}};
  const test::Outcome outcome = run_checked(std::move(command));
  measured.resident.add(static_cast<double>(outcome.resident_bytes_max) / mebibyte);
  return outcome.seconds;
}

/// The tables that verify reads, whole.
double psql_seconds(const std::string& url) {
  const std::string script =
      sql(url,
          "SELECT DISTINCT format($$\\copy %s to '/dev/null' with (format binary)$$, target) "
          "FROM mighost.fingerprints ORDER BY 1");
  test::Command command;
  command.arguments = {"psql", "-X", "-q", url};
  command.input = script + "\n";
  return run_checked(std::move(command)).seconds;
}

void measure_run(const FamilyDatabases& families, Way way, Measured& measured) {
  families.empty(families.databases.target_url);
  const Migration migration =
      migrate(families.databases, MIGHOST_BINARY_DIR "/families", {}, config_of(way));
  measured.rows = migration.report.at("totals").at("read").get<double>();
  Series* const series[] = {&measured.none, &measured.kept, &measured.compared, &measured.sampled};
  series[static_cast<std::size_t>(way)]->add(migration.seconds);
}

void measure_verify(const FamilyDatabases& families, Measured& measured) {
  const std::string& url = families.databases.target_url;
  measured.ledger_mib = std::stod(sql(url,
                                      "SELECT pg_total_relation_size('mighost.fingerprints') + "
                                      "pg_total_relation_size('mighost.fingerprint_leaves')")) /
                        mebibyte;
  // Both meet the tables as the other one left them.
  psql_seconds(url);
  measured.verify.add(verify_seconds(families, measured));
  measured.psql.add(psql_seconds(url));
  measured.psql.add(psql_seconds(url));
  measured.verify.add(verify_seconds(families, measured));
}

void add_figures(const Measured& measured, Report& report) {
  Series share, at_end, sample;
  for (std::size_t round = 0; round < measured.none.values().size(); ++round) {
    const double none = measured.none.values()[round], kept = measured.kept.values()[round];
    share.add((kept - none) / none);
    at_end.add((measured.compared.values()[round] - kept) / none);
    sample.add((measured.sampled.values()[round] - measured.compared.values()[round]) / none);
  }
  const Series to_psql = ratios(measured.verify, measured.psql);
  report.add(Figure{"run without fingerprints", "s", measured.none});
  report.add(Figure{"run that keeps fingerprints", "s", measured.kept});
  report.add(Figure{"run that also compares at its end", "s", measured.compared});
  report.add(Figure{"run that also transforms a sample again", "s", measured.sampled});
  report.add(Figure{"cost of keeping, share of the run", "%", share.scaled(100)});
  report.add(Figure{"cost of comparing, share of the run", "%", at_end.scaled(100)});
  report.add(Figure{"cost of the sample, share of the run", "%", sample.scaled(100)});
  report.add(Figure{"mighost verify", "s", measured.verify});
  report.add(Figure{"psql, binary COPY to /dev/null", "s", measured.psql});
  report.add(Figure{"verify / psql, round by round", "", to_psql});
  report.add(Figure{"verify, peak memory", "MiB", measured.resident, 1});
  // The medians: one slow round must not decide.
  const double kept_share = measured.kept.median() / measured.none.median() - 1;
  report.add(Verdict{"cost of fingerprints", kept_share * 100, Bar::at_most,
                     fingerprints_share_max * 100, "%"});
  report.add(Verdict{"verify / psql", to_psql.median(), Bar::at_most, verify_ratio_max, ""});
  report.remark("the fingerprints take " + grouped(measured.ledger_mib, 1) + " MiB of the target");
}

}  // namespace

void measure_verify(test::Cluster& cluster, const Arguments& arguments, Report& report) {
  const std::size_t rounds = arguments.rounds.value_or(rounds_default);
  const FamilyDatabases families(cluster, "verify");
  families.fill(arguments.preset);
  Measured measured;
  std::array<Way, 4> order{Way::none, Way::kept, Way::compared, Way::sampled};
  for (std::size_t round = 1; round <= rounds; ++round) {
    say("verify: round " + std::to_string(round) + " of " + std::to_string(rounds));
    for (const Way way : order) {
      measure_run(families, way, measured);
      if (way == Way::compared) measure_verify(families, measured);
    }
    std::rotate(order.begin(), order.begin() + 1, order.end());
  }
  report.begin_part("verify", "all families, preset " + arguments.preset + ", " +
                                  grouped(measured.rows) + " rows read, " + counted_rounds(rounds));
  add_figures(measured, report);
}

}  // namespace mighost::bench
