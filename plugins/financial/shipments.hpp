// financial.shipments: one row for each order that was shipped, for users of the target who expect
// them. The legacy database has no shipments, so this is off by default, says that it is synthetic,
// and invents nothing: no carrier, no tracking number (domain 9).
#pragma once

#include "codes.hpp"

namespace financial {

struct legacy_shipped {
  std::int64_t id = 0;
  std::optional<mig::timestamptz> updated_at{};
};

struct shipment {
  mig::uuid order_id{};
  std::optional<mig::timestamptz> shipped_at{};
  mig::json metadata{};
};

struct shipments {
  static constexpr std::string_view name = "shipments";
  static constexpr std::string_view description =
      "synthetic: one shipment for each order that was shipped, without tracking number";
  static constexpr bool optional = true;
  static constexpr bool projection = true;
  static constexpr bool parallel = true;

  static constexpr auto source =
      mig::from<legacy_shipped>("public.dispatch_instruction", mig::key("id", &legacy_shipped::id),
                                mig::col("updated_at", &legacy_shipped::updated_at));

  static constexpr auto target = mig::into<shipment>(
      "public.shipments", mig::identity("id"),
      mig::reference("order_id", &shipment::order_id, "core.orders", mig::missing::reject),
      mig::col("shipped_at", &shipment::shipped_at), mig::col("metadata", &shipment::metadata));

  static constexpr mig::filter filters[] = {
      {"status = 4", "not_shipped", "the instruction's status does not say that it was shipped"}};

  void transform(const legacy_shipped& row, mig::output<shipments>& out) {
    const auto order = out.resolve<"core.orders">(row.id);
    if (!order) return;
    metadata_.clear();
    metadata_.add("synthetic", true).add("legacy_instruction_id", row.id);
    if (row.updated_at) metadata_.add_raw("derived", R"(["shipped_at"])");
    out.row(shipment{
        .order_id = *order, .shipped_at = row.updated_at, .metadata = out.keep(metadata_)});
  }

 private:
  mig::json_object metadata_;
};

}  // namespace financial
