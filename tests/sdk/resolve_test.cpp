// A missing parent does what the declared policy says, and the types say which answers there are.
#include <gtest/gtest.h>

#include "plugin_of.hpp"

namespace {

using mig::testing::bench;
using mig::testing::key_of;

struct Source {
  std::int64_t id;
  std::optional<std::int64_t> doctor_id;
  std::optional<std::int64_t> office_id;
  std::optional<std::int64_t> lab_id;
  std::optional<std::int64_t> parent_id;
};

struct Target {
  mig::uuid doctor_id;
  std::optional<mig::uuid> office_id;
  mig::uuid lab_id;
  std::optional<mig::uuid> parent_id;
};

struct Orders {
  static constexpr std::string_view name = "orders";
  static constexpr auto source = mig::from<Source>(
      "s.t", mig::key("id", &Source::id), mig::col("doctor_id", &Source::doctor_id),
      mig::col("office_id", &Source::office_id), mig::col("lab_id", &Source::lab_id),
      mig::col("parent_id", &Source::parent_id));
  static constexpr auto target = mig::into<Target>(
      "s.u", mig::identity("id"),
      mig::reference("doctor_id", &Target::doctor_id, "core.doctors", mig::missing::reject),
      mig::reference("office_id", &Target::office_id, "core.offices", mig::missing::null),
      mig::reference("lab_id", &Target::lab_id, "core.labs", mig::missing::park),
      mig::late_reference("parent_id", &Target::parent_id, "test.orders", mig::missing::null));

  void transform(const Source& row, mig::output<Orders>& out) {
    const auto doctor = out.resolve<"core.doctors">(row.doctor_id);
    if (!doctor) return;
    const auto lab = out.resolve<"core.labs">(row.lab_id);
    if (!lab) return;
    out.row(Target{.doctor_id = *doctor,
                   .office_id = out.resolve<"core.offices">(row.office_id),
                   .lab_id = *lab,
                   .parent_id = out.resolve<"parent_id">(row.parent_id)});
  }
};

bench orders() {
  bench made{plugin_of<TestFamily, Orders>()};
  made.knows("core.doctors", 7).knows("core.offices", 70).knows("core.labs", 1);
  made.holds_back("core.doctors", 8).holds_back("core.offices", 80).holds_back("core.labs", 2);
  return made;
}

TEST(Resolve, FindsParents) {
  const auto got = orders().run<Orders>(
      {{.id = 1, .doctor_id = 7, .office_id = 70, .lab_id = 1, .parent_id = {}}});
  ASSERT_TRUE(got.clean());
  EXPECT_EQ(got.row(0).uuid("doctor_id"), key_of("core.doctors", 7));
  EXPECT_EQ(got.row(0).uuid("office_id"), key_of("core.offices", 70));
  EXPECT_TRUE(got.findings.empty());
}

TEST(Resolve, RejectQuarantinesAbsentAndParksHeldBack) {
  const auto got = orders().run<Orders>({{1, 9, 70, 1, {}}, {2, {}, 70, 1, {}}, {3, 8, 70, 1, {}}});
  EXPECT_TRUE(got.rejected(0, "missing_parent"));
  EXPECT_TRUE(got.rejected(1, "missing_parent"));
  EXPECT_TRUE(got.parked(2));
  EXPECT_EQ(got.column(2, "waits_for_parent"), "doctor_id");
  EXPECT_TRUE(got.clean());
}

TEST(Resolve, NullGivesNullAndNotesOnlyARealKey) {
  const auto got = orders().run<Orders>({{1, 7, 71, 1, {}}, {2, 7, {}, 1, {}}, {3, 7, 80, 1, {}}});
  for (const std::size_t row : {0u, 1u, 2u}) EXPECT_TRUE(got.row(row).is_null("office_id"));
  EXPECT_TRUE(got.noted(0, "missing_parent"));
  EXPECT_FALSE(got.noted(1, "missing_parent"));
  EXPECT_TRUE(got.noted(2, "missing_parent"));
}

TEST(Resolve, ParkParksInBothCases) {
  const auto got = orders().run<Orders>({{1, 7, 70, 3, {}}, {2, 7, 70, 2, {}}});
  EXPECT_TRUE(got.parked(0));
  EXPECT_TRUE(got.parked(1));
}

TEST(Resolve, LateIsNullNowAndRemembered) {
  const auto got = orders().run<Orders>({{1, 7, 70, 1, 2}, {2, 7, 70, 1, {}}});
  EXPECT_TRUE(got.row(0).is_null("parent_id"));
  EXPECT_EQ(got.late(0, "parent_id"), "2");
  EXPECT_EQ(got.late(1, "parent_id"), "");
}

// Keys of other types and of several columns, and two references to one entity.

struct Link {
  std::string_view region;
  std::int64_t number;
  mig::uuid tag;
  std::int64_t first;
  std::int64_t second;
};

struct LinkTarget {
  std::int64_t by_pair;
  std::optional<std::string_view> by_tag;
  mig::uuid first_id;
  std::optional<mig::uuid> second_id;
};

struct Links {
  static constexpr std::string_view name = "links";
  static constexpr auto source =
      mig::from<Link>("s.t", mig::key("region", &Link::region), mig::key("number", &Link::number),
                      mig::col("tag", &Link::tag), mig::col("first", &Link::first),
                      mig::col("second", &Link::second));
  static constexpr auto target = mig::into<LinkTarget>(
      "s.u", mig::reference("by_pair", &LinkTarget::by_pair, "geo.places", mig::missing::reject),
      mig::reference("by_tag", &LinkTarget::by_tag, "geo.tags", mig::missing::null),
      mig::reference("first_id", &LinkTarget::first_id, "core.users", mig::missing::reject),
      mig::reference("second_id", &LinkTarget::second_id, "core.users", mig::missing::null));

  void transform(const Link& row, mig::output<Links>& out) {
    const auto place = out.resolve<"geo.places">(row.region, row.number);
    static_assert(std::is_same_v<decltype(place), const mig::resolved<std::int64_t>>);
    if (!place) return;
    const auto tag = out.resolve<"geo.tags">(row.tag);
    static_assert(std::is_same_v<decltype(tag), const std::optional<std::string_view>>);
    const auto first = out.resolve<"first_id">(row.first);
    if (!first) return;
    out.row(LinkTarget{.by_pair = *place,
                       .by_tag = tag,
                       .first_id = *first,
                       .second_id = out.resolve<"second_id">(row.second)});
  }
};

TEST(Resolve, KeysOfEveryType) {
  const auto got = bench{plugin_of<TestFamily, Links>()}
                       .knows("geo.places", {"eu", 4}, 44)
                       .knows("geo.tags", mig::namespace_dns, "dns")
                       .knows("core.users", 1)
                       .knows("core.users", 2)
                       .run<Links>({{"eu", 4, mig::namespace_dns, 1, 2},
                                    {"us", 4, mig::namespace_dns, 1, 2},
                                    {"eu", 4, mig::namespace_url, 1, 3}});
  ASSERT_TRUE(got.clean());
  EXPECT_EQ(got.row(0).integer("by_pair"), 44);
  EXPECT_EQ(got.row(0).text("by_tag"), "dns");
  EXPECT_EQ(got.row(0).uuid("second_id"), key_of("core.users", 2));
  EXPECT_TRUE(got.rejected(1, "missing_parent"));
  EXPECT_TRUE(got.row(2).is_null("by_tag"));
  EXPECT_TRUE(got.row(2).is_null("second_id"));
}

TEST(Resolve, KeyOfAnotherTypeThanTheColumnFailsTheRun) {
  const auto got = bench{plugin_of<TestFamily, Links>()}
                       .knows("geo.places", {"eu", 4}, "text")
                       .run<Links>({{"eu", 4, mig::namespace_dns, 1, 2}});
  EXPECT_EQ(got.status, MIG_FAILED);
}

struct Action {
  std::int64_t id;
  bool of_user;
  std::optional<std::int64_t> item_id, owner_id;
};

struct Done {
  mig::uuid item_id;
  std::optional<mig::uuid> owner_id;
};

/// Two columns that may hold the keys of two entities each.
struct Actions {
  static constexpr std::string_view name = "actions";
  static constexpr auto source = mig::from<Action>(
      "s.t", mig::key("id", &Action::id), mig::col("of_user", &Action::of_user),
      mig::col("item_id", &Action::item_id), mig::col("owner_id", &Action::owner_id));
  static constexpr auto target = mig::into<Done>(
      "s.u", mig::identity("id"),
      mig::polymorphic("item_id", &Done::item_id, mig::missing::reject, "core.users",
                       "core.orders"),
      mig::if_loaded(mig::polymorphic("owner_id", &Done::owner_id, mig::missing::null, "core.users",
                                      "clinical.plans")));

  void transform(const Action& row, mig::output<Actions>& out) {
    const auto item = row.of_user ? out.resolve<"item_id", "core.users">(row.item_id)
                                  : out.resolve<"core.orders">(row.item_id);
    if (!item) return;
    out.row(Done{*item, row.of_user ? out.resolve<"owner_id", "core.users">(row.owner_id)
                                    : out.resolve<"clinical.plans">(row.owner_id)});
  }
};

TEST(Resolve, APolymorphicColumnHoldsKeysOfSeveralEntities) {
  bench actions{plugin_of<TestFamily, Actions>()};
  actions.knows("core.users", 5).knows("core.orders", 5).knows("clinical.plans", 6);
  const auto got = actions.run<Actions>({{1, true, 5, 5}, {2, false, 5, 6}, {3, false, 6, {}}});
  EXPECT_EQ(got.row(0).uuid("item_id"), key_of("core.users", 5));
  EXPECT_EQ(got.row(0).uuid("owner_id"), key_of("core.users", 5));
  EXPECT_EQ(got.row(1).uuid("item_id"), key_of("core.orders", 5));
  EXPECT_EQ(got.row(1).uuid("owner_id"), key_of("clinical.plans", 6));
  EXPECT_TRUE(got.rejected(2, "missing_parent"));
  EXPECT_EQ(got.column(2, "missing_parent"), "item_id");
  EXPECT_TRUE(got.clean());
}

TEST(Resolve, ThePolymorphicColumnStandsInTheManifestOnceForEachEntity) {
  const mig_entity& entity = *plugin_of<TestFamily, Actions>()->entities[0];
  ASSERT_EQ(entity.n_references, 4u);
  EXPECT_EQ(view(entity.references[1]->column), "item_id");
  EXPECT_EQ(view(entity.references[1]->entity), "core.orders");
  EXPECT_EQ(entity.references[1]->if_loaded, 0);
  EXPECT_EQ(view(entity.references[2]->column), "owner_id");
  EXPECT_EQ(entity.references[3]->if_loaded, 1);
}

}  // namespace
