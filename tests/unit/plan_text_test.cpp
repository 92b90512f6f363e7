// `mighost plan` for people and for programs, and the selection of entities.

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "plan/selection.hpp"
#include "plan_samples.hpp"

namespace mighost::test {
namespace {

struct PlanSample {
  std::unique_ptr<Plugin> core;
  Plan plan;
  RunConfig config;

  PlanSample() {
    Entity offices = entity("core", "offices");
    offices.filters = {{"valid", "invalid", "switched off"}};
    offices.totals = {{"price", "price", "price_total"}};
    offices.steps = {{true, "ANALYZE offices", "fresh statistics"}};
    core = plugin("core", {offices});
    core->settings = {{"mode", "strict", "", MIG_SETTING_TEXT},
                      {"domains", "[]", "", MIG_SETTING_LIST}};
    config.plugins["core"].settings = {{"domains", "0", "a.example", SettingText::Kind::list, ""},
                                       {"domains", "1", "b.example", SettingText::Kind::list, ""}};
    config.source.shown = "postgres://legacy";
    config.target.shown = "postgres://target";
    PlannedEntity& planned = plan.entities.emplace_back();
    planned.entity = &core->entities.front();
    planned.source = live_table(
        "legacy_offices", {live("id", oid::int4, "integer", true), live("name", oid::text, "text"),
                           live("fax", oid::text, "text")});
    planned.source_types = {planned.source->columns[0], planned.source->columns[1]};
    planned.source_selects = {"\"id\"", "\"name\""};
    planned.target =
        live_table("offices", {live("id", oid::uuid, "uuid", true), live("name", oid::text, "text"),
                               live("note", oid::text, "text")});
    planned.target.triggers = {{"touch", "CREATE TRIGGER ...", 'O'}};
    planned.target_types = {planned.target.column("name")};
    planned.identity_type = planned.target.column("id");
    planned.expected_rows = 400'000;
    planned.remarks = {"source column x is odd"};
    plan.phases = {{"core.offices"}};
    plan.unmapped_source_tables = {"public.other"};
  }
};

TEST(PlanText, SaysWhatWillHappen) {
  const PlanSample sample;
  const std::string text = plan_text(sample.plan, sample.config);
  for (const char* part :
       {"1 entity in 1 phase", "postgres://legacy", "core.offices: public.legacy_offices ->",
        "about 400,000 rows", "id -> id (UUIDv5 of the legacy key)", "name text", "not read    fax",
        "note (NULL)", "only rows with valid", "price: sum of price",
        "after the load: fresh statistics: ANALYZE offices", "touch fires", "taken down and built",
        "ACCESS EXCLUSIVE", "source column x is odd", "public.other", "mode = strict (default)",
        "domains = a.example, b.example", "Forecast: 2 s, very roughly"}) {
    EXPECT_TRUE(contains(text, part)) << part << "\nis not in\n" << text;
  }
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 100U) << line;
}

TEST(PlanText, SaysWhenNothingIsDeferred) {
  PlanSample sample;
  sample.config.load.defer = Defer::never;
  sample.plan.entities.front().config.triggers = Triggers::disable;
  const std::string text = plan_text(sample.plan, sample.config);
  EXPECT_TRUE(contains(text, "stay in place: defer = \"never\"")) << text;
  EXPECT_TRUE(contains(text, "touch does not fire")) << text;
  EXPECT_FALSE(contains(text, "ACCESS EXCLUSIVE")) << text;
}

TEST(PlanText, JsonHasTheSameFacts) {
  const PlanSample sample;
  const auto json = nlohmann::json::parse(plan_json(sample.plan, sample.config));
  const auto& offices = json.at("entities").at(0);
  EXPECT_EQ(offices.at("name"), "core.offices");
  EXPECT_EQ(offices.at("expected_rows"), 400'000);
  EXPECT_EQ(offices.at("identity"), "uuid5");
  EXPECT_EQ(offices.at("source_columns").at(0).at("live_type"), "integer");
  EXPECT_EQ(offices.at("unread_columns").at(0), "fax");
  EXPECT_EQ(offices.at("deferred"), true);
  EXPECT_EQ(offices.at("access_exclusive_locks").at(0), "public.offices");
  EXPECT_EQ(offices.at("steps").at(0).at("when"), "after");
  EXPECT_EQ(json.at("phases").at(0).at(0), "core.offices");
  EXPECT_EQ(json.at("forecast_seconds"), 2.0);
  EXPECT_EQ(json.at("settings").at("core").at("mode").at("default"), true);
}

TEST(SelectionOfEntities, FollowsCommandLineAndConfiguration) {
  Entity extra = entity("core", "extra");
  extra.optional = true;
  const auto core = plugin("core", {entity("core", "offices"), entity("core", "roles"), extra});
  RunConfig config;
  const std::vector<const Plugin*> plugins = {core.get()};
  using Names = std::set<std::string>;
  EXPECT_EQ(selected_entities(plugins, config, {}), (Names{"core.offices", "core.roles"}));
  EXPECT_EQ(selected_entities(plugins, config, {{"core.roles"}, {}}), Names{"core.roles"});
  config.entities["core.extra"].enabled = true;
  config.entities["core.roles"].enabled = false;
  config.entities["core.roles"].where = "run.toml:9:1";
  EXPECT_EQ(selected_entities(plugins, config, {{}, {"core"}}),
            (Names{"core.extra", "core.offices"}));
  const Error off = error_of([&] { selected_entities(plugins, config, {{"core.roles"}, {}}); });
  EXPECT_EQ(off.exit(), Exit::usage);
  EXPECT_TRUE(contains(off.message(), "switched off (run.toml:9:1)")) << off.what();
}

TEST(SelectionOfEntities, RefusesUnknownNamesAndNothing) {
  Entity extra = entity("core", "extra");
  extra.optional = true;
  const auto core = plugin("core", {extra});
  const std::vector<const Plugin*> plugins = {core.get()};
  const Error unknown = error_of([&] {
    selected_entities(plugins, {}, {{"core.extr"}, {"croe"}});
  });
  EXPECT_TRUE(contains(unknown.message(), "did you mean core.extra?")) << unknown.what();
  EXPECT_TRUE(contains(unknown.message(), "did you mean \"core\"?")) << unknown.what();
  EXPECT_TRUE(
      contains(error_of([&] { selected_entities(plugins, {}, {}); }).message(), "nothing to do"));
  const Error optional = error_of([&] { selected_entities(plugins, {}, {{"core.extra"}, {}}); });
  EXPECT_TRUE(contains(optional.message(), "it is optional")) << optional.what();
}

}  // namespace
}  // namespace mighost::test
