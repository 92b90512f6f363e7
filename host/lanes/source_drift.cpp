#include "lanes/source_drift.hpp"

#include "batch/canonical.hpp"
#include "pg/copy_out.hpp"
#include "report/text.hpp"
#include "run/entity_load.hpp"
#include "run/existing_rows.hpp"
#include "run/held_keys.hpp"
#include "run/source_reader.hpp"

namespace mighost {
namespace {

struct Moved {
  std::uint64_t changed = 0, appeared = 0, gone = 0;
};

class SourceDrift {
 public:
  SourceDrift(Crew& crew, ParentBooks& books, RunContext& run, std::string snapshot)
      : crew_(crew), books_(books), run_(run), snapshot_(std::move(snapshot)) {}

  /// Nothing: the source is as it was read.
  std::optional<Moved> look_at(const PlannedEntity& planned) {
    Moved moved;
    std::vector<FinishedChunk> others;
    for (FinishedChunk& chunk :
         finished_chunks(run_.target, crew_.ticket.run_id, planned.entity->name)) {
      if (chunk.snapshot != snapshot_ && is_other(planned, chunk))
        others.push_back(std::move(chunk));
    }
    for (const FinishedChunk& chunk : others) look_at(planned, chunk, moved);
    if (others.empty()) return std::nullopt;
    return moved;
  }

 private:
  bool is_other(const PlannedEntity& planned, const FinishedChunk& chunk) {
    PlannedEntity part = planned;
    part.key_range = chunk.key_range;
    std::uint64_t rows = 0, hash = 0;
    CopyOut copy(run_.source, source_select(part));
    for (std::string_view row; copy.next(row); ++rows) hash += hash_bytes(row, 0);
    return rows != chunk.rows || hash != chunk.hash;
  }

  /// As a second run would: rows that are there are compared, the others would be new.
  void look_at(const PlannedEntity& planned, const FinishedChunk& chunk, Moved& moved) {
    PlannedEntity part = planned;
    part.key_range = chunk.key_range;
    const Entity& entity = *part.entity;
    const std::size_t position = crew_.position(entity.name);
    const std::uint64_t held = keys_held(entity);
    run_.target.execute("SAVEPOINT mighost_drift");
    {
      RunContext looking = run_;
      books_.open(looking, part);
      const auto own = there_now(looking, part);
      EntityContext context = entity_context(looking, part, *own);
      std::optional<NaturalKeys> natural;
      if (entity.identity == MIG_IDENTITY_NATURAL) natural.emplace(run_.target, entity);
      context.rerun = !natural;
      EntityProgress progress;
      EntityLoad load(looking, part, position, context, natural ? &*natural : nullptr, progress);
      std::vector<std::string> late = late_tables(crew_, part);
      load.count_source();
      load.stream(late);
      load.compare();
      const LoadedPart before = loaded_part_from_json(entity, chunk.record_json);
      count(before.tally.counts, load.part().tally, keys_held(entity) - held, moved);
    }
    run_.target.execute("ROLLBACK TO SAVEPOINT mighost_drift");
    run_.target.execute("RELEASE SAVEPOINT mighost_drift");
  }

  /// Of the rows that the chunk had, those that are there now or are held back again are no news.
  /// What only the indexes refused stands among the written of the chunk, and is held back now.
  static void count(const Counts& then, const Tally& now, std::uint64_t newly_held, Moved& moved) {
    moved.changed += now.drift;
    moved.appeared += now.counts.written + newly_held;
    const std::uint64_t had = then.written + then.unchanged + then.quarantined + then.parked;
    const std::uint64_t held_again = now.counts.quarantined + now.counts.parked - newly_held;
    const std::uint64_t has = now.counts.unchanged + held_again;
    moved.gone += had > has ? had - has : 0;
  }

  std::uint64_t keys_held(const Entity& entity) {
    return std::stoull(*run_.target
                            .query("SELECT count(DISTINCT legacy_key) FROM mighost.quarantine "
                                   "WHERE run_id = $1 AND entity = $2",
                                   {crew_.ticket.run_id, entity.name})
                            .value());
  }

  std::shared_ptr<KeyBook> there_now(RunContext& run, const PlannedEntity& planned) {
    const Entity& entity = *planned.entity;
    auto& there = there_[entity.name];
    if (!there) {
      there = std::make_shared<KeyBook>(entity, run.config.identity_namespace);
      if (entity.identity != MIG_IDENTITY_NATURAL) load_existing_keys(run.target, entity, *there);
    }
    return std::make_shared<KeyBook>(entity, run.config.identity_namespace, there.get());
  }

  Crew& crew_;
  ParentBooks& books_;
  RunContext& run_;
  const std::string snapshot_;
  std::map<std::string, std::shared_ptr<KeyBook>> there_;
};

std::string sentence(const Moved& moved) {
  std::vector<std::string> parts;
  const auto add = [&](std::uint64_t rows, const std::string& what) {
    if (rows > 0) parts.push_back(counted(rows, "row", "rows") + " " + what);
  };
  add(moved.changed, "changed");
  add(moved.appeared, "appeared");
  add(moved.gone, "vanished or would not go today");
  if (parts.empty()) parts.emplace_back("rows have changed in what is not brought");
  return "since its rows were read: " + joined(parts) +
         "; not brought by this run, a later run finds them";
}

}  // namespace

void find_source_drift(Crew& crew, ParentBooks& books, RunContext& run, const std::string& snapshot,
                       RunReport& report) {
  SourceDrift drift(crew, books, run, snapshot);
  for (EntityReport& entity : report.entities) {
    const PlannedEntity& planned = crew.planned(entity.name);
    const auto moved = drift.look_at(planned);
    if (!moved) continue;
    run.moved_sources.insert(entity.name);
    entity.drift += moved->changed + moved->appeared + moved->gone;
    report.findings.push_back({"source_drift",
                               entity.name,
                               "mighost",
                               "note",
                               sentence(*moved),
                               moved->changed + moved->appeared + moved->gone,
                               {}});
  }
}

}  // namespace mighost
