// core.orders: one order for each instruction, deleted ones too (D-22). An instruction knows its
// patient only; doctor and office are the patient's (domain 1.4).
#pragma once

#include "rules.hpp"

namespace core {

struct legacy_instruction {
  std::int64_t id = 0, patient_id = 0, course_id = 0, status = 0;
  std::optional<std::int64_t> doctor_id{}, office_id{};
  maybe_text patient_suffix{}, suffix{}, notes{}, complaint{};
  std::optional<mig::numeric> price{};
  bool deleted = false;
  std::optional<mig::timestamptz> submitted_at{}, updated_at{};
  maybe_text exports{};
  std::optional<std::int64_t> model{}, scanner{}, order{}, upper_jaw_id{}, lower_jaw_id{};
  bool cbct = false;
  std::optional<bool> accept_extraction{}, comprehensive{};
  maybe_text scanner_notes{}, conditions{}, objective{};
};

struct order {
  std::string_view order_number{};
  mig::uuid patient_id{}, doctor_id{};
  std::optional<mig::uuid> office_id{};
  std::string_view course_type{}, status{};
  maybe_text notes{}, complaint{};
  std::optional<mig::numeric> amount{};
  maybe_text suffix{};
  std::optional<mig::timestamptz> submitted_at{}, approved_at{}, shipped_at{}, deleted_at{};
  bool deleted = false;
  mig::json exports{};
  std::int64_t legacy_instruction_id = 0;
  mig::json metadata{};
};

inline constexpr std::string_view orders_query = R"sql(
select i.id, i.patient_id, i.course_id, i.status, p.doctor_id, p.office_id,
       p.suffix as patient_suffix, i.suffix, i.notes, i.complaint, i.price, i.deleted,
       i.submitted_at, i.updated_at, i.exports, i.model, i.scanner, i."order", i.upper_jaw_id,
       i.lower_jaw_id, i.cbct, i.accept_extraction, i.comprehensive, i.scanner_notes,
       i.conditions, i.objective
from public.dispatch_instruction i
left join public.dispatch_patient p on p.id = i.patient_id
)sql";

struct orders {
  static constexpr std::string_view name = "orders";
  static constexpr std::string_view description =
      "instructions with the doctor and office of their patient, and the exact price";
  static constexpr bool parallel = true;

  static constexpr auto source = mig::from_query<legacy_instruction>(
      "public.dispatch_instruction", orders_query, mig::key("id", &legacy_instruction::id),
      mig::col("patient_id", &legacy_instruction::patient_id),
      mig::col("course_id", &legacy_instruction::course_id),
      mig::col("status", &legacy_instruction::status),
      mig::col("doctor_id", &legacy_instruction::doctor_id),
      mig::col("office_id", &legacy_instruction::office_id),
      mig::col("patient_suffix", &legacy_instruction::patient_suffix),
      mig::col("suffix", &legacy_instruction::suffix),
      mig::col("notes", &legacy_instruction::notes),
      mig::col("complaint", &legacy_instruction::complaint),
      mig::col("price", &legacy_instruction::price),
      mig::col("deleted", &legacy_instruction::deleted),
      mig::col("submitted_at", &legacy_instruction::submitted_at),
      mig::col("updated_at", &legacy_instruction::updated_at),
      mig::col("exports", &legacy_instruction::exports),
      mig::col("model", &legacy_instruction::model),
      mig::col("scanner", &legacy_instruction::scanner),
      mig::col("order", &legacy_instruction::order),
      mig::col("upper_jaw_id", &legacy_instruction::upper_jaw_id),
      mig::col("lower_jaw_id", &legacy_instruction::lower_jaw_id),
      mig::col("cbct", &legacy_instruction::cbct),
      mig::col("accept_extraction", &legacy_instruction::accept_extraction),
      mig::col("comprehensive", &legacy_instruction::comprehensive),
      mig::col("scanner_notes", &legacy_instruction::scanner_notes),
      mig::col("conditions", &legacy_instruction::conditions),
      mig::col("objective", &legacy_instruction::objective));

  static constexpr auto target = mig::into<order>(
      "public.orders", mig::identity("id"),
      mig::legacy("legacy_instruction_id", &order::legacy_instruction_id),
      mig::reference("patient_id", &order::patient_id, "core.patients", mig::missing::reject),
      mig::reference("doctor_id", &order::doctor_id, "core.doctors", mig::missing::reject),
      mig::reference("office_id", &order::office_id, "core.offices", mig::missing::null),
      mig::col("order_number", &order::order_number), mig::col("course_type", &order::course_type),
      mig::col("status", &order::status), mig::col("notes", &order::notes),
      mig::col("complaint", &order::complaint), mig::col("amount", &order::amount),
      mig::col("suffix", &order::suffix), mig::col("submitted_at", &order::submitted_at),
      mig::col("approved_at", &order::approved_at), mig::col("shipped_at", &order::shipped_at),
      mig::col("deleted", &order::deleted), mig::col("deleted_at", &order::deleted_at),
      mig::col("exports", &order::exports), mig::col("metadata", &order::metadata));

  static constexpr mig::code codes[] = {unknown_enum, json_invalid, nul_replaced};

  static constexpr mig::total totals[] = {{"order price", "price", "amount"}};

  static constexpr mig::assertion assertions[] = {
      {"order-number-has-the-id",
       "select id from public.orders "
       "where order_number not like '%-' || legacy_instruction_id::text",
       "an order number ends in the legacy id, which alone makes it unique"},
      {"shipped-was-approved",
       "select id from public.orders where legacy_instruction_id is not null "
       "and shipped_at is not null and approved_at is null",
       "an order that was shipped had been approved"}};

  explicit orders(const mig::settings& settings)
      : statuses_(order_statuses, order_status_words, settings, "order_status",
                  open_order_statuses) {}

  void transform(const legacy_instruction& row, mig::output<orders>& out) {
    const auto course_type = word_for(course_types, row.course_id);
    if (!course_type) return out.reject<"unknown_enum">("course_id", digits{row.course_id});
    const auto status = statuses_(row.status);
    if (!status) return out.reject<"unknown_enum">("status", digits{row.status});
    // The first parent that fails decides what becomes of the order.
    const auto patient = out.resolve<"core.patients">(row.patient_id);
    if (!patient) return;
    const auto doctor = out.resolve<"core.doctors">(row.doctor_id);
    if (!doctor) return;
    order to{.patient_id = *patient,
             .doctor_id = *doctor,
             .office_id = out.resolve<"core.offices">(row.office_id),
             .course_type = *course_type,
             .status = *status};
    copy_facts(row, to);
    // The id makes it unique; a missing suffix is not made up (D-23).
    to.order_number =
        out.concat({trimmed(row.patient_suffix).value_or("NOSUF"), "-", digits{row.id}});
    to.exports = json_from(row.exports, "exports", out);
    derive_dates(row, to);
    to.metadata = metadata(row, to, out);
    out.row(to);
  }

 private:
  static void copy_facts(const legacy_instruction& row, order& to) {
    to.notes = row.notes;
    to.complaint = row.complaint;
    to.amount = row.price;  // NULL, 0 and a price are three different things (D-21)
    to.suffix = trimmed(row.suffix);
    to.submitted_at = row.submitted_at;
    to.deleted = row.deleted;
    to.legacy_instruction_id = row.id;
  }

  /// The legacy database knows only when an order changed last: a stand-in, listed as derived.
  static void derive_dates(const legacy_instruction& row, order& to) {
    if (row.status >= status_approved) to.approved_at = row.updated_at;
    if (row.status == status_shipped) to.shipped_at = row.updated_at;
    if (row.deleted) to.deleted_at = row.updated_at;
  }

  mig::json metadata(const legacy_instruction& row, const order& to, mig::output<orders>& out) {
    metadata_.clear();
    derived_.clear();
    if (to.approved_at) derived_.add("approved_at");
    if (to.shipped_at) derived_.add("shipped_at");
    if (to.deleted_at) derived_.add("deleted_at");
    if (!derived_.empty()) metadata_.add("derived", derived_);
    legacy_.clear();
    legacy_.add("model", row.model)
        .add("scanner", row.scanner)
        .add("order", row.order)
        .add("upper_jaw_id", row.upper_jaw_id)
        .add("lower_jaw_id", row.lower_jaw_id)
        .add("cbct", row.cbct)
        .add("accept_extraction", row.accept_extraction)
        .add("comprehensive", row.comprehensive)
        .add("scanner_notes", row.scanner_notes)
        .add("conditions", row.conditions)
        .add("objective", row.objective);
    metadata_.add("legacy", legacy_);
    return out.keep(metadata_);
  }

  mig::code_map statuses_;
  mig::json_object metadata_;
  mig::json_object legacy_;
  mig::json_array derived_;
};

}  // namespace core
