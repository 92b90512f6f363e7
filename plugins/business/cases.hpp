// business.cases and business.order_cases. The legacy database has no cases: each patient is one
// (domain 1.9, 3.3).
#pragma once

#include "rules.hpp"

namespace business {

struct legacy_case {
  std::int64_t id = 0;
  maybe_id doctor_id{}, office_id{}, status{};
  maybe_text suffix{};
  bool archived = false, suspended = false;
  maybe_time submitted_at{};
};

struct case_row {
  mig::uuid patient_id{};
  std::optional<mig::uuid> primary_doctor_id{}, office_id{};
  std::string_view case_number{}, status{};
  bool deleted = false;
  std::int64_t legacy_patient_id = 0;
  mig::json metadata{};
};

struct cases {
  static constexpr std::string_view name = "cases";
  static constexpr std::string_view description =
      "one case for each patient, with the patient's doctor and office";
  static constexpr bool projection = true;
  static constexpr bool parallel = true;

  static constexpr auto source = mig::from<legacy_case>(
      "public.dispatch_patient", mig::key("id", &legacy_case::id),
      mig::col("doctor_id", &legacy_case::doctor_id),
      mig::col("office_id", &legacy_case::office_id), mig::col("status", &legacy_case::status),
      mig::col("suffix", &legacy_case::suffix), mig::col("archived", &legacy_case::archived),
      mig::col("suspended", &legacy_case::suspended),
      mig::col("submitted_at", &legacy_case::submitted_at));

  static constexpr auto target = mig::into<case_row>(
      "public.cases", mig::identity("id"),
      mig::legacy("legacy_patient_id", &case_row::legacy_patient_id),
      mig::reference("patient_id", &case_row::patient_id, "core.patients", mig::missing::reject),
      mig::reference("primary_doctor_id", &case_row::primary_doctor_id, "core.doctors",
                     mig::missing::null),
      mig::reference("office_id", &case_row::office_id, "core.offices", mig::missing::null),
      mig::col("case_number", &case_row::case_number), mig::col("status", &case_row::status),
      mig::col("deleted", &case_row::deleted), mig::col("metadata", &case_row::metadata));

  static constexpr mig::code codes[] = {
      unknown_enum,
      {"status_defaulted", "the patient has no status, so the case is a consultation"}};

  static constexpr mig::assertion assertions[] = {
      {"case-of-its-patient",
       "select c.id from public.cases c join public.patients p on p.id = c.patient_id "
       "where c.legacy_patient_id <> p.legacy_patient_id",
       "a case and its patient come from the same legacy patient"}};

  explicit cases(const mig::settings& settings)
      : statuses_(case_statuses, case_status_words, settings, "case_status") {}

  void transform(const legacy_case& row, mig::output<cases>& out) {
    const auto status = row.status ? statuses_(*row.status) : case_status_default;
    if (!status) return out.reject<"unknown_enum">("status", digits{*row.status});
    const auto patient = out.resolve<"core.patients">(row.id);
    if (!patient) return;
    if (!row.status) out.note<"status_defaulted">("status");
    out.row(case_row{.patient_id = *patient,
                     .primary_doctor_id = out.resolve<"core.doctors">(row.doctor_id),
                     .office_id = out.resolve<"core.offices">(row.office_id),
                     .case_number = out.concat(
                         {"CASE-", trimmed(row.suffix).value_or("NA"), "-", digits{row.id}}),
                     .status = *status,
                     .deleted = row.archived || row.suspended,
                     .legacy_patient_id = row.id,
                     .metadata = metadata(row, out)});
  }

 private:
  /// created_at takes no NULL and a patient may have no submitted_at, so the date stands here.
  mig::json metadata(const legacy_case& row, mig::output<cases>& out) {
    metadata_.clear();
    metadata_.add("status_code", row.status);
    if (row.submitted_at) metadata_.add("submitted_at", *row.submitted_at);
    return out.keep(metadata_);
  }

  mig::code_map statuses_;
  mig::json_object metadata_;
};

struct legacy_order_case {
  std::int64_t id = 0, patient_id = 0;
};

struct order_case {
  mig::uuid order_id{}, case_id{};
};

struct order_cases {
  static constexpr std::string_view name = "order_cases";
  static constexpr std::string_view description = "each order belongs to its patient's case";
  static constexpr bool projection = true;
  static constexpr bool parallel = true;

  static constexpr auto source = mig::from<legacy_order_case>(
      "public.dispatch_instruction", mig::key("id", &legacy_order_case::id),
      mig::col("patient_id", &legacy_order_case::patient_id));

  static constexpr auto target = mig::into<order_case>(
      "public.order_cases", mig::identity("id"),
      mig::reference("order_id", &order_case::order_id, "core.orders", mig::missing::reject),
      mig::reference("case_id", &order_case::case_id, "business.cases", mig::missing::reject));

  static constexpr mig::assertion assertions[] = {
      {"order-and-case-share-the-patient",
       "select l.id from public.order_cases l join public.orders o on o.id = l.order_id "
       "join public.cases c on c.id = l.case_id where o.patient_id <> c.patient_id",
       "an order and the case it belongs to have the same patient"}};

  void transform(const legacy_order_case& row, mig::output<order_cases>& out) {
    const auto order = out.resolve<"core.orders">(row.id);
    if (!order) return;
    const auto belongs_to = out.resolve<"business.cases">(row.patient_id);
    if (!belongs_to) return;
    out.row(order_case{.order_id = *order, .case_id = *belongs_to});
  }
};

}  // namespace business
