#include "lanes/chunk_load.hpp"

#include <algorithm>
#include <chrono>

#include "lanes/budgets.hpp"
#include "ledger/transactions.hpp"
#include "report/error.hpp"
#include "report/failpoint.hpp"
#include "run/entity_load.hpp"
#include "run/entity_parts.hpp"
#include "run/existing_rows.hpp"

namespace mighost {
namespace {

/// A veto of a validator: its chunk does not go, and neither does what would come after it.
void refuse_vetoes(const LoadedPart& part, const ChunkClaim& chunk) {
  for (const Finding& finding : part.findings) {
    if (finding.severity != "veto") continue;
    throw Error(Exit::vetoed, finding.check + " vetoes: " + finding.message,
                chunk.entity + ", chunk " + std::to_string(chunk.number), "");
  }
}

void add_to_books(Session& target, const RunTicket& ticket, const std::string& entity,
                  const Tally& tally) {
  const Counts& c = tally.counts;
  const auto text = [](std::uint64_t number) { return std::optional(std::to_string(number)); };
  target.query(
      "UPDATE mighost.steps SET read = read + $3, written = written + $4, unchanged = unchanged + "
      "$5, merged = merged + $6, filtered = filtered + $7, quarantined = quarantined + $8, parked "
      "= parked + $9, drift = drift + $10 WHERE run_id = $1 AND entity = $2",
      {ticket.run_id, entity, text(c.read), text(c.written), text(c.unchanged), text(c.merged),
       text(c.filtered), text(c.quarantined), text(c.parked), text(tally.drift)});
}

/// Integers compress. Other keys would stand in the ledger, and in memory, a second time.
bool table_tells_keys(const Crew& crew, const PlannedEntity& planned) {
  const auto also_into_it = [&](const PlannedEntity& other) {
    return other.entity != planned.entity && other.target.oid == planned.target.oid;
  };
  const auto& all = crew.plan.entities;
  return rows_tell_keys(*planned.entity) && std::none_of(all.begin(), all.end(), also_into_it);
}

}  // namespace

void load_chunk(Crew& crew, ParentBooks& books, RunContext& run, const ChunkClaim& chunk,
                const std::string& snapshot) {
  const auto started = std::chrono::steady_clock::now();
  run.target.execute(record_transaction_sql(crew.ticket.run_id));
  PlannedEntity planned = crew.planned(chunk.entity);
  planned.key_range = chunk.key_range;
  const Entity& entity = *planned.entity;
  books.open(run, planned);
  const auto earlier = books.earlier(run, planned);
  KeyBook own(entity, run.config.identity_namespace, earlier.get());
  EntityContext context = entity_context(run, planned, own);
  std::optional<NaturalKeys> natural;
  if (entity.identity == MIG_IDENTITY_NATURAL) natural.emplace(run.target, entity);
  context.rerun = !natural && rows_before(run.target, crew.ticket.run_id, entity.name) > 0;
  context.keeps_keys = keeps_keys(entity, context.rerun);
  const auto meter = chunk_meter(run.target, crew, planned);
  context.rejects = meter.get();
  std::optional<Fingerprints> fingerprints, refused;
  if (run.config.verify.fingerprints && !natural) {
    const FingerprintSubject subject = fingerprint_subject(planned);
    context.fingerprints = &fingerprints.emplace(subject, run.run_id);
    context.refused_fingerprints = &refused.emplace(subject, run.run_id);
  }
  const auto progress = crew.progress_of(entity.name);
  EntityLoad load(run, planned, crew.position(entity.name), context, natural ? &*natural : nullptr,
                  *progress);
  load.stream_and_count(late_tables(crew, planned));
  load.compare();
  refuse_vetoes(load.part(), chunk);
  failpoint("chunk.loaded");
  if (fingerprints) fingerprints->store(run.target);
  if (refused) refused->store(run.target);
  LoadedPart& part = load.part();
  if (meter) part.rejects = meter->held_now();
  part.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
  std::optional<std::string> keys;
  if (own.written().only_integers() || context.rerun || !table_tells_keys(crew, planned)) {
    keys = own.written().encode();
  }
  chunk_done(run.target, crew.ticket, chunk,
             {snapshot, loaded_part_json(part), std::move(keys), load.source_rows(),
              load.source_hash(), part.seconds});
  add_to_books(run.target, crew.ticket, entity.name, part.tally);
  failpoint("chunk.recorded");
}

}  // namespace mighost
