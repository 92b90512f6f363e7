// core.roles, core.role_permissions and core.teams: who may do what.
#pragma once

#include "rules.hpp"

namespace core {

struct legacy_role {
  std::int64_t id = 0;
  maybe_text name{}, abbrev{};
  std::optional<std::int64_t> type{}, order{}, user_id{}, group_id{};
};

struct role {
  std::string_view name{};
  maybe_text abbreviation{};
  std::int64_t legacy_role_id = 0;
  mig::json metadata{};
};

struct roles {
  static constexpr std::string_view name = "roles";
  static constexpr std::string_view description = "roles of the laboratory's staff";
  static constexpr bool parallel = true;

  static constexpr auto source = mig::from<legacy_role>(
      "public.dispatch_role", mig::key("id", &legacy_role::id),
      mig::col("name", &legacy_role::name), mig::col("abbrev", &legacy_role::abbrev),
      mig::col("type", &legacy_role::type), mig::col("order", &legacy_role::order),
      mig::col("user_id", &legacy_role::user_id), mig::col("group_id", &legacy_role::group_id));

  static constexpr auto target = mig::into<role>(
      "public.roles", mig::identity("id"), mig::legacy("legacy_role_id", &role::legacy_role_id),
      mig::col("name", &role::name), mig::col("abbreviation", &role::abbreviation),
      mig::col("metadata", &role::metadata));

  static constexpr mig::code codes[] = {name_missing};

  void transform(const legacy_role& row, mig::output<roles>& out) {
    metadata_.clear();
    metadata_.add("type", row.type)
        .add("order", row.order)
        .add("user_id", row.user_id)
        .add("group_id", row.group_id);
    out.row(role{.name = name_or_number(row.name, "Role", row.id, out),
                 .abbreviation = trimmed(row.abbrev),
                 .legacy_role_id = row.id,
                 .metadata = out.keep(metadata_)});
  }

 private:
  mig::json_object metadata_;
};

struct legacy_role_permission {
  std::int64_t id = 0, role_id = 0;
  maybe_text codename{}, app_label{}, model{};
};

struct role_permission {
  mig::uuid role_id{};
  std::string_view permission{}, resource{};
  bool is_active = false;
  std::int64_t legacy_id = 0;
};

/// Content types by what they say, because their ids differ between environments (D-56).
inline constexpr std::string_view role_permissions_query = R"sql(
select r.id, r.role_id, p.codename, t.app_label, t.model
from public.dispatch_role_permissions r
left join public.auth_permission p on p.id = r.permission_id
left join public.django_content_type t on t.id = p.content_type_id
)sql";

struct role_permissions {
  static constexpr std::string_view name = "role_permissions";
  static constexpr std::string_view description =
      "what a role may do, as the name of the permission and of the thing that it is about";
  static constexpr bool parallel = true;

  static constexpr auto source = mig::from_query<legacy_role_permission>(
      "public.dispatch_role_permissions", role_permissions_query,
      mig::key("id", &legacy_role_permission::id),
      mig::col("role_id", &legacy_role_permission::role_id),
      mig::col("codename", &legacy_role_permission::codename),
      mig::col("app_label", &legacy_role_permission::app_label),
      mig::col("model", &legacy_role_permission::model));

  static constexpr auto target = mig::into<role_permission>(
      "public.role_permissions", mig::identity("id"),
      mig::legacy("legacy_id", &role_permission::legacy_id),
      mig::reference("role_id", &role_permission::role_id, "core.roles", mig::missing::reject),
      mig::col("permission", &role_permission::permission),
      mig::col("resource", &role_permission::resource),
      mig::col("is_active", &role_permission::is_active));

  static constexpr mig::code codes[] = {
      {"permission_missing", "the permission, or the type of thing it is about, is gone"}};

  void transform(const legacy_role_permission& row, mig::output<role_permissions>& out) {
    if (!row.codename || !row.app_label || !row.model) {
      return out.reject<"permission_missing">("permission_id");
    }
    const auto role = out.resolve<"core.roles">(row.role_id);
    if (!role) return;
    out.row(role_permission{.role_id = *role,
                            .permission = *row.codename,
                            .resource = out.concat({*row.app_label, ".", *row.model}),
                            .is_active = true,
                            .legacy_id = row.id});
  }
};

struct legacy_group {
  std::int64_t id = 0;
  std::string_view name{};
};

struct team {
  std::string_view name{};
  std::int64_t legacy_group_id = 0;
};

struct teams {
  static constexpr std::string_view name = "teams";
  static constexpr std::string_view description = "the groups of users; their type is not known";
  static constexpr bool parallel = true;

  static constexpr auto source =
      mig::from<legacy_group>("public.auth_group", mig::key("id", &legacy_group::id),
                              mig::col("name", &legacy_group::name));

  static constexpr auto target = mig::into<team>(
      "public.teams", mig::identity("id"), mig::legacy("legacy_group_id", &team::legacy_group_id),
      mig::col("name", &team::name));

  void transform(const legacy_group& row, mig::output<teams>& out) {
    out.row(team{.name = row.name, .legacy_group_id = row.id});
  }
};

}  // namespace core
