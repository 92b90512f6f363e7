#include "core_parts.hpp"
#include "id_allocator.hpp"

namespace mighost::dataset {

namespace {

void write_memberships(const Dataset& dataset, Sink& sink) {
  IdAllocator ids(dataset.random("membership ids"), 1, 100);
  TableWriter writer(sink, "auth_user_groups", "id, user_id, group_id");
  for (const User& user : dataset.users) {
    for (std::size_t group = 0; group < group_count; ++group) {
      if (user.groups.test(group)) {
        writer.row(ids.next(), user.id, dataset.groups[group].id);
      }
    }
  }
  writer.finish();
}

}  // namespace

void write_people(const Dataset& dataset, Sink& sink) {
  write_table(sink, "auth_user",
              "id, password, last_login, is_superuser, username, first_name, last_name, email,"
              " is_staff, is_active, date_joined",
              dataset.users, [](TableWriter& writer, const User& user) {
                writer.row(user.id, user.password, user.last_login, user.is_superuser,
                           user.username, user.first_name, user.last_name, user.email,
                           user.is_staff, user.is_active, user.date_joined);
              });
  write_memberships(dataset, sink);
  write_table(sink, "dispatch_usersetting", "id, user_id, emails, require_2fa",
              dataset.user_settings, [&dataset](TableWriter& writer, const UserSetting& setting) {
                writer.row(setting.id, dataset.users[setting.user].id, setting.emails,
                           setting.require_2fa);
              });
  write_table(sink, "dispatch_doctorsetting",
              "id, user_id, clinical_preferences, sq_customer_id, promised_payment, credit,"
              " tier_finish, tier_type, installment_payments, baa_agreed_at, eula_agreed_at,"
              " company_account",
              dataset.doctor_settings,
              [&dataset](TableWriter& writer, const DoctorSetting& setting) {
                writer.row(setting.id, dataset.users[setting.user].id, setting.clinical_preferences,
                           setting.sq_customer_id, setting.promised_payment, setting.credit,
                           setting.tier_finish, setting.tier_type, setting.installment_payments,
                           setting.baa_agreed_at, setting.eula_agreed_at, setting.company_account);
              });
}

}  // namespace mighost::dataset
