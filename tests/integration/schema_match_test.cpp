// Catalogs and plans against a real server: what is read from it, and which faults the preflight
// finds.

#include <gtest/gtest.h>

#include <algorithm>

#include "pg/catalog.hpp"
#include "plan/plan.hpp"
#include "support/cluster.hpp"
#include "support/dataset.hpp"
#include "support/psql_program.hpp"
#include "unit/plan_samples.hpp"

namespace mighost::test {
namespace {

constexpr const char* schema_match_source = R"sql(
CREATE TYPE colour AS ENUM ('red', 'green');
CREATE DOMAIN price AS numeric(10,2) NOT NULL;
CREATE DOMAIN net_price AS price;
CREATE DOMAIN shade AS colour;
CREATE TABLE legacy_items (id int PRIMARY KEY, name text, made timestamp, cost net_price,
  tint shade, mail inet, code varchar(10) UNIQUE, "Mixed Case" bool);
CREATE TABLE dispatch_office (id serial PRIMARY KEY, name varchar(255));
CREATE TABLE dispatch_template_products (id serial PRIMARY KEY);
INSERT INTO dispatch_office (name) SELECT 'x' FROM generate_series(1, 3000);
ANALYZE dispatch_office;
CREATE VIEW offices_seen AS SELECT id FROM dispatch_office;
CREATE TABLE parts (id int, kind int) PARTITION BY LIST (kind);
CREATE TABLE parts_one PARTITION OF parts FOR VALUES IN (1);
)sql";

constexpr const char* schema_match_target = R"sql(
CREATE TABLE owners (id uuid PRIMARY KEY);
CREATE TABLE items (id uuid PRIMARY KEY, name text NOT NULL, parent_id uuid REFERENCES items,
  owner_id uuid REFERENCES owners, code text, price numeric(10,2) CHECK (price >= 0),
  doubled numeric GENERATED ALWAYS AS (price * 2) STORED,
  number int GENERATED ALWAYS AS IDENTITY, made_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (code) DEFERRABLE);
CREATE UNIQUE INDEX one_name ON items (lower(name));
CREATE UNIQUE INDEX two ON items (name, code) INCLUDE (price);
CREATE UNIQUE INDEX costly ON items (price) WHERE price > 5;
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';
CREATE TRIGGER touch BEFORE UPDATE ON items FOR EACH ROW EXECUTE FUNCTION touch();
CREATE TABLE things (id uuid PRIMARY KEY, item_id uuid REFERENCES items, label text NOT NULL);
)sql";

class LiveCatalog : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    for (const char* name : {"catalog_source", "catalog_target"}) {
      shared_cluster().create_database(name);
    }
    psql(url("catalog_source"), schema_match_source);
    psql(url("catalog_target"), schema_match_target);
  }
  static void TearDownTestSuite() {
    for (const char* name : {"catalog_source", "catalog_target"}) {
      shared_cluster().drop_database(name);
    }
  }
  static std::string url(const char* name) { return shared_cluster().url(name); }

  static Session connect(const char* name, Session::Role role) {
    Endpoint endpoint;
    endpoint.conninfo = url(name);
    endpoint.shown = endpoint.origin = name;
    return {endpoint, role, LoadConfig{}, "test"};
  }

  // What the preflight says of one plugin.
  std::string faults_of(const std::vector<const Plugin*>& plugins, const RunConfig& config = {},
                        const Selection& selection = {}) {
    Faults faults;
    plan_ = examine_plan(plugins, config, selection, source_, target_, faults);
    return fault_list(faults);
  }

  // Fits both databases.
  static Entity items() {
    Entity made = entity("core", "items");
    made.target_columns = {{"name", MIG_TEXT, false}, {"code", MIG_TEXT, true}};
    return made;
  }

  Session source_ = connect("catalog_source", Session::Role::source);
  Session target_ = connect("catalog_target", Session::Role::target);
  Plan plan_;
};

TEST_F(LiveCatalog, ReadsColumnsAndTheirTypes) {
  const auto table = read_table(source_, "public.legacy_items");
  ASSERT_TRUE(table);
  EXPECT_EQ(table->kind, 'r');
  EXPECT_TRUE(table->owned && table->can_select && !table->row_security_active);
  EXPECT_FALSE(table->has_pages);
  const CatalogColumn* cost = table->column("cost");
  ASSERT_NE(cost, nullptr);
  EXPECT_EQ(cost->type_type, 'd');
  EXPECT_EQ(cost->base_type_oid, oid::numeric);
  EXPECT_EQ(cost->type_modifier, (10 << 16 | 2) + 4);
  EXPECT_TRUE(cost->not_null) << "the domain says so";
  EXPECT_EQ(table->column("tint")->base_type_type, 'e');
  EXPECT_EQ(table->column("code")->type_name, "character varying(10)");
  EXPECT_NE(table->column("Mixed Case"), nullptr);
  EXPECT_TRUE(table->has_unique_key({"id"}));
  EXPECT_FALSE(table->has_unique_key({"name"}));
  EXPECT_FALSE(read_table(source_, "public.nowhere"));
  EXPECT_FALSE(read_table(source_, "nowhere.legacy_items"));
  EXPECT_TRUE(read_table(source_, "legacy_items"));
  EXPECT_EQ(read_table(source_, "offices_seen")->kind, 'v');
}

TEST_F(LiveCatalog, ReadsWhatALoadMustRespect) {
  const auto table = read_table(target_, "public.items");
  ASSERT_TRUE(table);
  EXPECT_TRUE(table->column("doubled")->generated);
  EXPECT_FALSE(table->column("doubled")->has_default);
  EXPECT_EQ(table->column("number")->identity, 'a');
  EXPECT_TRUE(table->column("made_at")->has_default);
  ASSERT_EQ(table->triggers.size(), 1U);
  EXPECT_EQ(table->triggers[0].name, "touch");
  EXPECT_TRUE(table->has_unique_key({"id"}));
  EXPECT_TRUE(table->has_unique_key({"code", "name"})) << "INCLUDE columns are no part of the key";
  EXPECT_FALSE(table->has_unique_key({"code"})) << "deferrable";
  EXPECT_FALSE(table->has_unique_key({"price"})) << "partial";
  EXPECT_FALSE(table->has_unique_key({"name"})) << "an expression";
  const auto count = [&](char type) {
    return std::count_if(table->constraints.begin(), table->constraints.end(),
                         [&](const CatalogConstraint& c) { return c.type == type; });
  };
  EXPECT_EQ(count('f'), 2);
  EXPECT_EQ(count('c'), 1);
  ASSERT_EQ(table->referenced_by.size(), 1U);
  EXPECT_EQ(table->referenced_by[0].table, "public.things");
}

TEST_F(LiveCatalog, GivesEachOfSeveralTablesItsOwn) {
  std::vector<CatalogTable> tables;
  for (const char* name : {"things", "items", "owners", "public.items"}) {
    tables.push_back(find_table(target_, name).value());
  }
  read_parts(target_, {&tables[0], &tables[1], &tables[2], &tables[3]});
  const auto names = [](const auto& parts) {
    std::string all;
    for (const auto& part : parts) all += part.name + " ";
    return all;
  };
  EXPECT_EQ(names(tables[0].columns), "id item_id label ");
  EXPECT_EQ(names(tables[0].indexes), "things_pkey ");
  EXPECT_EQ(names(tables[0].constraints), "things_item_id_fkey things_pkey ");
  EXPECT_EQ(names(tables[0].triggers) + names(tables[0].referenced_by), "");
  for (const CatalogTable* items : {&tables[1], &tables[3]}) {
    EXPECT_EQ(names(items->columns),
              "id name parent_id owner_id code price doubled number made_at ");
    EXPECT_EQ(names(items->triggers), "touch ");
    EXPECT_EQ(names(items->indexes), "costly items_code_key items_pkey one_name two ");
    EXPECT_EQ(names(items->constraints),
              "items_code_key items_owner_id_fkey items_parent_id_fkey items_pkey "
              "items_price_check ");
    EXPECT_EQ(names(items->referenced_by), "things_item_id_fkey ") << "not by itself";
  }
  EXPECT_EQ(names(tables[2].columns), "id ");
  EXPECT_EQ(names(tables[2].referenced_by), "items_owner_id_fkey ");
}

TEST_F(LiveCatalog, DescribesQueriesWithoutRunningThem) {
  const auto columns =
      query_columns(source_, "SELECT id, cost, 1/0 AS never, tint FROM legacy_items -- all of it");
  ASSERT_EQ(columns.size(), 4U);
  EXPECT_EQ(columns[0].name, "id");
  EXPECT_EQ(columns[1].base_type_oid, oid::numeric);
  EXPECT_EQ(columns[1].type_modifier, (10 << 16 | 2) + 4) << "of the domain's base type";
  EXPECT_EQ(columns[3].base_type_type, 'e');
  EXPECT_THROW(query_columns(source_, "SELECT nowhere FROM legacy_items"), SqlError);
  EXPECT_THROW(query_columns(source_, "SELECT 1) AS q; DROP TABLE legacy_items; --"), SqlError);
}

TEST_F(LiveCatalog, ProbesLeaveATransactionUsable) {
  source_.execute("BEGIN");
  EXPECT_THROW(query_columns(source_, "SELECT nowhere"), SqlError);
  EXPECT_TRUE(refusal(source_, "SELECT nowhere"));
  EXPECT_FALSE(refusal(source_, "SELECT 1/0"));
  EXPECT_TRUE(estimate_query(source_, "SELECT nowhere").refused);
  EXPECT_EQ(source_.query("SELECT 42").value(), "42");
  source_.execute("ROLLBACK");
}

TEST_F(LiveCatalog, EstimatesQueries) {
  const QueryEstimate estimate = estimate_query(source_, "SELECT * FROM offices_seen WHERE id > 0");
  EXPECT_NEAR(estimate.rows, 3000, 300);
  EXPECT_EQ(estimate.tables, std::vector<std::string>{"public.dispatch_office"});
}

TEST_F(LiveCatalog, ListsOrdinaryTables) {
  EXPECT_EQ(table_names(source_),
            (std::vector<std::string>{"public.dispatch_office", "public.dispatch_template_products",
                                      "public.legacy_items", "public.parts"}));
}

TEST_F(LiveCatalog, SoundPluginFits) {
  const auto core = plugin("core", {items()});
  EXPECT_EQ(faults_of({core.get()}), "");
  ASSERT_EQ(plan_.entities.size(), 1U);
  const PlannedEntity& planned = plan_.entities[0];
  EXPECT_EQ(planned.expected_rows, 0) << "an empty table is known to be empty";
  EXPECT_EQ(planned.target_types[0], planned.target.column("name"));
  EXPECT_EQ(planned.identity_type, planned.target.column("id"));
  EXPECT_EQ(plan_.unmapped_source_tables,
            (std::vector<std::string>{"public.dispatch_office", "public.dispatch_template_products",
                                      "public.parts"}));
  EXPECT_NE(plan_text(plan_, {}).find("core.items"), std::string::npos);
  EXPECT_NO_THROW(make_plan({core.get()}, {}, {}, source_, target_));
}

TEST_F(LiveCatalog, TableThatGoesMeanwhileIsNotTakenForOneWithoutColumns) {
  const std::string target = url("catalog_target");
  psql(target, "CREATE TABLE fleeting (id uuid PRIMARY KEY)");
  Command command;
  command.arguments = {psql_program(), "--no-psqlrc", "--quiet"};
  for (const char* sql : {"BEGIN", "DROP TABLE fleeting", "SELECT pg_sleep(2)", "COMMIT"}) {
    command.arguments.insert(command.arguments.end(), {"--command", sql});
  }
  command.arguments.push_back(target);
  Process dropping(std::move(command));
  ASSERT_EQ(ask_until(target,
                      "SELECT count(*) FROM pg_locks WHERE relation = to_regclass('fleeting') AND "
                      "mode = 'AccessExclusiveLock' AND granted",
                      "1\n"),
            "1\n");
  Entity made = items();
  made.target = "public.fleeting";
  const auto core = plugin("core", {made});
  const Error busy = error_of([&] { faults_of({core.get()}); });
  EXPECT_TRUE(contains(busy.message(), "public.fleeting has just gone")) << busy.what();
  EXPECT_EQ(dropping.wait().exit_code, 0);
}

TEST_F(LiveCatalog, EveryFaultIsToldSortedByEntity) {
  Entity phantom = items();
  phantom.name = "core.phantoms";
  phantom.source = "public.dispatch_template_product";
  Entity wrong = items();
  wrong.source_columns = {
      {"id", MIG_INT8, false}, {"nam", MIG_TEXT, true}, {"cost", MIG_INT8, true}};
  wrong.target_columns = {
      {"doubled", MIG_NUMERIC, true}, {"number", MIG_INT8, true}, {"made_at", MIG_DATE, true}};
  const auto core = plugin("core", {phantom, wrong});
  const Error error = error_of([&] { make_plan({core.get()}, {}, {}, source_, target_); });
  EXPECT_EQ(error.exit(), Exit::preflight);
  const std::string text = error.message();
  for (const char* part :
       {"core.items.nam: the source table public.legacy_items has no such column",
        "core.items.cost: the source column has the type net_price, which cannot be read as int8",
        "core.items.doubled: the target computes this column itself",
        "core.items.number: the target numbers this column itself",
        "core.items.made_at: the target column has the type timestamp with time zone",
        "core.items.name: the target column is NOT NULL without a default, and nobody fills it",
        "core.phantoms: the source table public.dispatch_template_product does not exist",
        "did you mean public.dispatch_template_products?"}) {
    EXPECT_TRUE(contains(text, part)) << part << "\nis not in\n" << text;
  }
  EXPECT_LT(text.find("core.items.nam"), text.find("core.phantoms"));
}

TEST_F(LiveCatalog, QueryOverAPhantomTableGetsAHint) {
  Entity made = items();
  made.source.clear();
  made.source_query = "SELECT id, name FROM dispatch_ofice";
  const auto core = plugin("core", {made});
  const std::string faults = faults_of({core.get()});
  EXPECT_TRUE(contains(faults, "the source refuses the source query")) << faults;
  EXPECT_TRUE(contains(faults, "did you mean public.dispatch_office?")) << faults;
}

TEST_F(LiveCatalog, EveryColumnThatAQueryReadsInVainIsNamed) {
  Entity made = items();
  made.source.clear();
  made.source_query =
      "WITH w AS (SELECT id FROM legacy_items) SELECT i.id, i.naem || 'é' AS name, i.\"Order\", "
      "upper(o.street), w.size FROM public.legacy_items i JOIN dispatch_office AS o ON o.id = "
      "i.office_id JOIN w ON w.id = i.id WHERE i.naem <> '' AND nowhere IS NULL";
  const auto core = plugin("core", {made});
  EXPECT_EQ(
      faults_of({core.get()}),
      "  1. core.items: the source query reads i.office_id, i.naem and i.\"Order\", but "
      "public.legacy_items has no such columns\n"
      "     next: i.naem: did you mean \"name\"? known: id, name, made, cost, tint, mail, code, "
      "Mixed Case\n"
      "  2. core.items: the source query reads o.street, but public.dispatch_office has no "
      "such column\n"
      "     next: known: id, name\n"
      "  3. core.items: the source query reads w.size, which does not exist\n"
      "     next: correct the query in the plugin\n"
      "  4. core.items: the source query reads nowhere, but none of public.legacy_items and "
      "public.dispatch_office has such column\n"
      "     next: known: id, name, made, cost, tint, mail, code, Mixed Case, id, name");
}

TEST_F(LiveCatalog, SqlOfPluginsIsTriedBeforehand) {
  Entity made = items();
  made.filters = {{"naem IS NOT NULL", "nameless", ""}};
  made.totals = {{"cost", "cost", "prize"}};
  made.assertions = {{"one", "SELECT id FROM itmes", "", MIG_ABORT}};
  const auto core = plugin("core", {made});
  const std::string faults = faults_of({core.get()});
  EXPECT_TRUE(contains(faults, "the source refuses the filter nameless")) << faults;
  EXPECT_TRUE(
      contains(faults, "the target refuses the target expression of the total core.items/cost"))
      << faults;
  EXPECT_TRUE(
      contains(faults, "the target refuses the assertion core.items/one: relation \"itmes\""))
      << faults;
  EXPECT_FALSE(contains(faults, "source expression")) << faults;
}

TEST_F(LiveCatalog, ConversionsAreRemarked) {
  Entity made = items();
  made.source_columns = {{"id", MIG_INT8, false},
                         {"made", MIG_TIMESTAMPTZ, true},
                         {"mail", MIG_TEXT, true},
                         {"tint", MIG_TEXT, true}};
  const auto core = plugin("core", {made});
  EXPECT_EQ(faults_of({core.get()}), "");
  EXPECT_EQ(plan_.entities[0].source_selects[1], "\"made\" AT TIME ZONE 'UTC'");
  EXPECT_EQ(plan_.entities[0].source_selects[2], "\"mail\"::text");
  EXPECT_EQ(plan_.entities[0].wire_columns[3].type_type, 'e');
  EXPECT_GE(plan_.entities[0].remarks.size(), 2U);
}

TEST_F(LiveCatalog, ParentThatDoesNotRunMustBeThere) {
  Entity thing = entity("core", "things", {reference("item_id", "core.items")});
  thing.source = "public.dispatch_office";
  thing.target_columns = {{"label", MIG_TEXT, false}, {"item_id", MIG_UUID, false}};
  const auto core = plugin("core", {items(), thing});
  EXPECT_EQ(faults_of({core.get()}, {}, {{"core.things"}, {}}), "");
  ASSERT_EQ(plan_.read_only_parents.size(), 1U);
  EXPECT_EQ(plan_.read_only_parents[0]->name, "core.items");
  EXPECT_EQ(plan_.phases, (std::vector<std::vector<std::string>>{{"core.things"}}));
  core->entities[0].target = "public.nowhere";
  EXPECT_TRUE(contains(faults_of({core.get()}, {}, {{"core.things"}, {}}),
                       "its parent core.items does not run, and its target table"));
}

TEST_F(LiveCatalog, RightsAndRowSecurityOfThePlainRole) {
  psql(url("catalog_source"),
       "DROP ROLE IF EXISTS plain; CREATE ROLE plain LOGIN; GRANT SELECT (id) ON legacy_items TO "
       "plain; ALTER TABLE dispatch_office ENABLE ROW LEVEL SECURITY; GRANT SELECT ON "
       "dispatch_office TO plain");
  Endpoint endpoint;
  endpoint.conninfo = url("catalog_source") + "&user=plain";
  if (url("catalog_source").find('?') == std::string::npos) {
    endpoint.conninfo = url("catalog_source") + "?user=plain";
  }
  Session plain(endpoint, Session::Role::source, LoadConfig{}, "test");
  const auto items_table = read_table(plain, "public.legacy_items");
  EXPECT_FALSE(items_table->can_select);
  EXPECT_FALSE(items_table->owned);
  EXPECT_TRUE(items_table->column("id")->can_select);
  EXPECT_FALSE(items_table->column("name")->can_select);
  EXPECT_TRUE(read_table(plain, "public.dispatch_office")->row_security_active);
  EXPECT_FALSE(read_table(source_, "public.dispatch_office")->row_security_active);

  Entity office = entity("core", "offices");
  office.source = "public.dispatch_office";
  office.target = "public.items";
  office.target_columns = {{"name", MIG_TEXT, false}};
  const auto core = plugin("core", {items(), office});
  Faults faults;
  examine_plan({core.get()}, {}, {}, plain, target_, faults);
  const std::string text = fault_list(faults);
  EXPECT_TRUE(contains(text, "core.items: the source role may not read public.legacy_items (name)"))
      << text;
  EXPECT_TRUE(contains(text, "core.offices: row-level security of the source table")) << text;
  psql(url("catalog_source"),
       "ALTER TABLE dispatch_office DISABLE ROW LEVEL SECURITY; "
       "DROP OWNED BY plain; DROP ROLE plain");
}

}  // namespace
}  // namespace mighost::test
