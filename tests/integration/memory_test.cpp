// What a run takes of the machine is bounded by [load] memory, however many and however large the
// rows are.
#include <gtest/gtest.h>

#include <cstddef>
#include <string>

#include "support/migration.hpp"

namespace mighost::test {
namespace {

constexpr const char* tables = R"sql(
CREATE TABLE things (id int PRIMARY KEY, code text, amount numeric, shelf int, kind text,
  small int);
CREATE TABLE parts (id int PRIMARY KEY, thing int, spare int);
CREATE TABLE nodes (id int PRIMARY KEY, parent int);
CREATE TABLE pairs (name text, token uuid, rank int, PRIMARY KEY (name, token));
CREATE TABLE kept (id int PRIMARY KEY, label text);
)sql";

constexpr const char* targets = R"sql(
CREATE TABLE things (id uuid PRIMARY KEY, legacy_id int NOT NULL UNIQUE, code text,
  amount numeric, shelf int, kind text, small int CHECK (small < 10));
CREATE TABLE parts (id uuid PRIMARY KEY, legacy_id int UNIQUE,
  thing_id uuid NOT NULL REFERENCES things,
  spare_id uuid REFERENCES things);
CREATE TABLE nodes (id uuid PRIMARY KEY, legacy_id int UNIQUE, parent_id uuid REFERENCES nodes);
CREATE TABLE pairs (id uuid PRIMARY KEY, name text NOT NULL, rank int NOT NULL);
CREATE TABLE kept (id serial PRIMARY KEY, label text NOT NULL);
)sql";

constexpr std::size_t mib = 1 << 20;

class ReleaseOnlyMemory : public testing::Test {
 protected:
  void SetUp() override {
    migration_.source(tables);
    migration_.target(targets);
  }

  /// Peak of a run into empty tables, in bytes.
  std::size_t peak(const std::string& memory, const std::vector<std::string>& options = {},
                   const std::string& more = {}) {
    migration_.target(
        "TRUNCATE things, parts, nodes, pairs, kept; "
        "DROP SCHEMA IF EXISTS mighost CASCADE");
    migration_.configure("[load]\nmemory = \"" + memory + "\"\n" + more);
    const Outcome outcome = migration_.run(options);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.error;
    return outcome.resident_bytes_max;
  }

  /// Of so many rows whose keys are texts.
  std::size_t peak_of_texts(std::size_t rows, const std::string& more = {}) {
    migration_.source(
        "TRUNCATE pairs; INSERT INTO pairs SELECT 'key', md5(n::text)::uuid, 1 "
        "FROM generate_series(1, " +
        std::to_string(rows) + ") n; ANALYZE pairs");
    return peak("16MiB", {}, more);
  }

  Migration migration_{"probe"};
};

/// Documents of 2 KB, compressible, so that the tables are small and the stream is not.
constexpr const char* documents =
    "INSERT INTO things SELECT n, '{\"n\": ' || n || ', \"text\": \"' || repeat('abcdefghi ', 200) "
    "|| '\"}', n % 1000, 1, 'k', 1 FROM generate_series(1, $ROWS) n";

std::string documents_of(std::size_t rows) {
  std::string sql = documents;
  return sql.replace(sql.find("$ROWS"), 5, std::to_string(rows));
}

TEST_F(ReleaseOnlyMemory, M11IsBoundedByTheSettingForManyWideRows) {
  const std::size_t baseline = peak("64MiB");
  migration_.source(documents_of(100'000));
  for (const auto& [text, bytes] :
       {std::pair{"16MiB", 16 * mib}, {"64MiB", 64 * mib}, {"128MiB", 128 * mib}}) {
    EXPECT_LE(peak(text), baseline + bytes) << text;
  }
}

TEST_F(ReleaseOnlyMemory, IsOnlyExceededByAHugeRowItself) {
  const std::size_t baseline = peak("64MiB");
  constexpr std::size_t huge = 96 * mib;
  migration_.source(documents_of(10'000));
  migration_.source("UPDATE things SET code = repeat('abcdefgh', " + std::to_string(huge / 8) +
                    ") WHERE id = 5000");
  // In libpq's buffer, which grows by doubling, as it was read, and encoded.
  EXPECT_LE(peak("64MiB"), baseline + 64 * mib + 4 * huge);
  // Where others follow, libpq holds the next one out already.
  migration_.source(
      "UPDATE things SET code = (SELECT code FROM things WHERE id = 5000) "
      "WHERE id BETWEEN 5001 AND 5005");
  EXPECT_LE(peak("64MiB"), baseline + 64 * mib + 5 * huge);
}

TEST_F(ReleaseOnlyMemory, IsOnlyExceededByARefusedHugeRowItself) {
  const std::size_t baseline = peak("64MiB");
  constexpr std::size_t huge = 96 * mib;
  migration_.source(documents_of(10'000));
  migration_.source("UPDATE things SET code = repeat('abcdefgh', " + std::to_string(huge / 8) +
                    "), small = 11 WHERE id = 5000");
  // The three, and the quarantine record: as JSON, as a field, and among the records.
  EXPECT_LE(peak("64MiB"), baseline + 64 * mib + 6 * huge);
}

/// Keys that no bitmap holds.
TEST_F(ReleaseOnlyMemory, DoesNotGrowWithKeysThatAreTexts) {
  const std::size_t few = peak_of_texts(200'000);
  EXPECT_LE(peak_of_texts(1'000'000), few + 4 * mib);  // 800,000 keys; in memory 2 bytes for each
}

/// Nor in scope chunk, where an entity's keys come together when it is finished.
TEST_F(ReleaseOnlyMemory, DoesNotGrowWithKeysThatAreTextsInScopeChunk) {
  const std::string in_chunks =
      "defer = \"always\"\n[transaction]\nscope = \"chunk\"\nlanes = 1\nchunk_rows = 50000\n";
  const std::size_t few = peak_of_texts(100'000, in_chunks);
  EXPECT_LE(peak_of_texts(800'000, in_chunks), few + 6 * mib);  // 700,000 keys of 41 bytes
}

}  // namespace
}  // namespace mighost::test
