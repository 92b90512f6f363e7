// financial.operations: charges and refunds of the card processor, each of one payment (domain 3.5,
// 9.6). What they say about the card is sensitive: no finding quotes anything but the type code.
#pragma once

#include "lab/text.hpp"
#include "money.hpp"

namespace financial {

using lab::maybe_text;

struct legacy_operation {
  std::int64_t id = 0, payment_id = 0;
  std::optional<std::int64_t> type{}, patient_id{}, attempts{};
  std::optional<mig::timestamptz> made_at{};
  maybe_amount price{};
  maybe_text sq_order_id{}, sq_payment_id{}, sq_refund_id{};
  maybe_text card_brand{}, card_bin{}, card_last{};
  std::optional<bool> office_card{};
};

struct operation {
  mig::uuid payment_id{};
  std::optional<mig::uuid> case_id{};
  std::string_view operation_type{};
  maybe_amount amount{};
  mig::json operation_data{};
  std::int64_t legacy_operation_id = 0;
  mig::json metadata{};
};

// The patient, by whom a case is known, is the one of the payment's instruction.
inline constexpr std::string_view operations_query = R"sql(
select o.id, o.payment_id, o.type, i.patient_id, o.attempts, o.made_at, o.price, o.sq_order_id,
       o.sq_payment_id, o.sq_refund_id, o.card_brand, o.card_bin, o.card_last, o.office_card
from public.dispatch_operation o
left join public.dispatch_payment p on p.id = o.payment_id
left join public.dispatch_instruction i on i.id = p.instruction_id
)sql";

struct operations {
  static constexpr std::string_view name = "operations";
  static constexpr std::string_view description =
      "charges and refunds of the card processor, each of its payment";
  static constexpr bool parallel = true;

  static constexpr auto source = mig::from_query<legacy_operation>(
      "public.dispatch_operation", operations_query, mig::key("id", &legacy_operation::id),
      mig::col("payment_id", &legacy_operation::payment_id),
      mig::col("type", &legacy_operation::type),
      mig::col("patient_id", &legacy_operation::patient_id),
      mig::col("attempts", &legacy_operation::attempts),
      mig::col("made_at", &legacy_operation::made_at), mig::col("price", &legacy_operation::price),
      mig::col("sq_order_id", &legacy_operation::sq_order_id),
      mig::col("sq_payment_id", &legacy_operation::sq_payment_id),
      mig::col("sq_refund_id", &legacy_operation::sq_refund_id),
      mig::col("card_brand", &legacy_operation::card_brand),
      mig::col("card_bin", &legacy_operation::card_bin),
      mig::col("card_last", &legacy_operation::card_last),
      mig::col("office_card", &legacy_operation::office_card));

  static constexpr auto target =
      mig::into<operation>("public.operations", mig::identity("id"),
                           mig::legacy("legacy_operation_id", &operation::legacy_operation_id),
                           mig::reference("payment_id", &operation::payment_id,
                                          "financial.payments", mig::missing::reject),
                           mig::if_loaded(mig::reference("case_id", &operation::case_id,
                                                         "business.cases", mig::missing::null)),
                           mig::col("operation_type", &operation::operation_type),
                           mig::col("amount", &operation::amount),
                           mig::col("operation_data", &operation::operation_data),
                           mig::col("metadata", &operation::metadata));

  static constexpr mig::code codes[] = {
      amount_invalid,
      unknown_enum,
      {"operation_type_missing", "the operation does not say whether it is a payment or a refund"},
      {"operation_type_assumed",
       "the operation has no type; it took the one that the setting operation_null_type names"}};

  // By the legacy code, so that they hold whatever word the setting gives to a code.
  static constexpr mig::total totals[] = {
      {"operation price", "price", "amount"},
      {"operation price of type 1", "case when type = 1 then price end",
       "case when metadata ->> 'legacy_type' = '1' then amount end"},
      {"operation price of type 2", "case when type = 2 then price end",
       "case when metadata ->> 'legacy_type' = '2' then amount end"}};

  static constexpr mig::assertion assertions[] = {
      {"case-is-that-of-the-patient",
       "select o.id from public.operations o join public.payments p on p.id = o.payment_id "
       "join public.cases c on c.id = o.case_id "
       "where o.legacy_operation_id is not null and c.patient_id is distinct from p.patient_id",
       "an operation's case is one of the patient whose payment it belongs to"}};

  explicit operations(const mig::settings& settings)
      : word_(operation_types, operation_type_words, settings, "operation_type"),
        word_for_null_(word_for_null_type(settings)) {}

  void transform(const legacy_operation& row, mig::output<operations>& out) {
    if (rejects_amounts({{"price", row.price}}, out)) return;
    const std::optional<std::string_view> type = row.type ? word_(*row.type) : word_for_null_;
    if (!type && row.type) return out.reject<"unknown_enum">("type", mig::digits{*row.type});
    if (!type) return out.reject<"operation_type_missing">("type");
    const auto payment = out.resolve<"financial.payments">(row.payment_id);
    if (!payment) return;
    if (!row.type) out.note<"operation_type_assumed">("type");
    // The sign stays as it is: the type says where the money went, and nobody nets by sign (D-53).
    out.row(operation{.payment_id = *payment,
                      .case_id = out.resolve<"business.cases">(row.patient_id),
                      .operation_type = *type,
                      .amount = row.price,
                      .operation_data = data(row, out),
                      .legacy_operation_id = row.id,
                      .metadata = metadata(row, out)});
  }

 private:
  mig::json data(const legacy_operation& row, mig::output<operations>& out) {
    data_.clear();
    data_.add("made_at", row.made_at)
        .add("sq_order_id", row.sq_order_id)
        .add("sq_payment_id", row.sq_payment_id)
        .add("sq_refund_id", row.sq_refund_id)
        .add("card_brand", row.card_brand)
        .add("card_bin", row.card_bin)
        .add("card_last", row.card_last)
        .add("office_card", row.office_card)
        .add("attempts", row.attempts);
    return out.keep(data_);
  }

  mig::json metadata(const legacy_operation& row, mig::output<operations>& out) {
    metadata_.clear();
    metadata_.add("legacy_type", row.type);
    if (!row.type) metadata_.add_raw("derived", R"(["operation_type"])");
    return out.keep(metadata_);
  }

  mig::code_map word_;
  std::optional<std::string_view> word_for_null_;
  mig::json_object data_;
  mig::json_object metadata_;
};

}  // namespace financial
