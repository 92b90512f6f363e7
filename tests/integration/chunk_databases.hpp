#pragma once

// What the tests of scope chunk have in common: rows for the plugins `chain` and `probe` that fill
// several chunks, with dirt of every kind; what two runs are compared by.
#include <gtest/gtest.h>

#include <csignal>
#include <thread>

#include "integration/chain_databases.hpp"
#include "support/contains.hpp"
#include "support/dataset.hpp"

namespace mighost::test {

/// Keys of text with everything that could hurt in SQL, bosses before and after, composite keys;
/// some regions are rejected or left out, so that rows are held back down to the bottom.
inline constexpr const char* many_chain_rows = R"sql(
INSERT INTO regions SELECT n, CASE WHEN n % 11 = 3 THEN NULL WHEN n = 20 THEN 'closed'
  ELSE 'region ' || n END FROM generate_series(-20, 20) AS n;
INSERT INTO owners SELECT (ARRAY['o', 'O', 'ö', '''', '"', '\', 'o/', ' ', 'Z', '%', '{', ','])
    [n % 12 + 1] || n, n % 41 - 20,
  CASE n % 5 WHEN 0 THEN NULL WHEN 1 THEN 'nobody'
    ELSE (ARRAY['o', 'O', 'ö', '''', '"', '\', 'o/', ' ', 'Z', '%', '{', ','])
      [(701 - n) % 12 + 1] || (701 - n) END,
  n % 100 + 0.25 FROM generate_series(1, 700) AS n;
INSERT INTO estates SELECT n % 17 - 8, n / 17 - 20, (SELECT code FROM owners o OFFSET n % 700 LIMIT
  1), CASE n % 3 WHEN 0 THEN 'nobody' END, 'e' || n FROM generate_series(0, 849) AS n;
INSERT INTO rooms SELECT n, (n * 7) % 19 - 8, n % 50 - 20 FROM generate_series(1, 1100) AS n;
INSERT INTO items SELECT n * 3, n % 1200 FROM generate_series(1, 1500) AS n;
ANALYZE;
)sql";

inline constexpr const char* probe_source = R"sql(
CREATE TABLE things (id int PRIMARY KEY, code text, amount numeric, shelf int, kind text,
  small int);
CREATE TABLE parts (id int PRIMARY KEY, thing int, spare int);
CREATE TABLE nodes (id int PRIMARY KEY, parent int);
CREATE TABLE pairs (name text, token uuid, rank int NOT NULL, PRIMARY KEY (name, token));
CREATE TABLE kept (id int PRIMARY KEY, label text NOT NULL);
)sql";

inline constexpr const char* probe_target = R"sql(
CREATE TYPE kind AS ENUM ('plain', 'fancy');
CREATE TABLE shelves (id int PRIMARY KEY);
INSERT INTO shelves SELECT generate_series(1, 9);
CREATE TABLE things (id uuid PRIMARY KEY, legacy_id int NOT NULL UNIQUE,
  code varchar(10) CONSTRAINT one_code UNIQUE, amount numeric(8,2) CONSTRAINT no_debt
    CHECK (amount >= 0),
  shelf int CONSTRAINT on_a_shelf REFERENCES shelves, kind kind NOT NULL, small smallint);
CREATE INDEX things_by_shelf ON things (shelf) WITH (fillfactor = 70);
CREATE INDEX things_by_kind ON things (kind, lower(code)) WHERE amount > 5;
COMMENT ON INDEX things_by_shelf IS 'where it''s kept';
COMMENT ON CONSTRAINT one_code ON things IS 'C:\codes';
ALTER TABLE things CLUSTER ON things_by_shelf;
CREATE TABLE parts (id uuid PRIMARY KEY, legacy_id int UNIQUE,
  thing_id uuid NOT NULL REFERENCES things ON DELETE CASCADE, spare_id uuid REFERENCES things);
CREATE TABLE nodes (id uuid PRIMARY KEY, legacy_id int UNIQUE, parent_id uuid REFERENCES nodes);
CREATE TABLE pairs (id uuid PRIMARY KEY, name text NOT NULL, rank int NOT NULL);
CREATE TABLE kept (id serial PRIMARY KEY, label text NOT NULL);
CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  NEW.name := NEW.name || '!'; RETURN NEW; END $$;
CREATE TRIGGER stamp BEFORE INSERT ON pairs FOR EACH ROW EXECUTE FUNCTION stamp();
CREATE TRIGGER off BEFORE INSERT ON pairs FOR EACH ROW EXECUTE FUNCTION stamp();
CREATE TRIGGER always BEFORE INSERT ON pairs FOR EACH ROW EXECUTE FUNCTION stamp();
ALTER TABLE pairs DISABLE TRIGGER off, ENABLE ALWAYS TRIGGER always;
)sql";

/// Rows that the server refuses: one by one, and only once the indexes stand again.
inline constexpr const char* many_probe_rows = R"sql(
INSERT INTO things SELECT n, 'c' || n, n % 1000 + 0.25, abs(n) % 9 + 1,
  CASE n % 2 WHEN 0 THEN 'plain' ELSE 'fancy' END, n % 300
  FROM generate_series(-1000, 1000) AS n;
UPDATE things SET amount = abs(amount);
UPDATE things SET code = 'c-900' WHERE id IN (-899, 5, 999);
UPDATE things SET code = 'longer than ten' WHERE id IN (8, 160);
UPDATE things SET shelf = 99 WHERE id IN (90, 199);
UPDATE things SET amount = 1.005 WHERE id IN (100, 1);
UPDATE things SET kind = 'unheard of' WHERE id IN (110, 111);
UPDATE things SET small = 70000 WHERE id IN (120, -700);
INSERT INTO parts SELECT id, id, id + 1 FROM things WHERE id % 2 = 0;
INSERT INTO nodes SELECT n, CASE n % 6 WHEN 0 THEN NULL WHEN 1 THEN 1501 - n WHEN 2 THEN n / 2
  WHEN 3 THEN least(n + 400, 1500) WHEN 4 THEN n ELSE n + 100000 END
  FROM generate_series(1, 1500) AS n;
INSERT INTO pairs SELECT (ARRAY['a', 'A', 'b/', '\', 'é'])[n % 5 + 1] || n % 40,
  md5(n::text)::uuid, n - 10 FROM generate_series(1, 900) AS n;
INSERT INTO kept SELECT n, 'label ' || n FROM generate_series(1, 700) AS n;
ANALYZE;
)sql";

/// A target anew: its own schema, and no ledger.
inline void renew_target(const Migration& migration, const std::string& schema) {
  migration.target(
      "SET client_min_messages = error; DROP SCHEMA public CASCADE; DROP SCHEMA IF EXISTS mighost "
      "CASCADE; CREATE SCHEMA public;" +
      schema);
}

/// A run into a target anew.
inline Outcome run_anew(Migration& migration, const std::string& schema, const std::string& config,
                        const std::vector<std::string>& words = {}) {
  renew_target(migration, schema);
  migration.configure(config);
  return migration.run(words);
}

/// `more` stands behind the keys of [transaction].
inline std::string chunk_config(int lanes, int rows, const std::string& more = {}) {
  return "[transaction]\nscope = \"chunk\"\nlanes = " + std::to_string(lanes) +
         "\nchunk_rows = " + std::to_string(rows) + "\n" + more;
}
inline constexpr const char* always_deferred = "[load]\ndefer = \"always\"\n";

/// What the ledger says of the latest run's rows, whatever the scope; a line each.
inline std::string ledger_state(const Migration& migration) {
  return migration.target(R"sql(
WITH run AS (SELECT run_id FROM mighost.runs WHERE kind = 'run' ORDER BY started_at DESC LIMIT 1),
lines AS (
  SELECT 'step ' || (to_jsonb(s) - 'run_id' - 'seconds')::text AS line
    FROM mighost.steps s JOIN run USING (run_id)
  UNION ALL SELECT 'held ' || (to_jsonb(q) - 'run_id' - 'at')::text
    FROM mighost.quarantine q JOIN run USING (run_id)
  UNION ALL SELECT 'note ' || (to_jsonb(n) - 'run_id')::text
    FROM mighost.notes n JOIN run USING (run_id)
  UNION ALL SELECT 'key ' || (to_jsonb(k) - 'run_id')::text
    FROM mighost.new_keys k JOIN run USING (run_id)
  UNION ALL SELECT 'mapping ' || md5(string_agg(line, ' ' ORDER BY line COLLATE "C")) FROM
    (SELECT concat_ws(' ', entity_type, legacy_key, new_key) AS line FROM
      mighost.migration_mappings) AS m
  UNION ALL SELECT concat_ws(' ', 'fingerprint', entity, part, f.kind, sum(f.rows))
    FROM mighost.fingerprints f JOIN run USING (run_id) GROUP BY entity, part, f.kind)
SELECT line FROM lines ORDER BY line COLLATE "C")sql");
}

/// Of the report: the books, the sums, and what was found.
inline std::string books(const nlohmann::json& report) {
  std::string text = report.at("status").get<std::string>() + "\n";
  for (nlohmann::json entity : report.at("entities")) {
    for (const char* timing : {"seconds", "rows_per_second", "remarks"}) entity.erase(timing);
    text += entity.dump() + "\n";
  }
  text += report.at("control_totals").dump() + "\n";
  std::vector<std::string> findings;
  for (const auto& finding : report.at("findings")) findings.push_back(finding.dump());
  std::sort(findings.begin(), findings.end());
  for (const auto& finding : findings) text += finding + "\n";
  return text;
}

/// Nothing of a run's queue is left when it is over.
inline std::string queue_state(const Migration& migration) {
  return migration.target(
      "SELECT (SELECT count(*) FROM mighost.loads), (SELECT count(*) FROM mighost.chunks), "
      "(SELECT count(*) FROM mighost.deferred), (SELECT count(*) FROM mighost.workers), "
      "(SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace "
      "WHERE nspname = 'mighost' AND relname LIKE 'late\\_%')");
}

/// Everything that a migration leaves.
struct Result {
  std::string structure, rows, ledger, report;

  explicit Result(const Migration& migration)
      : structure(migration.target_structure()),
        rows(row_digests(migration.target_url(), timeless)),
        ledger(ledger_state(migration)),
        report(migration.report.is_object() ? books(migration.report) : "") {}
};

/// The first of the lines that differ.
inline std::string differing(const std::string& wanted, const std::string& got) {
  constexpr std::size_t letters_max = 2000;
  return changed_lines(wanted, got).substr(0, letters_max);
}

inline void expect_equal(const Result& wanted, const Result& got, bool with_report = true) {
  EXPECT_EQ(differing(wanted.structure, got.structure), "");
  EXPECT_EQ(differing(wanted.rows, got.rows), "");
  EXPECT_EQ(differing(wanted.ledger, got.ledger), "");
  if (!with_report) return;
  EXPECT_EQ(differing(wanted.report, got.report), "");
}

/// One migration of rows that fill several chunks, begun again and again in a target anew.
class ChunkTest : public testing::Test {
 protected:
  ChunkTest(const char* plugin, const std::string& source, const char* target, std::string config)
      : migration_(plugin), target_(target), config_(std::move(config)) {
    migration_.source(source);
    renew();
  }
  void renew() {
    renew_target(migration_, target_);
    migration_.configure(config_);
  }
  /// What a run brings that nothing happens to; the target is anew after it.
  Result undisturbed() {
    const Outcome outcome = migration_.run();
    EXPECT_EQ(outcome.exit_code, 0) << outcome.error;
    Result result(migration_);
    renew();
    return result;
  }
  void die_at(const std::string& orders, const std::vector<std::string>& words = {}) {
    const Outcome outcome = run_process(with_failpoints(migration_.run_command(words), orders));
    ASSERT_EQ(outcome.signal, SIGKILL) << outcome.error;
    wait_for_sessions_to_end(migration_);
  }
  /// Asks the target until there is an answer that is not empty.
  std::string wait_for(const std::string& sql) const {
    std::string answer;
    for (int time = 0; time < 5000 && answer.empty(); ++time) {
      answer = migration_.target("SELECT $q$" + sql +
                                 "$q$ WHERE to_regclass('mighost.chunks') IS NOT NULL \\gexec");
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return answer;
  }
  std::string wait_for_run() const {
    return wait_for("SELECT run_id FROM mighost.runs WHERE snapshot IS NOT NULL").substr(0, 36);
  }
  Migration migration_;
  const char* target_;
  std::string config_;
};

}  // namespace mighost::test
