// business.user_actions: who did what to what. Both ends of dispatch_action name any kind of thing
// by content type and id, and neither is watched by a foreign key (domain 1.9).
#pragma once

#include "rules.hpp"

namespace business {

struct legacy_action {
  std::int64_t id = 0;
  maybe_text action{};
  maybe_time date{};
  maybe_id item_id{}, owner_id{}, user_id{};
  maybe_text item_type{}, owner_type{};  // "app_label.model"
  maybe_text data{};
};

struct user_action {
  std::optional<mig::uuid> user_id{};
  std::string_view action{};
  maybe_text item_type{};
  std::optional<mig::uuid> item_id{};
  maybe_text owner_type{};
  std::optional<mig::uuid> owner_id{};
  mig::json data{};
  maybe_time performed_at{};
  std::int64_t legacy_action_id = 0;
  mig::json metadata{};
};

/// Content types by what they say, because their ids differ between environments (D-56).
inline constexpr std::string_view user_actions_query = R"sql(
select a.id, a.action, a.date, a.item_id, a.owner_id, a.user_id,
       i.app_label || '.' || i.model as item_type, o.app_label || '.' || o.model as owner_type,
       a.data
from public.dispatch_action a
left join public.django_content_type i on i.id = a.item_type_id
left join public.django_content_type o on o.id = a.owner_type_id
)sql";

/// A column that holds a key of whatever an action may be about.
template <class Row, class T>
constexpr auto anything(std::string_view name, T Row::*member) {
  return mig::if_loaded(mig::polymorphic(
      name, member, mig::missing::null, "core.orders", "core.patients", "core.profiles",
      "business.tasks", "business.messages", "business.files", "clinical.treatment_plans"));
}

struct user_actions {
  static constexpr std::string_view name = "user_actions";
  static constexpr std::string_view description =
      "who did what; things that cannot be found are NULL, their numbers stay in metadata";
  static constexpr bool parallel = true;

  static constexpr auto source = mig::from_query<legacy_action>(
      "public.dispatch_action", user_actions_query, mig::key("id", &legacy_action::id),
      mig::col("action", &legacy_action::action), mig::col("date", &legacy_action::date),
      mig::col("item_id", &legacy_action::item_id), mig::col("owner_id", &legacy_action::owner_id),
      mig::col("user_id", &legacy_action::user_id),
      mig::col("item_type", &legacy_action::item_type),
      mig::col("owner_type", &legacy_action::owner_type), mig::col("data", &legacy_action::data));

  static constexpr auto target = mig::into<user_action>(
      "public.user_actions", mig::identity("id"),
      mig::legacy("legacy_action_id", &user_action::legacy_action_id),
      mig::reference("user_id", &user_action::user_id, "core.profiles", mig::missing::null),
      anything("item_id", &user_action::item_id), anything("owner_id", &user_action::owner_id),
      mig::col("action", &user_action::action), mig::col("item_type", &user_action::item_type),
      mig::col("owner_type", &user_action::owner_type), mig::col("data", &user_action::data),
      mig::col("performed_at", &user_action::performed_at),
      mig::col("metadata", &user_action::metadata));

  static constexpr mig::code codes[] = {
      json_invalid, nul_replaced, {"action_missing", "the row does not say what was done"}};

  void transform(const legacy_action& row, mig::output<user_actions>& out) {
    const maybe_text action = trimmed(row.action);
    if (!action) return out.reject<"action_missing">("action");
    metadata_.clear();
    metadata_.add("user_id", row.user_id).add("item_id", row.item_id).add("owner_id", row.owner_id);
    out.row(user_action{.user_id = out.resolve<"user_id">(row.user_id),
                        .action = *action,
                        .item_type = row.item_type,
                        .item_id = thing<"item_id">(row.item_type, row.item_id, out),
                        .owner_type = row.owner_type,
                        .owner_id = thing<"owner_id">(row.owner_type, row.owner_id, out),
                        .data = json_from(row.data, "data", out),
                        .performed_at = row.date,
                        .legacy_action_id = row.id,
                        .metadata = out.keep(metadata_)});
  }

 private:
  /// The new key of what the content type and the id name; nothing for a type that has no home.
  template <mig::literal Column>
  static std::optional<mig::uuid> thing(maybe_text type, maybe_id id,
                                        mig::output<user_actions>& out) {
    if (type == "dispatch.instruction") return out.resolve<Column, "core.orders">(id);
    if (type == "dispatch.patient") return out.resolve<Column, "core.patients">(id);
    if (type == "auth.user" || type == "dispatch.userproxy") {
      return out.resolve<Column, "core.profiles">(id);
    }
    if (type == "dispatch.task") return out.resolve<Column, "business.tasks">(id);
    if (type == "dispatch.record") return out.resolve<Column, "business.messages">(id);
    if (type == "dispatch.file") return out.resolve<Column, "business.files">(id);
    if (type == "dispatch.plan") return out.resolve<Column, "clinical.treatment_plans">(id);
    return std::nullopt;
  }

  mig::json_object metadata_;
};

}  // namespace business
