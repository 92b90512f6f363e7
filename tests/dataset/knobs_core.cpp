#include "knob_tables.hpp"

namespace mighost::dataset {

namespace {

using enum KnobKind;

// The rates are those of the domain notes 8.4; where the notes give a count, the rate yields that
// count at preset A.
constexpr KnobSpec specs[] = {
    {"users", size, {120, 1000, 9101, 9886}, 0, "auth_user rows"},
    {"patients", size, {90, 850, 7854, 8527}, 0, "dispatch_patient rows, one user each"},
    {"doctors", size, {18, 130, 1181, 1339}, 0, "users in group Doctor"},
    {"technicians", size, {4, 8, 32, 85}, 0, "users in group Technician"},
    {"offices", size, {12, 90, 894, 898}, 0, "dispatch_office rows"},
    {"office_doctors", size, {16, 60, 472, 472}, 0, "dispatch_office_doctors rows"},
    {"usersettings", size, {16, 110, 1181, 1181}, 0, "dispatch_usersetting rows"},
    {"doctorsettings", size, {15, 115, 1065, 1213}, 0, "dispatch_doctorsetting rows"},
    {"instructions", size, {260, 2500, 23272, 25259}, 0, "dispatch_instruction rows"},
    {"jaws", size, {430, 4300, 39771, 43458}, 0, "dispatch_jaw rows"},
    {"baskets", size, {4, 20, 120, 150}, 0, "dispatch_order rows"},
    {"products", size, all(10), 0, "live dispatch_product rows"},
    {"products_deleted", size, all(3), 0, "deleted dispatch_product rows"},
    {"categories", size, all(44), 0, "dispatch_category rows"},
    {"roles", size, all(48), 0, "dispatch_role rows"},
    {"role_permissions", size, all(1346), 0, "dispatch_role_permissions rows"},

    {"shuffle_content_types", shape, all(1), 0, "1: content type ids are shuffled by the seed"},
    {"shuffle_group_ids", shape, all(0), 0, "1: even the known group ids are shuffled"},
    {"id_jump", shape, all(0.02), 1, "newest users and patients whose ids start at 520000"},
    {"doctor_outside_group", shape, all(0.01), 3, "doctors by reference only (of doctors)"},
    {"doctor_is_patient", shape, all(0.002), 1, "doctors who are patients too (of doctors)"},
    {"patient_missing_office", shape, all(0.04), 1, "patients with a NULL office"},

    {"empty_email", dirt, all(0.863), 1, "users without an e-mail"},
    {"dup_email_surplus", dirt, all(0.0068), 1, "users who repeat another user's e-mail"},
    {"bad_email", dirt, all(0.002), 1, "users whose e-mail breaks the syntax"},
    {"test_accounts", dirt, all(0.0245), 3, "users of the three test domains"},
    {"null_name", dirt, all(0.002), 2, "users with a '', null or None name"},
    {"dup_name_surplus", dirt, all(0.0134), 2, "users who repeat another user's full name"},
    {"group_patient_without_record", dirt, all(0.0006), 1, "users in group Patient, no patient"},
    {"no_suffix", dirt, all(0.154), 1, "patients without a usable suffix"},
    {"birthdate_bad", dirt, all(0.002), 2, "patients born before 1900 or after 2299"},
    {"unknown_sex", dirt, all(0), 1, "patients with sex code 7"},
    {"patient_unknown_status", dirt, all(0.0003), 1, "patients with status 12: cases held back"},
    {"patient_missing_doctor", dirt, all(0.001), 1, "patients with orders and a NULL doctor"},
    {"patient_deleted_doctor", dirt, all(0.0006), 2, "patients whose doctor's user is gone"},

    {"invalid_office", dirt, all(0.39), 1, "offices with valid = false"},
    {"office_null_name", dirt, all(0.002), 1, "offices with an empty name"},
    {"office_tax_bad", dirt, all(0.0011), 1, "offices with tax < 0 or > 100"},
    {"office_tax_ambiguous", dirt, all(0.0022), 1, "offices with 0 < tax <= 1"},
    {"office_tax_fine", dirt, all(0.0011), 1, "offices with tax of three decimals"},
    {"phone_bad", dirt, all(0.01), 1, "offices with fewer than 7 digits of phone"},
    {"link_unknown_doctor", dirt, all(0.004), 1, "office_doctors rows of users who are no doctors"},

    {"reference_null_name", dirt, all(1), 1, "empty names, each: course product category role"},
    {"course_unknown", dirt, all(0), 1, "courses with an id outside the map, used by 3 orders"},

    {"order_missing_parent", dirt, all(0.0095), 1, "orders whose patient does not exist"},
    {"order_unknown_status", dirt, all(0.0005), 1, "orders with status -1, 6, 7, 9 or 10"},
    {"order_inferred_status", dirt, all(0), 1, "orders with status 3 or 5"},
    {"order_deleted", dirt, all(0.0142), 1, "orders with deleted = true"},
    {"price_fine", dirt, all(0.0002), 1, "orders with a price of three decimals"},
    {"json_bad", dirt, all(0.001), 1, "broken JSON, each: schemes exports customization"},
    {"nul_in_text", dirt, all(0.0001), 1, "JSON with a \\u0000 escape, each: the same columns"},

    {"jaw_orphan", dirt, all(0.0083), 1, "jaws that no instruction names"},
    {"jaw_shared", dirt, all(0.001), 3, "instructions that name another one's jaw"},
};

}  // namespace

std::span<const KnobSpec> core_knobs() { return specs; }

}  // namespace mighost::dataset
