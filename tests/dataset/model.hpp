// The rows of the core tables in memory, each with what was planted in it. The oracle reads these
// facts; it never looks at the texts again. References between rows are indexes into the vectors,
// because ids of different tables overlap and must not be mixed up here either.
#pragma once

#include <bitset>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "values.hpp"

namespace mighost::dataset {

enum GroupIndex : std::size_t {
  group_patient,
  group_doctor,
  group_administrator,
  group_master,
  group_technician,
  group_billing,
  group_export,
  group_external,
  group_sales,
  group_support,
  group_count
};
using GroupSet = std::bitset<group_count>;

enum class JsonKind { valid, empty, invalid, nul };

struct JsonText {
  std::optional<std::string> text;
  JsonKind kind = JsonKind::empty;
};

struct NamedRow {
  int id = 0;
  std::string name;
  bool name_missing = false;
};

struct ContentType {
  int id = 0;
  std::string app_label;
  std::string model;
};

struct Permission {
  int id = 0;
  std::string name;
  std::size_t content_type = 0;
  std::string codename;
};

struct User {
  int id = 0;
  std::string password;
  std::string username;
  std::string first_name;
  std::string last_name;
  std::string email;
  std::optional<Instant> last_login;
  Instant date_joined;
  bool is_superuser = false;
  bool is_staff = false;
  bool is_active = true;
  GroupSet groups;
  std::optional<std::size_t> patient;

  bool name_missing = false;
  bool email_bad = false;
  bool is_test = false;
};

struct UserSetting {
  int id = 0;
  std::size_t user = 0;
  bool emails = false;
  std::optional<bool> require_2fa;
};

struct DoctorSetting {
  int id = 0;
  std::size_t user = 0;
  std::string clinical_preferences;
  std::optional<std::string> sq_customer_id;
  bool promised_payment = false;
  Decimal credit;
  std::optional<Date> tier_finish;
  std::optional<int> tier_type;
  bool installment_payments = false;
  std::optional<Instant> baa_agreed_at;
  std::optional<Instant> eula_agreed_at;
  bool company_account = false;
};

enum class TaxKind { good, out_of_range, ambiguous, too_fine };

struct Office {
  int id = 0;
  std::optional<std::size_t> owner;  // a user
  std::optional<std::string> name, address, apartment, city, state, zip, country, phone;
  Decimal tax_rate;
  bool valid = true;
  std::optional<std::string> sq_customer_id;
  bool emails = false;

  TaxKind tax_kind = TaxKind::good;
  bool name_missing = false;
  bool phone_bad = false;
  bool spared = false;  // something relies on this office being written

  bool planted() const { return tax_kind != TaxKind::good || name_missing || phone_bad; }
};

struct OfficeDoctor {
  int id = 0;
  std::size_t office = 0;
  std::size_t user = 0;
};

struct Patient {
  int id = 0;
  std::size_t user = 0;
  std::optional<std::size_t> doctor;     // a user; empty when doctor_id is NULL or dangling
  std::optional<int> deleted_doctor_id;  // a user id that does not exist
  std::optional<std::size_t> office;
  std::optional<std::string> birthdate;  // text, because infinity and BC are dates too
  std::optional<int> sex;
  std::optional<std::string> suffix;
  std::optional<int> status;
  bool archived = false;
  bool suspended = false;
  std::optional<Instant> submitted_at;
  std::optional<Instant> updated_at;
  JsonText schemes;
  std::size_t instruction_count = 0;

  bool suffix_missing = false;
  bool birthdate_bad = false;
  bool sex_unknown = false;
  bool status_unknown = false;
  bool planted = false;  // already carries a defect that decides about links or outcome
};

struct Course {
  NamedRow named;
  std::optional<int> type;
  JsonText customization;
  std::optional<std::string> description;
  std::optional<Decimal> price;
  std::optional<bool> active;
  bool unknown = false;  // an id outside the course map
};

struct Product {
  NamedRow named;
  std::optional<std::string> description;
  bool free = false;
  bool deleted = false;
  JsonText customization;
  std::optional<int> type;
  bool substitute = false;
  std::optional<std::size_t> course;
};

struct Role {
  NamedRow named;
  std::optional<std::string> abbrev;
  std::optional<int> type;
  std::optional<int> order;
  std::optional<std::size_t> user;
  std::optional<std::size_t> group;

  std::string_view technician_type;  // what the abbreviation stands for; empty: nothing
};

struct RolePermission {
  int id = 0;
  std::size_t role = 0;
  std::size_t permission = 0;
};

struct Category {
  NamedRow named;
  std::optional<std::size_t> parent;
};

struct Jaw {
  int id = 0;
  std::string bond_teeth;
  std::string extract_teeth;
  std::optional<int> reason;
  std::optional<std::size_t> product;
  bool labial = false;

  bool reason_unknown = false;
  bool bond_bad = false;
  bool extract_bad = false;
};

struct Instruction {
  int id = 0;
  std::size_t patient = 0;
  std::optional<int> missing_patient_id;  // set when the patient does not exist
  std::size_t course = 0;
  std::optional<int> order;
  std::optional<int> model;
  std::optional<int> scanner;
  std::optional<std::size_t> upper_jaw;
  std::optional<std::size_t> lower_jaw;
  std::optional<std::string> notes, scanner_notes, conditions, complaint, objective, suffix;
  JsonText exports;
  std::optional<Decimal> price;
  int status = 0;
  bool cbct = false;
  std::optional<bool> accept_extraction;
  bool comprehensive = false;
  bool deleted = false;
  std::optional<Instant> submitted_at;
  std::optional<Instant> updated_at;

  bool status_unknown = false;
  bool price_too_fine = false;
  bool planted = false;
};

struct Basket {
  int id = 0;
  int status = 0;
  std::size_t doctor = 0;  // a user
  std::size_t course = 0;
  std::optional<Decimal> custom_price;
};

}  // namespace mighost::dataset
