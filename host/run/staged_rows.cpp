#include "run/staged_rows.hpp"

#include "ledger/transactions.hpp"
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
                           const std::string& part, Writers writers, std::size_t shown_max) {
  const FingerprintLayout& layout = staged.subject.layout;
  std::string list;
  for (const auto& column : layout.columns) list += "t." + quote_identifier(column.name) + ", ";
  std::string from = staged.table + " AS u JOIN " + table + " AS t ON " + staged.same("u", "t");
  if (writers == Writers::mighost) {
    from += std::string(" LEFT JOIN ") + writers_table + " AS w ON w.writer = t.xmin";
  }
  const char* as_left = writers == Writers::mighost ? "w.writer IS NOT NULL" : "true";
  RowHasher hasher(layout, part);
  ChangedRows result;
  std::string bytes;
  constexpr std::size_t length_bytes = sizeof(std::int32_t);
  constexpr std::size_t fingerprint_bytes = length_bytes + sizeof(std::int64_t);
  constexpr std::size_t as_left_bytes = length_bytes + sizeof(std::uint8_t);
  CopyOut copy(target,
               "SELECT " + list + "u." + fingerprint_column + ", " + as_left + " FROM " + from);
  for (std::string_view row; copy.next(row); ++result.there) {
    const bool left = row.back() != 0;
    row.remove_suffix(as_left_bytes);
    const auto kept = static_cast<std::uint64_t>(
        wire::get<std::int64_t>(row.data() + row.size() - sizeof(std::int64_t)));
    row.remove_suffix(fingerprint_bytes);
    bytes.assign(row);
    wire::put(bytes.data(), static_cast<std::int16_t>(layout.columns.size()));
    const bool same =
        hasher.read(bytes) == RowHasher::Result::counted && hasher.fingerprint() == kept;
    if (same && left) continue;
    if (result.shown.size() < shown_max) result.shown.push_back(key_text(layout, hasher.key()));
    if (same) {
      ++result.written;
    } else {
      append_key(staged, hasher.key(), result.keys);
    }
  }
  return result;
}

std::string create_key_table(Session& target, const StagedRows& staged, const std::string& name) {
  target.execute("CREATE TEMPORARY TABLE " + quote_identifier(name) + " ON COMMIT DROP AS SELECT " +
                 staged.key_list() + " FROM " + staged.table + " WITH NO DATA");
  return "pg_temp." + quote_identifier(name);
}

void fill_key_table(Session& target, const StagedRows& staged, const std::string& key_table,
                    const std::string& keys) {
  CopyIn copy(target);
  const std::string statement =
      "COPY " + key_table + " (" + staged.key_list() + ") FROM STDIN (FORMAT binary)";
  copy.begin(statement);
  copy.put(keys);
  if (const CopyResult result = copy.finish(); result.refused) {
    throw SqlError(*result.refused, statement);
  }
}

std::uint64_t unstage(Session& target, const StagedRows& staged, const std::string& key_table) {
  return count_rows_of(target, "DELETE FROM " + staged.table + " AS u USING " + key_table +
                                   " AS c WHERE " + staged.same("u", "c"));
}

std::uint64_t count_rows_of(Session& target, const std::string& statement) {
  const Rows counted =
      target.query("WITH touched AS (" + statement + " RETURNING 1) SELECT count(*) FROM touched");
  return std::stoull(*counted.value());
}

}  // namespace mighost
