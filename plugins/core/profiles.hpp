// core.profiles: one profile for each user, never merged by name or e-mail (D-02, D-05). What kind
// of profile comes from the patient's record and from the groups, by their names (domain 3.2).
#pragma once

#include <stdexcept>
#include <vector>

#include "rules.hpp"

namespace core {

struct legacy_user {
  std::int64_t id = 0;
  std::string_view username{};
  maybe_text first_name{}, last_name{}, email{};
  bool is_superuser = false, is_staff = false, is_active = false;
  mig::timestamptz date_joined{};
  std::optional<mig::timestamptz> last_login{};
  mig::json groups{};  // the names of the user's groups, an array
  bool in_patient_group = false, is_technician = false, is_doctor = false;
  bool is_master = false, is_administrator = false, is_sales = false;
  std::optional<std::int64_t> patient_id{};
  std::optional<std::int64_t> sex{};
  std::optional<mig::date> birthdate{};
  maybe_text suffix{};
  std::optional<bool> archived{}, suspended{};
  mig::date today{};
};

struct profile {
  std::string_view profile_type{}, first_name{}, last_name{};
  maybe_text email{};
  std::optional<mig::date> date_of_birth{};
  std::string_view gender{}, username{};
  bool is_active = false, is_verified = false, archived = false, suspended = false;
  maybe_text patient_suffix{};
  std::optional<mig::timestamptz> last_login_at{};
  std::int64_t legacy_user_id = 0;
  std::optional<std::int64_t> legacy_patient_id{};
  mig::json metadata{};
};

/// The first that holds. Domain 3.2: a technician who is also staff is a technician.
constexpr std::string_view profile_type_of(const legacy_user& user) {
  if (user.patient_id) return "patient";
  if (user.is_technician) return "technician";
  if (user.is_doctor) return "doctor";
  if (user.is_master) return "master";
  if (user.is_administrator || user.is_superuser) return "admin";
  if (user.is_sales) return "sales_person";
  if (user.is_staff) return "admin";
  return "client";
}

/// auth_user with its groups put together, so that a user of three groups is still one row.
inline constexpr std::string_view users_query = R"sql(
select u.id, u.username, u.first_name, u.last_name, u.email,
       u.is_superuser, u.is_staff, u.is_active, u.date_joined, u.last_login,
       coalesce(g.names, '[]'::json) as groups,
       coalesce(g.patient, false) as in_patient_group,
       coalesce(g.technician, false) as is_technician,
       coalesce(g.doctor, false) as is_doctor,
       coalesce(g.master, false) as is_master,
       coalesce(g.administrator, false) as is_administrator,
       coalesce(g.sales, false) as is_sales,
       p.id as patient_id, p.sex, p.birthdate, p.suffix, p.archived, p.suspended,
       current_date as today
from public.auth_user u
left join public.dispatch_patient p on p.user_id = u.id
left join (
  select m.user_id, json_agg(t.name order by t.name collate "C") as names,
         bool_or(t.name = 'Patient') as patient,
         bool_or(t.name = 'Technician') as technician,
         bool_or(t.name = 'Doctor') as doctor,
         bool_or(t.name = 'Master') as master,
         bool_or(t.name = 'Administrator') as administrator,
         bool_or(t.name = 'Sales') as sales
  from public.auth_user_groups m
  join public.auth_group t on t.id = m.group_id
  group by m.user_id
) g on g.user_id = u.id
)sql";

struct profiles {
  static constexpr std::string_view name = "profiles";
  static constexpr std::string_view description =
      "one profile for each user; the type comes from the patient's record and the groups";
  static constexpr bool parallel = true;

  static constexpr auto source = mig::from_query<legacy_user>(
      "public.auth_user", users_query, mig::key("id", &legacy_user::id),
      mig::col("username", &legacy_user::username),
      mig::col("first_name", &legacy_user::first_name),
      mig::col("last_name", &legacy_user::last_name), mig::col("email", &legacy_user::email),
      mig::col("is_superuser", &legacy_user::is_superuser),
      mig::col("is_staff", &legacy_user::is_staff), mig::col("is_active", &legacy_user::is_active),
      mig::col("date_joined", &legacy_user::date_joined),
      mig::col("last_login", &legacy_user::last_login), mig::col("groups", &legacy_user::groups),
      mig::col("in_patient_group", &legacy_user::in_patient_group),
      mig::col("is_technician", &legacy_user::is_technician),
      mig::col("is_doctor", &legacy_user::is_doctor),
      mig::col("is_master", &legacy_user::is_master),
      mig::col("is_administrator", &legacy_user::is_administrator),
      mig::col("is_sales", &legacy_user::is_sales),
      mig::col("patient_id", &legacy_user::patient_id), mig::col("sex", &legacy_user::sex),
      mig::col("birthdate", &legacy_user::birthdate), mig::col("suffix", &legacy_user::suffix),
      mig::col("archived", &legacy_user::archived), mig::col("suspended", &legacy_user::suspended),
      mig::col("today", &legacy_user::today));

  // password_hash is left alone: an opaque hash of another framework (domain 3.2).
  static constexpr auto target = mig::into<profile>(
      "public.profiles", mig::identity("id"),
      mig::legacy("legacy_user_id", &profile::legacy_user_id),
      mig::col("profile_type", &profile::profile_type),
      mig::col("first_name", &profile::first_name), mig::col("last_name", &profile::last_name),
      mig::col("email", &profile::email), mig::col("date_of_birth", &profile::date_of_birth),
      mig::col("gender", &profile::gender), mig::col("username", &profile::username),
      mig::col("is_active", &profile::is_active), mig::col("is_verified", &profile::is_verified),
      mig::col("archived", &profile::archived), mig::col("suspended", &profile::suspended),
      mig::col("patient_suffix", &profile::patient_suffix),
      mig::col("last_login_at", &profile::last_login_at),
      mig::col("legacy_patient_id", &profile::legacy_patient_id),
      mig::col("metadata", &profile::metadata));

  static constexpr mig::code codes[] = {
      unknown_enum,
      {"name_missing", "first or last name is missing; \"Unknown\" stands for it"},
      {"email_invalid", "the e-mail address is malformed and was left out"},
      birthdate_range,
      {"suffix_missing", "a patient without a suffix; none was made up"},
      {"patient_record_missing", "a user in the group Patient without a patient's record"},
  };

  explicit profiles(const mig::settings& settings)
      : test_domains_(settings.list("test_email_domains",
                                    {"lab.example.org", "dev.example.org", "demo.example.org"})) {
    for (std::string& domain : test_domains_) {
      domain = mig::ascii_lower(mig::trim(domain));
      if (domain.empty() || domain.find_first_of("@ \t") != domain.npos) {
        throw std::invalid_argument("setting 'test_email_domains': '" + domain +
                                    "' is no domain; write what stands behind the @");
      }
    }
  }

  void transform(const legacy_user& row, mig::output<profiles>& out) {
    const auto gender = gender_of(row.sex);
    if (!gender) return out.reject<"unknown_enum">("sex", digits{*row.sex});
    start_metadata(row);
    profile to{.profile_type = profile_type_of(row), .legacy_user_id = row.id};
    add_names(row, to, out);
    to.email = email(row.email, out);
    to.date_of_birth = date_of_birth(row.birthdate, row.today, out);
    to.gender = *gender;
    to.username = row.username;
    to.is_active = row.is_active;
    to.archived = row.archived.value_or(false);
    to.suspended = row.suspended.value_or(false);
    to.patient_suffix = trimmed(row.suffix);
    to.last_login_at = row.last_login;
    to.legacy_patient_id = row.patient_id;
    note_what_a_patient_lacks(row, out);
    to.metadata = out.keep(metadata_);
    out.row(to);
  }

 private:
  void start_metadata(const legacy_user& row) {
    metadata_.clear();
    metadata_.add_raw("groups", row.groups.text)
        .add("date_joined", row.date_joined)
        .add("is_staff", row.is_staff)
        .add("is_superuser", row.is_superuser);
  }

  void add_names(const legacy_user& row, profile& to, mig::output<profiles>& out) {
    const maybe_text first = tidied(row.first_name, out);
    const maybe_text last = tidied(row.last_name, out);
    to.first_name = first.value_or("Unknown");
    to.last_name = last.value_or("Unknown");
    if (first && last) return;
    metadata_.add("name_missing", true);
    out.note<"name_missing">(first ? "last_name" : "first_name");
  }

  /// Malformed addresses become NULL, and none is ever made up (D-01, D-03).
  maybe_text email(maybe_text raw, mig::output<profiles>& out) {
    const maybe_text given = trimmed(raw);
    if (!given) return std::nullopt;
    std::string buffer;
    const std::string_view lower = mig::ascii_lower(*given, buffer);
    // A test account stays one when the rest of its address is malformed.
    if (is_test(lower)) metadata_.add("is_test", true);
    if (!email_is_valid(lower)) {
      out.note<"email_invalid">("email", *given);
      return std::nullopt;
    }
    return lower.data() == given->data() ? lower : out.keep(lower);
  }

  bool is_test(std::string_view email) const {
    const std::size_t at = email.rfind('@');
    if (at == email.npos) return false;
    return std::find(test_domains_.begin(), test_domains_.end(), email.substr(at + 1)) !=
           test_domains_.end();
  }

  static void note_what_a_patient_lacks(const legacy_user& row, mig::output<profiles>& out) {
    if (row.patient_id && !trimmed(row.suffix)) out.note<"suffix_missing">("suffix");
    if (!row.patient_id && row.in_patient_group) out.note<"patient_record_missing">();
  }

  std::vector<std::string> test_domains_;
  mig::json_object metadata_;
};

}  // namespace core
