// What the family shares: its manifest, with which the host plans, and the rules for amounts.
#include <map>
#include <set>

#include "financial_test.hpp"

namespace financial::tests {
namespace {

std::string_view view(mig_str text) { return {text.data, text.size}; }

const mig_entity& entity(std::string_view name) {
  const mig_plugin& plugin = *mighost_plugin_v1();
  for (std::uint32_t i = 0; i < plugin.n_entities; ++i) {
    if (view(plugin.entities[i]->name) == name) return *plugin.entities[i];
  }
  throw std::invalid_argument("no such entity");
}

const mig_reference& reference(std::string_view name, std::string_view column) {
  const mig_entity& each = entity(name);
  for (std::uint32_t i = 0; i < each.n_references; ++i) {
    if (view(each.references[i]->column) == column) return *each.references[i];
  }
  throw std::invalid_argument("no such reference");
}

TEST(Manifest, NamesTheFamilyAndItsEntities) {
  const mig_plugin& plugin = *mighost_plugin_v1();
  EXPECT_EQ(view(plugin.family), "financial");
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
  EXPECT_EQ(names, (std::set<std::string_view>{"offers", "discounts", "payments", "operations",
                                               "purchases", "shipments"}));
}

TEST(Manifest, OnlyShipmentsAreSyntheticAndOff) {
  const mig_plugin& plugin = *mighost_plugin_v1();
  for (std::uint32_t i = 0; i < plugin.n_entities; ++i) {
    const mig_entity& each = *plugin.entities[i];
    const bool synthetic = view(each.name) == "shipments";
    EXPECT_EQ((each.flags & MIG_ENTITY_OPTIONAL) != 0, synthetic) << view(each.name);
    EXPECT_EQ((each.flags & MIG_ENTITY_PROJECTION) != 0, synthetic) << view(each.name);
    EXPECT_EQ(each.n_filters, synthetic ? 1u : 0u) << view(each.name);
    EXPECT_EQ(each.n_legacy_columns, synthetic ? 0u : 1u) << view(each.name);
  }
}

TEST(Manifest, EveryRowComesFromOneTable) {
  const std::pair<std::string_view, std::string_view> owners[] = {
      {"offers", "public.dispatch_offer"},       {"discounts", "public.dispatch_discount"},
      {"payments", "public.dispatch_payment"},   {"operations", "public.dispatch_operation"},
      {"purchases", "public.dispatch_purchase"}, {"shipments", "public.dispatch_instruction"}};
  for (const auto& [name, owner] : owners) EXPECT_EQ(view(entity(name).source), owner);
}

TEST(Manifest, MissingIsRejectedOrNullAsDeclared) {
  EXPECT_EQ(reference("offers", "doctor_id").policy, MIG_MISSING_NULL);
  EXPECT_EQ(reference("offers", "product_id").policy, MIG_MISSING_NULL);
  EXPECT_EQ(reference("discounts", "offer_id").policy, MIG_MISSING_REJECT);
  EXPECT_EQ(reference("payments", "order_id").policy, MIG_MISSING_NULL);
  EXPECT_EQ(reference("payments", "patient_id").policy, MIG_MISSING_NULL);
  EXPECT_EQ(reference("operations", "payment_id").policy, MIG_MISSING_REJECT);
  EXPECT_EQ(reference("operations", "case_id").policy, MIG_MISSING_NULL);
  EXPECT_EQ(reference("purchases", "product_id").policy, MIG_MISSING_NULL);
  EXPECT_EQ(reference("shipments", "order_id").policy, MIG_MISSING_REJECT);
}

TEST(Manifest, OnlyTheCaseMayLackItsFamily) {
  EXPECT_EQ(reference("operations", "case_id").if_loaded, 1);
  EXPECT_EQ(view(reference("operations", "case_id").entity), "business.cases");
  EXPECT_EQ(reference("operations", "payment_id").if_loaded, 0);
  EXPECT_EQ(reference("payments", "order_id").if_loaded, 0);
}

TEST(Manifest, NoPurchaseHasAnOrder) {
  const mig_entity& purchases = entity("purchases");
  for (std::uint32_t i = 0; i < purchases.n_target_columns; ++i) {
    EXPECT_NE(view(purchases.target_columns[i]->name), "order_id");
  }
}

using expressions = std::pair<std::string_view, std::string_view>;

/// Source and target expression by name, of one entity.
std::map<std::string_view, expressions> totals_of(std::string_view name) {
  std::map<std::string_view, expressions> totals;
  const mig_entity& each = entity(name);
  for (std::uint32_t i = 0; i < each.n_totals; ++i) {
    totals[view(each.totals[i]->name)] = {view(each.totals[i]->source_expression),
                                          view(each.totals[i]->target_expression)};
  }
  return totals;
}

TEST(Manifest, EachAmountHasATotalOfItsOwn) {
  auto totals = totals_of("offers");
  EXPECT_EQ(totals.size(), 4u);
  EXPECT_EQ(totals.at("offer amount").second, "offer_amount");
  totals = totals_of("payments");
  EXPECT_EQ(totals.size(), 5u);
  EXPECT_EQ(totals.at("payment total"), expressions("total_price", "amount"));
  EXPECT_EQ(totals.at("payment used credit").second, "(metadata ->> 'used_credit')::numeric");
  totals = totals_of("operations");
  EXPECT_EQ(totals.size(), 3u);
  EXPECT_EQ(totals.at("operation price"), expressions("price", "amount"));
  totals = totals_of("purchases");
  EXPECT_EQ(totals.size(), 2u);
  EXPECT_EQ(totals.at("purchase line total"), expressions("quantity * price", "total_amount"));
  EXPECT_EQ(totals_of("discounts").size(), 1u);
  EXPECT_EQ(totals_of("shipments").size(), 0u);
}

TEST(Money, NullCountsAsZeroInASum) {
  EXPECT_TRUE(or_zero(std::nullopt).is_zero());
  EXPECT_EQ(or_zero(number("12.50")).to_text(), "12.50");
}

TEST(Money, AmountsAreStringsInJson) {
  mig::json_object json;
  add_exact(json, "a", number("10.50"));
  add_exact(json, "b", std::nullopt);
  add_exact(json, "c", number("0.00"));
  EXPECT_EQ(json.view(), R"({"a":"10.50","b":null,"c":"0.00"})");
}

}  // namespace
}  // namespace financial::tests
