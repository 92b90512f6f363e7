// What the family shares: its manifest, with which the host plans, and the rules for single values.
#include <limits>
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
  EXPECT_EQ(names, (std::set<std::string_view>{"offices", "profiles", "doctors", "doctor_offices",
                                               "patients", "patients_doctors_offices", "courses",
                                               "products", "categories", "roles",
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

TEST(Rules, DigitsPad) {
  EXPECT_EQ(std::string_view{digits(42)}, "42");
  EXPECT_EQ(std::string_view(digits(42, 6)), "000042");
  EXPECT_EQ(std::string_view(digits(1234567, 6)), "1234567");
  EXPECT_EQ(std::string_view{digits(std::numeric_limits<std::int64_t>::min())},
            "-9223372036854775808");
}

TEST(Rules, EmptyWords) {
  for (const char* text : {"", " ", "\t\r\n\v\f", "null", "NULL", "None", " nOnE ", "\xC2\xA0",
                           "\xE3\x80\x80null\xC2\xA0"}) {
    EXPECT_FALSE(trimmed(text)) << text;
  }
  EXPECT_FALSE(trimmed(std::nullopt));
  for (const char* text : {"nul", "nulls", "none.", "0", "N/A"}) {
    EXPECT_EQ(trimmed(text), text);
  }
}

TEST(Rules, TitleCase) {
  EXPECT_EQ(title_case("hong KONG sar"), "Hong Kong Sar");
  EXPECT_EQ(title_case("(the) gambia"), "(The) Gambia");
  EXPECT_EQ(title_case(""), "");
}

TEST(Rules, EmailSyntax) {
  EXPECT_TRUE(email_is_valid("a@b.co"));
  EXPECT_TRUE(email_is_valid("a@b.c.de"));
  EXPECT_TRUE(email_is_valid("a@-..de"));  // as the target's constraint has it
  for (const char* email : {"", "@", "a@", "@b.co", "a@b", "a@.co", "a@b.c", "a@b.co\n", "a b@c.de",
                            "A@b.co", "a@b@c.de", "a@b.c1", "a@b..", "\"a\"@b.co"}) {
    EXPECT_FALSE(email_is_valid(email)) << email;
  }
}

TEST(Rules, UnknownCodesHaveNoWord) {
  static_assert(word_for(genders, 1) == std::string_view{"male"});
  static_assert(!word_for(genders, 3));
  static_assert(gender_of(std::nullopt) == std::string_view{"unknown"});
}

}  // namespace
}  // namespace core::tests
