#include "lanes/conclusion.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "lanes/budgets.hpp"
#include "lanes/source_drift.hpp"
#include "ledger/mappings.hpp"
#include "ledger/transactions.hpp"
#include "report/failpoint.hpp"
#include "run/entity_parts.hpp"
#include "run/final_checks.hpp"
#include "run/fingerprint_check.hpp"
#include "run/late_references.hpp"
#include "run/start_validators.hpp"
#include "run/step_records.hpp"
#include "run/structure.hpp"
#include "run/unfinished_run.hpp"

namespace mighost {
namespace {

class Conclusion {
 public:
  Conclusion(Crew& crew, ParentBooks& books, RunContext& run, std::string snapshot,
             RunReport& report)
      : crew_(crew), books_(books), run_(run), snapshot_(std::move(snapshot)), report_(report) {}

  bool execute() {
    failpoint("run.concluding");
    run_.target.execute(record_transaction_sql(crew_.ticket.run_id));
    judge_run_budget(run_.target, crew_);
    for (const PlannedEntity& planned : crew_.plan.entities) gather(planned);
    for (const Absence& absence : crew_.plan.absences) {
      report_.findings.push_back(
          {"plugins", absence.name, "mighost", "note", absence.sentence, 0, {}});
    }
    set_late();
    find_source_drift(crew_, books_, run_, snapshot_, report_);
    record_steps(run_.target, report_);
    check_standing_books(run_.target, report_);
    const bool compared = check_fingerprints(run_, report_);
    if (!final_checks(run_, structure_to_compare(), report_)) return false;
    failpoint("run.checked");
    report_.verified = totals_hold(report_) && compared;
    report_.status = report_.verified ? "done" : "unverified";
    record_end(run_.target, report_,
               static_cast<int>(report_.verified ? Exit::done : Exit::unverified));
    record_mappings(run_.target, crew_.plan);
    advance_sequences(run_);
    if (!sequences_stand(run_, report_)) return false;
    forget_queue(run_.target, crew_.ticket.run_id);
    failpoint("run.committing");
    return true;
  }

 private:
  void gather(const PlannedEntity& planned) {
    const Entity& entity = *planned.entity;
    books_.open(run_, planned);
    run_.books.emplace(entity.name, books_.earlier(run_, planned));
    const Rows load = run_.target.query(
        "SELECT record, rows_before FROM mighost.loads WHERE run_id = $1 AND entity = $2",
        {crew_.ticket.run_id, entity.name});
    const auto record = nlohmann::json::parse(*load.at(0, 0));
    const LoadedPart part = loaded_part_from_json(entity, record.at("part").dump());
    LoadedEntity& loaded = run_.loaded[entity.name];
    loaded.rows_before = std::stoull(*load.at(0, 1));
    loaded.values = part.values;
    for (const std::string trouble : record.at("troubles")) loaded.source_rows.push_back({trouble});
    EntityReport report;
    report.name = entity.name;
    report.family = entity.family;
    report.whole = loaded.rows_before == 0 && entity.identity != MIG_IDENTITY_NATURAL;
    report.remarks = record.at("remarks").get<std::vector<std::string>>();
    fill_report(report, part);
    report.seconds = part.seconds;
    for (const std::string& off : planned.checks_off) {
      report_.checks.push_back({off, entity.name, "off", 0, {}});
    }
    report_.add(std::move(report));
    for (std::size_t index = 0; index < planned.totals.size(); ++index) {
      OpenTotal open = open_total(planned, planned.totals[index]);
      open.target_before = record.at("totals_before").at(index).get<std::string>();
      close_open_total(open, part, index);
      run_.totals.push_back(std::move(open));
    }
  }

  void set_late() {
    for (const PlannedEntity& planned : crew_.plan.entities) {
      const auto tables = late_tables(crew_, planned);
      for (std::size_t index = 0; index < tables.size(); ++index) {
        if (tables[index].empty()) continue;
        run_.late.push_back(
            late_patch(run_, planned, planned.entity->references[index], tables[index]));
      }
    }
    set_late_references(run_, report_);
  }

  /// What stood before the run; or what stands now, where somebody has said that it may differ.
  std::string structure_to_compare() {
    const Rows run = run_.target.query(
        "SELECT structure, structure_accepted FROM mighost.runs WHERE run_id = $1",
        {crew_.ticket.run_id});
    std::string before = run.at(0, 0).value_or("");
    if (*run.at(0, 1) == "f") return before;
    std::string now = structure_of(run_.target, target_oids(crew_.plan));
    if (now != before) {
      report_.findings.push_back({"structure",
                                  "",
                                  "mighost",
                                  "warn",
                                  "indexes, constraints or triggers of target tables are not as "
                                  "they were before the run: accepted (" +
                                      structure_changes(before, now) + ")",
                                  0,
                                  {}});
    }
    return now;
  }

  Crew& crew_;
  ParentBooks& books_;
  RunContext& run_;
  const std::string snapshot_;
  RunReport& report_;
};

}  // namespace

bool conclude_run(Crew& crew, ParentBooks& books, RunContext& run, const std::string& snapshot,
                  RunReport& report) {
  return Conclusion(crew, books, run, snapshot, report).execute();
}

}  // namespace mighost
