// financial.payments: what was to be paid for an instruction or a basket (domain 3.5). The amount
// is the total (9.5); every other figure of the row is kept beside it.
#pragma once

#include "lab/json_text.hpp"
#include "money.hpp"

namespace financial {

using lab::maybe_text;

struct legacy_payment {
  std::int64_t id = 0;
  std::optional<mig::timestamptz> made_at{};
  bool free = false, canceled = false, paid = false, netsuite = false;
  maybe_amount total_price{}, subtotal_price{}, tax_value{}, additional_price{}, used_credit{};
  maybe_amount paid_price{}, custom_price{};
  std::optional<mig::numeric> tax_rate{};  // percent
  std::optional<std::int64_t> instruction_id{}, patient_id{}, order_id{}, doctor_id{}, office_id{};
  maybe_text installments{};
  bool has_operation = false;
};

struct payment {
  std::optional<mig::uuid> order_id{}, patient_id{};
  maybe_amount amount{}, subtotal_amount{}, tax_amount{};
  std::string_view status{};
  maybe_text payment_method{};
  std::optional<mig::timestamptz> processed_at{}, payment_date{};
  std::int64_t legacy_payment_id = 0;
  std::optional<std::int64_t> legacy_doctor_id{}, legacy_office_id{}, legacy_instruction_id{};
  mig::json metadata{};
};

// order_id names a basket (dispatch_order), never an instruction (D-55). The patient is the one of
// the instruction: the payment itself knows only the doctor who pays.
inline constexpr std::string_view payments_query = R"sql(
select p.id, p.made_at, p.free, p.canceled, p.paid, p.netsuite, p.total_price, p.subtotal_price,
       p.tax_value, p.additional_price, p.used_credit, p.paid_price, p.custom_price, p.tax_rate,
       p.instruction_id, i.patient_id, p.order_id, p.doctor_id, p.office_id, p.installments,
       exists (select from public.dispatch_operation o where o.payment_id = p.id) as has_operation
from public.dispatch_payment p
left join public.dispatch_instruction i on i.id = p.instruction_id
)sql";

struct payments {
  static constexpr std::string_view name = "payments";
  static constexpr std::string_view description =
      "payments with their exact total, tax and subtotal; baskets have no order";
  static constexpr bool parallel = true;

  static constexpr auto source = mig::from_query<legacy_payment>(
      "public.dispatch_payment", payments_query, mig::key("id", &legacy_payment::id),
      mig::col("made_at", &legacy_payment::made_at), mig::col("free", &legacy_payment::free),
      mig::col("canceled", &legacy_payment::canceled), mig::col("paid", &legacy_payment::paid),
      mig::col("netsuite", &legacy_payment::netsuite),
      mig::col("total_price", &legacy_payment::total_price),
      mig::col("subtotal_price", &legacy_payment::subtotal_price),
      mig::col("tax_value", &legacy_payment::tax_value),
      mig::col("additional_price", &legacy_payment::additional_price),
      mig::col("used_credit", &legacy_payment::used_credit),
      mig::col("paid_price", &legacy_payment::paid_price),
      mig::col("custom_price", &legacy_payment::custom_price),
      mig::col("tax_rate", &legacy_payment::tax_rate),
      mig::col("instruction_id", &legacy_payment::instruction_id),
      mig::col("patient_id", &legacy_payment::patient_id),
      mig::col("order_id", &legacy_payment::order_id),
      mig::col("doctor_id", &legacy_payment::doctor_id),
      mig::col("office_id", &legacy_payment::office_id),
      mig::col("installments", &legacy_payment::installments),
      mig::col("has_operation", &legacy_payment::has_operation));

  static constexpr auto target = mig::into<payment>(
      "public.payments", mig::identity("id"),
      mig::legacy("legacy_payment_id", &payment::legacy_payment_id),
      mig::reference("order_id", &payment::order_id, "core.orders", mig::missing::null),
      mig::reference("patient_id", &payment::patient_id, "core.patients", mig::missing::null),
      mig::col("amount", &payment::amount), mig::col("subtotal_amount", &payment::subtotal_amount),
      mig::col("tax_amount", &payment::tax_amount), mig::col("status", &payment::status),
      mig::col("payment_method", &payment::payment_method),
      mig::col("processed_at", &payment::processed_at),
      mig::col("payment_date", &payment::payment_date),
      mig::col("legacy_doctor_id", &payment::legacy_doctor_id),
      mig::col("legacy_office_id", &payment::legacy_office_id),
      mig::col("legacy_instruction_id", &payment::legacy_instruction_id),
      mig::col("metadata", &payment::metadata));

  static constexpr mig::code codes[] = {
      amount_invalid,
      {"flag_conflict", "the payment is both paid and cancelled, or free and has a price"},
      {"inconsistent_total", "the total is not subtotal + tax + additional - credit"},
      {"basket_payment", "the payment is for a basket, which is no order"},
      {"no_order", "the payment names neither an instruction nor a basket"},
      json_invalid,
      nul_replaced};

  static constexpr mig::total totals[] = {
      {"payment total", "total_price", "amount"},
      {"payment subtotal", "subtotal_price", "subtotal_amount"},
      {"payment tax", "tax_value", "tax_amount"},
      {"payment used credit", "used_credit", "(metadata ->> 'used_credit')::numeric"},
      {"payment paid price", "paid_price", "(metadata ->> 'paid_price')::numeric"}};

  static constexpr mig::assertion assertions[] = {
      {"cancelled-was-not-completed",
       "select id from public.payments where legacy_payment_id is not null "
       "and metadata ->> 'canceled' = 'true' and status in ('completed', 'pending')",
       "a payment that was cancelled counts neither as money nor as a claim"},
      {"patient-is-that-of-the-order",
       "select p.id from public.payments p join public.orders o on o.id = p.order_id "
       "where p.legacy_payment_id is not null and p.patient_id is distinct from o.patient_id",
       "a payment and its order are of one patient"}};

  void transform(const legacy_payment& row, mig::output<payments>& out) {
    if (rejects_amounts({{"total_price", row.total_price},
                         {"subtotal_price", row.subtotal_price},
                         {"tax_value", row.tax_value},
                         {"additional_price", row.additional_price},
                         {"used_credit", row.used_credit},
                         {"paid_price", row.paid_price},
                         {"custom_price", row.custom_price}},
                        out)) {
      return;
    }
    note_conflicts(row, out);
    const bool completed = !row.canceled && (row.paid || row.free);
    payment to{.order_id = out.resolve<"core.orders">(row.instruction_id),
               .patient_id = out.resolve<"core.patients">(row.patient_id),
               .amount = row.total_price,
               .subtotal_amount = row.subtotal_price,
               .tax_amount = row.tax_value,
               .status = status_of(row),
               .payment_method = method_of(row),
               .payment_date = row.made_at,
               .legacy_payment_id = row.id,
               .legacy_doctor_id = row.doctor_id,
               .legacy_office_id = row.office_id,
               .legacy_instruction_id = row.instruction_id};
    // The legacy row has one date, so when it was processed is a stand-in, listed as derived.
    if (completed) to.processed_at = row.made_at;
    to.metadata = metadata(row, to, out);
    out.row(to);
  }

 private:
  /// D-50: such rows go all the same, but somebody should look at them.
  static void note_conflicts(const legacy_payment& row, mig::output<payments>& out) {
    const bool free_with_price = row.free && !or_zero(row.total_price).is_zero();
    if ((row.paid && row.canceled) || free_with_price) {
      out.note<"flag_conflict">(row.paid && row.canceled ? "canceled" : "free");
    }
    if (row.total_price && !adds_up(row)) out.note<"inconsistent_total">("total_price");
    if (row.instruction_id) return;
    if (row.order_id) {
      out.note<"basket_payment">("order_id");
    } else {
      out.note<"no_order">("instruction_id");
    }
  }

  /// total = subtotal + tax + additional - credit, by value. A sum beyond 38 digits is no total.
  static bool adds_up(const legacy_payment& row) {
    auto sum = or_zero(row.subtotal_price).add(or_zero(row.tax_value));
    if (sum) sum = sum->add(or_zero(row.additional_price));
    if (sum) sum = sum->subtract(or_zero(row.used_credit));
    return sum && *sum == or_zero(row.total_price);
  }

  static std::string_view status_of(const legacy_payment& row) {
    if (row.canceled) return "cancelled";
    return row.paid || row.free ? "completed" : "pending";
  }

  static maybe_text method_of(const legacy_payment& row) {
    if (row.has_operation) return "card";
    if (row.netsuite) return "other";
    return std::nullopt;
  }

  mig::json metadata(const legacy_payment& row, const payment& to, mig::output<payments>& out) {
    metadata_.clear();
    add_exact(metadata_, "paid_price", row.paid_price);
    add_exact(metadata_, "used_credit", row.used_credit);
    add_exact(metadata_, "custom_price", row.custom_price);
    add_exact(metadata_, "additional_price", row.additional_price);
    add_exact(metadata_, "tax_rate", row.tax_rate);
    metadata_.add("free", row.free)
        .add("netsuite", row.netsuite)
        .add("canceled", row.canceled)
        .add("paid", row.paid)
        .add_raw("installments", lab::json_from(row.installments, "installments", out).text)
        .add("basket_id", row.order_id);
    if (to.processed_at) metadata_.add_raw("derived", R"(["processed_at"])");
    return out.keep(metadata_);
  }

  mig::json_object metadata_;
};

}  // namespace financial
