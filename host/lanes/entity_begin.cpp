#include "lanes/entity_begin.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "lanes/key_ranges.hpp"
#include "ledger/fingerprints.hpp"
#include "ledger/transactions.hpp"
#include "plan/deferral_choice.hpp"
#include "report/log.hpp"
#include "run/deferral_record.hpp"
#include "run/entity_parts.hpp"
#include "run/existing_rows.hpp"
#include "run/late_references.hpp"

namespace mighost {
namespace {

class EntityBegin {
 public:
  EntityBegin(Crew& crew, RunContext& run, const PlannedEntity& planned, bool patient)
      : crew_(crew), run_(run), planned_(planned), entity_(*planned.entity), patient_(patient) {}

  void execute() {
    run_.target.execute(record_transaction_sql(crew_.ticket.run_id));
    run_steps(run_, planned_, false);
    const std::uint64_t before = count_rows();
    if (before > 0 && run_.config.verify.fingerprints && !natural()) {
      keep_rows_before(run_.target, fingerprint_subject(planned_), run_.run_id);
    }
    const double rows = expected_rows(run_.source, planned_);
    crew_.progress_of(entity_.name)->expected_rows = static_cast<std::uint64_t>(rows);
    defer(rows, before);
    create_late_tables();
    std::string remark;
    const auto ranges =
        key_ranges(run_.source, planned_, rows, run_.config.chunks.chunk_rows, remark);
    if (!remark.empty()) remarks_.push_back(remark);
    add_chunks(run_.target, crew_.ticket.run_id, entity_.name, ranges);
    open_books(before);
    log_info("begun", {{"entity", entity_.name}, {"chunks", std::to_string(ranges.size())}});
  }

 private:
  bool natural() const { return entity_.identity == MIG_IDENTITY_NATURAL; }

  std::uint64_t count_rows() {
    return std::stoull(
        *run_.target.query("SELECT count(*) FROM " + planned_.target.qualified()).value());
  }

  void defer(double rows, std::uint64_t before) {
    const Defer setting = planned_.config.defer.value_or(run_.config.load.defer);
    const double there = static_cast<double>(before);
    const DeferralChoice choice =
        choose_deferral(planned_.target, setting, std::max(0.0, rows - there), there);
    log(LogLevel::debug, choice.reason, {{"entity", entity_.name}});
    if (!planned_.target.owned) remarks_.push_back(choice.reason);
    const bool defers = choice.defer && !natural();
    const auto look = [&] { return plan_deferral(run_.target, planned_, defers, before == 0); };
    lock_tables(run_.target, planned_.target.qualified(), look(), "ACCESS EXCLUSIVE", patient_);
    const DeferralPlan plan = look();  // what came between is seen now, and nothing comes any more
    record_deferral(run_.target, crew_.ticket.run_id, entity_.name, plan);
    take_away(run_.target, plan);
    const auto remarks = deferral_remarks(plan);
    remarks_.insert(remarks_.end(), remarks.begin(), remarks.end());
  }

  void create_late_tables() {
    const auto tables = late_tables(crew_, planned_);
    for (std::size_t index = 0; index < tables.size(); ++index) {
      if (tables[index].empty()) continue;
      create_late_table(run_, planned_, entity_.references[index], tables[index]);
    }
  }

  /// Zeros, to which each chunk adds: at any time they say what has been committed.
  void open_books(std::uint64_t before) {
    const std::string position = std::to_string(crew_.position(entity_.name));
    run_.target.query(
        "INSERT INTO mighost.steps (run_id, entity, position, read, written, unchanged, merged, "
        "filtered, quarantined, parked, drift, whole, seconds, codes, notes, phase) "
        "VALUES ($1, $2, $3, 0, 0, 0, 0, 0, 0, 0, 0, $4, 0, '{}', '{}', $5)",
        {crew_.ticket.run_id, entity_.name, position, before == 0 && !natural() ? "true" : "false",
         std::to_string(phase_of(crew_.plan, entity_.name))});
    nlohmann::json begun{{"remarks", remarks_}, {"totals_before", totals_before(before)}};
    run_.target.query(
        "UPDATE mighost.loads SET status = 'loading', rows_before = $3, record = $4 "
        "WHERE run_id = $1 AND entity = $2",
        {crew_.ticket.run_id, entity_.name, std::to_string(before), begun.dump()});
  }

  std::vector<std::string> totals_before(std::uint64_t before) {
    std::vector<std::string> sums;
    for (const PlannedTotal& total : planned_.totals) {
      const std::string sql = open_total(planned_, total).target_sql;
      sums.push_back(before == 0 ? "0" : *run_.target.query(sql).value());
    }
    return sums;
  }

  Crew& crew_;
  RunContext& run_;
  const PlannedEntity& planned_;
  const Entity& entity_;
  const bool patient_;
  std::vector<std::string> remarks_;
};

}  // namespace

void begin_entity(Crew& crew, RunContext& run, const PlannedEntity& planned, bool patient) {
  EntityBegin(crew, run, planned, patient).execute();
}

}  // namespace mighost
