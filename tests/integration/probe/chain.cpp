// A plugin for the tests of replay: five levels that hang on each other, with every policy for a
// missing parent, keys of one number, of text, and of two columns.
#include <cstdint>
#include <mighost/plugin.hpp>
#include <optional>
#include <string_view>

namespace {

struct RegionSource {
  std::int64_t id;
  std::optional<std::string_view> name;
};

struct RegionTarget {
  std::int64_t legacy_id;
  std::string_view name;
};

/// The top: a region without a name is rejected, one that is closed is left out.
struct Regions {
  static constexpr std::string_view name = "regions";
  static constexpr bool parallel = true;
  static constexpr auto source = mig::from<RegionSource>(
      "public.regions", mig::key("id", &RegionSource::id), mig::col("name", &RegionSource::name));
  static constexpr auto target = mig::into<RegionTarget>(
      "public.regions", mig::identity("id"), mig::legacy("legacy_id", &RegionTarget::legacy_id),
      mig::col("name", &RegionTarget::name));
  static constexpr mig::code codes[] = {{"nameless", "a region without a name"}};
  static constexpr mig::filter filters[] = {{"name IS DISTINCT FROM 'closed'", "closed", "closed"}};

  void transform(const RegionSource& row, mig::output<Regions>& out) {
    if (!row.name) return out.reject<"nameless">("name");
    out.row(RegionTarget{row.id, *row.name});
  }
};

struct OwnerSource {
  std::string_view code;
  std::int64_t region;
  std::optional<std::string_view> boss;
  std::optional<mig::numeric> debt;
};

struct OwnerTarget {
  std::string_view legacy_code;
  mig::uuid region_id;
  std::optional<mig::uuid> boss_id;
  std::optional<mig::numeric> debt;
};

/// Keys of text, a late reference to their like, a control total.
struct Owners {
  static constexpr std::string_view name = "owners";
  static constexpr bool parallel = true;
  static constexpr auto source = mig::from<OwnerSource>(
      "public.owners", mig::key("code", &OwnerSource::code),
      mig::col("region", &OwnerSource::region), mig::col("boss", &OwnerSource::boss),
      mig::col("debt", &OwnerSource::debt));
  static constexpr auto target = mig::into<OwnerTarget>(
      "public.owners", mig::identity("id"), mig::legacy("legacy_code", &OwnerTarget::legacy_code),
      mig::reference("region_id", &OwnerTarget::region_id, "chain.regions", mig::missing::reject),
      mig::late_reference("boss_id", &OwnerTarget::boss_id, "chain.owners", mig::missing::null),
      mig::col("debt", &OwnerTarget::debt));
  static constexpr mig::total totals[] = {{"debt", "debt", "debt"}};

  void transform(const OwnerSource& row, mig::output<Owners>& out) {
    const auto region = out.resolve<"region_id">(row.region);
    const auto boss = out.resolve<"boss_id">(row.boss);
    if (!region) return;
    out.row(OwnerTarget{row.code, *region, boss, row.debt});
  }
};

struct EstateSource {
  std::int64_t district;
  std::int64_t number;
  std::string_view owner;
  std::optional<std::string_view> agent;
  std::optional<std::string_view> remark;
};

struct EstateTarget {
  std::int64_t legacy_district;
  std::int64_t legacy_number;
  mig::uuid owner_id;
  std::optional<mig::uuid> agent_id;
  std::optional<std::string_view> remark;
};

/// Keys of two columns; an owner without whom it does not go, an agent without whom it does.
struct Estates {
  static constexpr std::string_view name = "estates";
  static constexpr bool parallel = true;
  static constexpr auto source = mig::from<EstateSource>(
      "public.estates", mig::key("district", &EstateSource::district),
      mig::key("number", &EstateSource::number), mig::col("owner", &EstateSource::owner),
      mig::col("agent", &EstateSource::agent), mig::col("remark", &EstateSource::remark));
  static constexpr auto target = mig::into<EstateTarget>(
      "public.estates", mig::identity("id"),
      mig::legacy("legacy_district", &EstateTarget::legacy_district),
      mig::legacy("legacy_number", &EstateTarget::legacy_number),
      mig::reference("owner_id", &EstateTarget::owner_id, "chain.owners", mig::missing::reject),
      mig::reference("agent_id", &EstateTarget::agent_id, "chain.owners", mig::missing::null),
      mig::col("remark", &EstateTarget::remark));

  void transform(const EstateSource& row, mig::output<Estates>& out) {
    const auto owner = out.resolve<"owner_id">(row.owner);
    const auto agent = out.resolve<"agent_id">(row.agent);
    if (!owner) return;
    out.row(EstateTarget{row.district, row.number, *owner, agent, row.remark});
  }
};

struct RoomSource {
  std::int64_t id;
  std::int64_t district;
  std::int64_t number;
};

struct RoomTarget {
  std::int64_t legacy_id;
  mig::uuid estate_id;
};

/// Waits for its estate, whether that is held back or not there at all.
struct Rooms {
  static constexpr std::string_view name = "rooms";
  static constexpr bool parallel = true;
  static constexpr auto source = mig::from<RoomSource>(
      "public.rooms", mig::key("id", &RoomSource::id), mig::col("district", &RoomSource::district),
      mig::col("number", &RoomSource::number));
  static constexpr auto target = mig::into<RoomTarget>(
      "public.rooms", mig::identity("id"), mig::legacy("legacy_id", &RoomTarget::legacy_id),
      mig::reference("estate_id", &RoomTarget::estate_id, "chain.estates", mig::missing::park));

  void transform(const RoomSource& row, mig::output<Rooms>& out) {
    const auto estate = out.resolve<"estate_id">(row.district, row.number);
    if (!estate) return;
    out.row(RoomTarget{row.id, *estate});
  }
};

struct ItemSource {
  std::int64_t id;
  std::int64_t room;
};

struct ItemTarget {
  mig::uuid room_id;
};

/// The bottom; its target does not remember the legacy key.
struct Items {
  static constexpr std::string_view name = "items";
  static constexpr bool parallel = true;
  static constexpr auto source = mig::from<ItemSource>(
      "public.items", mig::key("id", &ItemSource::id), mig::col("room", &ItemSource::room));
  static constexpr auto target = mig::into<ItemTarget>(
      "public.items", mig::identity("id"),
      mig::reference("room_id", &ItemTarget::room_id, "chain.rooms", mig::missing::reject));

  void transform(const ItemSource& row, mig::output<Items>& out) {
    const auto room = out.resolve<"room_id">(row.room);
    if (!room) return;
    out.row(ItemTarget{*room});
  }
};

struct Chain {
  static constexpr std::string_view family = "chain";
  static constexpr std::string_view description = "entities for the tests of replay";
};

}  // namespace

MIGHOST_PLUGIN(Chain, Regions, Owners, Estates, Rooms, Items)
