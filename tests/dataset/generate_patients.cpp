// Patient records: one per patient user, dealt out to the practising doctors.

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <set>

#include "core_parts.hpp"
#include "id_allocator.hpp"
#include "texts.hpp"

namespace mighost::dataset {

namespace {

// Shares that fall with the rank to the power of 1.5. At preset A this gives the real picture:
// the busiest doctor has about 450 patients, the median one 4. Square roots are exact in IEEE
// arithmetic, powers are not, and the result must not depend on the machine.
std::vector<std::size_t> patients_by_rank(std::size_t patients, std::size_t doctors) {
  std::vector<double> weights;
  for (std::size_t rank = 0; rank < doctors; ++rank) {
    const double shifted = static_cast<double>(rank) + 10.2;
    weights.push_back(1 / (shifted * std::sqrt(shifted)));
  }
  const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
  std::vector<std::size_t> counts;
  std::size_t dealt = 0;
  for (const double weight : weights) {
    const double share = static_cast<double>(patients) * weight / sum;
    counts.push_back(std::max<std::size_t>(1, static_cast<std::size_t>(share)));
    dealt += counts.back();
  }
  // Rounding left some over, or gave out too many: settle from the top.
  for (std::size_t rank = 0; dealt < patients; rank = (rank + 1) % doctors) {
    ++counts[rank];
    ++dealt;
  }
  for (std::size_t rank = 0; dealt > patients && rank < doctors; rank = (rank + 1) % doctors) {
    if (counts[rank] > 1) {
      --counts[rank];
      --dealt;
    }
  }
  return counts;
}

std::vector<std::size_t> dealt_doctors(const Dataset& dataset, std::size_t patients) {
  if (patients < dataset.practising.size()) {
    throw Error("fewer patients than doctors who have some", "knobs patients, doctors",
                "raise patients or lower doctors");
  }
  const auto counts = patients_by_rank(patients, dataset.practising.size());
  std::vector<std::size_t> doctors;
  for (std::size_t rank = 0; rank < counts.size(); ++rank) {
    doctors.insert(doctors.end(), counts[rank], dataset.practising[rank]);
  }
  dataset.random("patients' doctors").shuffle(doctors);
  return doctors;
}

std::vector<std::vector<std::size_t>> offices_by_doctor(const Dataset& dataset) {
  std::vector<std::vector<std::size_t>> offices(dataset.users.size());
  for (const OfficeDoctor& link : dataset.office_doctors) {
    offices[link.user].push_back(link.office);
  }
  for (std::size_t office = 0; office < dataset.offices.size(); ++office) {
    if (dataset.offices[office].owner) {
      offices[*dataset.offices[office].owner].push_back(office);
    }
  }
  return offices;
}

void make_suffix(Random& random, Patient& patient) {
  constexpr std::string_view alphabet = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ";
  // A small alphabet for the last two characters makes doubles likely.
  std::string suffix = random.characters("0123456789", 2);
  suffix += random.characters("ABCD", 2);
  if (random.chance(300)) {
    suffix = random.characters(alphabet, 4);
  }
  if (random.chance(20)) {
    suffix = " " + suffix + " ";
  }
  patient.suffix = suffix;
}

void make_dates(Random& random, Patient& patient, Instant joined) {
  if (!random.chance(50)) {
    const std::int64_t first = date_of(1940, 1, 1).days;
    const std::int64_t last = date_of(2018, 12, 31).days;
    patient.birthdate = to_text(Date{random.between(first, last)});
  }
  const std::int64_t end = start_of(today()).micros;
  if (!random.chance(30)) {
    const std::int64_t latest = std::min(end, joined.micros + 20 * micros_per_day);
    patient.submitted_at = Instant{random.between(joined.micros, latest)};
  }
  if (!random.chance(20)) {
    patient.updated_at = Instant{random.between(joined.micros, end)};
  }
}

Patient make_patient(Random& random, int id, std::size_t user, Instant joined) {
  constexpr std::array<std::uint32_t, 4> sex_weights = {10, 440, 500, 50};
  Patient patient;
  patient.id = id;
  patient.user = user;
  const std::size_t sex = random.weighted(sex_weights);
  patient.sex = sex < 3 ? std::optional<int>(static_cast<int>(sex)) : std::nullopt;
  make_suffix(random, patient);
  make_dates(random, patient, joined);
  patient.status = random.chance(60) ? std::nullopt
                                     : std::optional<int>(static_cast<int>(random.between(1, 11)));
  patient.archived = random.chance(120);
  patient.suspended = random.chance(30);
  patient.schemes = healthy_json(random);
  return patient;
}

void assign_office(Random& random, const Dataset& dataset, Patient& patient,
                   const std::vector<std::size_t>& doctors_offices) {
  if (!doctors_offices.empty() && !random.chance(50)) {
    patient.office = random.one_of(doctors_offices);
    return;
  }
  patient.office = random.below(dataset.offices.size());
}

void plant_within_patients(Dataset& dataset) {
  Random random = dataset.random("patient dirt");
  const std::size_t count = dataset.patients.size();
  const auto take = [&](std::string_view knob, auto accept) {
    return choose(random, indexes_where(dataset.patients, accept),
                  dataset.knobs.planted(knob, count), knob);
  };
  const auto any = [](const Patient&) { return true; };

  for (const std::size_t patient : take("no_suffix", any)) {
    dataset.patients[patient].suffix =
        random.chance(700) ? std::nullopt : std::optional<std::string>(empty_text(random));
    dataset.patients[patient].suffix_missing = true;
  }
  constexpr std::array<std::string_view, 7> bad_birthdates = {
      "1899-12-31", "2300-01-01", "0198-05-14",   "9999-12-31",
      "infinity",   "-infinity",  "0044-03-15 BC"};
  std::size_t rotation = random.below(bad_birthdates.size());
  for (const std::size_t patient : take("birthdate_bad", any)) {
    dataset.patients[patient].birthdate =
        std::string(bad_birthdates[rotation++ % bad_birthdates.size()]);
    dataset.patients[patient].birthdate_bad = true;
  }
  for (const std::size_t patient : take("patient_missing_office", any)) {
    dataset.patients[patient].office.reset();
  }
  // Not for patients who are doctors: one defect, one chain of consequences.
  for (const std::size_t patient : take("unknown_sex", [&dataset](const Patient& candidate) {
         return !dataset.users[candidate.user].groups.test(group_doctor);
       })) {
    dataset.patients[patient].sex = 7;
    dataset.patients[patient].sex_unknown = true;
    dataset.patients[patient].planted = true;
  }
}

}  // namespace

void generate_patients(Dataset& dataset) {
  const auto users =
      indexes_where(dataset.users, [](const User& user) { return user.patient.has_value(); });
  const auto doctors = dealt_doctors(dataset, users.size());
  const auto offices = offices_by_doctor(dataset);
  IdAllocator ids(dataset.random("patient ids"), 1, 90);
  Random random = dataset.random("patients");
  const std::size_t jump_at = users.size() - dataset.knobs.planted("id_jump", users.size());
  for (std::size_t i = 0; i < users.size(); ++i) {
    if (i == jump_at) {
      ids.jump_to(id_jump_to);
    }
    Patient patient =
        make_patient(random, ids.next(), users[i], dataset.users[users[i]].date_joined);
    patient.doctor = doctors[i];
    assign_office(random, dataset, patient, offices[doctors[i]]);
    dataset.patients.push_back(std::move(patient));
  }
  if (!dataset.patients.empty()) {
    dataset.patients.front().birthdate = "1900-01-01";  // the first day that counts
  }
  dataset.unused_patient_ids = ids.unused();
  plant_within_patients(dataset);
}

void write_patients(const Dataset& dataset, Sink& sink) {
  write_table(sink, "dispatch_patient",
              "id, user_id, doctor_id, office_id, birthdate, sex, suffix, status, archived,"
              " suspended, submitted_at, updated_at, schemes",
              dataset.patients, [&dataset](TableWriter& writer, const Patient& patient) {
                const auto doctor_id = patient.deleted_doctor_id
                                           ? patient.deleted_doctor_id
                                           : id_of(dataset.users, patient.doctor);
                writer.row(patient.id, dataset.users[patient.user].id, doctor_id,
                           id_of(dataset.offices, patient.office), patient.birthdate, patient.sex,
                           patient.suffix, patient.status, patient.archived, patient.suspended,
                           patient.submitted_at, patient.updated_at, patient.schemes.text);
              });
}

}  // namespace mighost::dataset
