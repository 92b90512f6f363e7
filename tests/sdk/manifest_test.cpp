// The manifest says what the classes say, through the symbol that the host looks up.
#include <gtest/gtest.h>

#include "plugin_of.hpp"

namespace {

struct Source {
  std::int64_t id;
  std::string_view part;
  std::optional<std::int64_t> doctor_id;
  mig::decimal price;
  std::optional<mig::json> extra;
};

struct Target {
  mig::uuid doctor_id;
  std::optional<mig::uuid> second_doctor_id;
  std::optional<mig::uuid> parent_id;
  mig::decimal amount;
  std::int64_t legacy_id;
  std::string_view legacy_part;
};

struct Full {
  static constexpr std::string_view name = "full";
  static constexpr std::string_view description = "one of everything";
  static constexpr auto source = mig::from_query<Source>(
      "public.old", "SELECT id, part, doctor_id, price, extra FROM public.old",
      mig::key("id", &Source::id), mig::key("part", &Source::part),
      mig::col("doctor_id", &Source::doctor_id), mig::col("price", &Source::price),
      mig::col("extra", &Source::extra));
  static constexpr auto target = mig::into<Target>(
      "public.new", mig::identity("id"),
      mig::reference("doctor_id", &Target::doctor_id, "core.doctors", mig::missing::reject),
      mig::reference("second_doctor_id", &Target::second_doctor_id, "core.doctors",
                     mig::missing::null),
      mig::late_reference("parent_id", &Target::parent_id, "test.full", mig::missing::park),
      mig::col("amount", &Target::amount), mig::legacy("legacy_id", &Target::legacy_id),
      mig::legacy("legacy_part", &Target::legacy_part));
  static constexpr mig::code codes[] = {{"too_old", "before 1970"}, {"odd", "an odd row"}};
  static constexpr std::array filters = {
      mig::filter{.where = "price > 0", .code = "free_of_charge", .meaning = "no price"}};
  static constexpr mig::total totals[] = {{.name = "price", .source = "price", .target = "amount"}};
  static constexpr mig::assertion assertions[] = {
      {.name = "no_orphans", .sql = "SELECT 1 WHERE false", .meaning = "none"},
      {.name = "look", .sql = "SELECT 2 WHERE false", .meaning = "none", .veto = false}};
  static constexpr mig::step steps[] = {
      {.when = mig::moment::before, .sql = "SELECT 1", .purpose = "warm"},
      {.when = mig::moment::after, .sql = "SELECT 2", .purpose = "cool"}};
  static constexpr bool projection = true;
  static constexpr bool parallel = true;
  static constexpr bool optional = true;

  void transform(const Source&, mig::output<Full>&) {}
};

struct Small {
  std::int64_t id;
};
struct SmallTarget {
  std::int64_t id;
  std::string_view code;
};

struct Plain {
  static constexpr std::string_view name = "plain";
  static constexpr auto source = mig::from<Small>("public.small", mig::key("id", &Small::id));
  static constexpr auto target =
      mig::into<SmallTarget>("public.small2", mig::col("code", &SmallTarget::code));
  void transform(const Small&, mig::output<Plain>&) {}
};

struct Kept {
  static constexpr std::string_view name = "kept";
  static constexpr auto source = mig::from<Small>("public.small", mig::key("id", &Small::id));
  static constexpr auto target = mig::into<SmallTarget>("public.k", mig::kept_identity("id"),
                                                        mig::col("code", &SmallTarget::code));
  void transform(const Small&, mig::output<Kept>&) {}
};

struct Assigned {
  static constexpr std::string_view name = "assigned";
  static constexpr auto source = mig::from<Small>("public.small", mig::key("id", &Small::id));
  static constexpr auto target =
      mig::into<SmallTarget>("public.a", mig::assigned_identity("id", &SmallTarget::id),
                             mig::col("code", &SmallTarget::code));
  void transform(const Small&, mig::output<Assigned>&) {}
};

struct Natural {
  static constexpr std::string_view name = "natural";
  static constexpr auto source = mig::from<Small>("public.small", mig::key("id", &Small::id));
  static constexpr auto target = mig::into<SmallTarget>("public.n", mig::natural_identity("id"),
                                                        mig::natural("code", &SmallTarget::code));
  void transform(const Small&, mig::output<Natural>&) {}
};

struct LinkTarget {
  mig::uuid doctor_id;
};

/// Without columns of its own but for a reference, which is the natural key too.
struct Link {
  static constexpr std::string_view name = "link";
  static constexpr auto source = mig::from<Small>("public.small", mig::key("id", &Small::id));
  static constexpr auto target =
      mig::into<LinkTarget>("public.l", mig::natural_identity("id"),
                            mig::natural(mig::reference("doctor_id", &LinkTarget::doctor_id,
                                                        "core.doctors", mig::missing::reject)));
  void transform(const Small&, mig::output<Link>&) {}
};

struct Nothing {};

/// Only the key is written.
struct Bare {
  static constexpr std::string_view name = "bare";
  static constexpr auto source = mig::from<Small>("public.small", mig::key("id", &Small::id));
  static constexpr auto target = mig::into<Nothing>("public.b", mig::identity("id"));
  void transform(const Small&, mig::output<Bare>& out) { out.row(Nothing{}); }
};

/// A validator that looks at no row.
struct Totals {
  static constexpr std::string_view name = "totals";
  static constexpr std::string_view applies_to = "core.orders";
  static constexpr auto needs = mig::needs<Nothing>();
  static constexpr mig::assertion assertions[] = {
      {.name = "none", .sql = "SELECT 1 WHERE false", .meaning = "none"}};
  static constexpr mig::total totals[] = {{.name = "price", .source = "price", .target = "amount"}};
  void check(const Nothing&, mig::verdict<Totals>&) {}
};

struct Contact {
  std::optional<std::string_view> email;
};

struct ContactRules {
  static constexpr std::string_view name = "contact-rules";
  static constexpr std::string_view applies_to = "core.*";
  static constexpr auto needs = mig::needs<Contact>(mig::col("email", &Contact::email));
  static constexpr mig::code codes[] = {{"email_missing", "no address"}};
  static constexpr mig::assertion assertions[] = {
      {.name = "unique", .sql = "SELECT 1 WHERE false", .meaning = "none"}};
  void check(const Contact&, mig::verdict<ContactRules>&) {}
};

struct Everything {
  static constexpr std::string_view family = "test";
  static constexpr std::string_view description = "a test";
  static constexpr mig::setting settings[] = {
      {.name = "domains", .kind = mig::kind::list, .fallback = "[]", .help = "test domains"},
      {.name = "status", .kind = mig::kind::map, .fallback = "{}", .help = "more codes"}};
};

const mig_entity& entity(std::string_view name) {
  const mig_plugin& plugin = *mighost_plugin_v1();
  for (std::uint32_t i = 0; i < plugin.n_entities; ++i) {
    if (view(plugin.entities[i]->name) == name) return *plugin.entities[i];
  }
  throw std::logic_error("no such entity");
}

}  // namespace

#undef MIGHOST_PLUGIN_VERSION
#define MIGHOST_PLUGIN_VERSION "4.5.6"
MIGHOST_PLUGIN(Everything, Full, ContactRules, Plain, Kept, Assigned, Natural, Link, Bare, Totals);

TEST(Manifest, DescribesThePlugin) {
  const mig_plugin& plugin = *mighost_plugin_v1();
  EXPECT_EQ(&plugin, mighost_plugin_v1());
  EXPECT_EQ(plugin.struct_size, sizeof(mig_plugin));
  EXPECT_EQ(plugin.abi_major, MIG_ABI_MAJOR);
  EXPECT_EQ(plugin.abi_minor, MIG_ABI_MINOR);
  EXPECT_EQ(view(plugin.family), "test");
  EXPECT_EQ(view(plugin.version), "4.5.6");
  EXPECT_EQ(view(plugin.description), "a test");
  EXPECT_FALSE(view(plugin.build).empty());
  ASSERT_EQ(plugin.n_entities, 7u);
  ASSERT_EQ(plugin.n_validators, 2u);
  ASSERT_EQ(plugin.n_settings, 2u);
  EXPECT_EQ(view(plugin.settings[0]->name), "domains");
  EXPECT_EQ(plugin.settings[0]->kind, MIG_SETTING_LIST);
  EXPECT_EQ(view(plugin.settings[1]->default_text), "{}");
}

TEST(Manifest, DerivesSourceColumns) {
  const mig_entity& full = entity("full");
  EXPECT_EQ(view(full.source), "public.old");
  EXPECT_EQ(view(full.source_query), "SELECT id, part, doctor_id, price, extra FROM public.old");
  ASSERT_EQ(full.n_source_columns, 5u);
  EXPECT_EQ(full.n_key, 2u);
  const mig_type types[] = {MIG_INT8, MIG_TEXT, MIG_INT8, MIG_NUMERIC, MIG_JSON};
  const int nullable[] = {0, 0, 1, 0, 1};
  for (std::size_t i = 0; i < 5; ++i) {
    EXPECT_EQ(full.source_columns[i]->struct_size, sizeof(mig_column));
    EXPECT_EQ(full.source_columns[i]->type, types[i]) << i;
    EXPECT_EQ(full.source_columns[i]->nullable, nullable[i]) << i;
  }
}

TEST(Manifest, DerivesTargetAndReferences) {
  const mig_entity& full = entity("full");
  EXPECT_EQ(view(full.target), "public.new");
  EXPECT_EQ(full.n_target_columns, 6u);
  EXPECT_EQ(full.identity, MIG_IDENTITY_UUID5);
  EXPECT_EQ(view(full.identity_column), "id");
  ASSERT_EQ(full.n_legacy_columns, 2u);
  EXPECT_EQ(view(full.legacy_columns[1]), "legacy_part");
  ASSERT_EQ(full.n_references, 3u);
  EXPECT_EQ(view(full.references[0]->entity), "core.doctors");
  EXPECT_EQ(full.references[0]->policy, MIG_MISSING_REJECT);
  EXPECT_EQ(view(full.references[1]->column), "second_doctor_id");
  EXPECT_EQ(full.references[1]->policy, MIG_MISSING_NULL);
  EXPECT_EQ(full.references[1]->late, 0);
  EXPECT_EQ(full.references[2]->policy, MIG_MISSING_PARK);
  EXPECT_EQ(full.references[2]->late, 1);
}

TEST(Manifest, CarriesTheLists) {
  const mig_entity& full = entity("full");
  EXPECT_EQ(view(full.description), "one of everything");
  EXPECT_EQ(full.flags,
            std::uint32_t{MIG_ENTITY_PROJECTION | MIG_ENTITY_PARALLEL | MIG_ENTITY_OPTIONAL});
  ASSERT_EQ(full.n_codes, 3u);
  EXPECT_EQ(view(full.codes[1]->meaning), "an odd row");
  EXPECT_EQ(view(full.codes[2]->code), "decimal_range") << "because a source member is a decimal";
  ASSERT_EQ(full.n_filters, 1u);
  EXPECT_EQ(view(full.filters[0]->predicate), "price > 0");
  ASSERT_EQ(full.n_totals, 1u);
  EXPECT_EQ(view(full.totals[0]->target_expression), "amount");
  ASSERT_EQ(full.n_assertions, 2u);
  EXPECT_EQ(full.assertions[0]->severity, MIG_REJECT);
  EXPECT_EQ(full.assertions[1]->severity, MIG_NOTE);
  ASSERT_EQ(full.n_steps, 2u);
  EXPECT_EQ(full.steps[0]->after, 0);
  EXPECT_EQ(full.steps[1]->after, 1);
}

TEST(Manifest, LeavesOutWhatIsNotThere) {
  const mig_entity& plain = entity("plain");
  EXPECT_EQ(plain.flags, 0u);
  EXPECT_EQ(plain.n_codes + plain.n_filters + plain.n_totals + plain.n_assertions + plain.n_steps +
                plain.n_references + plain.n_legacy_columns + plain.n_natural_key,
            0u);
  EXPECT_TRUE(view(plain.identity_column).empty());
  EXPECT_TRUE(view(plain.source_query).empty());
}

TEST(Manifest, KnowsEveryIdentity) {
  EXPECT_EQ(entity("kept").identity, MIG_IDENTITY_KEEP);
  EXPECT_EQ(entity("kept").n_target_columns, 1u) << "the host writes the key";
  EXPECT_EQ(entity("assigned").identity, MIG_IDENTITY_ASSIGNED);
  EXPECT_EQ(view(entity("assigned").identity_column), "id");
  EXPECT_EQ(entity("assigned").n_target_columns, 2u);
  EXPECT_EQ(entity("natural").identity, MIG_IDENTITY_NATURAL);
  ASSERT_EQ(entity("natural").n_natural_key, 1u);
  EXPECT_EQ(view(entity("natural").natural_key[0]), "code");
}

TEST(Manifest, AColumnMayBeSeveralThings) {
  const mig_entity& link = entity("link");
  EXPECT_EQ(link.n_references, 1u);
  ASSERT_EQ(link.n_natural_key, 1u);
  EXPECT_EQ(view(link.natural_key[0]), "doctor_id");
}

TEST(Manifest, ARowMayBeNothingButItsKey) {
  EXPECT_EQ(entity("bare").n_target_columns, 0u);
  const auto got = mig::testing::bench{mighost_plugin_v1()}.run<Bare>({{1}, {2}});
  EXPECT_TRUE(got.clean());
  EXPECT_TRUE(got.written(1));
  const auto checked = mig::testing::bench{mighost_plugin_v1()}.check<Totals>({{}, {}});
  EXPECT_TRUE(checked.clean());
}

TEST(Manifest, DescribesTheValidator) {
  const mig_validator& rules = *mighost_plugin_v1()->validators[0];
  EXPECT_EQ(rules.struct_size, sizeof(mig_validator));
  EXPECT_EQ(view(rules.name), "contact-rules");
  EXPECT_EQ(view(rules.applies_to), "core.*");
  ASSERT_EQ(rules.n_columns, 1u);
  EXPECT_EQ(rules.columns[0]->nullable, 1);
  EXPECT_EQ(rules.n_codes, 1u);
  EXPECT_EQ(rules.n_assertions, 1u);
  EXPECT_EQ(rules.n_totals, 0u);
}

TEST(Manifest, ValidatorsMayHaveControlTotals) {
  const mig_plugin& plugin = *mighost_plugin_v1();
  const mig_validator* totals = nullptr;
  for (std::uint32_t i = 0; i < plugin.n_validators; ++i) {
    if (view(plugin.validators[i]->name) == "totals") totals = plugin.validators[i];
  }
  ASSERT_NE(totals, nullptr);
  ASSERT_EQ(totals->n_totals, 1u);
  EXPECT_EQ(view(totals->totals[0]->source_expression), "price");
  EXPECT_EQ(view(totals->totals[0]->target_expression), "amount");
}
