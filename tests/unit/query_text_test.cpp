// What messages read out of the text of a query.

#include "pg/query_text.hpp"

#include <gtest/gtest.h>

namespace mighost::test {
namespace {

/// "name alias" of each relation, with blanks in between.
std::string relations(std::string_view query) {
  std::string text;
  for (const auto& each : relations_in(query)) {
    text += (text.empty() ? "" : ", ") + each.name + " " + each.alias;
  }
  return text;
}

TEST(QueryText, RelationsWithTheirAliases) {
  EXPECT_EQ(relations("select 1"), "");
  EXPECT_EQ(relations("select id from public.legacy_items"), "public.legacy_items legacy_items");
  EXPECT_EQ(relations("SELECT i.id FROM Items i LEFT JOIN public.owners AS o ON o.id = i.owner"),
            "items i, public.owners o");
  EXPECT_EQ(relations("select * from a, b as x, only c where a.id = 1"), "a a, b x, c c");
  EXPECT_EQ(relations("select * from a natural join b using (id)"), "a a, b b");
  EXPECT_EQ(relations("select * from \"Odd \"\"One\"\"\" \"X\""), "Odd \"One\" X");
}

TEST(QueryText, RelationsOfAllLevels) {
  EXPECT_EQ(relations("select n.id from (select id from a union all select id from a b) n "
                      "join c on exists (select from d where d.id = n.id)"),
            "a a, a b, c c, d d");
  EXPECT_EQ(relations("select * from generate_series(1, 3) g join a on true"), "a a");
}

TEST(QueryText, CommentsAndTextsHoldNoRelations) {
  EXPECT_EQ(relations("select 'from x', 'it''s from y' -- from z\n from /* from w */ a"), "a a");
  EXPECT_EQ(relations("select 'never ends from x"), "");
  EXPECT_EQ(relations("select /* never ends from x"), "");
  EXPECT_EQ(relations("select * from \"never ends"), "never end never end")
      << "nonsense, but no further than the text";
}

TEST(QueryText, NameAtAPlace) {
  const std::string_view query = R"(select i.course_id, p."order", "A""b".c from)";
  EXPECT_EQ(name_at(query, 7), "i.course_id");
  EXPECT_EQ(name_at(query, 20), "p.\"order\"");
  EXPECT_EQ(name_at(query, 31), "\"A\"\"b\".c");
  EXPECT_EQ(name_at(query, 6), "") << "a blank";
  EXPECT_EQ(name_at(query, query.size()), "");
  EXPECT_EQ(name_at("a.", 0), "a");
}

TEST(QueryText, PartsAreFoldedUnlessQuoted) {
  EXPECT_EQ(name_parts("I.Course_Id"), (std::vector<std::string>{"i", "course_id"}));
  EXPECT_EQ(name_parts("\"A\"\"b\".c"), (std::vector<std::string>{"A\"b", "c"}));
}

TEST(QueryText, PositionsCountCharacters) {
  EXPECT_EQ(offset_of_position("abc", 1), 0U);
  EXPECT_EQ(offset_of_position("abc", 3), 2U);
  EXPECT_EQ(offset_of_position("\xC3\xA9\xE2\x82\xAC x", 4), 6U);
  EXPECT_EQ(offset_of_position("abc", 9), 3U);
}

}  // namespace
}  // namespace mighost::test
