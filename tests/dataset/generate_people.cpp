// Users with their groups and settings. Which e-mails and names are missing, doubled or broken is
// decided in people_dirt.cpp.

#include <algorithm>
#include <cmath>
#include <set>

#include "core_parts.hpp"
#include "id_allocator.hpp"
#include "people_dirt.hpp"
#include "texts.hpp"

namespace mighost::dataset {

namespace {

enum class UserKind { patient, doctor, technician, other };

struct Staffing {
  std::size_t patients;
  std::size_t technicians;
  std::size_t doctors_only;        // in group Doctor and neither patient nor technician
  std::size_t technician_doctors;  // in both groups
  std::size_t patient_doctors;     // in group Doctor with a patient record of their own
  std::size_t others;
};

Staffing plan_staffing(const Knobs& knobs) {
  const std::size_t users = knobs.count("users");
  const std::size_t doctors = knobs.count("doctors");
  Staffing plan{};
  plan.patients = knobs.count("patients");
  plan.technicians = knobs.count("technicians");
  if (users < plan.patients + plan.technicians + 10 || doctors < 10) {
    throw Error("the knobs leave no room for staff", "knobs users, patients, technicians, doctors",
                "give at least 10 doctors and 10 users beyond patients and technicians");
  }
  const std::size_t staff = users - plan.patients - plan.technicians;
  const std::size_t fewest_others = std::max<std::size_t>(8, users / 400);
  plan.patient_doctors = knobs.planted("doctor_is_patient", doctors);
  plan.doctors_only = std::min(doctors - std::min(doctors, plan.patient_doctors),
                               staff - std::min(staff, fewest_others));
  plan.others = staff - plan.doctors_only;
  // The real group is larger than the staff outside it: some members wear two hats.
  const std::size_t left = doctors - std::min(doctors, plan.doctors_only + plan.patient_doctors);
  plan.technician_doctors = std::min(left, plan.technicians / 2);
  plan.patient_doctors += left - plan.technician_doctors;
  if (plan.patient_doctors > plan.patients) {
    throw Error("more doctors than users who could be one", "knob doctors", "lower it");
  }
  return plan;
}

std::vector<UserKind> shuffled_kinds(const Dataset& dataset, const Staffing& plan) {
  std::vector<UserKind> kinds;
  kinds.insert(kinds.end(), plan.patients, UserKind::patient);
  kinds.insert(kinds.end(), plan.doctors_only, UserKind::doctor);
  kinds.insert(kinds.end(), plan.technicians, UserKind::technician);
  kinds.insert(kinds.end(), plan.others, UserKind::other);
  dataset.random("user kinds").shuffle(kinds);
  return kinds;
}

// Every kind of colleague there is, over and over.
void make_colleague(User& user, std::size_t number) {
  constexpr std::size_t varieties = 9;
  switch (number % varieties) {
    case 0:
      user.groups.set(group_master);
      user.is_staff = true;
      break;
    case 1:
      user.groups.set(group_administrator);
      user.is_staff = true;
      break;
    case 2:
      user.is_superuser = true;
      user.is_staff = true;
      break;
    case 3:
      user.groups.set(group_sales);
      break;
    case 4:
      user.is_staff = true;
      break;
    case 5:
      break;
    case 6:
      user.groups.set(group_external);
      break;
    case 7:
      user.groups.set(group_billing).set(group_support);
      break;
    default:
      user.groups.set(group_master).set(group_administrator).set(group_export);
  }
}

// Full names repeat only where people_dirt.cpp says so.
void make_name(Random& random, User& user, std::set<FullName>& taken) {
  FullName name = full_name(random, any_script(random));
  while (!taken.insert(name).second) {
    const FullName second = full_name(random, any_script(random));
    name = random.chance(500) ? FullName{second.first, name.last + "-" + second.last} : second;
  }
  user.first_name = roughened(random, name.first);
  user.last_name = roughened(random, name.last);
}

User make_user(Random& random, int id, UserKind kind, Instant date_joined) {
  constexpr std::string_view alphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  User user;
  user.id = id;
  // One draw a statement: the operands of + may be evaluated in any order.
  user.password = "pbkdf2_sha256$260000$" + random.characters(alphabet, 12) + "$";
  user.password += random.characters(alphabet, 43) + "=";
  const bool is_patient = kind == UserKind::patient;
  user.username = is_patient ? "p" : "u";
  user.username += std::to_string(id);
  user.username += '.';
  user.username += random.characters("abcdefghijklmnopqrstuvwxyz", 6);
  user.date_joined = date_joined;
  user.is_active = !random.chance(is_patient ? 60 : 120);
  if (random.chance(is_patient ? 50 : 740)) {
    const std::int64_t end = start_of(today()).micros;
    user.last_login = Instant{random.between(date_joined.micros, end)};
  }
  return user;
}

void make_groups(Random& random, User& user, UserKind kind, std::size_t& colleagues) {
  switch (kind) {
    case UserKind::patient:
      user.groups.set(group_patient, !random.chance(10));
      break;
    case UserKind::doctor:
      user.groups.set(group_doctor);
      user.groups.set(group_master, random.chance(50));
      user.groups.set(group_sales, random.chance(10));
      user.is_staff = random.chance(10);
      break;
    case UserKind::technician:
      user.groups.set(group_technician);
      user.is_staff = random.chance(300);
      break;
    case UserKind::other:
      make_colleague(user, colleagues++);
  }
}

// The business has grown, and steadily: the density of rows rises with time.
std::int64_t time_of_row(std::size_t row, std::size_t count, std::int64_t span) {
  const double share = static_cast<double>(row) / static_cast<double>(count);
  return static_cast<std::int64_t>(std::sqrt(share) * static_cast<double>(span));
}

void generate_users(Dataset& dataset, const std::vector<UserKind>& kinds) {
  const std::size_t count = kinds.size();
  IdAllocator ids(dataset.random("user ids"), 1, 110);
  const std::size_t jump_at = count - dataset.knobs.planted("id_jump", count);
  Random random = dataset.random("users");
  const std::int64_t first_day = start_of(date_of(2013, 3, 1)).micros;
  const std::int64_t span = start_of(today()).micros - first_day - 8 * micros_per_day;
  std::size_t colleagues = 0;
  std::set<FullName> names;
  for (std::size_t i = 0; i < count; ++i) {
    if (i == jump_at) {
      ids.jump_to(id_jump_to);
    }
    const Instant joined{first_day + time_of_row(i, count, span) +
                         random.between(0, 7 * micros_per_day)};
    User user = make_user(random, ids.next(), kinds[i], joined);
    make_name(random, user, names);
    make_groups(random, user, kinds[i], colleagues);
    dataset.users.push_back(std::move(user));
  }
  dataset.unused_user_ids = ids.unused();
}

std::vector<std::size_t> users_of(const std::vector<UserKind>& kinds, UserKind wanted) {
  return indexes_where(kinds, [wanted](UserKind kind) { return kind == wanted; });
}

void give_second_hats(Dataset& dataset, const std::vector<UserKind>& kinds, const Staffing& plan) {
  Random random = dataset.random("second hats");
  for (const std::size_t user :
       choose(random, users_of(kinds, UserKind::technician), plan.technician_doctors, "doctors")) {
    dataset.users[user].groups.set(group_doctor);
  }
  for (const std::size_t user :
       choose(random, users_of(kinds, UserKind::patient), plan.patient_doctors, "doctors")) {
    dataset.users[user].groups.set(group_doctor);
  }
  // Referenced as doctors by patients or offices later on, without being in the group.
  dataset.outside_doctors =
      choose(random, users_of(kinds, UserKind::other),
             std::min(dataset.knobs.planted("doctor_outside_group", dataset.knobs.count("doctors")),
                      plan.others / 2),
             "doctor_outside_group");
}

void generate_user_settings(Dataset& dataset, const std::vector<UserKind>& kinds) {
  Random random = dataset.random("user settings");
  IdAllocator ids(dataset.random("user setting ids"), 1, 80);
  auto users = indexes_where(kinds, [](UserKind kind) { return kind != UserKind::patient; });
  const std::size_t count = std::min(dataset.knobs.count("usersettings"), users.size());
  for (const std::size_t user : choose(random, std::move(users), count, "usersettings")) {
    UserSetting setting{ids.next(), user, random.chance(700), std::nullopt};
    if (random.chance(400)) {
      setting.require_2fa = random.chance(500);
    }
    dataset.user_settings.push_back(setting);
  }
}

DoctorSetting make_doctor_setting(Random& random, int id, std::size_t user) {
  const std::int64_t end = start_of(today()).micros;
  const std::int64_t begin = start_of(date_of(2019, 1, 1)).micros;
  DoctorSetting setting;
  setting.id = id;
  setting.user = user;
  setting.clinical_preferences = random.chance(500) ? remark(random) : "";
  if (random.chance(300)) {
    setting.sq_customer_id = random.characters("ABCDEFGHJKMNPQRSTVWXYZ0123456789", 26);
  }
  setting.promised_payment = random.chance(100);
  setting.credit = random.chance(800) ? Decimal{0, 0} : Decimal{random.between(1, 50'000), 2};
  if (random.chance(200)) {
    setting.tier_type = static_cast<int>(random.between(1, 4));
    setting.tier_finish = Date{today().days + random.between(-400, 400)};
  }
  setting.installment_payments = random.chance(150);
  if (random.chance(600)) {
    setting.baa_agreed_at = Instant{random.between(begin, end)};
  }
  if (random.chance(650)) {
    setting.eula_agreed_at = Instant{random.between(begin, end)};
  }
  setting.company_account = random.chance(50);
  return setting;
}

void generate_doctor_settings(Dataset& dataset) {
  Random random = dataset.random("doctor settings");
  IdAllocator ids(dataset.random("doctor setting ids"), 1, 200);
  auto doctors =
      indexes_where(dataset.users, [](const User& user) { return user.groups.test(group_doctor); });
  const std::size_t wanted = dataset.knobs.count("doctorsettings");
  const std::size_t count = std::min(wanted, doctors.size());
  for (const std::size_t user : choose(random, std::move(doctors), count, "doctorsettings")) {
    dataset.doctor_settings.push_back(make_doctor_setting(random, ids.next(), user));
  }
}

// A few roles belong to one person.
void link_roles(Dataset& dataset, const std::vector<UserKind>& kinds) {
  Random random = dataset.random("role users");
  const auto technicians = users_of(kinds, UserKind::technician);
  for (Role& role : dataset.roles) {
    if (!technicians.empty() && random.chance(120)) {
      role.user = random.one_of(technicians);
    }
  }
}

}  // namespace

void generate_people(Dataset& dataset) {
  const Staffing plan = plan_staffing(dataset.knobs);
  const std::vector<UserKind> kinds = shuffled_kinds(dataset, plan);
  generate_users(dataset, kinds);
  give_second_hats(dataset, kinds, plan);
  generate_user_settings(dataset, kinds);
  generate_doctor_settings(dataset);
  link_roles(dataset, kinds);

  const auto patients = users_of(kinds, UserKind::patient);
  const auto others = indexes_where(kinds, [](UserKind kind) { return kind != UserKind::patient; });
  // The patients part gives these users their record.
  for (std::size_t patient = 0; patient < patients.size(); ++patient) {
    dataset.users[patients[patient]].patient = patient;
  }
  plant_people_dirt(dataset, patients, others);
}

}  // namespace mighost::dataset
