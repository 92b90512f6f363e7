// Turns every knob of the clinical and financial families up, in data that is clean otherwise, and
// finds exactly that many outcomes or notes, and no others. No database; that the oracle itself is
// right is what ./check_oracle and the end-to-end tests find out.

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

#include "dataset.hpp"
#include "knob_tables.hpp"

namespace mighost::dataset {
namespace {

using Json = nlohmann::json;

Json predicted(const Knobs& knobs, std::uint64_t seed) {
  Dataset dataset(knobs, seed);
  Oracle oracle;
  for (const Part& part : parts()) part.generate(dataset);
  for (const Part& part : parts()) {
    if (part.predict != nullptr) part.predict(dataset, oracle);
  }
  return oracle.json();  // sorted from here on, so that only the content counts
}

Knobs clean_knobs() {
  Knobs knobs("XS");
  knobs.clean();
  return knobs;
}

struct Consequence {
  const char* knob;
  const char* entity;
  const char* member;
  const char* code;
};

constexpr Consequence consequences[] = {
    {"jaw_orphan", "clinical.jaws", "codes", "orphan"},
    {"jaw_reason", "clinical.jaws", "codes", "unknown_enum"},
    {"jaw_teeth", "clinical.jaws", "notes", "teeth_invalid"},
    {"project_name", "clinical.projects", "notes", "name_missing"},
    {"project_type", "clinical.projects", "notes", "unknown_type"},
    {"project_size", "clinical.projects", "notes", "size_invalid"},
    {"project_status", "clinical.projects", "codes", "unknown_enum"},
    {"project_creator", "clinical.projects", "codes", "creator_missing"},
    {"plan_orphan", "clinical.treatment_plans", "codes", "missing_parent"},
    {"plan_lost_project", "clinical.treatment_plans", "notes", "missing_parent"},
    {"plan_name", "clinical.treatment_plans", "notes", "name_missing"},
    {"bracket_name", "clinical.brackets", "notes", "name_missing"},
    {"role_unclassified", "clinical.technician_roles", "notes", "unclassified"},
    {"role_stranger", "clinical.technician_roles", "notes", "missing_parent"},
    {"state_orphan", "clinical.case_states", "codes", "missing_parent"},
    {"state_orphan", "clinical.order_states", "codes", "missing_parent"},
    {"state_status", "clinical.case_states", "codes", "unknown_enum"},
    {"state_status", "clinical.order_states", "codes", "unknown_enum"},
    {"event_name", "clinical.patient_events", "codes", "event_type_missing"},
    {"event_undated", "clinical.patient_events", "codes", "created_at_missing"},
    {"offer_no_doctor", "financial.offers", "notes", "doctor_missing"},
    {"offer_unknown_doctor", "financial.offers", "notes", "missing_parent"},
    {"offer_fine", "financial.offers", "codes", "numeric_rounding"},
    {"discount_parent_missing", "financial.discounts", "codes", "missing_parent"},
    {"discount_percent", "financial.discounts", "codes", "percent_range"},
    {"discount_percent_fine", "financial.discounts", "codes", "numeric_rounding"},
    {"discount_reason", "financial.discounts", "notes", "name_missing"},
    {"discount_window", "financial.discounts", "notes", "window_inverted"},
    {"discount_overused", "financial.discounts", "notes", "overused"},
    {"payment_no_instruction", "financial.payments", "notes", "no_order"},
    {"payment_basket", "financial.payments", "notes", "basket_payment"},
    {"payment_flag_conflict", "financial.payments", "notes", "flag_conflict"},
    {"payment_inconsistent", "financial.payments", "notes", "inconsistent_total"},
    {"payment_fine", "financial.payments", "codes", "numeric_rounding"},
    {"payment_range", "financial.payments", "codes", "numeric_range"},
    {"installments_bad", "financial.payments", "notes", "json_invalid"},
    {"installments_nul", "financial.payments", "notes", "nul_replaced"},
    {"op_unknown_type", "financial.operations", "codes", "unknown_enum"},
    {"op_null_type", "financial.operations", "codes", "operation_type_missing"},
    {"operation_fine", "financial.operations", "codes", "numeric_rounding"},
    {"purchase_no_quantity", "financial.purchases", "codes", "quantity_missing"},
    {"purchase_fine", "financial.purchases", "codes", "numeric_rounding"},
};

TEST(ClinicalFinancialKnobs, PlantExactlyWhatTheySay) {
  constexpr std::size_t wanted = 7;
  const Json clean = predicted(clean_knobs(), 5);
  for (const Consequence& expected : consequences) {
    Knobs knobs = clean_knobs();
    knobs.set(expected.knob, wanted);
    const Json oracle = predicted(knobs, 5);
    Json codes = clean["entities"][expected.entity]["codes"];
    Json notes = clean["entities"][expected.entity]["notes"];
    (expected.member == std::string("codes") ? codes : notes)[expected.code] = wanted;
    EXPECT_EQ(oracle["entities"][expected.entity]["codes"], codes) << expected.knob;
    EXPECT_EQ(oracle["entities"][expected.entity]["notes"], notes) << expected.knob;
  }
}

TEST(ClinicalFinancialKnobs, EveryDirtKnobHasItsConsequence) {
  for (const KnobSpec& spec : clinical_financial_knobs()) {
    const bool told = std::any_of(
        std::begin(consequences), std::end(consequences),
        [&spec](const Consequence& consequence) { return consequence.knob == spec.name; });
    EXPECT_TRUE(told || spec.kind != KnobKind::dirt) << spec.name;
  }
}

// What is held back holds back what hangs on it.
TEST(ClinicalFinancialKnobs, ParentsTakeTheirChildrenAlong) {
  const auto parked = [](const char* knob, const char* entity) {
    Knobs knobs = clean_knobs();
    knobs.set(knob, 9);
    return predicted(knobs, 2)["entities"][entity]["codes"].value("waits_for_parent", 0);
  };
  EXPECT_GT(parked("offer_fine", "financial.discounts"), 0);
  EXPECT_GT(parked("payment_fine", "financial.operations"), 0);
  EXPECT_GT(parked("order_unknown_status", "clinical.jaws"), 0);
  EXPECT_GT(parked("order_unknown_status", "clinical.treatment_plans"), 0);
  EXPECT_GT(parked("patient_unknown_status", "clinical.case_states"), 0);
}

TEST(ClinicalFinancialKnobs, SharedJawsHaveMoreOwners) {
  Knobs knobs = clean_knobs();
  knobs.set("jaw_shared", 7);
  const Json oracle = predicted(knobs, 5);
  std::size_t further = 0;
  for (const auto& [owners, jaws] : oracle["facts"]["clinical.jaws.owners"].items()) {
    further += (std::stoul(owners) - 1) * jaws.get<std::size_t>();
  }
  EXPECT_EQ(further, 7U);
}

TEST(ClinicalFinancialKnobs, FilterAndShapes) {
  Knobs knobs = clean_knobs();
  knobs.set("event_no_patient", 7);
  knobs.set("operation_refund", 7);
  knobs.set("payment_canceled", 7);
  knobs.set("payment_pending", 7);
  const Json oracle = predicted(knobs, 5);
  EXPECT_EQ(oracle["entities"]["clinical.patient_events"]["codes"]["no_patient"], 7);
  EXPECT_EQ(oracle["facts"]["financial.operations.operation_type"]["refund"], 7);
  EXPECT_EQ(oracle["facts"]["financial.payments.status"]["cancelled"], 7);
  EXPECT_EQ(oracle["facts"]["financial.payments.status"]["pending"], 7);
}

// The world in which the table of purchases was empty: the entity is there, and has no rows.
TEST(ClinicalFinancialKnobs, PurchasesMayBeEmpty) {
  Knobs knobs("XS");
  knobs.set("purchases", 0);
  const Json oracle = predicted(knobs, 1);
  EXPECT_EQ(oracle["entities"]["financial.purchases"]["read"], 0);
  EXPECT_EQ(oracle["control_totals"]["financial.purchases/purchase line total"]["source"], "0.00");
}

std::set<std::string> all_keys(const Json& oracle, const std::string& family, const char* member) {
  std::set<std::string> keys;
  for (const auto& [name, entity] : oracle["entities"].items()) {
    if (!name.starts_with(family)) continue;
    for (const auto& [key, rows] : entity[member].items()) keys.insert(key);
  }
  return keys;
}

using Keys = std::set<std::string>;

const Keys clinical_codes = {"orphan",         "unknown_enum",       "creator_missing",
                             "missing_parent", "waits_for_parent",   "not_technician",
                             "no_patient",     "event_type_missing", "created_at_missing"};
const Keys clinical_notes = {"ambiguous_parent", "teeth_invalid",  "name_missing", "unknown_type",
                             "size_invalid",     "missing_parent", "unclassified"};
const Keys financial_codes = {"numeric_rounding", "numeric_range",         "missing_parent",
                              "percent_range",    "waits_for_parent",      "unknown_enum",
                              "quantity_missing", "operation_type_missing"};
const Keys financial_notes = {"doctor_missing",     "missing_parent", "name_missing",
                              "window_inverted",    "overused",       "flag_conflict",
                              "inconsistent_total", "basket_payment", "no_order",
                              "json_invalid",       "nul_replaced"};

TEST(ClinicalFinancialKnobs, SmallestPresetShowsEveryCode) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const Json oracle = predicted(Knobs("XS"), seed);
    Keys notes = all_keys(oracle, "clinical.", "notes");
    notes.erase("email_invalid");  // of technicians, who are few
    EXPECT_EQ(all_keys(oracle, "clinical.", "codes"), clinical_codes) << seed;
    EXPECT_EQ(notes, clinical_notes) << seed;
    EXPECT_EQ(all_keys(oracle, "financial.", "codes"), financial_codes) << seed;
    EXPECT_EQ(all_keys(oracle, "financial.", "notes"), financial_notes) << seed;
  }
}

}  // namespace
}  // namespace mighost::dataset
