// The manifest, with which the host plans.
#include <map>
#include <set>

#include "clinical_test.hpp"

namespace clinical::tests {
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
  EXPECT_EQ(view(plugin.family), "clinical");
  EXPECT_EQ(view(plugin.version), "0.9.0");
  std::set<std::string_view> names;
  for (std::uint32_t i = 0; i < plugin.n_entities; ++i) {
    const mig_entity& each = *plugin.entities[i];
    names.insert(view(each.name));
    EXPECT_FALSE(view(each.description).empty()) << view(each.name);
    EXPECT_EQ(view(each.identity_column), "id");
    EXPECT_EQ(each.identity, MIG_IDENTITY_UUID5);
    EXPECT_EQ(each.n_legacy_columns, 1u);
    EXPECT_NE(each.flags & MIG_ENTITY_PARALLEL, 0u);
  }
  EXPECT_EQ(names, (std::set<std::string_view>{"jaws", "projects", "treatment_plans", "brackets",
                                               "technicians", "technician_roles", "case_states",
                                               "order_states", "patient_events"}));
}

TEST(Manifest, RowsThatAreOwnedElsewhereAreProjections) {
  const std::set<std::string_view> projections{"technician_roles", "order_states"};
  const mig_plugin& plugin = *mighost_plugin_v1();
  for (std::uint32_t i = 0; i < plugin.n_entities; ++i) {
    const mig_entity& each = *plugin.entities[i];
    EXPECT_EQ((each.flags & MIG_ENTITY_PROJECTION) != 0, projections.count(view(each.name)) != 0)
        << view(each.name);
  }
}

TEST(Manifest, QueriesNameTheirOwner) {
  const std::map<std::string_view, std::string_view> owners{
      {"jaws", "public.dispatch_jaw"},
      {"projects", "public.dispatch_project"},
      {"treatment_plans", "public.dispatch_plan"},
      {"brackets", "public.dispatch_bracket"},
      {"technicians", ""},
      {"technician_roles", "public.dispatch_role"},
      {"case_states", "public.dispatch_state"},
      {"order_states", "public.dispatch_state"},
      {"patient_events", "public.dispatch_event"}};
  for (const auto& [name, owner] : owners) EXPECT_EQ(view(entity(name).source), owner) << name;
}

TEST(Manifest, MissingParentsAreTreatedAsThePageSays) {
  struct expected {
    std::string_view entity, column, parent;
    mig_policy policy;
  };
  const expected references[] = {
      {"jaws", "order_id", "core.orders", MIG_MISSING_REJECT},
      {"jaws", "product_id", "core.products", MIG_MISSING_NULL},
      {"projects", "creator_id", "core.profiles", MIG_MISSING_REJECT},
      {"treatment_plans", "order_id", "core.orders", MIG_MISSING_REJECT},
      {"treatment_plans", "patient_id", "core.patients", MIG_MISSING_REJECT},
      {"treatment_plans", "doctor_id", "core.doctors", MIG_MISSING_REJECT},
      {"treatment_plans", "project_id", "clinical.projects", MIG_MISSING_NULL},
      {"technicians", "profile_id", "core.profiles", MIG_MISSING_REJECT},
      {"technician_roles", "technician_id", "clinical.technicians", MIG_MISSING_NULL},
      {"case_states", "case_id", "business.cases", MIG_MISSING_REJECT},
      {"case_states", "changed_by_id", "core.profiles", MIG_MISSING_NULL},
      {"order_states", "order_id", "core.orders", MIG_MISSING_REJECT},
      {"order_states", "changed_by", "core.profiles", MIG_MISSING_NULL},
      {"patient_events", "patient_id", "core.patients", MIG_MISSING_REJECT},
  };
  std::size_t declared = 0;
  const mig_plugin& plugin = *mighost_plugin_v1();
  for (std::uint32_t i = 0; i < plugin.n_entities; ++i)
    declared += plugin.entities[i]->n_references;
  EXPECT_EQ(declared, std::size(references));
  for (const expected& each : references) {
    const mig_entity& owner = entity(each.entity);
    bool found = false;
    for (std::uint32_t i = 0; i < owner.n_references; ++i) {
      const mig_reference& reference = *owner.references[i];
      if (view(reference.column) != each.column) continue;
      found = true;
      EXPECT_EQ(view(reference.entity), each.parent) << each.entity;
      EXPECT_EQ(reference.policy, each.policy) << each.entity << "." << each.column;
    }
    EXPECT_TRUE(found) << each.entity << "." << each.column;
  }
}

TEST(Manifest, FiltersAndTotals) {
  ASSERT_EQ(entity("technician_roles").n_filters, 1u);
  EXPECT_EQ(view(entity("technician_roles").filters[0]->code), "not_technician");
  ASSERT_EQ(entity("patient_events").n_filters, 1u);
  EXPECT_EQ(view(entity("patient_events").filters[0]->code), "no_patient");
  std::set<std::string_view> totals;
  for (const char* name : {"jaws", "projects", "order_states"}) {
    for (std::uint32_t i = 0; i < entity(name).n_totals; ++i) {
      totals.insert(view(entity(name).totals[i]->name));
    }
  }
  EXPECT_EQ(totals, (std::set<std::string_view>{"bonded teeth", "extracted teeth", "project size",
                                                "states that are on"}));
}

TEST(Manifest, OnlyWhatLaterEditsMayBreakIsNoVeto) {
  for (const char* name : {"jaws", "technicians"}) {
    ASSERT_EQ(entity(name).n_assertions, 1u);
    EXPECT_EQ(entity(name).assertions[0]->severity, MIG_REJECT) << name;
  }
  for (const char* name : {"treatment_plans", "case_states"}) {
    ASSERT_EQ(entity(name).n_assertions, 1u);
    EXPECT_EQ(entity(name).assertions[0]->severity, MIG_NOTE) << name;
  }
}

}  // namespace
}  // namespace clinical::tests
