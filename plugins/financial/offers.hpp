// financial.offers: the price lists of doctors. A legacy offer belongs to a doctor and a product
// and knows no order (domain 3.5, 9.7), so each one can go.
#pragma once

#include <string>

#include "lab/text.hpp"
#include "money.hpp"

namespace financial {

using lab::maybe_text;

struct legacy_offer {
  std::int64_t id = 0;
  maybe_amount price_both{}, price_upper{}, price_lower{};
  std::optional<std::int64_t> doctor_id{};
  std::int64_t product_id = 0;
};

struct offer {
  std::optional<mig::uuid> doctor_id{}, product_id{};
  maybe_amount offer_amount{}, price_both{}, price_upper{}, price_lower{};
  maybe_text description{};
  std::int64_t legacy_offer_id = 0;
  mig::json metadata{};
};

struct offers {
  static constexpr std::string_view name = "offers";
  static constexpr std::string_view description =
      "price lists of doctors, with their three exact prices";
  static constexpr bool parallel = true;

  static constexpr auto source =
      mig::from<legacy_offer>("public.dispatch_offer", mig::key("id", &legacy_offer::id),
                              mig::col("price_both", &legacy_offer::price_both),
                              mig::col("price_upper", &legacy_offer::price_upper),
                              mig::col("price_lower", &legacy_offer::price_lower),
                              mig::col("doctor_id", &legacy_offer::doctor_id),
                              mig::col("product_id", &legacy_offer::product_id));

  static constexpr auto target = mig::into<offer>(
      "public.offers", mig::identity("id"), mig::legacy("legacy_offer_id", &offer::legacy_offer_id),
      mig::reference("doctor_id", &offer::doctor_id, "core.doctors", mig::missing::null),
      mig::reference("product_id", &offer::product_id, "core.products", mig::missing::null),
      mig::col("offer_amount", &offer::offer_amount), mig::col("price_both", &offer::price_both),
      mig::col("price_upper", &offer::price_upper), mig::col("price_lower", &offer::price_lower),
      mig::col("description", &offer::description), mig::col("metadata", &offer::metadata));

  static constexpr mig::code codes[] = {
      amount_invalid, {"doctor_missing", "the offer was never given to a doctor"}};

  static constexpr mig::total totals[] = {
      {"offer amount", "greatest(price_both, price_upper, price_lower)", "offer_amount"},
      {"offer price both", "price_both", "price_both"},
      {"offer price upper", "price_upper", "price_upper"},
      {"offer price lower", "price_lower", "price_lower"}};

  static constexpr mig::assertion assertions[] = {
      {"offer-amount-is-the-greatest-price",
       "select id from public.offers where legacy_offer_id is not null "
       "and offer_amount is distinct from greatest(price_both, price_upper, price_lower)",
       "an offer's amount is the greatest of its three prices"}};

  void transform(const legacy_offer& row, mig::output<offers>& out) {
    if (rejects_amounts({{"price_both", row.price_both},
                         {"price_upper", row.price_upper},
                         {"price_lower", row.price_lower}},
                        out)) {
      return;
    }
    if (!row.doctor_id) out.note<"doctor_missing">("doctor_id");
    out.row(offer{.doctor_id = out.resolve<"core.doctors">(row.doctor_id),
                  .product_id = out.resolve<"core.products">(row.product_id),
                  .offer_amount = greatest({row.price_both, row.price_upper, row.price_lower}),
                  .price_both = row.price_both,
                  .price_upper = row.price_upper,
                  .price_lower = row.price_lower,
                  .description = describe(row, out),
                  .legacy_offer_id = row.id,
                  .metadata = metadata(row, out)});
  }

 private:
  /// Of those that are not NULL, as PostgreSQL's greatest() has it.
  static maybe_amount greatest(std::initializer_list<maybe_amount> prices) {
    maybe_amount best;
    for (const maybe_amount& price : prices) {
      if (price && (!best || or_zero(price) > or_zero(best))) best = price;
    }
    return best;
  }

  /// "both 1200.00, upper 700.00": the legacy offer has no text of its own.
  maybe_text describe(const legacy_offer& row, mig::output<offers>& out) {
    description_.clear();
    describe("both ", row.price_both);
    describe("upper ", row.price_upper);
    describe("lower ", row.price_lower);
    if (description_.empty()) return std::nullopt;
    return out.keep(description_);
  }

  void describe(std::string_view part, const maybe_amount& price) {
    if (!price) return;
    if (!description_.empty()) description_ += ", ";
    description_.append(part).append(price->to_text());
  }

  mig::json metadata(const legacy_offer& row, mig::output<offers>& out) {
    metadata_.clear();
    metadata_.add("legacy_doctor_id", row.doctor_id).add("legacy_product_id", row.product_id);
    if (row.price_both || row.price_upper || row.price_lower) {
      metadata_.add_raw("derived", R"(["offer_amount","description"])");
    }
    return out.keep(metadata_);
  }

  std::string description_;
  mig::json_object metadata_;
};

}  // namespace financial
