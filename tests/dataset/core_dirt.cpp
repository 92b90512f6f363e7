// Dirt with consequences beyond its own row: offices that cannot be taken hold back links, deleted
// doctors hold back orders. Each row carries at most one defect that decides about its outcome, so
// that every count can be told without asking which rule a migration happens to apply first.

#include <algorithm>
#include <array>
#include <set>

#include "core_parts.hpp"
#include "core_rules.hpp"
#include "dealing.hpp"
#include "texts.hpp"

namespace mighost::dataset {

namespace {

// Taxes are percent times 10,000.
constexpr std::array<std::int64_t, 3> taxes_out_of_range = {-50'000, 7'250'000, 1'000'100};
constexpr std::array<std::int64_t, 4> taxes_ambiguous = {875, 10'000, 5'000, 1};
constexpr std::array<std::int64_t, 4> taxes_too_fine = {88'750, 71'250, 103'550, 60'010};

// Offices that are some doctor's primary one come first, so that the loss of an office is felt.
std::vector<std::size_t> offices_for_taxes(const Dataset& dataset, Random& random) {
  std::set<std::size_t> primary;
  for (const auto& office : primary_offices(dataset)) {
    if (office) {
      primary.insert(*office);
    }
  }
  std::vector<std::size_t> felt;
  std::vector<std::size_t> others;
  for (std::size_t office = 0; office < dataset.offices.size(); ++office) {
    if (!dataset.offices[office].planted() && !dataset.offices[office].spared) {
      (primary.contains(office) ? felt : others).push_back(office);
    }
  }
  random.shuffle(felt);
  random.shuffle(others);
  felt.insert(felt.end(), others.begin(), others.end());
  return felt;
}

void plant_taxes(Dataset& dataset) {
  Random random = dataset.random("office taxes");
  const auto offices = offices_for_taxes(dataset, random);
  std::size_t next = 0;
  const auto plant = [&](std::string_view knob, TaxKind kind, const auto& taxes) {
    const std::size_t count = dataset.knobs.planted(knob, dataset.offices.size());
    std::size_t rotation = random.below(taxes.size());
    for (std::size_t i = 0; i < count; ++i) {
      if (next == offices.size()) {
        throw Error("too few sound offices are left", "knob " + std::string(knob),
                    "lower the knobs of offices or raise offices");
      }
      Office& office = dataset.offices[offices[next++]];
      office.tax_rate = {taxes[rotation++ % taxes.size()], 4};
      office.tax_kind = kind;
    }
  };
  plant("office_tax_bad", TaxKind::out_of_range, taxes_out_of_range);
  plant("office_tax_ambiguous", TaxKind::ambiguous, taxes_ambiguous);
  plant("office_tax_fine", TaxKind::too_fine, taxes_too_fine);
}

// Patients whose loss of a doctor has exactly the usual consequences.
std::vector<std::size_t> patients_to_orphan(const Dataset& dataset) {
  return indexes_where(dataset.patients, [&dataset](const Patient& patient) {
    return !patient.planted && patient.instruction_count > 0 && patient.doctor &&
           // a doctor outside the group could cease to be one
           dataset.users[*patient.doctor].groups.test(group_doctor) && patient.office &&
           dataset.offices[*patient.office].tax_kind == TaxKind::good;
  });
}

void plant_lost_doctors(Dataset& dataset) {
  Random random = dataset.random("lost doctors");
  const std::size_t count = dataset.patients.size();
  const std::size_t deleted = dataset.knobs.planted("patient_deleted_doctor", count);
  const auto ids = misleading_ids(dataset.unused_user_ids, dataset.patients);
  const std::size_t distinct = std::min(ids.size(), std::clamp<std::size_t>(deleted / 2, 1, 3));
  std::size_t next = 0;
  for (const std::size_t patient :
       choose(random, patients_to_orphan(dataset), deleted, "patient_deleted_doctor")) {
    dataset.patients[patient].doctor.reset();
    dataset.patients[patient].deleted_doctor_id = ids[next++ % distinct];
    dataset.patients[patient].planted = true;
  }
  for (const std::size_t patient :
       choose(random, patients_to_orphan(dataset),
              dataset.knobs.planted("patient_missing_doctor", count), "patient_missing_doctor")) {
    dataset.patients[patient].doctor.reset();
    dataset.patients[patient].planted = true;
  }
}

class OrderDirt {
 public:
  explicit OrderDirt(Dataset& dataset) : dataset_(dataset), random_(dataset.random("order dirt")) {}

  void plant() {
    plant_missing_patients();
    plant_statuses();
    plant_prices();
    plant_courses();
    plant_exports();
    const auto any = [](const Instruction&) { return true; };
    for (const std::size_t order : choose(random_, indexes_where(dataset_.instructions, any),
                                          wanted("order_deleted"), "order_deleted")) {
      dataset_.instructions[order].deleted = true;
    }
  }

 private:
  std::size_t wanted(std::string_view knob) const {
    return dataset_.knobs.planted(knob, dataset_.instructions.size());
  }

  // `count` orders that have no defect yet and whose patient has none.
  std::vector<std::size_t> take(std::size_t count, std::string_view knob) {
    auto orders =
        choose(random_,
               indexes_where(dataset_.instructions,
                             [this](const Instruction& order) {
                               return !order.planted && !dataset_.patients[order.patient].planted;
                             }),
               count, knob);
    for (const std::size_t order : orders) {
      dataset_.instructions[order].planted = true;
    }
    return orders;
  }

  void plant_missing_patients() {
    const auto ids = misleading_ids(dataset_.unused_patient_ids, dataset_.users);
    for (const std::size_t order : take(wanted("order_missing_parent"), "order_missing_parent")) {
      dataset_.instructions[order].missing_patient_id = random_.one_of(ids);
    }
  }

  void plant_statuses() {
    constexpr std::array<int, 5> unknown = {9, -1, 6, 7, 10};
    constexpr std::array<int, 2> inferred = {3, 5};
    std::size_t rotation = 0;
    for (const std::size_t order : take(wanted("order_unknown_status"), "order_unknown_status")) {
      dataset_.instructions[order].status = unknown[rotation++ % unknown.size()];
      dataset_.instructions[order].status_unknown = true;
    }
    for (const std::size_t order : take(wanted("order_inferred_status"), "order_inferred_status")) {
      dataset_.instructions[order].status = inferred[rotation++ % inferred.size()];
      dataset_.instructions[order].status_unknown = true;
    }
  }

  void plant_prices() {
    for (const std::size_t order : take(wanted("price_fine"), "price_fine")) {
      const std::int64_t cents = random_.between(13'000, 99'700);
      dataset_.instructions[order].price = Decimal{cents * 10 + 5, 3};
      dataset_.instructions[order].price_too_fine = true;
    }
  }

  void plant_courses() {
    constexpr std::size_t orders_per_course = 3;
    for (std::size_t course = 0; course < dataset_.courses.size(); ++course) {
      if (dataset_.courses[course].unknown) {
        for (const std::size_t order : take(orders_per_course, "course_unknown")) {
          dataset_.instructions[order].course = course;
        }
      }
    }
  }

  void plant_exports() {
    std::size_t rotation = random_.below(100);
    for (const std::size_t order : take(wanted("json_bad"), "json_bad")) {
      dataset_.instructions[order].exports = json_text(random_, JsonKind::invalid, rotation++);
    }
    for (const std::size_t order : take(wanted("nul_in_text"), "nul_in_text")) {
      dataset_.instructions[order].exports = json_text(random_, JsonKind::nul, rotation++);
    }
  }

  Dataset& dataset_;
  Random random_;
};

void plant_schemes(Dataset& dataset) {
  Random random = dataset.random("schemes");
  const std::size_t bad = dataset.knobs.planted("json_bad", dataset.patients.size());
  const std::size_t nul = dataset.knobs.planted("nul_in_text", dataset.patients.size());
  auto patients = choose(
      random,
      indexes_where(dataset.patients, [](const Patient& patient) { return !patient.sex_unknown; }),
      bad + nul, "json_bad");
  std::size_t rotation = random.below(100);
  for (std::size_t i = 0; i < patients.size(); ++i) {
    const JsonKind kind = i < bad ? JsonKind::invalid : JsonKind::nul;
    dataset.patients[patients[i]].schemes = json_text(random, kind, rotation++);
  }
}

}  // namespace

void plant_core_dirt(Dataset& dataset) {
  plant_taxes(dataset);
  plant_lost_doctors(dataset);
  plant_schemes(dataset);
  OrderDirt(dataset).plant();
}

}  // namespace mighost::dataset
