// How an entity is cut: ranges of its key that are disjoint and complete, by statistics, along an
// index or by even steps, whatever the type of the key and the order of the column.
#include "lanes/key_ranges.hpp"

#include <gtest/gtest.h>

#include <numeric>

#include "config/run_config.hpp"
#include "pg/catalog.hpp"
#include "support/migration.hpp"

namespace mighost::test {
namespace {

struct Cut {
  std::vector<std::string> ranges;
  std::vector<int> rows;  // of each
  std::string remark;
  int all = 0;           // of the source
  int distinct = 0;      // rows in some range
  bool disjoint = true;  // no row in two

  int most() const { return *std::max_element(rows.begin(), rows.end()); }
};

constexpr const char* cutter = "mighost cutter";

class ReleaseOnlyKeyRanges : public testing::Test {
 protected:
  /// Who the query stands for, beside itself.
  enum class Table { none, rows };

  /// `key`: its first columns. `query` instead of the table public.rows, or standing for it.
  Cut cut(const std::vector<std::string>& key, std::uint64_t chunk_rows,
          const std::string& query = {}, Table table = Table::none) {
    Entity entity;
    entity.name = "test.rows";
    entity.parallel = true;
    entity.n_key = static_cast<std::uint32_t>(key.size());
    PlannedEntity planned;
    planned.entity = &entity;
    Endpoint endpoint;
    endpoint.conninfo = migration_.source_url();
    Session session(endpoint, Session::Role::source, LoadConfig{}, cutter);
    session.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    entity.source_query = query;
    if (query.empty() || table == Table::rows) {
      entity.source = "public.rows";
      planned.source = read_table(session, "public.rows");
    }
    const auto live = query.empty() ? planned.source->columns
                                    : query_columns(session, "SELECT * FROM (" + query + ") AS q");
    for (const std::string& name : key) {
      for (const CatalogColumn& column : live) {
        if (column.name != name) continue;
        planned.source_types.push_back(column);
        Column declared;
        declared.name = name;
        declared.type = column.type_name == "text" ? MIG_TEXT : MIG_INT8;
        if (column.type_name == "uuid") declared.type = MIG_UUID;
        entity.source_columns.push_back(declared);
      }
    }
    const std::string relation = query.empty() ? "public.rows" : "(" + query + ") AS q";
    Cut made;
    made.all = std::stoi(migration_.source("SELECT count(*) FROM " + relation));
    made.ranges = key_ranges(session, planned, made.all, chunk_rows, made.remark);
    std::string sum;
    for (const std::string& range : made.ranges) {
      const std::string condition = range.empty() ? "true" : range;
      made.rows.push_back(
          std::stoi(migration_.source("SELECT count(*) FROM " + relation + " WHERE " + condition)));
      sum += (sum.empty() ? "" : " + ") + ("coalesce((" + condition + ")::int, 0)");
    }
    made.distinct =
        std::stoi(migration_.source("SELECT count(*) FROM " + relation + " WHERE " + sum + " > 0"));
    made.disjoint =
        migration_.source("SELECT count(*) FROM " + relation + " WHERE " + sum + " > 1") == "0\n";
    return made;
  }
  static void expect_whole(const Cut& made) {
    EXPECT_EQ(made.distinct, made.all);
    EXPECT_TRUE(made.disjoint);
    EXPECT_EQ(std::accumulate(made.rows.begin(), made.rows.end(), 0), made.all);
  }
  void expect_even(const Cut& made, std::size_t chunks, int most) {
    expect_whole(made);
    EXPECT_EQ(made.ranges.size(), chunks) << made.remark;
    EXPECT_LE(made.most(), most);
  }

  Migration migration_{"probe"};
};

TEST_F(ReleaseOnlyKeyRanges, OfNegativeAndPositiveIntegersAreOrderedAsNumbers) {
  migration_.source(
      "CREATE TABLE rows (id bigint PRIMARY KEY);"
      "INSERT INTO rows SELECT n * 3 FROM generate_series(-500, 499) AS n");
  expect_even(cut({"id"}, 100), 10, 100);  // along the index
  migration_.source("ANALYZE rows");
  expect_even(cut({"id"}, 100), 10, 130);  // by statistics
  migration_.source("ALTER TABLE rows DROP CONSTRAINT rows_pkey; DELETE FROM pg_statistic");
  expect_even(cut({"id"}, 100), 10, 101);  // by even steps
  expect_even(cut({"id"}, 100, "SELECT id FROM rows WHERE id < 0"), 5, 101);
  EXPECT_EQ(cut({"id"}, 1000).ranges, std::vector<std::string>{""});
  migration_.source("INSERT INTO rows VALUES (9223372036854775807), (-9223372036854775808)");
  expect_whole(cut({"id"}, 100));
}

TEST_F(ReleaseOnlyKeyRanges, OfTextFollowTheCollationOfTheColumn) {
  for (const char* collation : {"\"C\"", "\"en-x-icu\"", "\"sv-x-icu\"", "ignore_case"}) {
    SCOPED_TRACE(collation);
    migration_.source(
        "CREATE COLLATION IF NOT EXISTS ignore_case (provider = icu, "
        "locale = 'und-u-ks-level2', deterministic = false);"
        "DROP TABLE IF EXISTS rows; CREATE TABLE rows (code text COLLATE " +
        std::string(collation) +
        " NOT NULL); CREATE INDEX ON rows (code);"
        R"sql(
INSERT INTO rows SELECT (ARRAY['a', 'A', 'ä', 'Z', 'z', '''', '"', '\', '-', ' ', '{', 'NULL', ''])
  [n % 13 + 1] || n % 500 FROM generate_series(0, 1299) AS n)sql");
    expect_even(cut({"code"}, 100), 13, 110);
    migration_.source("ANALYZE rows");
    const Cut made = cut({"code"}, 100);
    expect_whole(made);
    EXPECT_GT(made.ranges.size(), 9u) << made.remark;
  }
}

TEST_F(ReleaseOnlyKeyRanges, M12OfSeveralColumnsAndUuidGoAlongTheIndex) {
  migration_.source(R"sql(
CREATE TABLE rows (district int, name text, token uuid, PRIMARY KEY (district, name));
INSERT INTO rows SELECT n % 30 - 15, 'it''s \' || n, md5(n::text)::uuid
  FROM generate_series(1, 1000) AS n;
CREATE UNIQUE INDEX ON rows (token);
)sql");
  expect_even(cut({"district", "name"}, 100), 10, 100);
  expect_even(cut({"token"}, 100), 11, 100);  // it may be NULL
  const Cut other = cut({"name"}, 100);       // no index begins with it
  EXPECT_EQ(other.ranges.size(), 1u);
  EXPECT_NE(other.remark.find("neither statistics nor an index"), std::string::npos);
  migration_.source("ANALYZE rows");
  expect_even(cut({"token"}, 100), 11, 130);
  expect_even(cut({"name"}, 100), 10, 130);
}

/// To find the ends of its key a query would be run whole.
TEST_F(ReleaseOnlyKeyRanges, OfAQueryWithATableComeFromTheTableAlone) {
  migration_.source(R"sql(
CREATE TABLE rows (id bigint PRIMARY KEY);
INSERT INTO rows SELECT generate_series(1, 1000);
CREATE FUNCTION seen(bigint) RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
  IF current_setting('application_name') = 'mighost cutter' THEN RAISE 'the query was run'; END IF;
  RETURN $1;
END $$;
)sql");
  const std::string query = "SELECT id, seen(id) FROM rows WHERE seen(id) IS NOT NULL";
  EXPECT_THROW(cut({"id"}, 100, query), SqlError);
  // One more, for keys that only the query makes NULL.
  expect_even(cut({"id"}, 100, query, Table::rows), 11, 100);  // along the index
  migration_.source("ANALYZE rows");
  const Cut made = cut({"id"}, 100, query, Table::rows);
  expect_even(made, 11, 130);  // by statistics
  EXPECT_EQ(made.ranges.back(), "(\"id\" IS NULL)");
  for (const std::string& range : made.ranges) {
    EXPECT_EQ(range.find(" OR "), std::string::npos) << "no index helps: " << range;
  }
  expect_whole(cut({"id"}, 100, "SELECT nullif(id, 7) AS id FROM rows", Table::rows));
  migration_.source("ALTER TABLE rows DROP CONSTRAINT rows_pkey; DELETE FROM pg_statistic");
  expect_even(cut({"id"}, 100, query, Table::rows), 11, 101);  // by even steps
}

TEST_F(ReleaseOnlyKeyRanges, HaveAKeyWithNullInOneRangeOnly) {
  migration_.source(R"sql(
CREATE TABLE rows (x int, y int, UNIQUE (x, y));
INSERT INTO rows SELECT n % 17 - 8, n / 17 FROM generate_series(0, 849) AS n;
INSERT INTO rows SELECT CASE n % 3 WHEN 0 THEN n - 4 END, CASE n % 3 WHEN 1 THEN n END
  FROM generate_series(0, 8) AS n;
)sql");
  const Cut both = cut({"x", "y"}, 100);
  expect_whole(both);
  EXPECT_GT(both.ranges.size(), 4u);
  expect_whole(cut({"x"}, 100));
  expect_whole(cut({"x"}, 100, "SELECT x, y FROM rows"));
  migration_.source("ANALYZE rows");
  expect_whole(cut({"x"}, 100));
  expect_whole(cut({"y"}, 100));
}

}  // namespace
}  // namespace mighost::test
