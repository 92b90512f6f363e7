#include "run/staged_rows.hpp"

#include "pg/copy_in.hpp"
#include "pg/copy_out.hpp"
#include "pg/wire.hpp"

namespace mighost {
namespace {

void append_key(const StagedRows& staged, const RowKey& key, std::string& rows) {
  wire::append(rows, static_cast<std::int16_t>(staged.key_columns.size()));
  if (staged.subject.layout.integer_key()) {
    wire::append_integer_field(rows, key.number);
  } else {
    rows.append(key.bytes);
  }
}

}  // namespace

ChangedRows compare_staged(Session& target, const StagedRows& staged, const std::string& table,
                           const std::string& part, std::size_t shown_max) {
  const FingerprintLayout& layout = staged.subject.layout;
  std::string list;
  for (const auto& column : layout.columns) list += "t." + quote_identifier(column.name) + ", ";
  RowHasher hasher(layout, part);
  ChangedRows result;
  std::string bytes;
  constexpr std::size_t fingerprint_bytes = sizeof(std::int32_t) + sizeof(std::int64_t);
  CopyOut copy(target, "SELECT " + list + "u." + fingerprint_column + " FROM " + staged.table +
                           " AS u JOIN " + table + " AS t ON " + staged.same("u", "t"));
  for (std::string_view row; copy.next(row); ++result.there) {
    const auto kept = static_cast<std::uint64_t>(
        wire::get<std::int64_t>(row.data() + row.size() - sizeof(std::int64_t)));
    // The row without the fingerprint behind it.
    bytes.assign(row.substr(0, row.size() - fingerprint_bytes));
    wire::put(bytes.data(), static_cast<std::int16_t>(layout.columns.size()));
    if (hasher.read(bytes) == RowHasher::Result::counted && hasher.fingerprint() == kept) continue;
    ++result.changed;
    if (result.shown.size() < shown_max) result.shown.push_back(key_text(layout, hasher.key()));
    append_key(staged, hasher.key(), result.keys);
  }
  return result;
}

std::uint64_t unstage(Session& target, const StagedRows& staged, const std::string& keys) {
  if (keys.empty()) return 0;
  std::string columns;
  for (const auto& column : staged.key_columns) columns += (columns.empty() ? "" : ", ") + column;
  target.execute("CREATE TEMPORARY TABLE mighost_changed ON COMMIT DROP AS SELECT " + columns +
                 " FROM " + staged.table + " WITH NO DATA");
  CopyIn copy(target);
  copy.begin("COPY mighost_changed (" + columns + ") FROM STDIN (FORMAT binary)");
  copy.put(keys);
  if (const CopyResult result = copy.finish(); result.refused) {
    throw SqlError(*result.refused, "COPY mighost_changed");
  }
  const std::uint64_t rows =
      count_rows_of(target, "DELETE FROM " + staged.table +
                                " AS u USING mighost_changed AS c WHERE " + staged.same("u", "c"));
  target.execute("DROP TABLE mighost_changed");
  return rows;
}

std::uint64_t count_rows_of(Session& target, const std::string& statement) {
  const Rows counted =
      target.query("WITH touched AS (" + statement + " RETURNING 1) SELECT count(*) FROM touched");
  return std::stoull(*counted.value());
}

}  // namespace mighost
