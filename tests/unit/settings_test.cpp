// Settings of plugins: what the configuration gives against what the plugin declares.

#include "plugin/settings.hpp"

#include <gtest/gtest.h>

#include "plan_samples.hpp"

namespace mighost::test {
namespace {

using Kind = SettingText::Kind;

std::unique_ptr<Plugin> core() {
  auto made = plugin("core", {entity("core", "offices")});
  made->settings = {{"mode", "strict", "", MIG_SETTING_TEXT},
                    {"limit", "10", "", MIG_SETTING_INTEGER},
                    {"merge", "false", "", MIG_SETTING_BOOLEAN},
                    {"domains", "[\"a.example\"]", "", MIG_SETTING_LIST},
                    {"states", "{}", "", MIG_SETTING_MAP}};
  return made;
}

RunConfig config(std::vector<SettingText> settings) {
  RunConfig made;
  made.file = "run.toml";
  made.plugins["core"].settings = std::move(settings);
  return made;
}

SettingText given(std::string name, std::string value, Kind kind = Kind::text,
                  std::string key = "") {
  return {std::move(name), std::move(key), std::move(value), kind, "run.toml:7:1"};
}

std::string_view view(mig_str text) { return {text.data, text.size}; }

TEST(Settings, WithoutATableThereAreNone) {
  const PluginSettings settings(*core(), RunConfig{});
  EXPECT_EQ(settings.abi()->n_values, 0U);
  EXPECT_EQ(settings.abi()->struct_size, sizeof(mig_settings));
  EXPECT_EQ(PluginSettings().abi()->n_values, 0U);
}

TEST(Settings, ArriveInTheShapeOfTheAbi) {
  const PluginSettings settings(
      *core(),
      config({given("mode", "lax"), given("limit", "-5", Kind::integer),
              given("merge", "true", Kind::boolean), given("domains", "x.example", Kind::list, "0"),
              given("domains", "", Kind::list, "1"), given("states", "open", Kind::map, "1")}));
  const mig_settings* abi = settings.abi();
  ASSERT_EQ(abi->n_values, 6U);
  EXPECT_EQ(view(abi->values[0]->value), "lax");
  EXPECT_EQ(view(abi->values[1]->value), "-5");
  EXPECT_EQ(view(abi->values[3]->key), "0");
  EXPECT_EQ(view(abi->values[4]->value), "");
  EXPECT_EQ(view(abi->values[5]->name), "states");
  EXPECT_EQ(view(abi->values[5]->key), "1");
}

TEST(Settings, EmptyCollectionIsOneValueWithoutAKey) {
  const PluginSettings settings(
      *core(), config({given("domains", "", Kind::list), given("states", "", Kind::map)}));
  ASSERT_EQ(settings.abi()->n_values, 2U);
  EXPECT_EQ(view(settings.abi()->values[0]->name), "domains");
  EXPECT_EQ(settings.abi()->values[0]->key.size, 0U);
}

TEST(Settings, AreStillThereAfterAMove) {
  PluginSettings first(*core(),
                       config({given("mode", "a text that is too long to be kept inline")}));
  const PluginSettings second = std::move(first);
  EXPECT_EQ(view(second.abi()->values[0]->value), "a text that is too long to be kept inline");
}

TEST(Settings, EveryFaultIsToldWithItsPlace) {
  const Error error = error_of([] {
    PluginSettings(
        *core(),
        config({given("mod", "x"), given("limit", "ten"), given("domains", "a.example"),
                given("mode", "x", Kind::list, "0"), given("mode", "y", Kind::list, "1")}));
  });
  EXPECT_EQ(error.exit(), Exit::usage);
  const std::string text = error.message();
  EXPECT_TRUE(contains(text, "4 faults")) << text;
  EXPECT_TRUE(contains(text, "run.toml:7:1: the plugin core has no setting `mod`")) << text;
  EXPECT_TRUE(contains(text, "did you mean \"mode\"?")) << text;
  EXPECT_TRUE(contains(text, "`limit` is a text, but the plugin expects an integer")) << text;
  EXPECT_TRUE(contains(text, "`domains` is a text, but the plugin expects a list")) << text;
  EXPECT_TRUE(contains(text, "for example [\"a.example\"]")) << text;
  EXPECT_TRUE(contains(text, "`mode` is a list of texts, but the plugin expects a text")) << text;
}

TEST(Settings, NamesInTheConfigurationMustBeLoaded) {
  RunConfig config;
  config.plugins["cor"].where = "run.toml:3:1";
  config.entities["core.offces"].where = "run.toml:5:1";
  const auto plugin = core();
  const Error error = error_of([&] { check_names_in_config({plugin.get()}, config); });
  EXPECT_EQ(error.exit(), Exit::usage);
  EXPECT_TRUE(contains(error.message(), "run.toml:3:1: [plugins.cor]")) << error.what();
  EXPECT_TRUE(contains(error.message(), "did you mean \"core\"?")) << error.what();
  EXPECT_TRUE(contains(error.message(), "did you mean \"core.offices\"?")) << error.what();
  EXPECT_TRUE(check_names_in_config({plugin.get()}, RunConfig{}).empty());
}

TEST(Settings, OfAFamilyThatIsAwayDoNothingAndSaySo) {
  RunConfig config;
  config.plugins["clinical"].where = "run.toml:3:1";
  config.entities["clinical.jaws"].where = "run.toml:5:1";
  const auto plugin = core();
  const auto idle = check_names_in_config({plugin.get()}, config);
  ASSERT_EQ(idle.size(), 2u);
  EXPECT_EQ(idle[0], "[plugins.clinical] names no loaded plugin (run.toml:3:1)");
  EXPECT_EQ(idle[1], "[entities.\"clinical.jaws\"] names no loaded entity (run.toml:5:1)");
}

}  // namespace
}  // namespace mighost::test
