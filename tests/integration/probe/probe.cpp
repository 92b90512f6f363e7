// A plugin for the tests of the data path: each entity exercises one way a row can go or be
// refused.
#include <cstdint>
#include <mighost/plugin.hpp>
#include <optional>
#include <string_view>

namespace {

/// Every value passes through, so that the server decides: unique, check, length, foreign key,
/// encoding, rounding.
struct ThingSource {
  std::int64_t id;
  std::optional<std::string_view> code;
  std::optional<mig::numeric> amount;
  std::optional<std::int64_t> shelf;
  std::optional<std::string_view> kind;
  std::optional<std::int64_t> small;
};

struct ThingTarget {
  std::int64_t legacy_id;
  std::optional<std::string_view> code;
  std::optional<mig::numeric> amount;
  std::optional<std::int64_t> shelf;
  std::optional<std::string_view> kind;
  std::optional<std::int64_t> small;
};

struct Things {
  static constexpr std::string_view name = "things";
  static constexpr bool parallel = true;
  static constexpr auto source = mig::from<ThingSource>(
      "public.things", mig::key("id", &ThingSource::id), mig::col("code", &ThingSource::code),
      mig::col("amount", &ThingSource::amount), mig::col("shelf", &ThingSource::shelf),
      mig::col("kind", &ThingSource::kind), mig::col("small", &ThingSource::small));
  static constexpr auto target = mig::into<ThingTarget>(
      "public.things", mig::identity("id"), mig::legacy("legacy_id", &ThingTarget::legacy_id),
      mig::col("code", &ThingTarget::code), mig::col("amount", &ThingTarget::amount),
      mig::col("shelf", &ThingTarget::shelf), mig::col("kind", &ThingTarget::kind),
      mig::col("small", &ThingTarget::small));
  static constexpr mig::code codes[] = {{"odd", "a note on every thirteenth row"}};
  static constexpr mig::total totals[] = {{"amount", "amount", "amount"}};

  void transform(const ThingSource& row, mig::output<Things>& out) {
    if (row.id % 13 == 0) out.note<"odd">("code", "thirteen");
    out.row(ThingTarget{row.id, row.code, row.amount, row.shelf, row.kind, row.small});
  }
};

/// References things with each policy.
struct PartSource {
  std::int64_t id;
  std::optional<std::int64_t> thing;
  std::optional<std::int64_t> spare;
};

struct PartTarget {
  std::int64_t legacy_id;
  mig::uuid thing_id;
  std::optional<mig::uuid> spare_id;
};

struct Parts {
  static constexpr std::string_view name = "parts";
  static constexpr bool parallel = true;
  static constexpr auto source = mig::from<PartSource>(
      "public.parts", mig::key("id", &PartSource::id), mig::col("thing", &PartSource::thing),
      mig::col("spare", &PartSource::spare));
  static constexpr auto target = mig::into<PartTarget>(
      "public.parts", mig::identity("id"), mig::legacy("legacy_id", &PartTarget::legacy_id),
      mig::reference("thing_id", &PartTarget::thing_id, "probe.things", mig::missing::reject),
      mig::reference("spare_id", &PartTarget::spare_id, "probe.things", mig::missing::null));

  void transform(const PartSource& row, mig::output<Parts>& out) {
    const auto thing = out.resolve<"thing_id">(row.thing);
    const auto spare = out.resolve<"spare_id">(row.spare);
    if (!thing) return;
    out.row(PartTarget{row.id, *thing, spare});
  }
};

/// A tree: parents come later in the stream as often as earlier.
struct NodeSource {
  std::int64_t id;
  std::optional<std::int64_t> parent;
};

struct NodeTarget {
  std::int64_t legacy_id;
  std::optional<mig::uuid> parent_id;
};

struct Nodes {
  static constexpr std::string_view name = "nodes";
  static constexpr bool parallel = true;
  static constexpr auto source = mig::from<NodeSource>(
      "public.nodes", mig::key("id", &NodeSource::id), mig::col("parent", &NodeSource::parent));
  static constexpr auto target = mig::into<NodeTarget>(
      "public.nodes", mig::identity("id"), mig::legacy("legacy_id", &NodeTarget::legacy_id),
      mig::late_reference("parent_id", &NodeTarget::parent_id, "probe.nodes", mig::missing::null));

  void transform(const NodeSource& row, mig::output<Nodes>& out) {
    const auto parent = out.resolve<"probe.nodes">(row.parent);
    out.row(NodeTarget{row.id, parent});
  }
};

/// A key of text and uuid, and no column in the target that remembers it.
struct PairSource {
  std::string_view name;
  mig::uuid token;
  std::int64_t rank;
};

struct PairTarget {
  std::string_view name;
  std::int64_t rank;
};

struct Pairs {
  static constexpr std::string_view name = "pairs";
  static constexpr bool parallel = true;
  static constexpr auto source = mig::from<PairSource>(
      "public.pairs", mig::key("name", &PairSource::name), mig::key("token", &PairSource::token),
      mig::col("rank", &PairSource::rank));
  static constexpr auto target = mig::into<PairTarget>("public.pairs", mig::identity("id"),
                                                       mig::col("name", &PairTarget::name),
                                                       mig::col("rank", &PairTarget::rank));
  static constexpr mig::filter filters[] = {{"rank >= 0", "negative_rank", "ranks below zero"}};
  static constexpr mig::code codes[] = {{"merged_rank", "never reported"}};

  void transform(const PairSource& row, mig::output<Pairs>& out) {
    out.row(PairTarget{row.name, row.rank});
  }
};

/// Keeps its legacy key, into a column with a sequence.
struct KeptSource {
  std::int64_t id;
  std::string_view label;
};

struct KeptTarget {
  std::string_view label;
};

struct Kept {
  static constexpr std::string_view name = "kept";
  static constexpr auto source = mig::from<KeptSource>(
      "public.kept", mig::key("id", &KeptSource::id), mig::col("label", &KeptSource::label));
  static constexpr auto target = mig::into<KeptTarget>("public.kept", mig::kept_identity("id"),
                                                       mig::col("label", &KeptTarget::label));

  void transform(const KeptSource& row, mig::output<Kept>& out) { out.row(KeptTarget{row.label}); }
};

/// Rows that are in the target already, found by their e-mail; 'same as N' merges into row N.
struct MemberSource {
  std::int64_t id;
  std::string_view email;
};

struct MemberTarget {
  std::string_view email;
};

struct Members {
  static constexpr std::string_view name = "members";
  static constexpr bool optional = true;
  static constexpr auto source = mig::from<MemberSource>(
      "public.members", mig::key("id", &MemberSource::id), mig::col("email", &MemberSource::email));
  static constexpr auto target = mig::into<MemberTarget>(
      "public.accounts", mig::natural_identity("id"), mig::natural("email", &MemberTarget::email));

  void transform(const MemberSource& row, mig::output<Members>& out) {
    out.row(MemberTarget{row.email});
  }
};

/// References members; keys of its own making; a row without a serial is the one before it again.
struct BadgeSource {
  std::int64_t id;
  std::int64_t member;
  std::optional<std::int64_t> serial;
};

struct BadgeTarget {
  std::int64_t serial;
  std::int64_t legacy_id;
  mig::uuid account_id;
};

struct Badges {
  static constexpr std::string_view name = "badges";
  static constexpr bool optional = true;
  static constexpr auto source = mig::from<BadgeSource>(
      "public.badges", mig::key("id", &BadgeSource::id), mig::col("member", &BadgeSource::member),
      mig::col("serial", &BadgeSource::serial));
  static constexpr auto target = mig::into<BadgeTarget>(
      "public.badges", mig::assigned_identity("serial", &BadgeTarget::serial),
      mig::legacy("legacy_id", &BadgeTarget::legacy_id),
      mig::reference("account_id", &BadgeTarget::account_id, "probe.members",
                     mig::missing::reject));

  void transform(const BadgeSource& row, mig::output<Badges>& out) {
    if (!row.serial) return out.merge_into(row.id - 1);
    const auto account = out.resolve<"probe.members">(row.member);
    if (!account) return;
    out.bind_key(*row.serial);
    out.row(BadgeTarget{*row.serial, row.id, *account});
  }
};

/// References badges, whose keys can only be known from the run or from the target.
struct LoanSource {
  std::int64_t id;
  std::int64_t badge;
};

struct LoanTarget {
  std::int64_t legacy_id;
  std::int64_t badge_serial;
};

struct Loans {
  static constexpr std::string_view name = "loans";
  static constexpr bool optional = true;
  static constexpr auto source = mig::from<LoanSource>(
      "public.loans", mig::key("id", &LoanSource::id), mig::col("badge", &LoanSource::badge));
  static constexpr auto target = mig::into<LoanTarget>(
      "public.loans", mig::identity("id"), mig::legacy("legacy_id", &LoanTarget::legacy_id),
      mig::reference("badge_serial", &LoanTarget::badge_serial, "probe.badges",
                     mig::missing::reject));

  void transform(const LoanSource& row, mig::output<Loans>& out) {
    const auto badge = out.resolve<"probe.badges">(row.badge);
    if (!badge) return;
    out.row(LoanTarget{row.id, *badge});
  }
};

/// A control total over a column that the target's table makes itself.
struct RateSource {
  std::int64_t id;
  std::optional<mig::numeric> amount;
};

struct RateTarget {
  std::int64_t legacy_id;
  std::optional<mig::numeric> amount;
};

struct Rates {
  static constexpr std::string_view name = "rates";
  static constexpr bool optional = true;
  static constexpr auto source = mig::from<RateSource>(
      "public.rates", mig::key("id", &RateSource::id), mig::col("amount", &RateSource::amount));
  static constexpr auto target = mig::into<RateTarget>(
      "public.rates", mig::identity("id"), mig::legacy("legacy_id", &RateTarget::legacy_id),
      mig::col("amount", &RateTarget::amount));
  static constexpr mig::total totals[] = {{"doubled", "amount * 2", "doubled"}};

  void transform(const RateSource& row, mig::output<Rates>& out) {
    out.row(RateTarget{row.id, row.amount});
  }
};

struct Probe {
  static constexpr std::string_view family = "probe";
  static constexpr std::string_view description = "entities for the tests of the data path";
};

}  // namespace

MIGHOST_PLUGIN(Probe, Things, Parts, Nodes, Pairs, Kept, Members, Badges, Loans, Rates)
