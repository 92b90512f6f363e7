// The whole dataset in memory, and the parts it is made of. A part is one file that owns some
// tables: it generates their rows, writes them, and may predict what becomes of them. To add the
// tables of another family, write a part and list it in parts.cpp.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "business_model.hpp"
#include "clinical_model.hpp"
#include "error.hpp"
#include "financial_model.hpp"
#include "knobs.hpp"
#include "model.hpp"
#include "oracle.hpp"
#include "random.hpp"
#include "table_writer.hpp"

namespace mighost::dataset {

struct Dataset {
  Dataset(Knobs chosen_knobs, std::uint64_t chosen_seed)
      : knobs(std::move(chosen_knobs)), seed(chosen_seed) {}

  Knobs knobs;
  std::uint64_t seed;

  std::vector<ContentType> content_types;
  std::vector<Permission> permissions;
  std::vector<NamedRow> groups;  // by GroupIndex
  std::vector<Course> courses;
  std::vector<Product> products;
  std::vector<Category> categories;
  std::vector<Role> roles;
  std::vector<RolePermission> role_permissions;

  std::vector<User> users;
  std::vector<int> unused_user_ids;
  std::vector<std::size_t> outside_doctors;  // users not in group Doctor, yet referenced as one
  std::vector<UserSetting> user_settings;
  std::vector<DoctorSetting> doctor_settings;

  std::vector<Office> offices;
  std::vector<OfficeDoctor> office_doctors;

  std::vector<std::size_t> practising;  // doctors with patients, the busiest first
  std::vector<Patient> patients;
  std::vector<int> unused_patient_ids;

  std::vector<Jaw> jaws;
  std::vector<Instruction> instructions;
  std::vector<Basket> baskets;

  std::vector<Project> projects;
  std::vector<Plan> plans;
  std::vector<Bracket> brackets;
  std::vector<State> states;
  std::vector<Event> events;

  std::vector<Offer> offers;
  std::vector<Discount> discounts;
  std::vector<Payment> payments;
  std::vector<Operation> operations;
  std::vector<Purchase> purchases;

  Business business;

  Random random(std::string_view stream) const { return Random(seed, stream); }
};

struct Part {
  std::string_view name;
  void (*generate)(Dataset&);
  void (*write)(const Dataset&, Sink&);      // null: owns no table
  void (*predict)(const Dataset&, Oracle&);  // null: predicts nothing
};

// In the order in which they build on each other.
std::span<const Part> parts();

// `count` distinct candidates, chosen by `random`. Too few of them is an error of the knob.
std::vector<std::size_t> choose(Random& random, std::vector<std::size_t> candidates,
                                std::size_t count, std::string_view knob);

template <class Rows, class Accept>
std::vector<std::size_t> indexes_where(const Rows& rows, Accept accept) {
  std::vector<std::size_t> indexes;
  for (std::size_t index = 0; index < rows.size(); ++index) {
    if (accept(rows[index])) {
      indexes.push_back(index);
    }
  }
  return indexes;
}

// The id behind an optional index, for writing.
template <class Rows>
std::optional<int> id_of(const Rows& rows, std::optional<std::size_t> index) {
  return index ? std::optional<int>(rows[*index].id) : std::nullopt;
}

template <class Rows>
std::optional<int> named_id_of(const Rows& rows, std::optional<std::size_t> index) {
  return index ? std::optional<int>(rows[*index].named.id) : std::nullopt;
}

}  // namespace mighost::dataset
