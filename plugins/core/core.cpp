// The core family: people, offices, what is sold, and orders. docs/families/core.md says what
// becomes of every row; each entity stands in a header of its own.
#include <mighost/plugin.hpp>

#include "catalogue.hpp"
#include "doctors.hpp"
#include "offices.hpp"
#include "orders.hpp"
#include "patients.hpp"
#include "profiles.hpp"
#include "roles.hpp"

namespace core {

struct plugin {
  static constexpr std::string_view family = "core";
  static constexpr std::string_view description =
      "offices, people, what is sold, and orders of the orthodontic laboratory";
  static constexpr mig::setting settings[] = {
      {"order_status", mig::kind::map, "{}",
       "what the open order statuses 3 and 5 mean; without an entry their orders are quarantined"},
      {"test_email_domains", mig::kind::list,
       R"(["lab.example.org", "dev.example.org", "demo.example.org"])",
       "profiles with an e-mail address in one of these domains are marked as tests"},
      {"product_sku", mig::kind::boolean, "false", "give each product the SKU \"SKU-<id>\""},
  };
};

}  // namespace core

MIGHOST_PLUGIN(core::plugin, core::offices, core::profiles, core::doctors, core::doctor_offices,
               core::patients, core::patients_doctors_offices, core::courses, core::products,
               core::categories, core::roles, core::role_permissions, core::teams, core::orders)
