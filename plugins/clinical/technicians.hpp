// clinical.technicians and clinical.technician_roles. A technician is a user of the group
// Technician; what he does is known only where a role names him (domain 3.2, 3.4).
#pragma once

#include <string>

#include "codes.hpp"
#include "lab/email.hpp"

namespace clinical {

struct legacy_technician {
  std::int64_t user_id = 0;
  std::optional<std::int64_t> account_id{};  // NULL: the group lists a user who is gone
  maybe_text first_name{}, last_name{}, email{};
  std::optional<bool> is_active{};
  std::optional<std::int64_t> role_id{};  // the lowest role that names the user
  maybe_text role_abbrev{};
};

struct technician {
  mig::uuid profile_id{};
  std::string_view first_name{}, last_name{};
  maybe_text email{}, specialty{};
  bool is_active = false;
  std::string_view employee_id{}, status{};
  std::int64_t legacy_user_id = 0, legacy_technician_id = 0;
  mig::json metadata{};
};

inline constexpr std::string_view technicians_query = R"sql(
select m.user_id, u.id as account_id, u.first_name, u.last_name, u.email, u.is_active,
       r.id as role_id, r.abbrev as role_abbrev
from public.auth_user_groups m
join public.auth_group g on g.id = m.group_id and g.name = 'Technician'
left join public.auth_user u on u.id = m.user_id
left join lateral (
  select own.id, own.abbrev
  from public.dispatch_role own
  where own.user_id = m.user_id and own.group_id = g.id
  order by own.id
  limit 1
) r on true
)sql";

struct technicians {
  static constexpr std::string_view name = "technicians";
  static constexpr std::string_view description =
      "users in the group Technician, with the specialty of the role that names them";
  static constexpr bool parallel = true;

  static constexpr auto source = mig::from_query<legacy_technician>(
      "", technicians_query, mig::key("user_id", &legacy_technician::user_id),
      mig::col("account_id", &legacy_technician::account_id),
      mig::col("first_name", &legacy_technician::first_name),
      mig::col("last_name", &legacy_technician::last_name),
      mig::col("email", &legacy_technician::email),
      mig::col("is_active", &legacy_technician::is_active),
      mig::col("role_id", &legacy_technician::role_id),
      mig::col("role_abbrev", &legacy_technician::role_abbrev));

  static constexpr auto target = mig::into<technician>(
      "public.technicians", mig::identity("id"),
      mig::legacy("legacy_technician_id", &technician::legacy_technician_id),
      mig::reference("profile_id", &technician::profile_id, "core.profiles", mig::missing::reject),
      mig::col("first_name", &technician::first_name),
      mig::col("last_name", &technician::last_name), mig::col("email", &technician::email),
      mig::col("specialty", &technician::specialty), mig::col("is_active", &technician::is_active),
      mig::col("employee_id", &technician::employee_id), mig::col("status", &technician::status),
      mig::col("legacy_user_id", &technician::legacy_user_id),
      mig::col("metadata", &technician::metadata));

  static constexpr mig::code codes[] = {
      {"name_missing", "first or last name is missing; \"Unknown\" stands for it"},
      {"email_invalid", "the e-mail address is malformed and was left out"},
  };

  static constexpr mig::assertion assertions[] = {
      {"technician-is-the-user",
       "select t.id from public.technicians t join public.profiles p on p.id = t.profile_id "
       "where p.legacy_user_id <> t.legacy_user_id",
       "a technician and the technician's profile come from the same legacy user"}};

  void transform(const legacy_technician& row, mig::output<technicians>& out) {
    const auto profile = out.resolve<"core.profiles">(row.account_id);
    if (!profile) return;
    metadata_.clear();
    metadata_.add("role_id", row.role_id);
    const bool active = row.is_active.value_or(false);
    technician to{.profile_id = *profile,
                  .email = email(row.email, out),
                  .specialty = role_type_of(row.role_abbrev),
                  .is_active = active,
                  .employee_id = out.concat({"EMP-", digits{row.user_id}}),
                  .status = active ? "active" : "inactive",
                  .legacy_user_id = row.user_id,
                  .legacy_technician_id = row.user_id};
    add_names(row, to, out);
    to.metadata = out.keep(metadata_);
    out.row(to);
  }

 private:
  void add_names(const legacy_technician& row, technician& to, mig::output<technicians>& out) {
    const maybe_text first = tidied(row.first_name, out);
    const maybe_text last = tidied(row.last_name, out);
    to.first_name = first.value_or("Unknown");
    to.last_name = last.value_or("Unknown");
    if (first && last) return;
    metadata_.add("name_missing", true);
    out.note<"name_missing">(first ? "last_name" : "first_name");
  }

  /// The rule for profiles: malformed addresses become NULL, and none is made up (D-01, D-03).
  static maybe_text email(maybe_text raw, mig::output<technicians>& out) {
    const maybe_text given = trimmed(raw);
    if (!given) return std::nullopt;
    std::string buffer;
    const std::string_view lower = mig::ascii_lower(*given, buffer);
    if (!lab::email_is_valid(lower)) {
      out.note<"email_invalid">("email", *given);
      return std::nullopt;
    }
    return lower.data() == given->data() ? lower : out.keep(lower);
  }

  mig::json_object metadata_;
};

struct legacy_technician_role {
  std::int64_t id = 0;
  maybe_text name{}, abbrev{};
  std::optional<std::int64_t> type{}, order{}, user_id{}, group_id{};
  bool is_technician = false;
};

struct technician_role {
  std::optional<mig::uuid> technician_id{};
  maybe_text role_type{};
  std::string_view role_name{};
  maybe_text abbreviation{};
  std::int64_t legacy_role_id = 0;
  mig::json metadata{};
};

inline constexpr std::string_view technician_roles_query = R"sql(
select r.id, r.name, r.abbrev, r.type, r."order", r.user_id, r.group_id,
       coalesce(g.name = 'Technician', false) as is_technician
from public.dispatch_role r
left join public.auth_group g on g.id = r.group_id
)sql";

struct technician_roles {
  static constexpr std::string_view name = "technician_roles";
  static constexpr std::string_view description =
      "roles of the group Technician, classified by their abbreviation";
  static constexpr bool projection = true;  // core.roles owns the rows
  static constexpr bool parallel = true;

  static constexpr auto source = mig::from_query<legacy_technician_role>(
      "public.dispatch_role", technician_roles_query, mig::key("id", &legacy_technician_role::id),
      mig::col("name", &legacy_technician_role::name),
      mig::col("abbrev", &legacy_technician_role::abbrev),
      mig::col("type", &legacy_technician_role::type),
      mig::col("order", &legacy_technician_role::order),
      mig::col("user_id", &legacy_technician_role::user_id),
      mig::col("group_id", &legacy_technician_role::group_id),
      mig::col("is_technician", &legacy_technician_role::is_technician));

  static constexpr auto target =
      mig::into<technician_role>("public.technician_roles", mig::identity("id"),
                                 mig::legacy("legacy_role_id", &technician_role::legacy_role_id),
                                 mig::reference("technician_id", &technician_role::technician_id,
                                                "clinical.technicians", mig::missing::null),
                                 mig::col("role_type", &technician_role::role_type),
                                 mig::col("role_name", &technician_role::role_name),
                                 mig::col("abbreviation", &technician_role::abbreviation),
                                 mig::col("metadata", &technician_role::metadata));

  static constexpr mig::filter filters[] = {
      {"is_technician", "not_technician", "the role is of another group, or of none"}};

  static constexpr mig::code codes[] = {
      name_missing,
      {"unclassified", "the abbreviation does not tell what the technician does"},
  };

  void transform(const legacy_technician_role& row, mig::output<technician_roles>& out) {
    const maybe_text role_type = role_type_of(row.abbrev);
    if (!role_type) out.note<"unclassified">("abbrev");
    metadata_.clear();
    metadata_.add("type", row.type)
        .add("order", row.order)
        .add("user_id", row.user_id)
        .add("group_id", row.group_id);
    out.row(technician_role{.technician_id = out.resolve<"clinical.technicians">(row.user_id),
                            .role_type = role_type,
                            .role_name = name_or_number(row.name, "Role", row.id, out),
                            .abbreviation = trimmed(row.abbrev),
                            .legacy_role_id = row.id,
                            .metadata = out.keep(metadata_)});
  }

 private:
  mig::json_object metadata_;
};

}  // namespace clinical
