// The financial family: price lists, discounts, payments, what the card processor did, line items.
// docs/families/financial.md says what becomes of every row; each entity stands in a header of its
// own.
#include <mighost/plugin.hpp>

#include "discounts.hpp"
#include "offers.hpp"
#include "operations.hpp"
#include "payments.hpp"
#include "purchases.hpp"
#include "shipments.hpp"

namespace financial {

struct plugin {
  static constexpr std::string_view family = "financial";
  static constexpr std::string_view description =
      "offers, discounts, payments, card operations and line items, exact to the last decimal";
  static constexpr mig::setting settings[] = {
      {"operation_type", mig::kind::map, "{}",
       "other words for codes of dispatch_operation.type: payment, refund, or \"\" for unknown"},
      {"operation_null_type", mig::kind::text, R"("")",
       "what an operation without a type is: payment or refund; empty quarantines it"},
  };
};

}  // namespace financial

MIGHOST_PLUGIN(financial::plugin, financial::offers, financial::discounts, financial::payments,
               financial::operations, financial::purchases, financial::shipments)
