#include "knob_tables.hpp"

namespace mighost::dataset {

namespace {

using enum KnobKind;

constexpr KnobSpec clinical_financial_specs[] = {
    {"projects", size, {700, 7200, 66918, 72155}, 0, "dispatch_project rows"},
    {"plans", size, {350, 3400, 33891, 36700}, 0, "dispatch_plan rows"},
    {"brackets", size, {60, 400, 1720, 1720}, 0, "dispatch_bracket rows"},
    {"states", size, {110, 1050, 5547, 5547}, 0, "dispatch_state rows"},
    {"events", size, {60, 600, 5000, 5500}, 0, "dispatch_event rows"},
    {"offers", size, {40, 200, 788, 788}, 0, "dispatch_offer rows"},
    {"discounts", size, {24, 60, 151, 151}, 0, "dispatch_discount rows"},
    {"payments", size, {170, 1700, 16014, 17297}, 0, "dispatch_payment rows"},
    {"operations", size, {40, 370, 3522, 3720}, 0, "dispatch_operation rows"},
    {"purchases", size, {40, 370, 3701, 3701}, 0, "dispatch_purchase rows; 0: the other world"},
    {"wares", size, {50, 500, 16552, 16552}, 0, "dispatch_ware rows, which nobody migrates"},

    {"plan_number", shape, all(0.003), 3, "plans with number NULL, 0 or negative"},
    {"plan_original", shape, all(0.001), 1, "plans with original NULL"},
    {"state_tie", shape, all(0.01), 2, "states at the very time of the one before"},
    {"state_disorder", shape, all(0.01), 1, "states older than the one with the id before"},
    {"event_no_patient", shape, all(0.35), 2, "events of users who are no patients, or of nobody"},
    {"payment_canceled", shape, all(0.008), 1, "payments that are cancelled"},
    {"payment_pending", shape, all(0.002), 1, "payments neither paid, free nor cancelled"},
    {"payment_undated", shape, all(0.002), 1, "payments with made_at NULL"},
    {"operation_refund", shape, all(0.03), 4, "operations of type 2, of either sign"},
    {"operation_unpriced", shape, all(0.002), 1, "operations with price NULL"},

    {"project_name", dirt, all(0.3), 1, "projects with an empty name"},
    {"project_type", dirt, all(0.0005), 2, "projects with a type NULL or outside the map"},
    {"project_status", dirt, all(0.0003), 2, "projects with a status NULL or outside the map"},
    {"project_creator", dirt, all(0.001), 1, "projects with a NULL creator"},
    {"project_size", dirt, all(0.0003), 1, "projects with a negative size"},
    {"plan_orphan", dirt, all(0.0005), 1, "plans whose instruction does not exist"},
    {"plan_lost_project", dirt, all(0.0003), 1, "plans whose project does not exist"},
    {"plan_name", dirt, all(0.25), 1, "plans with an empty name"},
    {"jaw_reason", dirt, all(0.0002), 1, "jaws with a reason outside the map"},
    {"jaw_teeth", dirt, all(0.001), 3, "jaws with teeth that are not sixteen digits 0 or 1"},
    {"role_unclassified", dirt, all(5), 1, "technicians' roles whose abbreviation says nothing"},
    {"role_stranger", dirt, all(1), 1, "technicians' roles whose user is no technician"},
    {"bracket_name", dirt, all(0.02), 1, "brackets with an empty name"},
    {"state_orphan", dirt, all(0.041), 1, "states whose instruction does not exist"},
    {"state_status", dirt, all(0.001), 2, "states with a code other than 11 and 12"},
    {"event_name", dirt, all(0.002), 1, "events of patients with an empty name"},
    {"event_undated", dirt, all(0.002), 1, "events of patients without a date"},

    {"offer_no_doctor", dirt, all(1), 1, "offers with a NULL doctor"},
    {"offer_unknown_doctor", dirt, {2, 5, 20, 20}, 1, "offers of somebody who is no doctor"},
    {"offer_fine", dirt, all(0.002), 1, "offers with a price of three decimals"},
    {"discount_parent_missing", dirt, {2, 6, 16, 16}, 1, "discounts of no offer"},
    {"discount_percent", dirt, all(0.013), 1, "discounts of less than 0 or more than 100 percent"},
    {"discount_percent_fine", dirt, all(0.007), 1, "discounts with a percent of three decimals"},
    {"discount_reason", dirt, all(0.05), 1, "discounts with an empty reason"},
    {"discount_window", dirt, all(0.013), 1, "discounts that end before they start"},
    {"discount_overused", dirt, all(0.03), 1, "discounts used more often than allowed"},
    {"payment_no_instruction", dirt, {1, 2, 6, 6}, 1, "payments of no instruction and no basket"},
    {"payment_basket", dirt, all(0.005), 1, "payments of a basket"},
    {"payment_flag_conflict", dirt, all(0.0005), 2, "payments paid and cancelled, free and priced"},
    {"payment_inconsistent", dirt, all(0.02), 2, "payments whose total is not the sum"},
    {"payment_fine", dirt, all(0.0003), 3, "payments with too many decimals"},
    {"payment_range", dirt, {1, 0, 0, 0}, 1, "payments with eleven digits before the point"},
    {"installments_bad", dirt, all(0.001), 1, "payments with broken JSON"},
    {"installments_nul", dirt, all(0.0005), 1, "payments with a \\u0000 escape"},
    {"op_unknown_type", dirt, all(0.0005), 1, "operations with a type other than 1 and 2"},
    {"op_null_type", dirt, all(0.001), 1, "operations with type NULL"},
    {"operation_fine", dirt, all(0.0003), 1, "operations with a price of three decimals"},
    {"purchase_no_quantity", dirt, all(0.002), 1, "purchases with quantity NULL"},
    {"purchase_fine", dirt, all(0.0005), 1, "purchases with a price of three decimals"},
};

}  // namespace

std::span<const KnobSpec> clinical_financial_knobs() { return clinical_financial_specs; }

}  // namespace mighost::dataset
