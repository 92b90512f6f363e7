#include "run/section.hpp"

#include <algorithm>

#include "ledger/mappings.hpp"
#include "report/error.hpp"
#include "report/failpoint.hpp"
#include "report/log.hpp"
#include "run/entity_run.hpp"
#include "run/final_checks.hpp"
#include "run/fingerprint_check.hpp"
#include "run/held_keys.hpp"
#include "run/late_references.hpp"
#include "run/run.hpp"
#include "run/start_validators.hpp"
#include "run/step_records.hpp"
#include "run/structure.hpp"
#include "run/waived_rows.hpp"

namespace mighost {
namespace {

void log_done(const EntityReport& report) {
  log_info("done", {{"entity", report.name},
                    {"read", std::to_string(report.counts.read)},
                    {"written", std::to_string(report.counts.written)},
                    {"unchanged", std::to_string(report.counts.unchanged)},
                    {"merged", std::to_string(report.counts.merged)},
                    {"filtered", std::to_string(report.counts.filtered)},
                    {"quarantined", std::to_string(report.counts.quarantined)},
                    {"parked", std::to_string(report.counts.parked)}});
}

}  // namespace

void check_interrupted() {
  if (interrupted)
    throw Error(Exit::interrupted, "stopped by a signal", {},
                "nothing was committed; run the same command again");
}

bool Section::load() {
  report_.entities.clear();
  report_.findings.clear();
  report_.checks.clear();
  learn_keys();
  if (!start_validators(run_, report_)) return false;
  structure_ = structure_of(run_.target, target_oids(run_.plan));
  for (std::size_t position = 0; position < run_.plan.entities.size(); ++position) {
    const PlannedEntity& planned = run_.plan.entities[position];
    log(LogLevel::debug, "started", {{"entity", planned.entity->name}});
    report_.add(run_entity(run_, planned, position));
    failpoint("entity.loaded");
    log_done(report_.entities.back());
    check_interrupted();
  }
  if (run_.rejects != nullptr) run_.rejects->run_ends();
  set_late_references(run_, report_);
  return true;
}

void Section::learn_keys() {
  for (const Absence& absence : run_.plan.absences) {
    report_.findings.push_back(
        {"plugins", absence.name, "mighost", "note", absence.sentence, 0, {}});
  }
  for (const Entity* parent : open_books(run_)) {
    report_.findings.push_back({"parents",
                                parent->name,
                                "mighost",
                                "note",
                                parent->name + " is not part of this run, and " + parent->target +
                                    " has no rows: what refers to it cannot be resolved",
                                0,
                                {}});
  }
  load_held_keys(run_, held_elsewhere());
  if (run_.rejects != nullptr) load_waived_rows(run_);
}

/// A run sees for itself what becomes of its own rows; a replay sees only some of them.
std::vector<std::string> Section::held_elsewhere() const {
  std::vector<std::string> entities;
  const auto& parents = run_.plan.read_only_parents;
  for (const auto& [name, book] : run_.books) {
    const bool outside =
        std::find(parents.begin(), parents.end(), &book->entity()) != parents.end();
    if (outside || replays_) entities.push_back(name);
  }
  return entities;
}

bool Section::check(std::size_t position) {
  record_steps(run_.target, report_, position);
  check_standing_books(run_.target, report_);
  const bool compared = check_fingerprints(run_, report_);
  check_interrupted();
  const bool holds = final_checks(run_, structure_, report_);
  check_interrupted();
  report_.verified = totals_hold(report_) && compared;
  return holds;
}

bool Section::seal() {
  record_mappings(run_.target, run_.plan);
  advance_sequences(run_);
  return sequences_stand(run_, report_);
}

}  // namespace mighost
