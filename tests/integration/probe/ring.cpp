// A plugin for the tests of rollback: two entities whose rows refer to each other in a circle, one
// of the two references set late.
#include <cstdint>
#include <mighost/plugin.hpp>
#include <optional>
#include <string_view>

namespace {

struct TeamSource {
  std::int64_t id;
  std::optional<std::int64_t> lead;
};

struct TeamTarget {
  std::int64_t legacy_id;
  std::optional<mig::uuid> lead_id;
};

struct Teams {
  static constexpr std::string_view name = "teams";
  static constexpr bool parallel = true;
  static constexpr auto source = mig::from<TeamSource>(
      "public.teams", mig::key("id", &TeamSource::id), mig::col("lead", &TeamSource::lead));
  static constexpr auto target = mig::into<TeamTarget>(
      "public.teams", mig::identity("id"), mig::legacy("legacy_id", &TeamTarget::legacy_id),
      mig::late_reference("lead_id", &TeamTarget::lead_id, "ring.people", mig::missing::null));

  void transform(const TeamSource& row, mig::output<Teams>& out) {
    out.row(TeamTarget{row.id, out.resolve<"lead_id">(row.lead)});
  }
};

struct PersonSource {
  std::int64_t id;
  std::int64_t team;
};

struct PersonTarget {
  std::int64_t legacy_id;
  mig::uuid team_id;
};

struct People {
  static constexpr std::string_view name = "people";
  static constexpr bool parallel = true;
  static constexpr auto source = mig::from<PersonSource>(
      "public.people", mig::key("id", &PersonSource::id), mig::col("team", &PersonSource::team));
  static constexpr auto target = mig::into<PersonTarget>(
      "public.people", mig::identity("id"), mig::legacy("legacy_id", &PersonTarget::legacy_id),
      mig::reference("team_id", &PersonTarget::team_id, "ring.teams", mig::missing::reject));

  void transform(const PersonSource& row, mig::output<People>& out) {
    const auto team = out.resolve<"team_id">(row.team);
    if (!team) return;
    out.row(PersonTarget{row.id, *team});
  }
};

/// Nobody refers to them.
struct Badges {
  static constexpr std::string_view name = "badges";
  static constexpr bool parallel = true;
  static constexpr auto source = mig::from<PersonSource>(
      "public.badges", mig::key("id", &PersonSource::id), mig::col("team", &PersonSource::team));
  static constexpr auto target = mig::into<PersonTarget>(
      "public.badges", mig::identity("id"), mig::legacy("legacy_id", &PersonTarget::legacy_id),
      mig::reference("team_id", &PersonTarget::team_id, "ring.teams", mig::missing::reject));

  void transform(const PersonSource& row, mig::output<Badges>& out) {
    const auto team = out.resolve<"team_id">(row.team);
    if (!team) return;
    out.row(PersonTarget{row.id, *team});
  }
};

struct Ring {
  static constexpr std::string_view family = "ring";
  static constexpr std::string_view description = "entities that refer to each other in a circle";
};

}  // namespace

MIGHOST_PLUGIN(Ring, Teams, People, Badges)
