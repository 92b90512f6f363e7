#include "lanes/key_ranges.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "run/source_reader.hpp"

namespace mighost {
namespace {

/// The key of a row that begins a chunk: texts of the key columns.
using Bound = std::vector<std::string>;

class KeyRanges {
 public:
  KeyRanges(Session& source, const PlannedEntity& planned, double rows, std::uint64_t chunk_rows)
      : source_(source),
        planned_(planned),
        entity_(*planned.entity),
        rows_(rows),
        chunk_rows_(chunk_rows) {
    for (std::uint32_t index = 0; index < entity_.n_key; ++index) {
      columns_.push_back(quote_identifier(entity_.source_columns[index].name));
    }
  }

  std::vector<std::string> cut(std::string& remark) {
    const auto chunks =
        static_cast<std::size_t>(std::ceil(rows_ / static_cast<double>(chunk_rows_)));
    if (chunks < 2) return {""};
    if (const std::string reason = indivisible(); !reason.empty()) {
      remark = "one chunk: " + reason;
      return {""};
    }
    std::vector<Bound> bounds = from_statistics(chunks);
    if (bounds.empty() && has_key_index()) bounds = along_index();
    if (bounds.empty() && is_integer()) bounds = even_steps(chunks);
    if (bounds.empty()) remark = "one chunk: the key has neither statistics nor an index";
    return conditions(bounds);
  }

 private:
  std::string indivisible() const {
    if (!entity_.parallel) return "its handler wants to see all rows (not declared parallel)";
    if (entity_.identity == MIG_IDENTITY_NATURAL) return "its rows are found by a natural key";
    for (const PlannedValidator& each : planned_.validators) {
      if (!each.validator->parallel && !each.validator->columns.empty()) {
        return "validator " + each.validator->name + " wants to see all rows";
      }
    }
    return {};
  }

  bool is_integer() const {
    return entity_.n_key == 1 && entity_.source_columns[0].type == MIG_INT8;
  }

  /// The table has the key columns as they are read. With a query as well it has a row for each of
  /// the query's, so it says where the keys lie; wherever ranges are cut, they are all rows.
  bool table_has_key() const {
    if (!planned_.source) return false;
    const auto& live = planned_.source->columns;
    for (std::size_t at = 0; at < columns_.size(); ++at) {
      const bool same = std::any_of(live.begin(), live.end(), [&](const CatalogColumn& column) {
        return column.name == entity_.source_columns[at].name &&
               column.type_name == planned_.source_types[at].type_name;
      });
      if (!same) return false;
    }
    return true;
  }

  /// The server's picture of where keys lie: no row is read (PostgreSQL documentation, 54.27).
  std::vector<Bound> from_statistics(std::size_t chunks) {
    if (entity_.n_key != 1 || !table_has_key()) return {};
    const Rows rows = source_.query(
        "SELECT unnest(histogram_bounds::text::text[]) FROM pg_stats WHERE schemaname = $1 AND "
        "tablename = $2 AND attname = $3 AND NOT inherited",
        {planned_.source->schema, planned_.source->name, entity_.source_columns[0].name});
    // Twice as many buckets as chunks: fewer would make them uneven.
    if (rows.size() < 2 * chunks) return {};
    std::vector<Bound> bounds;
    for (std::size_t chunk = 1; chunk < chunks; ++chunk) {
      bounds.push_back({*rows.at(chunk * (rows.size() - 1) / chunks, 0)});
    }
    return bounds;
  }

  bool has_key_index() const {
    if (!table_has_key()) return false;
    return std::any_of(planned_.source->indexes.begin(), planned_.source->indexes.end(),
                       [&](const CatalogIndex& index) {
                         if (index.columns.size() < columns_.size()) return false;
                         for (std::size_t at = 0; at < columns_.size(); ++at) {
                           if (index.columns[at] != entity_.source_columns[at].name) return false;
                         }
                         return true;
                       });
  }

  /// From one bound to the next along the index. ORDER BY a bare name would mean the text that is
  /// selected (PostgreSQL documentation, SELECT).
  std::vector<Bound> along_index() {
    std::vector<Bound> bounds;
    std::string list, order;
    for (const std::string& column : columns_) {
      list += (list.empty() ? "" : ", ") + column + "::text";
      order += (order.empty() ? "key_rows." : ", key_rows.") + column;
    }
    const std::string from = " FROM " + quote_relation(entity_.source) + " AS key_rows";
    for (;;) {
      const std::string where =
          " WHERE " + (bounds.empty() ? "true" : compare(">=", bounds.back())) + without_nulls();
      const Rows next = source_.query("SELECT " + list + from + where + " ORDER BY " + order +
                                      " OFFSET " + std::to_string(chunk_rows_) + " LIMIT 1");
      if (next.empty()) return bounds;
      Bound bound;
      for (const auto& value : next.rows.front()) {
        bound.push_back(value.value_or(""));
      }
      // A key that stands there more often than a chunk has rows would go round for ever.
      if (!bounds.empty() && bound == bounds.back()) return bounds;
      bounds.push_back(std::move(bound));
    }
  }

  std::vector<Bound> even_steps(std::size_t chunks) {
    const Rows ends = source_.query(
        "SELECT min(" + columns_[0] + "), max(" + columns_[0] + ") FROM " +
        (table_has_key() ? quote_relation(entity_.source) : source_relation(entity_)));
    if (!ends.at(0, 0)) return {};
    const auto low = std::stold(*ends.at(0, 0)), high = std::stold(*ends.at(0, 1));
    std::vector<Bound> bounds;
    for (std::size_t chunk = 1; chunk < chunks; ++chunk) {
      const auto step = (high - low) * static_cast<long double>(chunk);
      const auto at = static_cast<std::int64_t>(low + step / static_cast<long double>(chunks));
      Bound bound{std::to_string(at)};
      if (bounds.empty() || bounds.back() != bound) bounds.push_back(std::move(bound));
    }
    return bounds;
  }

  /// Row-wise, so that an index of all key columns serves (PostgreSQL documentation, 9.24.5).
  std::string compare(const std::string& sign, const Bound& bound) const {
    std::string left, right;
    for (std::size_t index = 0; index < columns_.size(); ++index) {
      left += (index == 0 ? "" : ", ") + columns_[index];
      right += (index == 0 ? "" : ", ") + quote_literal(bound[index]) +
               "::" + planned_.source_types[index].type_name;
    }
    if (columns_.size() == 1) return left + " " + sign + " " + right;
    return "(" + left + ") " + sign + " (" + right + ")";
  }

  std::vector<std::string> conditions(const std::vector<Bound>& bounds) const {
    if (bounds.empty()) return {""};
    const std::string nulls = any_null();
    // With OR the server reads the whole table for one range (PostgreSQL 15). A query alone would
    // be run once more for a range of its own.
    const bool apart = !nulls.empty() && table_has_key();
    std::vector<std::string> ranges;
    for (std::size_t chunk = 0; chunk <= bounds.size(); ++chunk) {
      const bool last = chunk == bounds.size();
      std::string range;
      if (chunk > 0) range = compare(">=", bounds[chunk - 1]);
      if (!last) range += (range.empty() ? "" : " AND ") + compare("<", bounds[chunk]);
      if (columns_.size() > 1 && (apart || !last)) range += without_nulls();
      if (last && !nulls.empty() && !apart) range = "(" + range + " OR " + nulls + ")";
      ranges.push_back(range);
    }
    if (apart) ranges.push_back("(" + nulls + ")");
    return ranges;
  }

  /// A key with a NULL in it lies in one range, so that its row is not lost.
  std::string any_null() const {
    std::string nulls;
    for (const std::string& column : nullable()) {
      nulls += (nulls.empty() ? "" : " OR ") + column + " IS NULL";
    }
    return nulls;
  }

  /// And in no other: comparing row-wise ends at the first column that decides, so (2, NULL) is
  /// more than (1, 5) and less than (3, 5).
  std::string without_nulls() const {
    std::string text;
    for (const std::string& column : nullable()) text += " AND " + column + " IS NOT NULL";
    return text;
  }

  std::vector<std::string> nullable() const {
    std::vector<std::string> columns;
    for (std::size_t index = 0; index < columns_.size(); ++index) {
      const bool known = planned_.source && entity_.source_query.empty();
      if (known && planned_.source_types[index].not_null) continue;
      columns.push_back(columns_[index]);
    }
    return columns;
  }

  Session& source_;
  const PlannedEntity& planned_;
  const Entity& entity_;
  const double rows_;
  const std::uint64_t chunk_rows_;
  std::vector<std::string> columns_;  // quoted
};

}  // namespace

std::vector<std::string> key_ranges(Session& source, const PlannedEntity& planned, double rows,
                                    std::uint64_t chunk_rows, std::string& remark) {
  return KeyRanges(source, planned, rows, chunk_rows).cut(remark);
}

}  // namespace mighost
