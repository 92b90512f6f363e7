// A plugin for the tests that interrupt a migration: entities that may be cut into chunks, and
// every way in which a row can go, wait, be refused, or be completed later.
#include <cstdint>
#include <mighost/plugin.hpp>
#include <optional>
#include <string_view>

namespace {

struct TownSource {
  std::int64_t id;
  std::optional<std::string_view> name;
};

struct TownTarget {
  std::string_view name;
};

/// Keeps its key, into a column with a sequence. A town without a name is refused.
struct Towns {
  static constexpr std::string_view name = "towns";
  static constexpr auto source = mig::from<TownSource>(
      "public.towns", mig::key("id", &TownSource::id), mig::col("name", &TownSource::name));
  static constexpr auto target = mig::into<TownTarget>("public.towns", mig::kept_identity("id"),
                                                       mig::col("name", &TownTarget::name));
  static constexpr mig::code codes[] = {{"nameless", "a town without a name"}};

  void transform(const TownSource& row, mig::output<Towns>& out) {
    if (!row.name) return out.reject<"nameless">("name");
    out.row(TownTarget{*row.name});
  }
};

struct PersonSource {
  std::int64_t id;
  std::string_view code;
  std::int64_t town;
  std::optional<std::int64_t> friend_of;
  std::optional<mig::numeric> debt;
};

struct PersonTarget {
  std::int64_t legacy_id;
  std::string_view code;
  std::int64_t town_id;
  std::optional<mig::uuid> friend_id;
  std::optional<mig::numeric> debt;
};

/// Waits for its town; friends come later in the stream as often as earlier; the server refuses a
/// code that it has already; some are left out, and some are noted.
struct People {
  static constexpr std::string_view name = "people";
  static constexpr bool parallel = true;
  static constexpr auto source = mig::from<PersonSource>(
      "public.people", mig::key("id", &PersonSource::id), mig::col("code", &PersonSource::code),
      mig::col("town", &PersonSource::town), mig::col("friend_of", &PersonSource::friend_of),
      mig::col("debt", &PersonSource::debt));
  static constexpr auto target = mig::into<PersonTarget>(
      "public.people", mig::identity("id"), mig::legacy("legacy_id", &PersonTarget::legacy_id),
      mig::col("code", &PersonTarget::code),
      mig::reference("town_id", &PersonTarget::town_id, "crowd.towns", mig::missing::park),
      mig::late_reference("friend_id", &PersonTarget::friend_id, "crowd.people",
                          mig::missing::null),
      mig::col("debt", &PersonTarget::debt));
  static constexpr mig::filter filters[] = {{"code <> 'gone'", "gone", "people who have left"}};
  static constexpr mig::code codes[] = {{"odd", "a note on every hundredth row"}};
  static constexpr mig::total totals[] = {{"debt", "debt", "debt"}};

  void transform(const PersonSource& row, mig::output<People>& out) {
    const auto town = out.resolve<"town_id">(row.town);
    const auto friend_id = out.resolve<"friend_id">(row.friend_of);
    if (!town) return;
    if (row.id % 100 == 0) out.note<"odd">("code", "hundredth");
    out.row(PersonTarget{row.id, row.code, *town, friend_id, row.debt});
  }
};

struct VisitSource {
  std::int64_t id;
  std::int64_t guest;
  std::optional<std::int64_t> host;
};

struct VisitTarget {
  mig::uuid guest_id;
  std::optional<mig::uuid> host_id;
};

/// Refused without its guest, noted without its host; the target does not remember the legacy key.
struct Visits {
  static constexpr std::string_view name = "visits";
  static constexpr bool parallel = true;
  static constexpr auto source = mig::from<VisitSource>(
      "public.visits", mig::key("id", &VisitSource::id), mig::col("guest", &VisitSource::guest),
      mig::col("host", &VisitSource::host));
  static constexpr auto target = mig::into<VisitTarget>(
      "public.visits", mig::identity("id"),
      mig::reference("guest_id", &VisitTarget::guest_id, "crowd.people", mig::missing::reject),
      mig::reference("host_id", &VisitTarget::host_id, "crowd.people", mig::missing::null));

  void transform(const VisitSource& row, mig::output<Visits>& out) {
    const auto guest = out.resolve<"guest_id">(row.guest);
    const auto host = out.resolve<"host_id">(row.host);
    if (!guest) return;
    out.row(VisitTarget{*guest, host});
  }
};

struct Crowd {
  static constexpr std::string_view family = "crowd";
  static constexpr std::string_view description = "entities for the tests that interrupt";
};

}  // namespace

MIGHOST_PLUGIN(Crowd, Towns, People, Visits)
