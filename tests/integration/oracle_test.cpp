// All families against the oracle: what the generator planted decides what must become of every
// row, and the rules (docs/families) what it becomes. Neither has seen the program.
#include <gtest/gtest.h>

#include <utility>

#include "support/dataset.hpp"

namespace mighost::test {
namespace {

using json = nlohmann::json;

constexpr const char* own_namespace = "6f9619ff-8b86-5011-b42d-00c04fc964ff";

std::string with_namespace() {
  return std::string("[identity]\nnamespace = \"") + own_namespace + "\"\n";
}

/// What the target and its ledger hold of each entity: rows, records of rows that were held back
/// (each row once), notes.
json counts_of(const Migration& migration, const json& oracle) {
  std::string query = "SELECT jsonb_object_agg(e, jsonb_build_array(n, q, k, o)) FROM (";
  const char* separator = "";
  for (const auto& [name, expected] : oracle["entities"].items()) {
    const std::string of_entity = " WHERE entity = '" + name + "')";
    query += separator + ("SELECT '" + name + "' AS e, (SELECT count(*) FROM " + rows_of(name)) +
             ") AS n, (SELECT count(*) FROM mighost.quarantine" + of_entity +
             " AS q, (SELECT count(DISTINCT legacy_key) FROM mighost.quarantine" + of_entity +
             " AS k, (SELECT count(DISTINCT (legacy_key, code)) FROM mighost.notes" + of_entity +
             " AS o";
    separator = " UNION ALL ";
  }
  return json::parse(migration.target(query + ") AS counts"));
}

json sum_of(const json& entity, const std::vector<const char*>& fields) {
  int sum = 0;
  for (const char* field : fields) sum += entity.at(field).get<int>();
  return sum;
}

/// A check that cries wolf is worse than none: dirt is quarantined, and nothing else is amiss.
void expect_quiet_checks(const json& report) {
  ASSERT_GT(report["checks"].size(), 200u);
  for (const json& check : report["checks"]) {
    const bool quiet = check["status"] == "passed" || check["status"] == "skipped";
    const std::string name = check["check"];
    // What a plugin's assertion remarks is its own business.
    EXPECT_TRUE(quiet || name.find('/') != std::string::npos) << check;
  }
}

/// Outcomes, codes, notes and control totals; and the target has what the books call written.
void expect_oracle(const Migration& migration, const json& oracle) {
  EXPECT_EQ(differences(migration.report, oracle), "");
  EXPECT_EQ(migration.report["status"], "done");
  EXPECT_TRUE(migration.report["verified"]);
  expect_quiet_checks(migration.report);
  EXPECT_FALSE(oracle["control_totals"].empty());
  json sums = {{"read", 0}, {"written", 0}, {"quarantined", 0}, {"parked", 0}, {"filtered", 0}};
  json counts;
  for (const auto& [name, expected] : oracle["entities"].items()) {
    for (auto& [field, sum] : sums.items()) {
      sum = sum.get<int>() + expected[field].get<int>();
    }
    const json got = migration.entity(name);
    EXPECT_EQ(got["read"],
              sum_of(got, {"written", "unchanged", "merged", "filtered", "quarantined", "parked"}))
        << name;
    int notes = 0;
    for (const auto& [code, rows] : expected["notes"].items()) notes += rows.get<int>();
    const json held = sum_of(expected, {"quarantined", "parked"});
    counts[name] = {expected["written"], held, held, notes};
  }
  EXPECT_EQ(counts_of(migration, oracle), counts);
  for (const auto& [field, sum] : sums.items()) {
    EXPECT_EQ(migration.report["totals"][field], sum) << field;
  }
}

/// A rebuilt index has another number or another file.
std::string index_files(const Migration& migration) {
  return migration.target(
      "SELECT c.oid, c.relname, c.relfilenode FROM pg_class c JOIN pg_namespace n "
      "ON n.oid = relnamespace WHERE nspname = 'public' AND relkind = 'i' ORDER BY 1");
}

std::string notes_of(const Migration& migration) {
  return migration.target(
      "SELECT entity, legacy_key, code, column_name, detail "
      "FROM mighost.notes ORDER BY 1, 2, 3, 4, 5");
}

void expect_second_run_changes_nothing(Migration& migration, const json& oracle) {
  const std::string rows = migration.target_rows(), structure = migration.target_structure();
  const std::string indexes = index_files(migration), notes = notes_of(migration);
  const Outcome second = migration.run();
  ASSERT_EQ(second.exit_code, 0) << second.error;
  EXPECT_NE(second.output.find("0 rows written"), std::string::npos) << second.output;
  EXPECT_EQ(migration.report["totals"]["written"], 0);
  for (const auto& [name, first] : oracle["entities"].items()) {
    const json got = migration.entity(name);
    EXPECT_EQ(got["written"], 0) << name;
    EXPECT_EQ(got["unchanged"], first["written"]) << name;
    EXPECT_EQ(got["drift"], 0) << name << got["remarks"];
    for (const char* field : {"read", "merged", "filtered", "quarantined", "parked", "codes"}) {
      EXPECT_EQ(got[field], first[field]) << name << " " << field;
    }
  }
  EXPECT_EQ(changed_lines(rows, migration.target_rows()), "");
  EXPECT_EQ(changed_lines(structure, migration.target_structure()), "");
  EXPECT_EQ(changed_lines(indexes, index_files(migration)), "") << "indexes were built again";
  EXPECT_EQ(changed_lines(notes, notes_of(migration)), "");
}

/// The legacy key of each core table's rows, as SQL over the table `t`. The other families' keys
/// are recomputed by check_fields.
constexpr std::pair<const char*, const char*> legacy_keys[] = {
    {"offices", "legacy_office_id"},
    {"profiles", "legacy_user_id"},
    {"doctors", "legacy_user_id"},
    {"doctor_offices",
     "(SELECT d.legacy_user_id FROM doctors d WHERE d.id = t.doctor_id) || '/' || "
     "(SELECT o.legacy_office_id FROM offices o WHERE o.id = t.office_id)"},
    {"patients", "legacy_patient_id"},
    {"patients_doctors_offices",
     "(SELECT p.legacy_patient_id FROM patients p WHERE p.id = t.patient_id)"},
    {"courses", "legacy_course_id"},
    {"products", "legacy_product_id"},
    {"categories", "legacy_category_id"},
    {"roles", "legacy_role_id"},
    {"role_permissions", "legacy_id"},
    {"teams", "legacy_group_id"},
    {"orders", "legacy_instruction_id"}};

/// uuid-ossp computes them by itself.
void expect_identities(const Migration& migration, const json& oracle, const std::string& space) {
  EXPECT_EQ(std::size(legacy_keys), of_families(oracle, {"core"})["entities"].size());
  std::string query;
  json expected;
  for (const auto& [table, key] : legacy_keys) {
    const std::string entity = "core." + std::string(table);
    query += (query.empty() ? "SELECT '" : " UNION ALL SELECT '") + entity + "', count(*) FROM " +
             table + " AS t WHERE id = uuid_generate_v5('" + space + "', '" + entity + "/' || (" +
             key + "))";
    expected[entity] = oracle["entities"][entity]["written"];
  }
  EXPECT_EQ(json::parse(migration.target("SELECT jsonb_object_agg(e, n) FROM (" + query +
                                         ") AS counts (e, n)")),
            expected);
}

/// By plain SQL that the schema's own declarations make; the constraints themselves are not asked.
void expect_no_orphans(const Migration& migration) {
  const std::string statement = migration.target(R"sql(
SELECT string_agg(format('SELECT %L, count(*) FROM %s AS c WHERE (%s) IS NOT NULL AND NOT EXISTS '
                         || '(SELECT FROM %s AS p WHERE (%s) = (%s))',
                         conname, conrelid::regclass, own, confrelid::regclass, theirs, own),
                  ' UNION ALL ' ORDER BY conname)
FROM (SELECT *,
        (SELECT string_agg('c.' || quote_ident(attname), ', ' ORDER BY n)
         FROM unnest(conkey) WITH ORDINALITY AS k (number, n)
         JOIN pg_attribute ON attrelid = conrelid AND attnum = number) AS own,
        (SELECT string_agg('p.' || quote_ident(attname), ', ' ORDER BY n)
         FROM unnest(confkey) WITH ORDINALITY AS k (number, n)
         JOIN pg_attribute ON attrelid = confrelid AND attnum = number) AS theirs
      FROM pg_constraint WHERE contype = 'f' AND connamespace = 'public'::regnamespace) AS keys
)sql");
  ASSERT_NE(statement.find("orders_patient_id_fkey"), std::string::npos) << statement;
  EXPECT_EQ(migration.target("SELECT * FROM (" + statement + ") AS k (name, n) WHERE n > 0"), "");
  // The check above would like a table of NULLs too. Every parent of a category goes.
  EXPECT_EQ(migration.target("SELECT count(parent_id) FROM categories"),
            migration.source("SELECT count(parent_id) FROM dispatch_category"));
}

class Oracle : public testing::TestWithParam<Dataset> {
 protected:
  Migration migration_{shipped_plugins()};
};

TEST_P(Oracle, IsMetByTheFirstRunAndKeptByTheSecond) {
  const json oracle = fill(migration_, GetParam());
  migration_.configure(with_namespace());
  const Outcome outcome = migration_.run();
  ASSERT_EQ(outcome.exit_code, 0) << outcome.error;
  expect_oracle(migration_, oracle);
  expect_identities(migration_, oracle, own_namespace);
  expect_no_orphans(migration_);
  expect_second_run_changes_nothing(migration_, oracle);
}

INSTANTIATE_TEST_SUITE_P(
    Presets, Oracle, testing::Values(Dataset{"XS", 1, false, {}}, Dataset{"XS", 2024, false, {}}),
    [](const auto& test) { return test.param.preset + "seed" + std::to_string(test.param.seed); });

// Under the sanitizers they take minutes.
INSTANTIATE_TEST_SUITE_P(
    ReleaseOnly, Oracle,
    testing::Values(Dataset{"S", 1, false, {}},
                    Dataset{"S", 7, false, {"tasks=8000", "files=5000", "notifications=5000"}}),
    [](const auto& test) { return test.param.preset + "seed" + std::to_string(test.param.seed); });

/// With indexes and constraints taken away and built again, whatever the size of the tables.
TEST(ReleaseOnlyOracleDeferred, IsMetTheSameWay) {
  Migration migration(shipped_plugins());
  const json oracle =
      fill(migration, {"S", 3, false, {"tasks=8000", "files=5000", "notifications=5000"}});
  const std::string structure = migration.target_structure();
  migration.configure("[load]\ndefer = \"always\"\n");
  const Outcome outcome = migration.run();
  ASSERT_EQ(outcome.exit_code, 0) << outcome.error;
  expect_oracle(migration, oracle);
  expect_no_orphans(migration);
  EXPECT_EQ(changed_lines(structure, migration.target_structure()), "");
  // What stands in config/run.toml as the default.
  expect_identities(migration, oracle, "91689718-feb4-5c8d-b2c8-67e672518db1");
}

/// Without dirt nothing is held back, and what a row lacks by nature is still no reason to lose it.
TEST(ReleaseOnlyOracleClean, HoldsNothingBack) {
  Migration migration(shipped_plugins());
  const json oracle = fill(migration, {"XS", 5, true, {}});
  const Outcome outcome = migration.run();
  ASSERT_EQ(outcome.exit_code, 0) << outcome.error;
  expect_oracle(migration, oracle);
  EXPECT_EQ(migration.report["totals"]["quarantined"], 0);
  EXPECT_EQ(migration.report["totals"]["parked"], 0);
  EXPECT_EQ(migration.target("SELECT count(*) FROM orders"),
            migration.source("SELECT count(*) FROM dispatch_instruction"));
}

struct Knob {
  const char* setting;
  const char* entity;
  const char* list;  // "codes" or "notes"
  const char* code;
  int rows;
};

class OracleKnobs : public testing::TestWithParam<Knob> {};

/// One kind of dirt in an otherwise clean database gives that many outcomes of its code.
TEST_P(OracleKnobs, ShowUpAsThatManyRows) {
  Migration migration(shipped_plugins());
  const Knob knob = GetParam();
  Dataset dataset{"XS", 11, true, few_rows};
  dataset.knobs.emplace_back(knob.setting);
  const json oracle = fill(migration, dataset);
  const Outcome outcome = migration.run();
  ASSERT_EQ(outcome.exit_code, 0) << outcome.error;
  EXPECT_EQ(differences(migration.report, oracle), "");
  EXPECT_EQ(migration.entity(knob.entity)[knob.list][knob.code], knob.rows);
}

INSTANTIATE_TEST_SUITE_P(
    Dirt, OracleKnobs,
    testing::Values(  // of 260 orders, 13 are 0.05
        Knob{"order_unknown_status=0.05", "core.orders", "codes", "unknown_enum", 13},
        Knob{"order_inferred_status=6", "core.orders", "codes", "unknown_enum", 6},
        Knob{"price_fine=7", "core.orders", "codes", "numeric_rounding", 7},
        Knob{"order_missing_parent=9", "core.orders", "codes", "missing_parent", 9},
        Knob{"unknown_sex=2", "core.profiles", "codes", "unknown_enum", 2},
        Knob{"office_tax_bad=3", "core.offices", "codes", "tax_rate_range", 3},
        Knob{"office_tax_ambiguous=2", "core.offices", "codes", "tax_rate_ambiguous", 2},
        Knob{"phone_bad=4", "core.offices", "notes", "phone_invalid", 4},
        Knob{"bad_email=5", "core.profiles", "notes", "email_invalid", 5}),
    [](const auto& test) {
      const std::string setting = test.param.setting;
      return setting.substr(0, setting.find('='));
    });

/// Every kind of dirt of every family, three times each, in an otherwise clean database.
TEST(ReleaseOnlyOracleKnobsTogether, ShowUpAsThatManyRows) {
  Migration migration(shipped_plugins());
  Dataset dataset{"S", 5, true, {"tasks=8000", "files=5000", "notifications=5000"}};
  const std::vector<std::string> dirt = dirt_knobs();
  ASSERT_GT(dirt.size(), 100u);
  for (const auto& knob : dirt) dataset.knobs.push_back(knob + "=3");
  const json oracle = fill(migration, dataset);
  const Outcome outcome = migration.run();
  ASSERT_EQ(outcome.exit_code, 0) << outcome.error;
  EXPECT_EQ(differences(migration.report, oracle), "");
  expect_quiet_checks(migration.report);
}

/// The same bytes as the other compiler's build, which dataset_test.cpp holds to this value.
TEST(ReleaseOnlyOracle, IsOfTheSameDataset) {
  Migration migration(shipped_plugins());
  EXPECT_EQ(fill(migration, {"XS", 1, false, {}}).at("fingerprint"), "de2e9b6916f6ea0f");
}

/// Preset A, two million legacy rows: as foretold, proved, and nothing to do again.
TEST(ReleaseOnlyOracle, IsMetAtFullSize) {
  Migration migration(shipped_plugins());
  const json oracle = fill(migration, {"A", 1, false, {}});
  migration.configure(with_namespace());
  const std::string structure = migration.target_structure();
  const Outcome outcome = migration.run();
  ASSERT_EQ(outcome.exit_code, 0) << outcome.error;
  expect_oracle(migration, oracle);
  EXPECT_EQ(changed_lines(structure, migration.target_structure()), "");
  expect_identities(migration, oracle, own_namespace);
  expect_no_orphans(migration);
  const Outcome fields =
      run_check("check_fields", {migration.source_url(), migration.target_url(), own_namespace});
  const Outcome orphans = run_check("check_orphans", {migration.target_url()});
  EXPECT_EQ(fields.exit_code, 0) << fields.error;
  const std::string written = migration.report["totals"]["written"].dump();
  EXPECT_NE(fields.output.find(written + " rows of 52 entities agree"), std::string::npos)
      << fields.output;
  EXPECT_EQ(orphans.exit_code, 0) << orphans.error;
  EXPECT_NE(orphans.output.find(" hold\n"), std::string::npos) << orphans.output;
  expect_second_run_changes_nothing(migration, oracle);
}

}  // namespace
}  // namespace mighost::test
