// clinical.treatment_plans: the revisions of a plan. Several plans may share one project, so the
// legacy key alone is unique (domain 3.4).
#pragma once

#include "codes.hpp"

namespace clinical {

struct legacy_plan {
  std::int64_t id = 0, instruction_id = 0, project_id = 0;
  std::optional<std::int64_t> patient_id{}, doctor_id{};  // of the instruction, of the patient
  maybe_text notes{}, name{};
  std::optional<std::int64_t> number{};
  std::optional<bool> original{};
};

struct treatment_plan {
  std::optional<mig::uuid> project_id{};
  mig::uuid order_id{}, patient_id{}, doctor_id{};
  std::optional<std::int64_t> plan_number{};
  std::string_view plan_name{};
  maybe_text plan_notes{};
  std::optional<bool> is_original{};
  maybe_text treatment_type{};
  std::int64_t revision_count = 0;
  std::int64_t legacy_plan_id = 0, legacy_instruction_id = 0;
  mig::json metadata{};
};

inline constexpr std::string_view plans_query = R"sql(
select l.id, l.instruction_id, l.project_id, i.patient_id, p.doctor_id, l.notes, l.name, l.number,
       l.original
from public.dispatch_plan l
left join public.dispatch_instruction i on i.id = l.instruction_id
left join public.dispatch_patient p on p.id = i.patient_id
)sql";

struct treatment_plans {
  static constexpr std::string_view name = "treatment_plans";
  static constexpr std::string_view description =
      "plans with the order, the patient and the doctor of their instruction";
  static constexpr bool parallel = true;

  static constexpr auto source = mig::from_query<legacy_plan>(
      "public.dispatch_plan", plans_query, mig::key("id", &legacy_plan::id),
      mig::col("instruction_id", &legacy_plan::instruction_id),
      mig::col("project_id", &legacy_plan::project_id),
      mig::col("patient_id", &legacy_plan::patient_id),
      mig::col("doctor_id", &legacy_plan::doctor_id), mig::col("notes", &legacy_plan::notes),
      mig::col("name", &legacy_plan::name), mig::col("number", &legacy_plan::number),
      mig::col("original", &legacy_plan::original));

  static constexpr auto target = mig::into<treatment_plan>(
      "public.treatment_plans", mig::identity("id"),
      mig::legacy("legacy_plan_id", &treatment_plan::legacy_plan_id),
      mig::reference("order_id", &treatment_plan::order_id, "core.orders", mig::missing::reject),
      mig::reference("patient_id", &treatment_plan::patient_id, "core.patients",
                     mig::missing::reject),
      mig::reference("doctor_id", &treatment_plan::doctor_id, "core.doctors", mig::missing::reject),
      mig::reference("project_id", &treatment_plan::project_id, "clinical.projects",
                     mig::missing::null),
      mig::col("plan_number", &treatment_plan::plan_number),
      mig::col("plan_name", &treatment_plan::plan_name),
      mig::col("plan_notes", &treatment_plan::plan_notes),
      mig::col("is_original", &treatment_plan::is_original),
      mig::col("treatment_type", &treatment_plan::treatment_type),
      mig::col("revision_count", &treatment_plan::revision_count),
      mig::col("legacy_instruction_id", &treatment_plan::legacy_instruction_id),
      mig::col("metadata", &treatment_plan::metadata));

  static constexpr mig::code codes[] = {name_missing};

  static constexpr mig::assertion assertions[] = {
      {"plan-agrees-with-its-order",
       "select t.id from public.treatment_plans t join public.orders o on o.id = t.order_id "
       "where t.legacy_plan_id is not null "
       "and (t.patient_id, t.doctor_id) is distinct from (o.patient_id, o.doctor_id)",
       "a plan has the patient and the doctor of its order; a patient who changed doctors between "
       "two runs breaks this",
       false}};

  void transform(const legacy_plan& row, mig::output<treatment_plans>& out) {
    // The first parent that fails decides what becomes of the plan.
    const auto order = out.resolve<"core.orders">(row.instruction_id);
    if (!order) return;
    const auto patient = out.resolve<"core.patients">(row.patient_id);
    if (!patient) return;
    const auto doctor = out.resolve<"core.doctors">(row.doctor_id);
    if (!doctor) return;
    metadata_.clear();
    metadata_.add("legacy_project_id", row.project_id);
    out.row(treatment_plan{
        .project_id = out.resolve<"clinical.projects">(row.project_id),
        .order_id = *order,
        .patient_id = *patient,
        .doctor_id = *doctor,
        .plan_number = row.number,
        .plan_name = name_or_number(row.name, "Plan", row.number.value_or(row.id), out),
        .plan_notes = row.notes,
        .is_original = row.original,
        .treatment_type = treatment_type(row),
        .revision_count = revisions(row),
        .legacy_plan_id = row.id,
        .legacy_instruction_id = row.instruction_id,
        .metadata = out.keep(metadata_)});
  }

 private:
  /// A plan that nobody marked is neither.
  static maybe_text treatment_type(const legacy_plan& row) {
    if (!row.original) return std::nullopt;
    return *row.original ? "initial_treatment" : "revision";
  }

  /// Plan 1 is the first; numbers below it do occur (D-27).
  static std::int64_t revisions(const legacy_plan& row) {
    return std::max<std::int64_t>(row.number.value_or(1), 1) - 1;
  }

  mig::json_object metadata_;
};

}  // namespace clinical
