// What docs/families/core.md makes of every planted row. Written from that page and from the
// planted facts alone; no migration code and no SQL is involved.

#include <set>

#include "core_parts.hpp"
#include "core_rules.hpp"

namespace mighost::dataset {

namespace {

class CorePrediction {
 public:
  CorePrediction(const Dataset& dataset, Oracle& oracle)
      : dataset_(dataset),
        oracle_(oracle),
        fates_(oracle.fates),
        doctors_(doctors_by_user_id(dataset)),
        primary_(primary_offices(dataset)) {}

  void run() {
    predict_offices();
    predict_profiles();
    predict_doctors();
    predict_doctor_offices();
    predict_patients();
    predict_patient_links();
    predict_courses();
    predict_products();
    predict_named("core.categories", dataset_.categories);
    predict_named("core.roles", dataset_.roles);
    for (std::size_t i = 0; i < dataset_.role_permissions.size(); ++i) {
      oracle_.entity("core.role_permissions").written();
    }
    for (std::size_t i = 0; i < dataset_.groups.size(); ++i) {
      oracle_.entity("core.teams").written();
    }
    predict_orders();
  }

 private:
  static Note json_invalid(const JsonText& json) {
    return {json.kind == JsonKind::invalid, "json_invalid"};
  }
  static Note nul_replaced(const JsonText& json) {
    return {json.kind == JsonKind::nul, "nul_replaced"};
  }

  Fate patients_doctor(const Patient& patient) const {
    return fates_.doctor_of(patient, dataset_.users);
  }

  bool office_held_back(std::optional<std::size_t> office) const {
    return office && fates_.offices[*office] != Fate::written;
  }

  void predict_offices() {
    Tally& tally = oracle_.entity("core.offices");
    for (const Office& office : dataset_.offices) {
      fates_.offices.push_back(office.tax_kind == TaxKind::good ? Fate::written : Fate::held_back);
      switch (office.tax_kind) {
        case TaxKind::out_of_range:
          tally.quarantined("tax_rate_range");
          break;
        case TaxKind::ambiguous:
          tally.quarantined("tax_rate_ambiguous");
          break;
        case TaxKind::too_fine:
          tally.quarantined("numeric_rounding");
          break;
        case TaxKind::good:
          tally.written(
              {{office.name_missing, "name_missing"}, {office.phone_bad, "phone_invalid"}});
          oracle_.fact("core.offices.is_active", office.valid ? "true" : "false");
      }
    }
  }

  static const char* profile_type(const User& user) {
    if (user.patient) {
      return "patient";
    }
    if (user.groups.test(group_technician)) {
      return "technician";
    }
    if (user.groups.test(group_doctor)) {
      return "doctor";
    }
    if (user.groups.test(group_master)) {
      return "master";
    }
    if (user.groups.test(group_administrator) || user.is_superuser) {
      return "admin";
    }
    if (user.groups.test(group_sales)) {
      return "sales_person";
    }
    return user.is_staff ? "admin" : "client";
  }

  void predict_profiles() {
    Tally& tally = oracle_.entity("core.profiles");
    for (const User& user : dataset_.users) {
      const Patient* patient = user.patient ? &dataset_.patients[*user.patient] : nullptr;
      if (patient != nullptr && patient->sex_unknown) {
        tally.quarantined("unknown_enum");
        fates_.profiles.push_back(Fate::held_back);
        continue;
      }
      tally.written(
          {{user.name_missing, "name_missing"},
           {user.email_bad, "email_invalid"},
           {patient == nullptr && user.groups.test(group_patient), "patient_record_missing"},
           {patient != nullptr && patient->suffix_missing, "suffix_missing"},
           {patient != nullptr && patient->birthdate_bad, "birthdate_range"}});
      fates_.profiles.push_back(Fate::written);
      oracle_.fact("core.profiles.profile_type", profile_type(user));
      oracle_.fact("core.profiles.is_test", user.is_test ? "true" : "false");
    }
  }

  void predict_doctors() {
    Tally& tally = oracle_.entity("core.doctors");
    for (const auto& [user_id, user] : doctors_) {
      const Fate profile = user ? fates_.profiles[*user] : Fate::missing;
      fates_.doctors[user_id] = profile == Fate::written ? Fate::written : Fate::held_back;
      if (!resolved(tally, profile)) {
        continue;
      }
      tally.written({{office_held_back(primary_[*user]), "missing_parent"}});
      const bool placed = primary_[*user] && !office_held_back(primary_[*user]);
      oracle_.fact("core.doctors.primary_office_id", placed ? "set" : "null");
      oracle_.fact("core.doctors.in_doctor_group",
                   dataset_.users[*user].groups.test(group_doctor) ? "true" : "false");
    }
  }

  void predict_doctor_offices() {
    Tally& tally = oracle_.entity("core.doctor_offices");
    std::set<std::pair<std::size_t, std::size_t>> pairs;
    for (const OfficeDoctor& link : dataset_.office_doctors) {
      pairs.emplace(link.user, link.office);
    }
    for (std::size_t office = 0; office < dataset_.offices.size(); ++office) {
      if (dataset_.offices[office].owner) {
        pairs.emplace(*dataset_.offices[office].owner, office);
      }
    }
    for (const auto& [user, office] : pairs) {
      if (resolved(tally, fates_.doctor(dataset_.users[user].id)) &&
          resolved(tally, fates_.offices[office])) {
        tally.written();
        oracle_.fact("core.doctor_offices.is_primary", primary_[user] == office ? "true" : "false");
      }
    }
  }

  void predict_patients() {
    Tally& tally = oracle_.entity("core.patients");
    for (const Patient& patient : dataset_.patients) {
      fates_.patients.push_back(Fate::held_back);
      if (patient.sex_unknown) {
        tally.quarantined("unknown_enum");
      } else if (resolved(tally, fates_.profiles[patient.user])) {
        const bool named = patient.doctor || patient.deleted_doctor_id;
        const bool doctor_lost = named && patients_doctor(patient) != Fate::written;
        tally.written({{patient.birthdate_bad, "birthdate_range"},
                       json_invalid(patient.schemes),
                       nul_replaced(patient.schemes),
                       {doctor_lost || office_held_back(patient.office), "missing_parent"}});
        fates_.patients.back() = Fate::written;
      }
    }
  }

  void predict_patient_links() {
    Tally& tally = oracle_.entity("core.patients_doctors_offices");
    for (std::size_t i = 0; i < dataset_.patients.size(); ++i) {
      const Patient& patient = dataset_.patients[i];
      if ((!patient.doctor && !patient.deleted_doctor_id) || !patient.office) {
        tally.filtered("link_incomplete");
      } else if (resolved(tally, fates_.patients[i]) && resolved(tally, patients_doctor(patient)) &&
                 resolved(tally, fates_.offices[*patient.office])) {
        tally.written();
      }
    }
  }

  void predict_courses() {
    Tally& tally = oracle_.entity("core.courses");
    for (const Course& course : dataset_.courses) {
      if (course.unknown) {
        tally.quarantined("unknown_enum");
      } else {
        tally.written({{course.named.name_missing, "name_missing"},
                       json_invalid(course.customization),
                       nul_replaced(course.customization)});
      }
    }
  }

  void predict_products() {
    Tally& tally = oracle_.entity("core.products");
    for (const Product& product : dataset_.products) {
      const bool held = product.course && dataset_.courses[*product.course].unknown;
      fates_.products.push_back(held ? Fate::held_back : Fate::written);
      if (held) {
        tally.quarantined("unknown_enum");
      } else {
        tally.written({{product.named.name_missing, "name_missing"},
                       json_invalid(product.customization),
                       nul_replaced(product.customization)});
      }
    }
  }

  template <class Rows>
  void predict_named(std::string_view entity, const Rows& rows) {
    Tally& tally = oracle_.entity(entity);
    for (const auto& row : rows) {
      tally.written({{row.named.name_missing, "name_missing"}});
    }
  }

  bool order_arrives(Tally& tally, const Instruction& order) const {
    if (dataset_.courses[order.course].unknown || order.status_unknown) {
      tally.quarantined("unknown_enum");
      return false;
    }
    if (order.missing_patient_id) {
      return resolved(tally, Fate::missing);
    }
    if (!resolved(tally, fates_.patients[order.patient]) ||
        !resolved(tally, patients_doctor(dataset_.patients[order.patient]))) {
      return false;
    }
    if (order.price_too_fine) {
      tally.quarantined("numeric_rounding");
      return false;
    }
    tally.written({{office_held_back(dataset_.patients[order.patient].office), "missing_parent"},
                   json_invalid(order.exports),
                   nul_replaced(order.exports)});
    return true;
  }

  void predict_orders() {
    Tally& tally = oracle_.entity("core.orders");
    DecimalSum source;
    DecimalSum target;
    DecimalSum held_back;
    for (const Instruction& order : dataset_.instructions) {
      const bool arrives = order_arrives(tally, order);
      fates_.orders.push_back(arrives ? Fate::written : Fate::held_back);
      if (order.price) {
        source.add(*order.price);
        (arrives ? target : held_back).add(*order.price);
      }
      if (arrives) {
        oracle_.fact("core.orders.status", std::to_string(order.status));
        oracle_.fact("core.orders.deleted", order.deleted ? "true" : "false");
        oracle_.fact("core.orders.suffix_in_number",
                     dataset_.patients[order.patient].suffix_missing ? "NOSUF" : "suffix");
      }
    }
    oracle_.control_total("core.orders/order price", source, target, held_back);
  }

  const Dataset& dataset_;
  Oracle& oracle_;
  Fates& fates_;
  const Doctors doctors_;
  const std::vector<std::optional<std::size_t>> primary_;
};

}  // namespace

void predict_core(const Dataset& dataset, Oracle& oracle) { CorePrediction(dataset, oracle).run(); }

}  // namespace mighost::dataset
