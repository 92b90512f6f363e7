// financial.purchases: line items of baskets, from their own table alone. They are never made from
// payments, which are the same money seen from the other side (domain 3.5, 4.3).
#pragma once

#include "money.hpp"

namespace financial {

struct legacy_purchase {
  std::int64_t id = 0;
  std::optional<std::int64_t> quantity{}, order_id{}, product_id{};
  maybe_amount price{};
};

struct purchase {
  std::optional<mig::uuid> product_id{};
  std::int64_t quantity = 0;
  maybe_amount unit_price{};
  std::optional<mig::decimal> total_amount{};
  std::int64_t legacy_purchase_id = 0;
  mig::json metadata{};
};

struct purchases {
  static constexpr std::string_view name = "purchases";
  static constexpr std::string_view description =
      "line items of baskets; the table may be empty, and nothing is made from payments";
  static constexpr bool parallel = true;

  static constexpr auto source = mig::from<legacy_purchase>(
      "public.dispatch_purchase", mig::key("id", &legacy_purchase::id),
      mig::col("quantity", &legacy_purchase::quantity), mig::col("price", &legacy_purchase::price),
      mig::col("order_id", &legacy_purchase::order_id),
      mig::col("product_id", &legacy_purchase::product_id));

  // orders are instructions here, and order_id names a basket (D-55): the column stays NULL.
  static constexpr auto target = mig::into<purchase>(
      "public.purchases", mig::identity("id"),
      mig::legacy("legacy_purchase_id", &purchase::legacy_purchase_id),
      mig::reference("product_id", &purchase::product_id, "core.products", mig::missing::null),
      mig::col("quantity", &purchase::quantity), mig::col("unit_price", &purchase::unit_price),
      mig::col("total_amount", &purchase::total_amount), mig::col("metadata", &purchase::metadata));

  static constexpr mig::code codes[] = {
      amount_invalid, {"quantity_missing", "the line item does not say how many"}};

  static constexpr mig::total totals[] = {
      {"purchase unit price", "price", "unit_price"},
      {"purchase line total", "quantity * price", "total_amount"}};

  static constexpr mig::assertion assertions[] = {
      {"line-total-is-exact",
       "select id from public.purchases where legacy_purchase_id is not null "
       "and total_amount is distinct from quantity * unit_price",
       "a line's total is its quantity times its unit price, to the cent"}};

  void transform(const legacy_purchase& row, mig::output<purchases>& out) {
    if (rejects_amounts({{"price", row.price}}, out)) return;
    if (!row.quantity) return out.reject<"quantity_missing">("quantity");
    purchase to{.quantity = *row.quantity, .unit_price = row.price, .legacy_purchase_id = row.id};
    if (row.price) {
      to.total_amount = or_zero(row.price).multiply(*row.quantity);
      if (!to.total_amount) return out.reject<"amount_invalid">("price");
    }
    to.product_id = out.resolve<"core.products">(row.product_id);
    metadata_.clear();
    metadata_.add("basket_id", row.order_id).add("legacy_product_id", row.product_id);
    to.metadata = out.keep(metadata_);
    out.row(to);
  }

 private:
  mig::json_object metadata_;
};

}  // namespace financial
