// What the host plans with: names, sources, references and totals of the family.
#include <set>

#include "core_test.hpp"

namespace core::tests {
namespace {

std::string_view view(mig_str text) { return {text.data, text.size}; }

const mig_entity& entity(std::string_view name) {
  const mig_plugin& plugin = *mighost_plugin_v1();
  for (std::uint32_t i = 0; i < plugin.n_entities; ++i) {
    if (view(plugin.entities[i]->name) == name) return *plugin.entities[i];
  }
  throw std::invalid_argument("no such entity");
}

TEST(Manifest, NamesTheFamilyAndItsEntities) {
  const mig_plugin& plugin = *mighost_plugin_v1();
  EXPECT_EQ(view(plugin.family), "core");
  EXPECT_EQ(view(plugin.version), "0.9.0");
  std::set<std::string_view> names;
  for (std::uint32_t i = 0; i < plugin.n_entities; ++i) {
    const mig_entity& each = *plugin.entities[i];
    names.insert(view(each.name));
    EXPECT_FALSE(view(each.description).empty()) << view(each.name);
    EXPECT_EQ(view(each.identity_column), "id");
    EXPECT_EQ(each.identity, MIG_IDENTITY_UUID5);
    EXPECT_NE(each.flags & MIG_ENTITY_PARALLEL, 0u);
  }
  EXPECT_EQ(names, (std::set<std::string_view>{
                       "offices", "profiles", "doctors", "doctor_offices", "patients",
                       "patients_doctors_offices", "courses", "products", "categories", "roles",
                       "role_permissions", "teams", "orders"}));
}

TEST(Manifest, QueriesNameTheirOwner) {
  EXPECT_EQ(view(entity("profiles").source), "public.auth_user");
  EXPECT_EQ(view(entity("patients").source), "public.dispatch_patient");
  EXPECT_EQ(view(entity("products").source), "public.dispatch_product");
  EXPECT_EQ(view(entity("role_permissions").source), "public.dispatch_role_permissions");
  EXPECT_EQ(view(entity("orders").source), "public.dispatch_instruction");
  EXPECT_EQ(view(entity("doctors").source), "");
  EXPECT_EQ(view(entity("doctor_offices").source), "");
  EXPECT_EQ(entity("doctor_offices").n_key, 2u);
}

TEST(Manifest, OnlyThePatientLinksAreAProjection) {
  const mig_plugin& plugin = *mighost_plugin_v1();
  for (std::uint32_t i = 0; i < plugin.n_entities; ++i) {
    const mig_entity& each = *plugin.entities[i];
    EXPECT_EQ((each.flags & MIG_ENTITY_PROJECTION) != 0,
              view(each.name) == "patients_doctors_offices");
  }
}

TEST(Manifest, OrdersMustAgreeOnTheMoney) {
  const mig_entity& orders = entity("orders");
  ASSERT_EQ(orders.n_totals, 1u);
  EXPECT_EQ(view(orders.totals[0]->name), "order price");
  EXPECT_EQ(view(orders.totals[0]->source_expression), "price");
  EXPECT_EQ(view(orders.totals[0]->target_expression), "amount");
}

TEST(Manifest, TheParentOfACategoryIsLate) {
  const mig_entity& categories = entity("categories");
  ASSERT_EQ(categories.n_references, 1u);
  EXPECT_EQ(categories.references[0]->late, 1);
  EXPECT_EQ(view(categories.references[0]->entity), "core.categories");
}

TEST(Manifest, MissingIsRejectedOrNullAsDeclared) {
  const auto policy = [](std::string_view name, std::string_view column) {
    const mig_entity& each = entity(name);
    for (std::uint32_t i = 0; i < each.n_references; ++i) {
      if (view(each.references[i]->column) == column) return each.references[i]->policy;
    }
    return mig_policy{0};
  };
  EXPECT_EQ(policy("doctors", "profile_id"), MIG_MISSING_REJECT);
  EXPECT_EQ(policy("doctors", "primary_office_id"), MIG_MISSING_NULL);
  EXPECT_EQ(policy("patients", "profile_id"), MIG_MISSING_REJECT);
  EXPECT_EQ(policy("patients", "primary_doctor_id"), MIG_MISSING_NULL);
  EXPECT_EQ(policy("patients", "assigned_office_id"), MIG_MISSING_NULL);
  EXPECT_EQ(policy("orders", "patient_id"), MIG_MISSING_REJECT);
  EXPECT_EQ(policy("orders", "doctor_id"), MIG_MISSING_REJECT);
  EXPECT_EQ(policy("orders", "office_id"), MIG_MISSING_NULL);
}

}  // namespace
}  // namespace core::tests
