// What the stream counts of columns with one name in source and target, and what that means.
#include <gtest/gtest.h>

#include "validate/column_values.hpp"

namespace mighost {
namespace {

mig_cell null() {
  mig_cell cell{};
  cell.flags = MIG_CELL_NULL;
  return cell;
}

mig_cell text(std::string_view value) {
  mig_cell cell{};
  cell.type = MIG_TEXT;
  cell.as.data = value.data();
  cell.size = static_cast<std::uint32_t>(value.size());
  return cell;
}

mig_cell number(std::int64_t value) {
  mig_cell cell{};
  cell.type = MIG_INT8;
  cell.as.i64 = value;
  return cell;
}

/// `status` is a code in the source and a word in the target; `parent` is filled later.
Entity orders() {
  Entity entity;
  entity.source_columns = {{"id", MIG_INT8, false},
                           {"status", MIG_INT8, true},
                           {"phone", MIG_TEXT, true},
                           {"parent", MIG_INT8, true}};
  entity.target_columns = {{"phone", MIG_TEXT, true},
                           {"status", MIG_TEXT, true},
                           {"parent", MIG_INT8, true},
                           {"other", MIG_TEXT, true}};
  entity.references = {{"a.b", "parent", MIG_MISSING_NULL, true, false}};
  return entity;
}

struct Row {
  mig_cell status, phone;            // in the source
  mig_cell sent_status, sent_phone;  // in the target
};

ValueCounts counts_of(const std::vector<Row>& rows) {
  ValueCounts counts(orders());
  for (const Row& row : rows) {
    const mig_cell source[] = {number(1), row.status, row.phone, number(7)};
    const mig_cell sent[] = {row.sent_phone, row.sent_status, null(), text("x")};
    counts.add(source, sent);
  }
  return counts;
}

TEST(ValueCounts, KnowColumnsByTheirName) {
  const ValueCounts counts(orders());
  ASSERT_EQ(counts.columns().size(), 2U) << "a late reference is sent empty";
  EXPECT_EQ(counts.columns()[0].name, "phone");
  EXPECT_EQ(counts.columns()[1].name, "status");
}

TEST(ValueCounts, TakeATextOfBlanksForNoValue) {
  const auto counts = counts_of({{number(1), text("  "), text("a"), null()},
                                 {number(1), text(""), text("a"), null()},
                                 {number(1), text("12"), text("a"), text("12")}});
  EXPECT_EQ(counts.columns()[0].source_values, 1U);
  EXPECT_EQ(counts.columns()[0].dropped, 0U);
}

TEST(ValueCounts, StopCountingDistinctValuesWhenTheyAreMany) {
  DistinctValues values;
  for (std::uint64_t value = 1; value <= DistinctValues::values_max; ++value) {
    values.add(value * 256);  // all in one slot
    values.add(value * 256);
    values.add(256);
  }
  EXPECT_EQ(values.count(), DistinctValues::values_max);
  EXPECT_FALSE(values.many());
  values.add(3);
  EXPECT_TRUE(values.many());
  for (std::uint64_t value = 1000; value < 9000; ++value) values.add(value);
  EXPECT_EQ(values.count(), DistinctValues::values_max + 1);
}

/// Four of seven values are gone, which is more than half.
TEST(NullRates, WarnOfAColumnThatLosesMostOfItsValues) {
  std::vector<Row> rows(7, Row{number(1), text("12"), text("a"), null()});
  for (std::size_t row = 4; row < rows.size(); ++row) rows[row].sent_phone = text("12");
  ValueCounts counts = counts_of(rows);
  const TableCounts there{7, {3, 7}};
  const Looked looked = check_null_rates(counts, 7, there);
  ASSERT_EQ(looked.troubles.size(), 1U);
  EXPECT_EQ(looked.troubles[0].offenders, 4U);
  EXPECT_NE(looked.troubles[0].message.find("column phone"), std::string::npos);

  // A note that names the column is a word about it; one row less is three, and not the most.
  const mig_cell source[] = {number(1), number(1), text("12"), number(7)};
  const mig_cell sent[] = {null(), text("a"), null(), text("x")};
  counts.add_note(0, "status", source, sent);
  EXPECT_FALSE(check_null_rates(counts, 7, there).troubles.empty()) << "of another column";
  counts.add_note(0, "phone", source, sent);
  EXPECT_TRUE(check_null_rates(counts, 7, there).troubles.empty());
  counts.add_note(0, "phone", source, sent);
  EXPECT_EQ(counts.columns()[0].explained, 1U) << "rows are counted, not their notes";
}

TEST(NullRates, LeaveSmallAndSparseLossesToTheHandler) {
  std::vector<Row> half(8, Row{number(1), text("12"), text("a"), text("12")});
  for (std::size_t row = 0; row < 4; ++row) half[row].sent_phone = null();
  EXPECT_TRUE(check_null_rates(counts_of(half), 8, {8, {4, 8}}).troubles.empty());
  const std::vector<Row> three(3, Row{number(1), text("12"), text("a"), null()});
  EXPECT_TRUE(check_null_rates(counts_of(three), 3, {3, {0, 3}}).troubles.empty());
}

TEST(NullRates, CountWhatTheTargetLost) {
  const auto counts =
      counts_of(std::vector<Row>(9, Row{number(1), text("12"), text("a"), text("12")}));
  EXPECT_TRUE(check_null_rates(counts, 9, {9, {9, 9}}).troubles.empty());
  const Looked looked = check_null_rates(counts, 9, {9, {9, 8}});
  ASSERT_EQ(looked.troubles.size(), 1U);
  EXPECT_EQ(looked.troubles[0].message, "column status was sent with 9 values, the target has 8");
  // One row was refused by the server after it was counted.
  EXPECT_TRUE(check_null_rates(counts, 8, {8, {8, 8}}).troubles.empty());
  EXPECT_FALSE(check_null_rates(counts, 8, {8, {8, 7}}).troubles.empty());
}

TEST(Domains, WarnOfAColumnThatIsOneValueNow) {
  const auto one = counts_of({{number(1), text("1"), text("open"), text("1")},
                              {number(2), text("2"), text("open"), text("2")}});
  const auto troubles = collapsed_columns(one);
  ASSERT_EQ(troubles.size(), 1U);
  EXPECT_EQ(troubles[0].message,
            "column status has 2 distinct values in the source rows that went, and one in the "
            "target");
}

TEST(Domains, LeaveCodesAndSpellingsToTheHandler) {
  // One to one, three to two, and a value that is gone: other checks and the handler's notes.
  EXPECT_TRUE(collapsed_columns(counts_of({{number(1), text("1"), text("open"), text("1")},
                                           {number(2), text("2"), text("shut"), text("2")}}))
                  .empty());
  EXPECT_TRUE(collapsed_columns(counts_of({{number(1), text("a"), text("open"), text("A")},
                                           {number(2), text("A"), text("shut"), text("A")},
                                           {number(3), text("b"), text("shut"), text("B")}}))
                  .empty());
  EXPECT_TRUE(collapsed_columns(counts_of({{number(1), text("1"), text("open"), text("1")},
                                           {number(2), text("2"), null(), null()}}))
                  .empty());
}

}  // namespace
}  // namespace mighost
