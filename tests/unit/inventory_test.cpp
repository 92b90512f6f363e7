#include "cli/inventory.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace mighost {
namespace {

Plugin small_plugin() {
  Plugin plugin;
  plugin.file = "plugins/core.mig.so";
  plugin.sha256 = "abc";
  plugin.family = "core";
  plugin.version = "1.0.0";
  plugin.build = "g++ 12";
  plugin.description = "people and places";
  Entity offices;
  offices.name = "core.offices";
  offices.family = "core";
  offices.source = "public.dispatch_office";
  offices.source_columns = {{"id", MIG_INT8, false}, {"name", MIG_TEXT, true}};
  offices.n_key = 1;
  offices.target = "public.offices";
  offices.identity_column = "id";
  offices.parallel = true;
  offices.filters = {{"valid", "not_valid", "switched off"}};
  offices.codes = {{"tax_rate_range", "outside 0 to 100"}};
  Entity doctors;
  doctors.name = "core.doctors";
  doctors.family = "core";
  doctors.source_query = "SELECT 1";
  doctors.target = "public.doctors";
  doctors.identity = MIG_IDENTITY_NATURAL;
  doctors.identity_column = "id";
  doctors.natural_key = {"number"};
  doctors.references = {{"core.offices", "office_id", MIG_MISSING_NULL, true}};
  doctors.totals = {{"fees", "fee", "fee"}};
  doctors.assertions = {{"no_gap", "SELECT 1 WHERE false", "numbers have no gap", MIG_ABORT}};
  doctors.steps = {{true, "ANALYZE", "fresh statistics"}};
  plugin.entities = {offices, doctors};
  plugin.settings = {{"order_status", "{}", "what the states mean", MIG_SETTING_MAP}};
  Validator validator;
  validator.name = "contact_rules";
  validator.applies_to = "core.*";
  validator.description = "phones look like phones";
  validator.codes = {{"phone", "no phone"}};
  plugin.validators = {validator};
  return plugin;
}

TEST(Inventory, TextShowsEverythingThatIsDeclared) {
  const Plugin plugin = small_plugin();
  EXPECT_EQ(inventory_text({&plugin}, false),
            "core 1.0.0  plugins/core.mig.so\n"
            "  people and places\n"
            "\n"
            "  Entities\n"
            "    core.offices  public.dispatch_office  -> public.offices  uuid5 id"
            "              parallel\n"
            "    core.doctors  a query                 -> public.doctors  natural by number id\n"
            "\n"
            "  References\n"
            "    core.doctors.office_id  -> core.offices  missing: null  late\n"
            "\n"
            "  Validators\n"
            "    contact_rules  looks at core.*  phones look like phones\n"
            "\n"
            "  Checks before commit\n"
            "    core.doctors  fees    vetoes  control total\n"
            "    core.doctors  no_gap  vetoes  numbers have no gap\n"
            "\n"
            "  SQL steps\n"
            "    core.doctors  after  fresh statistics\n"
            "\n"
            "  Codes\n"
            "    core.offices   not_valid       switched off (filter)\n"
            "    core.offices   tax_rate_range  outside 0 to 100\n"
            "    contact_rules  phone           no phone\n"
            "\n"
            "  Settings in [plugins.core]\n"
            "    order_status  map  default {}  what the states mean\n"
            "\n"
            "1 plugin, 2 entities, 1 validator\n");
}

TEST(Inventory, TextsOfStrangersCannotSteerTheTerminal) {
  Plugin plugin = small_plugin();
  plugin.description = "\x1b[2Jgone\nPASS";
  const std::string text = inventory_text({&plugin}, false);
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_NE(text.find("\\x1b[2Jgone\\nPASS"), std::string::npos);
}

TEST(Inventory, Json) {
  const Plugin plugin = small_plugin();
  const auto json = nlohmann::json::parse(inventory_json({&plugin}));
  const auto& core = json["plugins"][0];
  EXPECT_EQ(core["family"], "core");
  EXPECT_EQ(core["file"], "plugins/core.mig.so");
  EXPECT_EQ(core["entities"][0]["legacy_key"], (std::vector<std::string>{"id"}));
  EXPECT_EQ(core["entities"][0]["source_columns"][1]["nullable"], true);
  EXPECT_EQ(core["entities"][0]["identity"], "uuid5");
  EXPECT_EQ(core["entities"][0]["parallel"], true);
  EXPECT_EQ(core["entities"][0]["filters"][0]["code"], "not_valid");
  const auto& doctors = core["entities"][1];
  EXPECT_EQ(doctors["references"][0]["entity"], "core.offices");
  EXPECT_EQ(doctors["references"][0]["missing"], "null");
  EXPECT_EQ(doctors["references"][0]["late"], true);
  EXPECT_EQ(doctors["control_totals"][0]["name"], "fees");
  EXPECT_EQ(doctors["assertions"][0]["severity"], "abort");
  EXPECT_EQ(doctors["steps"][0]["when"], "after");
  EXPECT_EQ(core["validators"][0]["applies_to"], "core.*");
  EXPECT_EQ(core["settings"][0]["kind"], "map");
  EXPECT_EQ(core["settings"][0]["default"], "{}");
}

TEST(Inventory, WithoutPlugins) {
  EXPECT_EQ(inventory_text({}, false), "0 plugins, 0 entities, 0 validators\n");
  EXPECT_TRUE(nlohmann::json::parse(inventory_json({}))["plugins"].is_array());
}

}  // namespace
}  // namespace mighost
