// Two checks that share no code with the program, on what all families brought over: every column
// of every row recomputed from the legacy tables (check_fields), and no reference to a row that is
// not there (check_orphans). First that they find nothing, then that they could.
#include <gtest/gtest.h>

#include <sstream>

#include "support/dataset.hpp"

namespace mighost::test {
namespace {

using json = nlohmann::json;

Outcome check_fields(const Migration& migration) {
  return run_check("check_fields", {migration.source_url(), migration.target_url()});
}

Outcome check_orphans(const Migration& migration) {
  return run_check("check_orphans", {migration.target_url()});
}

void migrate(Migration& migration, const Dataset& dataset) {
  fill(migration, dataset);
  const Outcome outcome = migration.run();
  ASSERT_EQ(outcome.exit_code, 0) << outcome.error;
}

/// What a check must not change: all that a database has, but for temporary things, which the
/// server takes away by itself a moment after a session has ended.
std::string objects_of(const std::string& url) {
  return psql(url,
              "SELECT n.nspname, o.name FROM (SELECT relnamespace, relname FROM pg_class UNION ALL "
              "SELECT pronamespace, proname FROM pg_proc UNION ALL "
              "SELECT typnamespace, typname FROM pg_type UNION ALL "
              "SELECT extnamespace, extname FROM pg_extension) AS o (namespace, name) "
              "JOIN pg_namespace n ON n.oid = o.namespace WHERE nspname !~ '^pg_(toast_)?temp_'");
}

void expect_proof(const Migration& migration) {
  const std::string source = objects_of(migration.source_url());
  const std::string target = objects_of(migration.target_url());
  const Outcome fields = check_fields(migration);
  EXPECT_EQ(fields.exit_code, 0) << fields.error;
  const json& report = migration.report;
  EXPECT_NE(fields.output.find(report["totals"]["written"].dump() + " rows of 52 entities agree"),
            std::string::npos)
      << fields.output;
  const Outcome orphans = check_orphans(migration);
  EXPECT_EQ(orphans.exit_code, 0) << orphans.error;
  EXPECT_NE(orphans.output.find(" hold\n"), std::string::npos) << orphans.output;
  EXPECT_EQ(changed_lines(source, objects_of(migration.source_url())), "");
  EXPECT_EQ(changed_lines(target, objects_of(migration.target_url())), "");
}

class Proof : public testing::TestWithParam<Dataset> {
 protected:
  Migration migration_{shipped_plugins()};
};

TEST_P(Proof, FindsNothing) {
  ASSERT_NO_FATAL_FAILURE(migrate(migration_, GetParam()));
  expect_proof(migration_);
}

std::string name_of_dataset(const testing::TestParamInfo<Dataset>& test) {
  return test.param.preset + "seed" + std::to_string(test.param.seed);
}

INSTANTIATE_TEST_SUITE_P(Presets, Proof,
                         testing::Values(Dataset{"XS", 1, false, {}}, Dataset{"XS", 6, true, {}}),
                         name_of_dataset);
// Under the sanitizers it takes minutes.
INSTANTIATE_TEST_SUITE_P(ReleaseOnly, Proof, testing::Values(Dataset{"S", 4, false, {}}),
                         name_of_dataset);

constexpr const char* everything = R"toml(
[entities."business.user_tasks"]
enabled = true
[entities."business.team_communications"]
enabled = true
[entities."business.customer_feedback"]
enabled = true
[entities."financial.shipments"]
enabled = true
)toml";

TEST(ReleaseOnlyProofOfEverything, FindsNothing) {
  Migration migration(shipped_plugins());
  migration.configure(everything);
  ASSERT_NO_FATAL_FAILURE(migrate(migration, {"XS", 9, false, {}}));
  expect_proof(migration);
  EXPECT_EQ(migration.target("SELECT count(*) > 0 FROM shipments"), "t\n");
}

/// Pairs of table and column that a query answers.
std::vector<std::pair<std::string, std::string>> pairs_of(const std::string& answer) {
  std::vector<std::pair<std::string, std::string>> pairs;
  std::istringstream lines(answer);
  for (std::string line; std::getline(lines, line);) {
    const auto bar = line.find('|');
    pairs.emplace_back(line.substr(0, bar), line.substr(bar + 1));
  }
  return pairs;
}

// One row of each table gets other values in all its columns, but for those that its legacy key is
// made of. Answers table|column for each.
constexpr const char* tamper_with_columns = R"sql(
SET session_replication_role = replica;
CREATE TEMPORARY TABLE change AS
SELECT relname, attname, typname, typtype
FROM pg_attribute a JOIN pg_type y ON y.oid = atttypid JOIN pg_class k ON k.oid = attrelid
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND attnum > 0
  AND NOT attisdropped AND attname NOT IN ('id', 'created_at', 'updated_at', 'legacy_table')
  AND NOT (attname LIKE 'legacy%' AND EXISTS (SELECT FROM pg_constraint WHERE contype = 'u'
                                              AND conrelid = attrelid AND attnum = ANY (conkey)))
  AND (relname, attname) NOT IN (
    ('doctor_offices', 'doctor_id'), ('doctor_offices', 'office_id'),
    ('patients_doctors_offices', 'patient_id'), ('order_cases', 'order_id'),
    ('user_tasks', 'task_id'), ('case_files', 'file_id'), ('shipments', 'order_id'));
SELECT format('DELETE FROM change WHERE relname = %L AND NOT EXISTS (SELECT FROM %I)', relname,
              relname)
FROM (SELECT DISTINCT relname FROM change) tables \gexec
SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname)
FROM pg_constraint WHERE contype IN ('c', 'u') AND connamespace = 'public'::regnamespace \gexec
SELECT format('UPDATE %I SET %I = %s WHERE id = (SELECT min(id::text)::uuid FROM %1$I)', relname,
  attname, CASE
    WHEN typtype = 'e' THEN format('(SELECT v FROM unnest(enum_range(NULL::%s)) v '
                                   'WHERE v IS DISTINCT FROM %I LIMIT 1)', typname, attname)
    WHEN typname = 'bool' THEN format('NOT coalesce(%I, false)', attname)
    WHEN typname = 'uuid' THEN 'gen_random_uuid()'
    WHEN typname = 'jsonb'
    THEN format('coalesce(%I, ''{}'') || ''{"tampered": "XYZ"}''', attname)
    WHEN typname = 'date' THEN format('coalesce(%I + 1, now()::date)', attname)
    WHEN typname = 'timestamptz' THEN format('coalesce(%I + interval ''1 us'', now())', attname)
    WHEN typname IN ('text', 'varchar', 'bpchar')
    THEN format('CASE %I WHEN ''XYZ'' THEN ''ZYX'' ELSE ''XYZ'' END', attname)
    ELSE format('CASE %I WHEN 1 THEN 0 ELSE 1 END', attname) END)
FROM change \gexec
SELECT relname, attname FROM change;
)sql";

/// Whether a line of check_fields names the column of an entity of that table.
bool is_named(const std::string& output, const std::string& table, const std::string& column) {
  const std::string entity = "." + table + ", key ";
  const std::string end = column == "metadata" ? ", metadata" : ", " + column + "\n";
  for (auto at = output.find(entity); at != std::string::npos; at = output.find(entity, at + 1)) {
    if (output.compare(output.find(", ", at + entity.size()), end.size(), end) == 0) return true;
  }
  return table == "comments" && is_named(output, "note_comments", column);
}

class ReleaseOnlyProofFails : public testing::Test {
 protected:
  void SetUp() override {
    migration_.configure(everything);
    migrate(migration_, {"XS", 9, false, {}});
  }

  Migration migration_{shipped_plugins()};
};

TEST_F(ReleaseOnlyProofFails, OnEveryColumnThatIsNotWhatThePagesSay) {
  const auto changes = pairs_of(migration_.target(tamper_with_columns));
  EXPECT_GT(changes.size(), 400U);
  const Outcome outcome = check_fields(migration_);
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_EQ(outcome.output, "");
  for (const auto& [table, column] : changes) {
    EXPECT_TRUE(is_named(outcome.error, table, column)) << table << "." << column;
  }
  EXPECT_EQ(outcome.error.find("XYZ"), std::string::npos) << "a value is shown";
}

TEST_F(ReleaseOnlyProofFails, OnARowOfNoLegacyRowOnADoubleAndOnAnotherKey) {
  migration_.target(
      "SET session_replication_role = replica;"
      "UPDATE offers SET legacy_offer_id = -5 WHERE legacy_offer_id = "
      "(SELECT min(legacy_offer_id) FROM offers);"
      "ALTER TABLE files DROP CONSTRAINT files_legacy_file_id_key;"
      "INSERT INTO files (filename, legacy_file_id) VALUES ('twice', 2);"
      "UPDATE system_messages SET id = gen_random_uuid() WHERE legacy_record_id = 1");
  const Outcome outcome = check_fields(migration_);
  EXPECT_EQ(outcome.exit_code, 1);
  for (const char* line :
       {"financial.offers, key -5, (no such legacy row)\n",
        "business.files, key 2, (legacy key occurs twice)\n", "business.files, key 2, id\n",
        "business.system_messages, key 1, id\n"}) {
    EXPECT_NE(outcome.error.find(line), std::string::npos) << line << outcome.error;
  }
}

TEST_F(ReleaseOnlyProofFails, OnTheKeysOfAnotherNamespaceAndOnDatabasesThatCannotBeChecked) {
  const std::string source = migration_.source_url(), target = migration_.target_url();
  const Outcome other =
      run_check("check_fields", {source, target, "6f9619ff-8b86-5011-b42d-00c04fc964ff"});
  EXPECT_EQ(other.exit_code, 1);
  EXPECT_NE(other.error.find("core.teams, key 1, id\n"), std::string::npos) << other.error;
  EXPECT_NE(run_check("check_fields", {source + "&dbname=nowhere", target}).exit_code, 0);
  EXPECT_NE(run_check("check_fields", {target, target}).exit_code, 0) << "not a source";
  EXPECT_NE(run_check("check_orphans", {target + "&dbname=nowhere"}).exit_code, 0);
  EXPECT_NE(run_check("check_orphans", {source}).exit_code, 0) << "not a target";
}

// One row of each reference refers to nothing. Answers table|column for each.
constexpr const char* make_orphans = R"sql(
SET session_replication_role = replica;
CREATE TEMPORARY TABLE change AS
SELECT conrelid::regclass::text AS child, attname::text AS name
FROM pg_constraint JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1]
WHERE contype = 'f' AND connamespace = 'public'::regnamespace;
INSERT INTO change VALUES ('messages', 'recipient_id'), ('user_actions', 'item_id'),
  ('user_actions', 'owner_id'), ('team_communications', 'project_id');
SELECT format('DELETE FROM change WHERE child = %L AND NOT EXISTS (SELECT FROM %1$I)', child)
FROM (SELECT DISTINCT child FROM change) tables \gexec
SELECT format('UPDATE %I SET %I = gen_random_uuid() '
                'WHERE id = (SELECT min(id::text)::uuid FROM %1$I)',
              child, name)
FROM change \gexec
SELECT child, name FROM change;
)sql";

TEST_F(ReleaseOnlyProofFails, OnEveryReferenceToNothing) {
  const auto changes = pairs_of(migration_.target(make_orphans));
  EXPECT_GT(changes.size(), 90U);
  const Outcome outcome = check_orphans(migration_);
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_EQ(outcome.output, "");
  for (const auto& [table, column] : changes) {
    EXPECT_NE(outcome.error.find(table + "." + column + ": 1 rows without a row in "),
              std::string::npos)
        << table << "." << column;
  }
}

}  // namespace
}  // namespace mighost::test
