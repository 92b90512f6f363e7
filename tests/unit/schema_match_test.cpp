// One entity against what the catalogs say, without a server.

#include "plan/schema_match.hpp"

#include <gtest/gtest.h>

#include "plan/table_hint.hpp"
#include "plan/type_match.hpp"
#include "plan_samples.hpp"

namespace mighost::test {
namespace {

CatalogTable legacy_offices() {
  return live_table("legacy_offices", {live("id", oid::int4, "integer", true),
                                       live("name", oid::varchar, "character varying(255)")});
}

CatalogTable offices() {
  CatalogColumn made_at = live("created_at", oid::timestamptz, "timestamp with time zone", true);
  made_at.has_default = true;
  return live_table(
      "offices", {live("id", oid::uuid, "uuid", true), live("name", oid::text, "text"), made_at});
}

// An entity with both sides; each test changes what it is about.
struct Case {
  Entity entity = test::entity("core", "offices");
  SourceFacts facts;
  PlannedEntity planned;
  Faults faults;

  Case() {
    facts.table = legacy_offices();
    facts.known_tables = {"public.legacy_offices"};
    planned.target = offices();
  }

  std::string source() {
    planned.entity = &entity;
    match_source(facts, planned, faults);
    return fault_list(faults);
  }
  std::string target() {
    planned.entity = &entity;
    match_target(planned, faults);
    return fault_list(faults);
  }
  std::string remarks() const {
    std::string text;
    for (const auto& remark : planned.remarks) text += remark + "\n";
    return text;
  }
};

TEST(SchemaMatch, SoundEntityFits) {
  Case c;
  EXPECT_EQ(c.source() + c.target() + c.remarks(), "");
  EXPECT_EQ(c.planned.source_selects, (std::vector<std::string>{"\"id\"", "\"name\""}));
  ASSERT_EQ(c.planned.wire_columns.size(), 2U);
  EXPECT_EQ(c.planned.wire_columns[0].type_oid, oid::int4);
  EXPECT_EQ(c.planned.target_types.front(), c.planned.target.column("name"));
  EXPECT_EQ(c.planned.identity_type, c.planned.target.column("id"));
}

TEST(SchemaMatch, MissingSourceColumnGetsAHint) {
  Case c;
  c.entity.source_columns[1].name = "nmae";
  const std::string faults = c.source();
  EXPECT_TRUE(contains(faults, "core.offices.nmae: the source table public.legacy_offices has no"))
      << faults;
  EXPECT_TRUE(contains(faults, "did you mean \"name\"?")) << faults;
}

TEST(SchemaMatch, UnfitSourceTypeSaysWhatFits) {
  Case c;
  c.entity.source_columns[1].type = MIG_INT8;
  const std::string faults = c.source();
  EXPECT_TRUE(contains(faults, "character varying(255), which cannot be read as int8")) << faults;
  EXPECT_TRUE(contains(faults, "declare it as text")) << faults;
}

TEST(SchemaMatch, KeyMustBeNotNullUnlessItComesFromAQuery) {
  Case c;
  c.facts.table->columns[0].not_null = false;
  EXPECT_TRUE(contains(c.source(), "the key column may be NULL"));
  Case query;
  query.entity.source_query = "SELECT id, name FROM legacy_offices";
  query.facts.query = query.facts.table->columns;
  query.facts.query->at(0).not_null = false;
  EXPECT_EQ(query.source(), "");
}

TEST(SchemaMatch, NullableColumnThatIsReliedOnIsARemark) {
  Case c;
  c.entity.source_columns[1].nullable = false;
  EXPECT_EQ(c.source(), "");
  EXPECT_TRUE(contains(c.remarks(), "source column name may be NULL"));
}

TEST(SchemaMatch, KeyWithoutUniqueIndexIsARemark) {
  Case c;
  c.facts.table->indexes.clear();
  EXPECT_EQ(c.source(), "");
  EXPECT_TRUE(contains(c.remarks(), "no unique index on public.legacy_offices (id)"));
}

TEST(SchemaMatch, DoubledQueryColumnIsAmbiguous) {
  Case c;
  c.entity.source_query = "SELECT ...";
  c.facts.query =
      std::vector{c.facts.table->columns[0], c.facts.table->columns[1], c.facts.table->columns[1]};
  EXPECT_TRUE(contains(c.source(), "has 2 columns of that name"));
}

TEST(SchemaMatch, RefusedQueryIsTold) {
  Case c;
  c.entity.source_query = "SELEC";
  c.facts.query_faults = {{"core.offices", "the source refuses the source query", "correct it"}};
  EXPECT_TRUE(contains(c.source(), "1. core.offices: the source refuses the source query"));
}

TEST(SchemaMatch, SourceRightsByTableOrColumn) {
  Case c;
  c.facts.table->can_select = false;
  EXPECT_EQ(c.source(), "") << "every column may be read";
  Case one;
  one.facts.table->can_select = false;
  one.facts.table->columns[1].can_select = false;
  EXPECT_TRUE(contains(one.source(), "may not read public.legacy_offices (name)"));
}

TEST(SchemaMatch, RowSecurityThatAppliesIsAFault) {
  Case c;
  c.facts.table->row_security_active = true;
  c.planned.target.row_security_active = true;
  const std::string faults = c.source() + c.target();
  EXPECT_TRUE(contains(faults, "hides rows from the source role")) << faults;
  EXPECT_TRUE(contains(faults, "applies to the target role")) << faults;
}

TEST(SchemaMatch, TargetColumnsMustExistAndFit) {
  Case c;
  c.entity.target_columns = {{"nam", MIG_TEXT, true}, {"created_at", MIG_TEXT, true}};
  const std::string faults = c.target();
  EXPECT_TRUE(contains(faults, "core.offices.nam: the target table public.offices has no such"))
      << faults;
  EXPECT_TRUE(contains(faults, "timestamp with time zone, which does not take text")) << faults;
  EXPECT_TRUE(contains(faults, "emit timestamptz")) << faults;
}

TEST(SchemaMatch, GeneratedAndNumberedColumnsAreRefused) {
  Case c;
  c.planned.target.columns[1].generated = true;
  EXPECT_TRUE(contains(c.target(), "GENERATED ALWAYS AS)"));
  Case numbered;
  numbered.planned.target.columns[1].identity = 'a';
  EXPECT_TRUE(contains(numbered.target(), "AS IDENTITY"));
}

TEST(SchemaMatch, NotNullColumnThatNobodyFillsIsAFault) {
  Case c;
  c.planned.target.columns[2].has_default = false;
  const std::string faults = c.target();
  EXPECT_TRUE(contains(faults, "core.offices.created_at: the target column is NOT NULL without"))
      << faults;
}

TEST(SchemaMatch, NullableIntoNotNullIsARemarkButLateIsAFault) {
  Case c;
  c.planned.target.columns[1].not_null = true;
  EXPECT_EQ(c.target(), "");
  EXPECT_TRUE(
      contains(c.remarks(), "target column name is NOT NULL, but the plugin may emit NULL"));
  Case late;
  late.entity.target_columns.push_back({"parent_id", MIG_UUID, true});
  late.entity.references.push_back(reference("parent_id", "core.offices", true));
  late.planned.target.columns.push_back(live("parent_id", oid::uuid, "uuid", true));
  EXPECT_TRUE(contains(late.target(), "late reference is first written as NULL"));
}

TEST(SchemaMatch, IdentityColumnMustBeThereAndUuid) {
  Case c;
  c.planned.target.columns[0] = live("id", oid::int4, "integer", true);
  EXPECT_TRUE(contains(c.target(), "core.offices.id: the target column has the type integer"));
  Case missing;
  missing.entity.identity_column = "uid";
  EXPECT_TRUE(contains(missing.target(), "core.offices.uid: the target table"));
}

TEST(SchemaMatch, KeptKeyGoesIntoANumberedColumn) {
  Case c;
  c.entity.identity = MIG_IDENTITY_KEEP;
  c.planned.target.columns[0] = live("id", oid::int4, "integer", true);
  c.planned.target.columns[0].identity = 'a';
  EXPECT_EQ(c.target(), "");
  EXPECT_TRUE(contains(c.remarks(), "its sequence has to be set"));
}

TEST(SchemaMatch, NaturalIdentityNeedsNoInsert) {
  Case c;
  c.entity.identity = MIG_IDENTITY_NATURAL;
  c.entity.natural_key = {"name"};
  c.planned.target.can_insert = false;
  c.planned.target.columns[2].has_default = false;
  EXPECT_EQ(c.target(), "");
  EXPECT_EQ(c.planned.identity_type, nullptr);
}

TEST(SchemaMatch, TargetRights) {
  Case c;
  c.planned.target.can_insert = c.planned.target.can_select = false;
  for (auto& column : c.planned.target.columns) column.can_insert = false;
  const std::string faults = c.target();
  EXPECT_TRUE(contains(faults, "may not insert into public.offices\n")) << faults;
  EXPECT_TRUE(contains(faults, "may not read public.offices")) << faults;
}

TEST(SchemaMatch, ReferenceHasTheTypeOfTheParentsKey) {
  Case c;
  const Entity parent = test::entity("core", "doctors");
  const CatalogTable doctors = live_table("doctors", {live("id", oid::uuid, "uuid", true)});
  const Reference link = reference("doctor_id", "core.doctors");
  c.entity.target_columns.push_back({"doctor_id", MIG_UUID, true});
  c.planned.entity = &c.entity;
  c.planned.target.columns.push_back(live("doctor_id", oid::uuid, "uuid"));
  match_reference(link, c.planned, parent, &doctors, c.faults);
  EXPECT_EQ(fault_list(c.faults), "");
  c.planned.target.columns.back() = live("doctor_id", oid::int8, "bigint");
  match_reference(link, c.planned, parent, &doctors, c.faults);
  EXPECT_TRUE(
      contains(fault_list(c.faults), "but the key of core.doctors (public.doctors.id) is uuid"))
      << fault_list(c.faults);
}

TEST(SchemaMatch, ReadOnlyParentMustBeFindable) {
  Entity parent = test::entity("core", "doctors");
  const CatalogTable doctors = live_table("doctors", {live("id", oid::uuid, "uuid", true)});
  Faults faults;
  match_read_only_parent(parent, &doctors, "core.orders.doctor_id", faults);
  EXPECT_EQ(fault_list(faults), "");
  match_read_only_parent(parent, nullptr, "core.orders.doctor_id", faults);
  EXPECT_TRUE(contains(fault_list(faults), "select core.doctors too")) << fault_list(faults);
  faults.clear();
  parent.identity = MIG_IDENTITY_ASSIGNED;
  match_read_only_parent(parent, &doctors, "core.orders.doctor_id", faults);
  EXPECT_TRUE(contains(fault_list(faults), "keeps no legacy key")) << fault_list(faults);
}

TEST(TypeMatch, SourceTypes) {
  const auto select = [](CatalogColumn column, mig_type type) {
    const SourceFit fit = fit_source(column, type);
    return fit.fits ? fit.select : "refused: " + fit.remedy;
  };
  EXPECT_EQ(select(live("a", oid::int2, "smallint"), MIG_INT8), "\"a\"");
  EXPECT_EQ(select(live("a", oid::int4, "integer"), MIG_NUMERIC), "\"a\"::numeric");
  EXPECT_EQ(select(live("a", oid::float4, "real"), MIG_FLOAT8), "\"a\"");
  EXPECT_EQ(select(live("a", oid::uuid, "uuid"), MIG_TEXT), "\"a\"::text");
  EXPECT_EQ(select(live("a", 869, "inet"), MIG_TEXT), "\"a\"::text");
  EXPECT_EQ(select(enumeration("a"), MIG_TEXT), "\"a\"");
  EXPECT_EQ(select(live("a", oid::numeric, "numeric"), MIG_TEXT), "\"a\"::text");
  EXPECT_EQ(select(live("a", 1114, "timestamp without time zone"), MIG_TIMESTAMPTZ),
            "\"a\" AT TIME ZONE 'UTC'");
  EXPECT_EQ(select(live("a", oid::jsonb, "jsonb"), MIG_JSON), "\"a\"");
  EXPECT_EQ(select(live("A \"b\"", oid::text, "text"), MIG_TEXT), "\"A \"\"b\"\"\"");
  EXPECT_TRUE(contains(select(live("a", oid::text, "text"), MIG_JSON), "check that it is JSON"));
  EXPECT_TRUE(contains(select(live("a", oid::float8, "double precision"), MIG_NUMERIC), "float8"));
  EXPECT_TRUE(contains(select(live("a", oid::numeric, "numeric"), MIG_FLOAT8), "numeric"));
  EXPECT_TRUE(contains(select(live("a", oid::numeric, "numeric"), MIG_INT8), "numeric"));
  EXPECT_TRUE(contains(select(live("a", oid::bytea, "bytea"), MIG_TEXT), "bytes"));
  EXPECT_TRUE(contains(select(live("a", 1114, "timestamp"), MIG_DATE), "timestamptz"));
}

TEST(TypeMatch, DomainsCountAsTheirBaseType) {
  CatalogColumn column = enumeration("a");
  column.type_oid = 90002;
  column.type_type = 'd';
  const SourceFit fit = fit_source(column, MIG_TEXT);
  EXPECT_TRUE(fit.fits);
  EXPECT_EQ(fit.wire.type_oid, column.base_type_oid);
  EXPECT_EQ(fit.wire.type_type, 'e');
}

TEST(TypeMatch, WhatFitsHasACodec) {
  // Each pair that the plan lets pass must be one that the decoder takes.
  const std::vector<CatalogColumn> columns = {live("a", oid::int2, ""),
                                              live("a", oid::int4, ""),
                                              live("a", oid::int8, ""),
                                              live("a", oid::float4, ""),
                                              live("a", oid::float8, ""),
                                              live("a", oid::boolean, ""),
                                              live("a", oid::text, ""),
                                              live("a", oid::varchar, ""),
                                              live("a", oid::bpchar, ""),
                                              live("a", oid::name, ""),
                                              live("a", oid::char_, ""),
                                              live("a", oid::numeric, ""),
                                              live("a", oid::timestamptz, ""),
                                              live("a", oid::date, ""),
                                              live("a", oid::uuid, ""),
                                              live("a", oid::bytea, ""),
                                              live("a", oid::json, ""),
                                              live("a", oid::jsonb, ""),
                                              live("a", 26, "oid"),
                                              live("a", 790, "money"),
                                              live("a", 1114, "timestamp"),
                                              live("a", 869, "inet"),
                                              live("a", 90009, "public.citext"),
                                              enumeration("a")};
  for (const auto& column : columns) {
    for (mig_type type = MIG_INT8; type <= MIG_JSON; ++type) {
      const SourceFit fit = fit_source(column, type);
      if (fit.fits) {
        EXPECT_NO_THROW(RowDecoder({fit.wire})) << column.base_type_oid << " " << type;
      }
      EXPECT_NE(fit.fits, !fit.remedy.empty()) << column.base_type_oid << " " << type;
      EXPECT_NE(fit_target(column, type).fits, !fit_target(column, type).remedy.empty());
    }
  }
}

TEST(TypeMatch, TargetTypes) {
  EXPECT_TRUE(fit_target(live("a", oid::int2, "smallint"), MIG_INT8).fits);
  EXPECT_TRUE(fit_target(enumeration("a"), MIG_TEXT).fits);
  EXPECT_TRUE(fit_target(live("a", 90009, "public.citext"), MIG_TEXT).fits);
  EXPECT_TRUE(fit_target(live("a", oid::json, "json"), MIG_JSON).fits);
  EXPECT_FALSE(fit_target(live("a", oid::text, "text"), MIG_INT8).fits);
  EXPECT_FALSE(fit_target(live("a", oid::float8, "double precision"), MIG_NUMERIC).fits);
  const TargetFit vector = fit_target(live("a", 90010, "vector(3)"), MIG_TEXT);
  EXPECT_TRUE(contains(vector.remedy, "no type of the SDK fits")) << vector.remedy;
}

// Tables that scripts and reports assumed, and that do not exist.
TEST(TableHint, PhantomTables) {
  const std::vector<std::string> known = {"public.auth_user",
                                          "public.dispatch_action",
                                          "public.dispatch_comment",
                                          "public.dispatch_file",
                                          "public.dispatch_notification",
                                          "public.dispatch_office",
                                          "public.dispatch_patient",
                                          "public.dispatch_record",
                                          "public.dispatch_role",
                                          "public.dispatch_state",
                                          "public.dispatch_task",
                                          "public.dispatch_template",
                                          "public.dispatch_template_products",
                                          "public.dispatch_doctorsetting",
                                          "public.dispatch_globalsetting",
                                          "public.dispatch_usersetting"};
  EXPECT_EQ(table_remedy("dispatch_template_product", known),
            "did you mean public.dispatch_template_products?");
  EXPECT_EQ(table_remedy("public.dispatch_ofice", known), "did you mean public.dispatch_office?");
  EXPECT_EQ(table_remedy("legacy.dispatch_office", known), "did you mean public.dispatch_office?");
  EXPECT_EQ(table_remedy("dispatch_user", known),
            "tables of a related name: public.auth_user and public.dispatch_usersetting");
  EXPECT_TRUE(contains(table_remedy("dispatch_doctor", known), "dispatch_doctorsetting"));
  for (const char* phantom : {"dispatch_technician", "dispatch_shipment", "dispatch_feedback",
                              "dispatch_transaction", "dispatch_treatment_plan"}) {
    const std::string remedy = table_remedy(phantom, known);
    EXPECT_TRUE(contains(remedy, "none of the 16 tables")) << phantom << ": " << remedy;
  }
}

}  // namespace
}  // namespace mighost::test
