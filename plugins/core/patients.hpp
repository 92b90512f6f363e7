// core.patients and its projection core.patients_doctors_offices. dispatch_patient.doctor_id is the
// id of a user, not of a doctor; the doctors are keyed by it (domain 1.4, D-55).
#pragma once

#include "rules.hpp"

namespace core {

struct legacy_patient {
  std::int64_t id = 0, user_id = 0;
  std::optional<std::int64_t> doctor_id{}, office_id{};
  std::optional<mig::date> birthdate{};
  std::optional<std::int64_t> sex{};
  maybe_text suffix{};
  std::optional<std::int64_t> status{};
  bool archived = false, suspended = false;
  std::optional<mig::timestamptz> submitted_at{};
  maybe_text schemes{};
  mig::date today{};
};

struct patient {
  mig::uuid profile_id{};
  std::string_view patient_number{};
  maybe_text suffix{};
  std::string_view sex{};
  std::optional<mig::date> date_of_birth{};
  std::optional<mig::uuid> primary_doctor_id{}, assigned_office_id{};
  std::string_view status{};
  bool archived = false, suspended = false;
  mig::json schemes{};
  std::optional<mig::timestamptz> enrolled_at{};
  std::int64_t legacy_patient_id = 0, legacy_user_id = 0;
  std::optional<std::int64_t> legacy_doctor_id{};
  mig::json metadata{};
};

inline constexpr std::string_view patients_query = R"sql(
select id, user_id, doctor_id, office_id, birthdate, sex, suffix, status, archived, suspended,
       submitted_at, schemes, current_date as today
from public.dispatch_patient
)sql";

struct patients {
  static constexpr std::string_view name = "patients";
  static constexpr std::string_view description =
      "patients with their profile, doctor and office; a link that leads nowhere becomes NULL";
  static constexpr bool parallel = true;

  static constexpr auto source = mig::from_query<legacy_patient>(
      "public.dispatch_patient", patients_query, mig::key("id", &legacy_patient::id),
      mig::col("user_id", &legacy_patient::user_id),
      mig::col("doctor_id", &legacy_patient::doctor_id),
      mig::col("office_id", &legacy_patient::office_id),
      mig::col("birthdate", &legacy_patient::birthdate), mig::col("sex", &legacy_patient::sex),
      mig::col("suffix", &legacy_patient::suffix), mig::col("status", &legacy_patient::status),
      mig::col("archived", &legacy_patient::archived),
      mig::col("suspended", &legacy_patient::suspended),
      mig::col("submitted_at", &legacy_patient::submitted_at),
      mig::col("schemes", &legacy_patient::schemes), mig::col("today", &legacy_patient::today));

  static constexpr auto target = mig::into<patient>(
      "public.patients", mig::identity("id"),
      mig::legacy("legacy_patient_id", &patient::legacy_patient_id),
      mig::reference("profile_id", &patient::profile_id, "core.profiles", mig::missing::reject),
      mig::reference("primary_doctor_id", &patient::primary_doctor_id, "core.doctors",
                     mig::missing::null),
      mig::reference("assigned_office_id", &patient::assigned_office_id, "core.offices",
                     mig::missing::null),
      mig::col("patient_number", &patient::patient_number), mig::col("suffix", &patient::suffix),
      mig::col("sex", &patient::sex), mig::col("date_of_birth", &patient::date_of_birth),
      mig::col("status", &patient::status), mig::col("archived", &patient::archived),
      mig::col("suspended", &patient::suspended), mig::col("schemes", &patient::schemes),
      mig::col("enrolled_at", &patient::enrolled_at),
      mig::col("legacy_user_id", &patient::legacy_user_id),
      mig::col("legacy_doctor_id", &patient::legacy_doctor_id),
      mig::col("metadata", &patient::metadata));

  static constexpr mig::code codes[] = {unknown_enum, birthdate_range, json_invalid, nul_replaced};

  static constexpr mig::assertion assertions[] = {
      {"patient-is-the-user",
       "select q.id from public.patients q join public.profiles p on p.id = q.profile_id "
       "where p.legacy_user_id <> q.legacy_user_id",
       "a patient and the patient's profile come from the same legacy user"}};

  void transform(const legacy_patient& row, mig::output<patients>& out) {
    // Before the references: an unknown sex holds back the profile as well, and the patient's own
    // fault says more than "waits for the profile".
    const auto sex = gender_of(row.sex);
    if (!sex) return out.reject<"unknown_enum">("sex", digits{*row.sex});
    const auto profile = out.resolve<"core.profiles">(row.user_id);
    if (!profile) return;
    out.row(patient{.profile_id = *profile,
                    .patient_number = out.concat({"PAT-", digits{row.id, 6}}),
                    .suffix = trimmed(row.suffix),
                    .sex = *sex,
                    .date_of_birth = date_of_birth(row.birthdate, row.today, out),
                    .primary_doctor_id = out.resolve<"core.doctors">(row.doctor_id),
                    .assigned_office_id = out.resolve<"core.offices">(row.office_id),
                    .status = status(row),
                    .archived = row.archived,
                    .suspended = row.suspended,
                    .schemes = json_from(row.schemes, "schemes", out),
                    .enrolled_at = row.submitted_at,
                    .legacy_patient_id = row.id,
                    .legacy_user_id = row.user_id,
                    .legacy_doctor_id = row.doctor_id,
                    .metadata = metadata(row, out)});
  }

 private:
  static std::string_view status(const legacy_patient& row) {
    if (row.archived) return "archived";
    return row.suspended ? "inactive" : "active";
  }

  mig::json metadata(const legacy_patient& row, mig::output<patients>& out) {
    metadata_.clear();
    metadata_.add("status_code", row.status);
    return out.keep(metadata_);
  }

  mig::json_object metadata_;
};

struct legacy_patient_link {
  std::int64_t id = 0;
  std::optional<std::int64_t> doctor_id{}, office_id{};
};

struct patient_link {
  mig::uuid patient_id{}, doctor_id{}, office_id{};
};

struct patients_doctors_offices {
  static constexpr std::string_view name = "patients_doctors_offices";
  static constexpr std::string_view description =
      "patient, doctor and office in one row, for patients who have both";
  static constexpr bool projection = true;
  static constexpr bool parallel = true;

  static constexpr auto source = mig::from<legacy_patient_link>(
      "public.dispatch_patient", mig::key("id", &legacy_patient_link::id),
      mig::col("doctor_id", &legacy_patient_link::doctor_id),
      mig::col("office_id", &legacy_patient_link::office_id));

  static constexpr auto target = mig::into<patient_link>(
      "public.patients_doctors_offices", mig::identity("id"),
      mig::reference("patient_id", &patient_link::patient_id, "core.patients",
                     mig::missing::reject),
      mig::reference("doctor_id", &patient_link::doctor_id, "core.doctors", mig::missing::reject),
      mig::reference("office_id", &patient_link::office_id, "core.offices", mig::missing::reject));

  static constexpr mig::filter filters[] = {
      {"doctor_id is not null and office_id is not null", "link_incomplete",
       "the patient has no doctor or no office, so there is nothing to link"}};

  void transform(const legacy_patient_link& row, mig::output<patients_doctors_offices>& out) {
    const auto patient = out.resolve<"core.patients">(row.id);
    if (!patient) return;
    const auto doctor = out.resolve<"core.doctors">(row.doctor_id);
    if (!doctor) return;
    const auto office = out.resolve<"core.offices">(row.office_id);
    if (!office) return;
    out.row(patient_link{.patient_id = *patient, .doctor_id = *doctor, .office_id = *office});
  }
};

}  // namespace core
