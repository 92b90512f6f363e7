// How long it takes to drive again what had to wait, and what bad rows cost a run.
#include "commands.hpp"
#include "family_databases.hpp"
#include "parts.hpp"

namespace mighost::bench {
namespace {

constexpr std::size_t rounds_default = 3;
constexpr char parents[] = "1000";
constexpr double dirty_rate_min = 0.5;

// A clean source has foreign keys, which bad rows would break.
constexpr char drop_foreign_keys[] = R"sql(
SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname)
FROM pg_constraint WHERE contype = 'f' \gexec
)sql";

// Parents of most of what there is: orders. They are kept aside and put back as they were.
constexpr char take_parents[] = R"sql(
CREATE TABLE kept_aside AS SELECT * FROM dispatch_instruction
  ORDER BY md5(id::text) LIMIT least(:parents, (SELECT count(*) / 2 FROM dispatch_instruction));
DELETE FROM dispatch_instruction WHERE id IN (SELECT id FROM kept_aside);
SELECT count(*) FROM kept_aside;
)sql";
constexpr char put_back[] = R"sql(
INSERT INTO dispatch_instruction SELECT * FROM kept_aside;
DROP TABLE kept_aside;
)sql";

// Every tenth order, seven of ten tasks and every fifth record name a parent that does not exist:
// they are quarantined, and what refers to them waits. Of preset N, where most rows are
// notifications that nothing can hold back, that is a tenth of all rows read; the figures say how
// many it was.
constexpr char make_dirty[] = R"sql(
UPDATE dispatch_instruction SET patient_id = -id WHERE id % 10 = 0;
UPDATE dispatch_task SET instruction_id = -id WHERE id % 10 < 7 AND instruction_id IS NOT NULL;
UPDATE dispatch_record SET target_id = -id WHERE id % 5 = 0;
VACUUM (FULL, ANALYZE) dispatch_instruction;
VACUUM (FULL, ANALYZE) dispatch_task;
VACUUM (FULL, ANALYZE) dispatch_record;
)sql";
constexpr char settle_clean[] = R"sql(
VACUUM (FULL, ANALYZE) dispatch_instruction;
VACUUM (FULL, ANALYZE) dispatch_task;
VACUUM (FULL, ANALYZE) dispatch_record;
)sql";

struct Run {
  double rows = 0, held = 0, seconds = 0;
};

struct Measured {
  std::string parents;
  double taken_up = 0, healed = 0, read = 0;
  Series replay;
  Series clean, dirty, clean_rate, dirty_rate, held_share;
};

Run measure_run(const FamilyDatabases& families) {
  families.empty(families.databases.target_url);
  const Migration migration =
      migrate(families.databases, MIGHOST_BINARY_DIR "/families", {}, without_comparing);
  const auto& totals = migration.report.at("totals");
  return {totals.at("read").get<double>(),
          totals.at("quarantined").get<double>() + totals.at("parked").get<double>(),
          migration.seconds};
}

void measure_replay(const FamilyDatabases& families, Measured& measured) {
  const std::string& source = families.databases.source_url;
  const std::string script = std::string("\\set parents ") + parents + "\n" + take_parents;
  measured.parents = sql(source, script);
  const Run without = measure_run(families);
  sql(source, put_back);
  const Migration again =
      replay(families.databases, MIGHOST_BINARY_DIR "/families", without_comparing);
  const auto& facts = again.report.at("replay");
  if (without.held == 0 || facts.at("waiting") != 0) {
    throw Failure("not all that waited for the orders has come: " + facts.dump());
  }
  measured.replay.add(again.seconds);
  measured.taken_up = facts.at("taken_up").get<double>();
  measured.healed = facts.at("healed").get<double>();
  measured.read = again.report.at("totals").at("read").get<double>();
}

void add_figures(const Measured& measured, Report& report) {
  report.add(Figure{"replay of " + measured.parents + " orders and what hangs on them", "s",
                    measured.replay});
  report.add(Figure{"clean run", "s", measured.clean});
  report.add(Figure{"dirty run", "s", measured.dirty});
  report.add(Figure{"clean run, rate", "rows/s", measured.clean_rate, 0});
  report.add(Figure{"dirty run, rate", "rows/s", measured.dirty_rate, 0});
  report.add(Figure{"rows held back in the dirty run", "%", measured.held_share, 1});
  const Series share = ratios(measured.dirty_rate, measured.clean_rate);
  report.add(Figure{"dirty rate / clean rate, round by round", "", share});
  report.add(Verdict{"dirty rate / clean rate", share.median(), Bar::at_least, dirty_rate_min, ""});
  report.remark("replay took up " + grouped(measured.taken_up) + " rows, read " +
                grouped(measured.read) + ", and gave " + grouped(measured.healed) +
                " that had gone without it their reference; nothing was left waiting");
  report.remark(
      "made dirty: every tenth order, seven of ten tasks and every fifth record name a parent that "
      "does "
      "not exist, so that they are held back, and so is what waits for them; nothing else");
}

}  // namespace

void measure_quality(test::Cluster& cluster, const Arguments& arguments, Report& report) {
  const std::size_t rounds = arguments.rounds.value_or(rounds_default);
  const FamilyDatabases clean(cluster, "quality"), dirty(cluster, "dirty");
  clean.fill(arguments.preset, true);
  sql(clean.databases.source_url, std::string(drop_foreign_keys) + settle_clean);
  dirty.fill(arguments.preset, true);
  sql(dirty.databases.source_url, std::string(drop_foreign_keys) + make_dirty);
  Measured measured;
  double rows = 0;
  for (std::size_t round = 1; round <= rounds; ++round) {
    say("quality: round " + std::to_string(round) + " of " + std::to_string(rounds));
    const Run of_clean = measure_run(clean), of_dirty = measure_run(dirty);
    if (of_clean.held > 0) throw Failure("rows of the clean dataset are held back");
    rows = of_clean.rows;
    measured.clean.add(of_clean.seconds);
    measured.dirty.add(of_dirty.seconds);
    measured.clean_rate.add(of_clean.rows / of_clean.seconds);
    measured.dirty_rate.add(of_dirty.rows / of_dirty.seconds);
    measured.held_share.add(100 * of_dirty.held / of_dirty.rows);
    measure_replay(clean, measured);
  }
  report.begin_part("quality", "all families, clean dataset, preset " + arguments.preset + ", " +
                                   grouped(rows) + " rows read, " + counted_rounds(rounds));
  add_figures(measured, report);
}

}  // namespace mighost::bench
