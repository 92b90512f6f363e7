#include "validate/column_values.hpp"

#include <algorithm>
#include <map>

#include "report/text.hpp"

namespace mighost {
namespace {

std::string values(std::uint64_t number) { return counted(number, "value", "values"); }

/// SQL that is the column in a form that has an exact equality: citext and collations that look
/// away count letters as the stream does.
std::string exact(const PlannedEntity& planned, const CountedColumn& column) {
  const std::string name = quote_identifier(column.name);
  const bool text = planned.entity->target_columns[column.target].type == MIG_TEXT;
  return text && planned.target_types[column.target]->base_type_type != 'e'
             ? name + "::text COLLATE \"C\""
             : name;
}

/// By column: how many distinct values the target has. One scan for all of them, each in a hash
/// table of its own; a group of NULL is no value.
std::map<std::string, std::uint64_t> distinct_values(
    const PlannedEntity& planned, const std::vector<const CountedColumn*>& columns,
    Session& target) {
  std::string select, sets, all, any;
  for (std::size_t index = 0; index < columns.size(); ++index) {
    const std::string name = "c" + std::to_string(index);
    const std::string comma = index == 0 ? "" : ", ";
    select += comma + exact(planned, *columns[index]) + " AS " + name;
    sets += comma + "(" + name + ")";
    all += comma + name;
    any += (index == 0 ? "" : " OR ") + name + " IS NOT NULL";
  }
  // GROUPING is one bit a column, 0 where it is grouped by, the last column lowest.
  const Rows rows = target.query("SELECT which, count(*) FROM (SELECT GROUPING(" + all +
                                 ") AS which FROM (SELECT " + select + " FROM " +
                                 planned.target.qualified() + ") AS t GROUP BY GROUPING SETS (" +
                                 sets + ") HAVING " + any + ") AS groups GROUP BY which");
  std::map<std::string, std::uint64_t> distinct;
  const std::uint64_t all_bits = (std::uint64_t{1} << columns.size()) - 1;
  for (const auto& row : rows.rows) {
    const std::uint64_t grouped = all_bits & ~std::stoull(*row.at(0));
    for (std::size_t index = 0; index < columns.size(); ++index) {
      if (grouped >> (columns.size() - 1 - index) != 1) continue;
      distinct[columns[index]->name] = std::stoull(*row.at(1));
    }
  }
  return distinct;
}

constexpr std::size_t columns_max = 31;  // GROUPING yields an int4

/// Those whose number of values the target could have lowered.
std::vector<std::vector<const CountedColumn*>> columns_to_count(const ValueCounts& counts) {
  std::vector<std::vector<const CountedColumn*>> groups;
  for (const CountedColumn& column : counts.columns()) {
    if (!column.has_values || column.sent_distinct.many() || column.sent_distinct.count() < 2)
      continue;
    if (groups.empty() || groups.back().size() == columns_max) groups.emplace_back();
    groups.back().push_back(&column);
  }
  return groups;
}

}  // namespace

std::string not_comparable(const Plan& plan, const PlannedEntity& planned, bool whole) {
  if (planned.entity->identity == MIG_IDENTITY_NATURAL) return "it writes no rows";
  if (!whole) return planned.target.shown() + " had rows before";
  if (!planned.entity->steps.empty()) return "its SQL steps may change values";
  for (const PlannedEntity& other : plan.entities) {
    if (other.entity == planned.entity || other.target.oid != planned.target.oid) continue;
    if (other.entity->identity == MIG_IDENTITY_NATURAL) continue;
    return other.entity->name + " writes to the same table";
  }
  return {};
}

TableCounts count_table(const PlannedEntity& planned, const ValueCounts& counts, Session& target) {
  std::string select = "count(*)";
  for (const CountedColumn& column : counts.columns()) {
    select += ", count(" + quote_identifier(column.name) + ")";
  }
  const Rows there = target.query("SELECT " + select + " FROM " + planned.target.qualified());
  TableCounts result;
  result.rows = std::stoull(*there.at(0, 0));
  for (std::size_t index = 0; index < counts.columns().size(); ++index) {
    result.values.push_back(std::stoull(*there.at(0, index + 1)));
  }
  return result;
}

Looked check_null_rates(const ValueCounts& counts, std::uint64_t written,
                        const TableCounts& there) {
  const std::uint64_t refused = counts.rows() - std::min(counts.rows(), written);
  Looked looked;
  for (std::size_t index = 0; index < counts.columns().size(); ++index) {
    const CountedColumn& column = counts.columns()[index];
    const std::uint64_t has = there.values.at(index);
    if (has + refused < column.sent_values) {
      looked.troubles.push_back({"column " + column.name + " was sent with " +
                                     values(column.sent_values) + ", the target has " +
                                     thousands(has),
                                 column.sent_values - has});
    }
    const std::uint64_t lost = column.dropped - std::min(column.dropped, column.explained);
    if (lost >= lost_rows_min && 2 * lost > column.source_values) {
      looked.troubles.push_back({"column " + column.name + " has " + values(column.source_values) +
                                     " in the source rows that went, and " + thousands(lost) +
                                     " of them are NULL in the target without a note",
                                 lost});
    }
  }
  return looked;
}

std::vector<Trouble> collapsed_columns(const ValueCounts& counts) {
  std::vector<Trouble> troubles;
  for (const CountedColumn& column : counts.columns()) {
    if (column.sent_distinct.count() != 1 || column.source_distinct.count() < 2) continue;
    const bool many = column.source_distinct.many();
    troubles.push_back(
        {"column " + column.name + " has " + (many ? "more than " : "") +
         thousands(many ? DistinctValues::values_max : column.source_distinct.count()) +
         " distinct values in the source rows that went, and one in the target"});
  }
  return troubles;
}

Looked check_domains(const PlannedEntity& planned, const ValueCounts& counts, std::uint64_t written,
                     Session& target) {
  const std::uint64_t refused = counts.rows() - std::min(counts.rows(), written);
  Looked looked{.troubles = collapsed_columns(counts)};
  for (const auto& columns : columns_to_count(counts)) {
    const auto there = distinct_values(planned, columns, target);
    for (const CountedColumn* column : columns) {
      const auto found = there.find(column->name);
      const std::uint64_t has = found == there.end() ? 0 : found->second;
      if (has + refused >= column->sent_distinct.count()) continue;
      looked.troubles.push_back(
          {"column " + column->name + " was sent with " +
           counted(column->sent_distinct.count(), "distinct value", "distinct values") +
           ", the target has " + thousands(has)});
    }
  }
  return looked;
}

}  // namespace mighost
