// The dirt of cases, and what docs/families/business.md makes of them: one for each patient, and
// one link for each order. Stands before all other predictions of the families, because clinical
// states hang on cases.

#include "core_parts.hpp"

namespace mighost::dataset {

void plant_case_dirt(Dataset& dataset) {
  constexpr int no_status = 12;
  Random random = dataset.random("case dirt");
  const auto candidates = indexes_where(dataset.patients, [](const Patient& patient) {
    return !patient.planted && !patient.sex_unknown;
  });
  const std::size_t wanted =
      dataset.knobs.planted("patient_unknown_status", dataset.patients.size());
  for (const std::size_t patient : choose(random, candidates, wanted, "patient_unknown_status")) {
    dataset.patients[patient].status = no_status;
    dataset.patients[patient].status_unknown = true;
  }
}

namespace {

void predict_order_cases(const Dataset& dataset, Oracle& oracle) {
  Tally& tally = oracle.entity("business.order_cases");
  for (std::size_t i = 0; i < dataset.instructions.size(); ++i) {
    // An order that is written has a patient.
    if (resolved(tally, oracle.fates.orders[i]) &&
        resolved(tally, oracle.fates.cases[dataset.instructions[i].patient])) {
      tally.written();
    }
  }
}

}  // namespace

void predict_cases(const Dataset& dataset, Oracle& oracle) {
  Tally& tally = oracle.entity("business.cases");
  Fates& fates = oracle.fates;
  for (std::size_t i = 0; i < dataset.patients.size(); ++i) {
    const Patient& patient = dataset.patients[i];
    fates.cases.push_back(Fate::held_back);
    if (patient.status_unknown) {
      tally.quarantined("unknown_enum");
      continue;
    }
    if (!resolved(tally, fates.patients[i])) {
      continue;
    }
    fates.cases.back() = Fate::written;
    const bool named = patient.doctor || patient.deleted_doctor_id;
    const bool doctor_lost = named && fates.doctor_of(patient, dataset.users) != Fate::written;
    const bool office_lost = patient.office && fates.offices[*patient.office] != Fate::written;
    tally.written(
        {{!patient.status, "status_defaulted"}, {doctor_lost || office_lost, "missing_parent"}});
    oracle.fact("business.cases.deleted", patient.archived || patient.suspended ? "true" : "false");
  }
  predict_order_cases(dataset, oracle);
}

}  // namespace mighost::dataset
