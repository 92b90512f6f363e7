// core.doctors and core.doctor_offices. A doctor is whoever is in the group Doctor or is named as
// one by a patient or an office: the group alone would lose their patients (D-12, domain 9.1).
#pragma once

#include "rules.hpp"

namespace core {

/// Texts put together at compile time.
template <const std::string_view&... Part>
struct joined {
  static constexpr auto characters = [] {
    std::array<char, (Part.size() + ...)> text{};
    char* at = text.data();
    ((at = std::copy(Part.begin(), Part.end(), at)), ...);
    return text;
  }();
  static constexpr std::string_view text{characters.data(), characters.size()};
};

/// user_id, office_id: the valid office of lowest id among those that list the doctor, else among
/// those that he owns (domain 3.2). Both entities must agree on it, so it stands here once.
inline constexpr std::string_view primary_offices = R"sql(
left join (
  select user_id, coalesce(min(office_id) filter (where listed), min(office_id)) as office_id
  from (
    select l.user_id, o.id as office_id, true as listed
    from public.dispatch_office_doctors l
    join public.dispatch_office o on o.id = l.office_id
    where o.valid
    union all
    select o.doctor_id, o.id, false
    from public.dispatch_office o
    where o.valid and o.doctor_id is not null
  ) choices
  group by user_id
) chosen on chosen.user_id = d.user_id
)sql";

struct legacy_doctor {
  std::int64_t user_id = 0;
  std::optional<std::int64_t> account_id{};  // NULL: somebody names a user who is gone
  std::optional<bool> is_active{};
  std::optional<mig::timestamptz> date_joined{};
  bool in_doctor_group = false;
  std::optional<std::int64_t> primary_office_id{};
  std::optional<std::int64_t> setting_id{};
  std::optional<mig::numeric> credit{};
  std::optional<bool> installment_payments{}, promised_payment{};
  std::optional<std::int64_t> tier_type{};
  std::optional<mig::date> tier_finish{};
  maybe_text clinical_preferences{};
  std::optional<mig::timestamptz> baa_agreed_at{}, eula_agreed_at{};
  std::optional<bool> company_account{};
  maybe_text sq_customer_id{};
  mig::date today{};
};

struct doctor {
  mig::uuid profile_id{};
  std::string_view doctor_number{}, specialty{};
  std::optional<std::int64_t> years_experience{};
  std::optional<mig::uuid> primary_office_id{};
  std::string_view status{};
  mig::json payment_terms{};
  std::optional<mig::timestamptz> joined_practice_at{};
  std::int64_t legacy_user_id = 0, legacy_doctor_id = 0;
  mig::json metadata{};
};

inline constexpr std::string_view doctors_select = R"sql(
select d.user_id, u.id as account_id, u.is_active, u.date_joined, d.in_doctor_group,
       chosen.office_id as primary_office_id,
       s.id as setting_id, s.credit, s.installment_payments, s.promised_payment,
       s.tier_type, s.tier_finish, s.clinical_preferences, s.baa_agreed_at, s.eula_agreed_at,
       s.company_account, s.sq_customer_id, current_date as today
from (
  select user_id, bool_or(in_group) as in_doctor_group
  from (
    select m.user_id, true as in_group
    from public.auth_user_groups m
    join public.auth_group g on g.id = m.group_id
    where g.name = 'Doctor'
    union all
    select doctor_id, false from public.dispatch_patient where doctor_id is not null
    union all
    select doctor_id, false from public.dispatch_office where doctor_id is not null
  ) named
  group by user_id
) d
left join public.auth_user u on u.id = d.user_id
left join public.dispatch_doctorsetting s on s.user_id = d.user_id
)sql";

struct doctors {
  static constexpr std::string_view name = "doctors";
  static constexpr std::string_view description =
      "users in the group Doctor, and those whom a patient or an office names as the doctor";
  static constexpr bool parallel = true;

  static constexpr auto source = mig::from_query<legacy_doctor>(
      "", joined<doctors_select, primary_offices>::text,
      mig::key("user_id", &legacy_doctor::user_id),
      mig::col("account_id", &legacy_doctor::account_id),
      mig::col("is_active", &legacy_doctor::is_active),
      mig::col("date_joined", &legacy_doctor::date_joined),
      mig::col("in_doctor_group", &legacy_doctor::in_doctor_group),
      mig::col("primary_office_id", &legacy_doctor::primary_office_id),
      mig::col("setting_id", &legacy_doctor::setting_id),
      mig::col("credit", &legacy_doctor::credit),
      mig::col("installment_payments", &legacy_doctor::installment_payments),
      mig::col("promised_payment", &legacy_doctor::promised_payment),
      mig::col("tier_type", &legacy_doctor::tier_type),
      mig::col("tier_finish", &legacy_doctor::tier_finish),
      mig::col("clinical_preferences", &legacy_doctor::clinical_preferences),
      mig::col("baa_agreed_at", &legacy_doctor::baa_agreed_at),
      mig::col("eula_agreed_at", &legacy_doctor::eula_agreed_at),
      mig::col("company_account", &legacy_doctor::company_account),
      mig::col("sq_customer_id", &legacy_doctor::sq_customer_id),
      mig::col("today", &legacy_doctor::today));

  static constexpr auto target = mig::into<doctor>(
      "public.doctors", mig::identity("id"), mig::legacy("legacy_user_id", &doctor::legacy_user_id),
      mig::reference("profile_id", &doctor::profile_id, "core.profiles", mig::missing::reject),
      mig::reference("primary_office_id", &doctor::primary_office_id, "core.offices",
                     mig::missing::null),
      mig::col("doctor_number", &doctor::doctor_number), mig::col("specialty", &doctor::specialty),
      mig::col("years_experience", &doctor::years_experience), mig::col("status", &doctor::status),
      mig::col("payment_terms", &doctor::payment_terms),
      mig::col("joined_practice_at", &doctor::joined_practice_at),
      mig::col("legacy_doctor_id", &doctor::legacy_doctor_id),
      mig::col("metadata", &doctor::metadata));

  static constexpr mig::assertion assertions[] = {
      {"doctor-is-the-user",
       "select d.id from public.doctors d join public.profiles p on p.id = d.profile_id "
       "where p.legacy_user_id <> d.legacy_user_id",
       "a doctor and the doctor's profile come from the same legacy user"}};

  void transform(const legacy_doctor& row, mig::output<doctors>& out) {
    const auto profile = out.resolve<"core.profiles">(row.account_id);
    if (!profile) return;
    const auto years = years_since(row.date_joined, row.today);
    out.row(doctor{.profile_id = *profile,
                   .doctor_number = out.concat({"DOC-", digits{row.user_id, 6}}),
                   .specialty = "orthodontics",
                   .years_experience = years,
                   .primary_office_id = out.resolve<"core.offices">(row.primary_office_id),
                   .status = row.is_active.value_or(false) ? "active" : "inactive",
                   .payment_terms = payment_terms(row, out),
                   .joined_practice_at = row.date_joined,
                   .legacy_user_id = row.user_id,
                   .legacy_doctor_id = row.user_id,
                   .metadata = metadata(row, years.has_value(), out)});
  }

 private:
  /// The account's age stands for the doctor's experience: a guess, and marked as one.
  static std::optional<std::int64_t> years_since(std::optional<mig::timestamptz> joined,
                                                 mig::date today) {
    if (!joined) return std::nullopt;
    const std::optional<int> years = mig::years_between(joined->date(), today);
    if (!years) return std::nullopt;
    return std::max(*years, 0);
  }

  mig::json payment_terms(const legacy_doctor& row, mig::output<doctors>& out) {
    if (!row.setting_id) return {"{}"};
    json_.clear();
    if (row.credit) json_.add_string("credit", *row.credit);
    json_.add("installment_payments", row.installment_payments)
        .add("promised_payment", row.promised_payment)
        .add("tier_type", row.tier_type)
        .add("tier_finish", row.tier_finish);
    return out.keep(json_);
  }

  mig::json metadata(const legacy_doctor& row, bool guessed_years, mig::output<doctors>& out) {
    json_.clear();
    json_.add("in_doctor_group", row.in_doctor_group);
    add_text("clinical_preferences", row.clinical_preferences);
    if (row.baa_agreed_at) json_.add("baa_agreed_at", *row.baa_agreed_at);
    if (row.eula_agreed_at) json_.add("eula_agreed_at", *row.eula_agreed_at);
    if (row.company_account) json_.add("company_account", *row.company_account);
    add_text("square_customer_id", row.sq_customer_id);
    if (guessed_years) json_.add_raw("derived", R"(["years_experience"])");
    return out.keep(json_);
  }

  /// Any text that is there, even "none": as a clinical preference that is an answer.
  void add_text(std::string_view field, maybe_text text) {
    if (text && !mig::is_blank(*text)) json_.add(field, *text);
  }

  mig::json_object json_;
};

struct legacy_doctor_office {
  std::int64_t user_id = 0, office_id = 0;
  bool is_primary = false;
};

struct doctor_office {
  mig::uuid doctor_id{}, office_id{};
  bool is_primary = false, is_active = false;
};

inline constexpr std::string_view doctor_offices_select = R"sql(
select d.user_id, d.office_id, coalesce(d.office_id = chosen.office_id, false) as is_primary
from (
  select user_id, office_id from public.dispatch_office_doctors
  union
  select doctor_id, id from public.dispatch_office where doctor_id is not null
) d
)sql";

struct doctor_offices {
  static constexpr std::string_view name = "doctor_offices";
  static constexpr std::string_view description =
      "which doctor works at which office, from the lists of the offices and from their owners";
  static constexpr bool parallel = true;

  static constexpr auto source = mig::from_query<legacy_doctor_office>(
      "", joined<doctor_offices_select, primary_offices>::text,
      mig::key("user_id", &legacy_doctor_office::user_id),
      mig::key("office_id", &legacy_doctor_office::office_id),
      mig::col("is_primary", &legacy_doctor_office::is_primary));

  static constexpr auto target = mig::into<doctor_office>(
      "public.doctor_offices", mig::identity("id"),
      mig::reference("doctor_id", &doctor_office::doctor_id, "core.doctors", mig::missing::reject),
      mig::reference("office_id", &doctor_office::office_id, "core.offices", mig::missing::reject),
      mig::col("is_primary", &doctor_office::is_primary),
      mig::col("is_active", &doctor_office::is_active));

  static constexpr mig::assertion assertions[] = {
      {"one-primary-office",
       "select doctor_id from public.doctor_offices where is_primary "
       "group by doctor_id having count(*) > 1",
       "no doctor has two primary offices"}};

  void transform(const legacy_doctor_office& row, mig::output<doctor_offices>& out) {
    const auto doctor = out.resolve<"core.doctors">(row.user_id);
    if (!doctor) return;
    const auto office = out.resolve<"core.offices">(row.office_id);
    if (!office) return;
    out.row(doctor_office{.doctor_id = *doctor,
                          .office_id = *office,
                          .is_primary = row.is_primary,
                          .is_active = true});
  }
};

}  // namespace core
