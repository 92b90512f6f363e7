#include "lanes/entity_finish.hpp"

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>

#include "lanes/budgets.hpp"
#include "ledger/fingerprint_sums.hpp"
#include "ledger/transactions.hpp"
#include "pg/bytea.hpp"
#include "report/error.hpp"
#include "report/failpoint.hpp"
#include "report/log.hpp"
#include "run/deferral_record.hpp"
#include "run/entity_parts.hpp"
#include "run/existing_rows.hpp"
#include "run/restore.hpp"
#include "run/source_reader.hpp"
#include "run/step_records.hpp"

namespace mighost {
namespace {

class EntityFinish {
 public:
  EntityFinish(Crew& crew, RunContext& run, const PlannedEntity& planned, std::string snapshot,
               bool patient)
      : crew_(crew),
        run_(run),
        planned_(planned),
        entity_(*planned.entity),
        snapshot_(std::move(snapshot)),
        patient_(patient),
        own_(entity_, run.config.identity_namespace),
        context_(entity_context(run, planned, own_)) {}

  void execute() {
    const auto started = std::chrono::steady_clock::now();
    run_.target.execute(record_transaction_sql(crew_.ticket.run_id));
    plan_ = recorded_deferral(run_.target, crew_.ticket.run_id, entity_.name);
    lock_tables(run_.target, planned_.target.qualified(), plan_, "SHARE ROW EXCLUSIVE", patient_);
    add_up();
    check_source();
    const auto meter = chunk_meter(run_.target, crew_, planned_);
    context_.rejects = meter.get();  // rows that the indexes refuse are held back as well
    restore();
    if (meter) {
      part_.rejects += meter->held_now();
      meter->entity_ends(part_.tally.counts.read);
    }
    failpoint("entity.restored");
    part_.seconds +=
        std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
    close_books();
  }

 private:
  void add_up() {
    part_.tally = Tally(planned_.totals.size());
    part_.totals.resize(planned_.totals.size());
    for (const FinishedChunk& chunk :
         finished_chunks(run_.target, crew_.ticket.run_id, entity_.name)) {
      part_ += loaded_part_from_json(entity_, chunk.record_json);
      keys_told_ = keys_told_ && chunk.keys;
      if (chunk.keys) own_.add_written(KeySet::decode(*chunk.keys));
      ++chunks_;
      same_snapshot_ = same_snapshot_ && chunk.snapshot == snapshot_;
    }
    // Only who puts indexes back may find rows that do not go, and asks for their keys.
    if (keys_told_ || plan_.objects.empty()) return;
    load_existing_keys(run_.target, entity_, own_);
  }

  /// Of one snapshot the chunks must be all rows, each once: a range that was cut wrong shows here.
  void check_source() {
    if (!same_snapshot_) return;
    const std::uint64_t read = part_.tally.counts.read;
    if (const auto wrong = wrong_query(run_.source, entity_, read)) troubles_.push_back(*wrong);
    if (chunks_ < 2) return;
    const auto rows =
        run_.source.query("SELECT count(*) FROM " + source_relation(planned_)).value();
    if (std::stoull(*rows) == read) return;
    throw Error(Exit::failed,
                "the chunks of " + entity_.name + " have " + std::to_string(read) +
                    " rows, the source has " + *rows,
                entity_.name, "please report this; scope = \"run\" has no chunks");
  }

  void restore() {
    const auto progress = crew_.progress_of(entity_.name);
    progress->activity = "building indexes";
    std::optional<Fingerprints> refused;
    if (run_.config.verify.fingerprints && entity_.identity != MIG_IDENTITY_NATURAL) {
      refused.emplace(fingerprint_subject(planned_), run_.run_id);
      context_.fingerprints = &*refused;
    }
    restore_objects(run_, context_, plan_, part_.tally);
    for (const auto& statement : plan_.enable_triggers) run_.target.execute(statement);
    forget_deferral(run_.target, crew_.ticket.run_id, entity_.name);
    run_steps(run_, planned_, true);
    if (refused) refused->store(run_.target);
    join_fingerprint_sums(run_.target, crew_.ticket.run_id, entity_.name);
  }

  void close_books() {
    const std::string& run_id = crew_.ticket.run_id;
    nlohmann::json record =
        nlohmann::json::parse(*run_.target
                                   .query("SELECT record FROM mighost.loads WHERE "
                                          "run_id = $1 AND entity = $2",
                                          {run_id, entity_.name})
                                   .value());
    record["part"] = nlohmann::json::parse(loaded_part_json(part_));
    record["troubles"] = nlohmann::json::array();
    for (const Trouble& trouble : troubles_) record["troubles"].push_back(trouble.message);
    own_.finish();
    run_.target.query(
        "UPDATE mighost.loads SET status = 'finished', record = $3, keys = $4, error = NULL "
        "WHERE run_id = $1 AND entity = $2",
        {run_id, entity_.name, record.dump(),
         keys_told_ ? std::optional(bytea_text(own_.written().encode())) : std::nullopt});
    run_.target.query("UPDATE mighost.chunks SET keys = NULL WHERE run_id = $1 AND entity = $2",
                      {run_id, entity_.name});
    EntityReport report;
    report.name = entity_.name;
    report.whole = entity_.identity != MIG_IDENTITY_NATURAL &&
                   rows_before(run_.target, run_id, entity_.name) == 0;
    fill_report(report, part_);
    report.seconds = part_.seconds;
    record_step(run_.target, run_id, report, crew_.position(entity_.name));
    log_info("finished", {{"entity", entity_.name},
                          {"read", std::to_string(part_.tally.counts.read)},
                          {"written", std::to_string(part_.tally.counts.written)},
                          {"quarantined", std::to_string(part_.tally.counts.quarantined)},
                          {"parked", std::to_string(part_.tally.counts.parked)}});
  }

  Crew& crew_;
  RunContext& run_;
  const PlannedEntity& planned_;
  const Entity& entity_;
  const std::string snapshot_;
  const bool patient_;
  DeferralPlan plan_;
  KeyBook own_;
  EntityContext context_;
  LoadedPart part_;
  std::vector<Trouble> troubles_;
  std::size_t chunks_ = 0;
  bool same_snapshot_ = true;
  bool keys_told_ = true;  // by the chunks; else the rows tell them
};

}  // namespace

void finish_entity(Crew& crew, RunContext& run, const PlannedEntity& planned,
                   const std::string& snapshot, bool patient) {
  EntityFinish(crew, run, planned, snapshot, patient).execute();
}

}  // namespace mighost
