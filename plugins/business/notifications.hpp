// business.system_messages: the notifications that were really sent, over two million rows.
#pragma once

#include "context.hpp"

namespace business {

struct legacy_notification {
  std::int64_t id = 0;
  mig::timestamptz created_at{};
  maybe_text sender{}, template_name{}, template_context{};
  bool read = false;
  maybe_id item_id{};
  maybe_text item_type{};  // "app_label.model"
  maybe_id recipient_id{};
};

struct system_message {
  std::string_view message_type{}, message{};
  std::optional<mig::uuid> order_id{};
  maybe_text message_code{};
  mig::json message_data{};
  maybe_text barcode{}, tracking_number{}, carrier{};
  std::int64_t legacy_record_id = 0;
  mig::json metadata{};
  mig::timestamptz created_at{};
};

/// Content types by what they say, because their ids differ between environments (D-56).
inline constexpr std::string_view system_messages_query = R"sql(
select n.id, n.created_at, n.sender, n.template_name, n.template_context, n.read, n.item_id,
       t.app_label || '.' || t.model as item_type, n.recipient_id, n.sent, n.send
from public.dispatch_notification n
left join public.django_content_type t on t.id = n.item_type_id
)sql";

/// What the name of a notification's template says; the first that it contains decides.
inline constexpr keyword system_message_types[] = {
    {"order", "order_update"},   {"ship", "shipment_update"}, {"payment", "payment_update"},
    {"case", "case_update"},     {"reminder", "reminder"},    {"welcome", "welcome"},
    {"status", "status_update"},
};
inline constexpr std::string_view system_message_type_default = "notification";

struct system_messages {
  static constexpr std::string_view name = "system_messages";
  static constexpr std::string_view description =
      "notifications that were sent, with the text and the numbers that their context has";
  static constexpr bool parallel = true;

  static constexpr auto source = mig::from_query<legacy_notification>(
      "public.dispatch_notification", system_messages_query,
      mig::key("id", &legacy_notification::id),
      mig::col("created_at", &legacy_notification::created_at),
      mig::col("sender", &legacy_notification::sender),
      mig::col("template_name", &legacy_notification::template_name),
      mig::col("template_context", &legacy_notification::template_context),
      mig::col("read", &legacy_notification::read),
      mig::col("item_id", &legacy_notification::item_id),
      mig::col("item_type", &legacy_notification::item_type),
      mig::col("recipient_id", &legacy_notification::recipient_id));

  static constexpr auto target = mig::into<system_message>(
      "public.system_messages", mig::identity("id"),
      mig::legacy("legacy_record_id", &system_message::legacy_record_id),
      mig::reference("order_id", &system_message::order_id, "core.orders", mig::missing::null),
      mig::col("message_type", &system_message::message_type),
      mig::col("message", &system_message::message),
      mig::col("message_code", &system_message::message_code),
      mig::col("message_data", &system_message::message_data),
      mig::col("barcode", &system_message::barcode),
      mig::col("tracking_number", &system_message::tracking_number),
      mig::col("carrier", &system_message::carrier),
      mig::col("metadata", &system_message::metadata),
      mig::col("created_at", &system_message::created_at));

  static constexpr mig::filter filters[] = {
      {"sent and send", "not_active", "the notification was never sent"}};
  static constexpr mig::code codes[] = {json_invalid, nul_replaced};

  void transform(const legacy_notification& row, mig::output<system_messages>& out) {
    const mig::json context = json_from(row.template_context, "template_context", out);
    const context_values values(context.text);
    const std::string_view template_name = row.template_name.value_or("");
    maybe_text tracking = values.text(context_name::tracking_number, out);
    if (!tracking) tracking = values.text(context_name::tracking, out);
    out.row(
        system_message{.message_type = first_keyword(template_name, system_message_types, buffer_)
                                           .value_or(system_message_type_default),
                       .message = message(row, values, out),
                       .order_id = out.resolve<"core.orders">(instruction(row)),
                       .message_code = row.template_name,
                       .message_data = context,
                       .barcode = values.text(context_name::barcode, out),
                       .tracking_number = tracking,
                       .carrier = values.text(context_name::carrier, out),
                       .legacy_record_id = row.id,
                       .metadata = metadata(row, out),
                       .created_at = row.created_at});
  }

 private:
  /// Any other item is no order, whatever its number.
  static maybe_id instruction(const legacy_notification& row) {
    return row.item_type == "dispatch.instruction" ? row.item_id : std::nullopt;
  }

  /// What the context says, in the words of the context where there are any.
  static std::string_view message(const legacy_notification& row, const context_values& values,
                                  mig::output<system_messages>& out) {
    if (const maybe_text text = values.text(context_name::message, out)) return *text;
    const maybe_text order = values.text(context_name::order_number, out);
    const maybe_text patient = values.text(context_name::patient_name, out);
    const maybe_text status = values.text(context_name::status, out);
    if (!order && !patient && !status) {
      return trimmed(row.template_name).value_or(system_message_type_default);
    }
    const auto label = [](bool first, maybe_text value, std::string_view with_comma) {
      return value ? with_comma.substr(first ? 2 : 0) : std::string_view{};
    };
    return out.concat({label(true, order, ", order "), order.value_or(""),
                       label(!order, patient, ", patient "), patient.value_or(""),
                       label(!order && !patient, status, ", status "), status.value_or("")});
  }

  mig::json metadata(const legacy_notification& row, mig::output<system_messages>& out) {
    metadata_.clear();
    metadata_.add("recipient_id", row.recipient_id).add("sender", row.sender).add("read", row.read);
    if (row.item_type) metadata_.add("item", *row.item_type).add("item_id", row.item_id);
    return out.keep(metadata_);
  }

  std::string buffer_;
  mig::json_object metadata_;
};

}  // namespace business
