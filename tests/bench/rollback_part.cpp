#include "family_databases.hpp"
#include "figures.hpp"
#include "parts.hpp"

namespace mighost::bench {
namespace {

constexpr std::size_t rounds_default = 3;
constexpr double ratio_max = 1;

// Catalogs without object numbers, and how many rows each table has.
constexpr char state[] = R"sql(
SELECT pg_get_indexdef(indexrelid) FROM pg_index JOIN pg_class c ON c.oid = indrelid
  WHERE relnamespace = 'public'::regnamespace
UNION ALL SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)
  FROM pg_constraint WHERE connamespace = 'public'::regnamespace
UNION ALL SELECT pg_get_triggerdef(t.oid) || ' ' || tgenabled::text FROM pg_trigger t
  JOIN pg_class c ON c.oid = tgrelid
  WHERE NOT tgisinternal AND relnamespace = 'public'::regnamespace
UNION ALL SELECT relname || ' ' || (xpath('/row/n/text()', query_to_xml(
    format('SELECT count(*) AS n FROM %I.%I', 'public', relname), false, true, '')))[1]::text
  FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1
)sql";

}  // namespace

void measure_rollback(test::Cluster& cluster, const Arguments& arguments, Report& report) {
  const std::size_t rounds = arguments.rounds.value_or(rounds_default);
  const FamilyDatabases families(cluster, "rollback");
  families.fill(arguments.preset);
  Series runs, uncompared, rollbacks, resident;
  double written = 0;
  for (std::size_t round = 1; round <= rounds; ++round) {
    say("rollback: round " + std::to_string(round) + " of " + std::to_string(rounds));
    families.empty(families.databases.target_url);
    const std::string before = sql(families.databases.target_url, state);
    // A rollback compares all rows with what was sent, and so does a run unless told otherwise.
    const Migration migration = migrate(families.databases, MIGHOST_BINARY_DIR "/families", {}, "");
    const Migration undone = roll_back(families.databases, migration.report.at("run_id"));
    if (sql(families.databases.target_url, state) != before) {
      throw Failure("after the rollback the target is not as it was before the run");
    }
    written = migration.report.at("totals").at("written").get<double>();
    runs.add(migration.seconds);
    rollbacks.add(undone.seconds);
    resident.add(undone.resident_mib);
    families.empty(families.databases.target_url);
    uncompared.add(
        migrate(families.databases, MIGHOST_BINARY_DIR "/families", {}, without_comparing).seconds);
  }
  report.begin_part("rollback", "all families, preset " + arguments.preset + ", " +
                                    grouped(written) + " rows written, " + counted_rounds(rounds));
  report.add(Figure{"run", "s", runs});
  report.add(Figure{"run that does not compare at its end", "s", uncompared});
  report.add(Figure{"rollback", "s", rollbacks});
  report.add(Figure{"rollback, peak memory", "MiB", resident, 1});
  const Series share = ratios(rollbacks, uncompared);
  report.add(Figure{"rollback / run that does not compare, round by round", "", share});
  report.add(
      Verdict{"rollback / run that does not compare", share.median(), Bar::at_most, ratio_max, ""});
}

}  // namespace mighost::bench
