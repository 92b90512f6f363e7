// financial.discounts: percentages off an offer (domain 3.5). Odd windows and counters are the
// laboratory's own and go as they are (D-52); a discount of no offer says nothing.
#pragma once

#include <string>

#include "lab/text.hpp"
#include "money.hpp"

namespace financial {

using lab::maybe_text;

struct legacy_discount {
  std::int64_t id = 0;
  mig::numeric percent{};
  maybe_text reason{};
  std::optional<std::int64_t> count{}, used{};
  std::optional<mig::timestamptz> start{}, finish{};
  std::optional<bool> total{};
  std::optional<std::int64_t> offer_id{};
};

struct discount {
  mig::uuid offer_id{};
  std::string_view name{}, code{}, discount_type = "percentage";
  mig::numeric percentage{};
  std::optional<mig::timestamptz> valid_from{}, valid_until{};
  std::optional<std::int64_t> max_uses{}, current_uses{};
  std::int64_t legacy_discount_id = 0;
  mig::json metadata{};
};

/// 50.00 as "50", 12.50 as "12.5": how people write a percentage.
inline std::string percent_text(const mig::decimal& percent) {
  std::string text = percent.to_text();
  if (text.find('.') == text.npos) return text;
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

struct discounts {
  static constexpr std::string_view name = "discounts";
  static constexpr std::string_view description = "percentages off an offer, with their window";
  static constexpr bool parallel = true;

  static constexpr auto source = mig::from<legacy_discount>(
      "public.dispatch_discount", mig::key("id", &legacy_discount::id),
      mig::col("percent", &legacy_discount::percent), mig::col("reason", &legacy_discount::reason),
      mig::col("count", &legacy_discount::count), mig::col("start", &legacy_discount::start),
      mig::col("finish", &legacy_discount::finish), mig::col("total", &legacy_discount::total),
      mig::col("used", &legacy_discount::used), mig::col("offer_id", &legacy_discount::offer_id));

  static constexpr auto target = mig::into<discount>(
      "public.discounts", mig::identity("id"),
      mig::legacy("legacy_discount_id", &discount::legacy_discount_id),
      mig::reference("offer_id", &discount::offer_id, "financial.offers", mig::missing::reject),
      mig::col("name", &discount::name), mig::col("code", &discount::code),
      mig::col("discount_type", &discount::discount_type),
      mig::col("percentage", &discount::percentage), mig::col("valid_from", &discount::valid_from),
      mig::col("valid_until", &discount::valid_until), mig::col("max_uses", &discount::max_uses),
      mig::col("current_uses", &discount::current_uses), mig::col("metadata", &discount::metadata));

  static constexpr mig::code codes[] = {
      {"percent_range", "a percentage lies between 0 and 100"},
      name_missing,
      {"window_inverted", "the discount starts after it ends"},
      {"overused", "the discount was used more often than it may be"}};

  static constexpr mig::total totals[] = {{"discount percent", "percent", "percentage"}};

  static constexpr mig::assertion assertions[] = {
      {"discount-is-a-percentage",
       "select id from public.discounts where legacy_discount_id is not null "
       "and (discount_type <> 'percentage' or percentage is null or fixed_amount is not null)",
       "the legacy database knows percentages only"}};

  void transform(const legacy_discount& row, mig::output<discounts>& out) {
    const auto percent = mig::decimal::from(row.percent);
    if (!percent || percent->negative() || *percent > 100) {
      return out.reject<"percent_range">("percent", row.percent.to_text());
    }
    const auto offer = out.resolve<"financial.offers">(row.offer_id);
    if (!offer) return;
    note_oddities(row, out);
    out.row(discount{.offer_id = *offer,
                     .name = name_of(row, *percent, out),
                     .code = out.concat({"LEGACY", mig::digits{row.id}}),
                     .percentage = row.percent,
                     .valid_from = row.start,
                     .valid_until = row.finish,
                     .max_uses = row.count,
                     .current_uses = row.used,
                     .legacy_discount_id = row.id,
                     .metadata = metadata(row, out)});
  }

 private:
  static void note_oddities(const legacy_discount& row, mig::output<discounts>& out) {
    if (row.start && row.finish && *row.start > *row.finish) out.note<"window_inverted">("start");
    if (row.count && row.used && *row.used > *row.count) out.note<"overused">("used");
  }

  static std::string_view name_of(const legacy_discount& row, const mig::decimal& percent,
                                  mig::output<discounts>& out) {
    if (const maybe_text reason = lab::trimmed(row.reason)) return *reason;
    out.note<"name_missing">("reason");
    return out.concat({"Discount ", percent_text(percent), "%"});
  }

  mig::json metadata(const legacy_discount& row, mig::output<discounts>& out) {
    metadata_.clear();
    metadata_.add("reason", row.reason).add("total", row.total);
    return out.keep(metadata_);
  }

  mig::json_object metadata_;
};

}  // namespace financial
