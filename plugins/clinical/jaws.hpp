// clinical.jaws: what is prescribed for an upper or a lower jaw. A jaw does not know whose it is;
// the instructions that name it tell (domain 3.4, D-24).
#pragma once

#include "codes.hpp"

namespace clinical {

struct legacy_jaw {
  std::int64_t id = 0;
  std::string_view bond_teeth{}, extract_teeth{};
  std::optional<std::int64_t> reason{}, product_id{};
  std::optional<bool> labial{};
  std::int64_t namings = 0;                      // by how many instructions, and on which sides
  std::optional<std::int64_t> instruction_id{};  // the lowest of them
  std::optional<bool> is_upper{};                // on which side that one names it
};

struct jaw {
  mig::uuid order_id{};
  std::optional<mig::uuid> product_id{};
  std::string_view jaw_type{};
  std::optional<bool> labial{};
  maybe_text bond_teeth{}, extract_teeth{}, replacement_reason{};
  std::int64_t legacy_jaw_id = 0;
  mig::json metadata{};
};

/// One row for each jaw. An instruction that names a jaw on both sides counts twice, and then the
/// upper side stands for it.
inline constexpr std::string_view jaws_query = R"sql(
select j.id, j.bond_teeth, j.extract_teeth, j.reason, j.product_id, j.labial,
       coalesce(o.namings, 0) as namings, o.instruction_id, o.is_upper
from public.dispatch_jaw j
left join (
  select jaw_id, count(*) as namings, min(instruction_id) as instruction_id,
         (array_agg(is_upper order by instruction_id, is_upper desc))[1] as is_upper
  from (
    select upper_jaw_id as jaw_id, id as instruction_id, true as is_upper
    from public.dispatch_instruction
    where upper_jaw_id is not null
    union all
    select lower_jaw_id, id, false
    from public.dispatch_instruction
    where lower_jaw_id is not null
  ) named
  group by jaw_id
) o on o.jaw_id = j.id
)sql";

struct jaws {
  static constexpr std::string_view name = "jaws";
  static constexpr std::string_view description =
      "prescriptions for one jaw, owned by the first instruction that names the jaw";
  static constexpr bool parallel = true;

  static constexpr auto source = mig::from_query<legacy_jaw>(
      "public.dispatch_jaw", jaws_query, mig::key("id", &legacy_jaw::id),
      mig::col("bond_teeth", &legacy_jaw::bond_teeth),
      mig::col("extract_teeth", &legacy_jaw::extract_teeth),
      mig::col("reason", &legacy_jaw::reason), mig::col("product_id", &legacy_jaw::product_id),
      mig::col("labial", &legacy_jaw::labial), mig::col("namings", &legacy_jaw::namings),
      mig::col("instruction_id", &legacy_jaw::instruction_id),
      mig::col("is_upper", &legacy_jaw::is_upper));

  static constexpr auto target = mig::into<jaw>(
      "public.jaws", mig::identity("id"), mig::legacy("legacy_jaw_id", &jaw::legacy_jaw_id),
      mig::reference("order_id", &jaw::order_id, "core.orders", mig::missing::reject),
      mig::reference("product_id", &jaw::product_id, "core.products", mig::missing::null),
      mig::col("jaw_type", &jaw::jaw_type), mig::col("labial", &jaw::labial),
      mig::col("bond_teeth", &jaw::bond_teeth), mig::col("extract_teeth", &jaw::extract_teeth),
      mig::col("replacement_reason", &jaw::replacement_reason),
      mig::col("metadata", &jaw::metadata));

  static constexpr mig::code codes[] = {
      unknown_enum,
      {"orphan", "no instruction names the jaw"},
      {"ambiguous_parent",
       "several instructions, or both sides of one, name the jaw; it went to "
       "the instruction with the lowest id"},
      {"teeth_invalid", "teeth that are not sixteen digits 0 or 1; the text is in metadata"},
  };

  static constexpr mig::total totals[] = {
      {"bonded teeth",
       "case when bond_teeth ~ '^[01]{16}$' then length(replace(bond_teeth, '0', '')) end",
       "length(replace(bond_teeth, '0', ''))"},
      {"extracted teeth",
       "case when extract_teeth ~ '^[01]{16}$' then length(replace(extract_teeth, '0', '')) end",
       "length(replace(extract_teeth, '0', ''))"},
  };

  static constexpr mig::assertion assertions[] = {
      {"jaw-teeth-are-bits",
       "select id from public.jaws where legacy_jaw_id is not null "
       "and (bond_teeth !~ '^[01]{16}$' or extract_teeth !~ '^[01]{16}$')",
       "teeth of a jaw are sixteen digits 0 or 1, or unknown"}};

  explicit jaws(const mig::settings& settings)
      : reasons_(jaw_reasons, jaw_reason_words, settings, "jaw_reason") {}

  void transform(const legacy_jaw& row, mig::output<jaws>& out) {
    if (row.namings == 0) return out.reject<"orphan">();
    const maybe_text reason = row.reason ? reasons_(*row.reason) : std::nullopt;
    if (row.reason && !reason) return out.reject<"unknown_enum">("reason", digits{*row.reason});
    const auto order = out.resolve<"core.orders">(row.instruction_id);
    if (!order) return;
    start_metadata(row, out);
    jaw to{.order_id = *order,
           .product_id = out.resolve<"core.products">(row.product_id),
           .jaw_type = row.is_upper.value_or(false) ? "upper" : "lower",
           .labial = row.labial,
           .replacement_reason = reason,
           .legacy_jaw_id = row.id};
    add_teeth(row, to, out);
    to.metadata = out.keep(metadata_);
    out.row(to);
  }

 private:
  static bool are_teeth(std::string_view text) {
    constexpr std::size_t teeth_of_a_jaw = 16;
    return text.size() == teeth_of_a_jaw && text.find_first_not_of("01") == text.npos;
  }

  void start_metadata(const legacy_jaw& row, mig::output<jaws>& out) {
    metadata_.clear();
    metadata_.add("reason", row.reason);
    if (row.namings < 2) return;
    metadata_.add("owners", row.namings);
    out.note<"ambiguous_parent">("order_id", digits{row.namings});
  }

  /// One note for both columns (D-26).
  void add_teeth(const legacy_jaw& row, jaw& to, mig::output<jaws>& out) {
    const bool bond_valid = are_teeth(row.bond_teeth);
    const bool extract_valid = are_teeth(row.extract_teeth);
    if (bond_valid) to.bond_teeth = row.bond_teeth;
    if (extract_valid) to.extract_teeth = row.extract_teeth;
    if (bond_valid && extract_valid) return;
    if (!bond_valid) metadata_.add("bond_teeth", row.bond_teeth);
    if (!extract_valid) metadata_.add("extract_teeth", row.extract_teeth);
    out.note<"teeth_invalid">(bond_valid ? "extract_teeth" : "bond_teeth");
  }

  mig::code_map reasons_;
  mig::json_object metadata_;
};

}  // namespace clinical
