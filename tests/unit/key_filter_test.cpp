// The condition that restricts reading to certain keys: what stands in it, and what cannot get in.
#include "run/key_filter.hpp"

#include <gtest/gtest.h>

#include "batch/legacy_key.hpp"
#include "plan_samples.hpp"
#include "run/source_reader.hpp"

namespace mighost::test {
namespace {

class KeyFilter : public testing::Test {
 protected:
  /// Key columns k1, k2, ... of these types, each with the type that it has in the source.
  void key(const std::vector<std::pair<mig_type, std::uint32_t>>& types) {
    entity_.n_key = static_cast<std::uint32_t>(types.size());
    entity_.source_columns.clear();
    for (const auto& [declared, live_type] : types) {
      const std::string name = "k" + std::to_string(entity_.source_columns.size() + 1);
      entity_.source_columns.push_back({name, declared, false});
      CatalogColumn& live = planned_.source_types.emplace_back();
      live.name = name;
      live.base_type_oid = live_type;
      planned_.source_selects.push_back(quote_identifier(name));
    }
    planned_.entity = &entity_;
  }

  Entity entity_ = entity("core", "offices");
  PlannedEntity planned_;
};

TEST_F(KeyFilter, ListsNumbersInOneLiteral) {
  key({{MIG_INT8, oid::int4}});
  EXPECT_EQ(key_condition(planned_, {"12", "-3"}), R"sql("k1" = ANY ('{"12","-3"}'::bigint[]))sql");
}

TEST_F(KeyFilter, LeavesOutWhatCanBeNoKey) {
  key({{MIG_INT8, oid::int4}});
  EXPECT_EQ(key_condition(planned_, {"abc", "", "007", "-0", "+1", "1/2", "9223372036854775808"}),
            "false");
  EXPECT_EQ(key_condition(planned_, {}), "false");
  EXPECT_EQ(key_condition(planned_, {"x", "5"}), R"sql("k1" = ANY ('{"5"}'::bigint[]))sql");
}

/// A key is data of somebody else's database: quotes, braces and backslashes stay inside.
TEST_F(KeyFilter, QuotesTextTwice) {
  key({{MIG_TEXT, oid::varchar}});
  EXPECT_EQ(key_condition(planned_, {R"(it's {"a"}, b)"}),
            R"sql("k1" = ANY ( E'{"it''s {\\"a\\"}, b"}'::text[]))sql");
  EXPECT_EQ(key_condition(planned_, {R"(a\/b\\c)"}),
            R"sql("k1" = ANY ( E'{"a/b\\\\c"}'::text[]))sql");
  EXPECT_EQ(key_condition(planned_, {""}), R"sql("k1" = ANY ('{""}'::text[]))sql");
  EXPECT_EQ(key_condition(planned_, {R"(a\b)", "a/b", "\xff", std::string("a\0b", 3)}), "false");
}

TEST_F(KeyFilter, ComparesAsTheServerCan) {
  constexpr std::uint32_t citext = 90001;
  key({{MIG_TEXT, oid::bpchar}});
  EXPECT_EQ(key_condition(planned_, {"ab  "}), R"sql("k1" = ANY ('{"ab  "}'::bpchar[]))sql");
  planned_ = {};
  key({{MIG_TEXT, citext}});
  EXPECT_EQ(key_condition(planned_, {"ab"}), R"sql(("k1")::text = ANY ('{"ab"}'::text[]))sql");
  planned_ = {};
  key({{MIG_UUID, oid::uuid}});
  EXPECT_EQ(key_condition(planned_, {"91689718-feb4-5c8d-b2c8-67e672518db1", "not-one",
                                     "91689718-FEB4-5C8D-B2C8-67E672518DB1"}),
            R"sql("k1" = ANY ('{"91689718-feb4-5c8d-b2c8-67e672518db1"}'::uuid[]))sql");
}

TEST_F(KeyFilter, PairsTheColumnsOfALongerKey) {
  key({{MIG_TEXT, oid::text}, {MIG_INT8, oid::int8}});
  EXPECT_EQ(key_condition(planned_, {R"(a\/b/1)", "c/2", "only one", "a/b/3", "d/x"}),
            R"sql(("k1", "k2") IN (SELECT * FROM unnest('{"a/b","c"}'::text[], )sql"
            R"sql('{"1","2"}'::bigint[])))sql");
}

TEST_F(KeyFilter, JoinsALongList) {
  key({{MIG_INT8, oid::int8}});
  std::vector<std::string> keys;
  for (int number = 0; number <= 20'000; ++number) keys.push_back(std::to_string(number));
  const std::string condition = key_condition(planned_, keys);
  EXPECT_TRUE(condition.starts_with(R"sql(("k1") IN (SELECT * FROM unnest('{"0","1",)sql"));
  EXPECT_TRUE(condition.ends_with(R"sql(,"20000"}'::bigint[])))sql"));
}

TEST_F(KeyFilter, StandsInTheRelationThatIsReadAndCounted) {
  key({{MIG_INT8, oid::int4}});
  EXPECT_EQ(source_relation(planned_), R"sql("public"."legacy_offices" AS source_rows)sql");
  planned_.only_keys = {"7"};
  EXPECT_EQ(source_relation(planned_),
            R"sql((SELECT * FROM "public"."legacy_offices" AS source_rows WHERE )sql"
            R"sql("k1" = ANY ('{"7"}'::bigint[])) AS source_rows)sql");
  EXPECT_NE(source_select(planned_).find("FROM " + source_relation(planned_)), std::string::npos);
}

/// What a record of the ledger names is the key that the row had.
TEST_F(KeyFilter, ReadsBackWhatWasWritten) {
  key({{MIG_TEXT, oid::text}, {MIG_UUID, oid::uuid}});
  const std::string name = R"(a/b\c)";
  const mig::uuid token = *mig::uuid::parse("91689718-feb4-5c8d-b2c8-67e672518db1");
  mig_cell cells[2] = {};
  cells[0].type = MIG_TEXT;
  cells[0].as.data = name.data();
  cells[0].size = static_cast<std::uint32_t>(name.size());
  cells[1].type = MIG_UUID;
  cells[1].as.data = reinterpret_cast<const char*>(token.bytes.data());
  cells[1].size = 16;
  std::string text;
  append_key_text(cells, 2, text);
  const auto parts = key_parts(entity_.source_columns, 2, text);
  ASSERT_TRUE(parts);
  EXPECT_EQ((*parts)[0], name);
  EXPECT_EQ((*parts)[1], token.to_text());
  LegacyKey key;
  ASSERT_TRUE(read_key(cells, 2, key));
  EXPECT_EQ(parse_key(entity_.source_columns, 2, text)->text, key.text);
}

}  // namespace
}  // namespace mighost::test
