#include "ledger/run_leaves.hpp"

#include "pg/copy_in.hpp"
#include "pg/copy_out.hpp"
#include "pg/wire.hpp"
#include "report/error.hpp"

namespace mighost {

const char* const fingerprint_column = "\"mighost fingerprint\"";

namespace {

constexpr std::size_t piece_bytes = 256 << 10;

std::string column_list(const std::vector<std::string>& columns) {
  std::string list;
  for (const std::string& column : columns) list += column + ", ";
  return list + fingerprint_column;
}

/// One integer stands as such in the leaves, whatever the width of its column; other keys are the
/// fields of the wire.
void create_table(Session& target, const StagedRows& staged, const std::string& name) {
  if (staged.subject.layout.integer_key()) {
    return target.execute("CREATE TEMPORARY TABLE " + name + " (" + staged.key_columns.front() +
                          " bigint, " + fingerprint_column + " bigint) ON COMMIT DROP");
  }
  std::string columns;
  for (const std::string& column : staged.key_columns) columns += column + ", ";
  target.execute("CREATE TEMPORARY TABLE " + name + " ON COMMIT DROP AS SELECT " + columns +
                 "0::bigint AS " + fingerprint_column + " FROM " +
                 quote_relation(staged.subject.target) + " WITH NO DATA");
}

class LeafCopy {
 public:
  LeafCopy(Session& target, const StagedRows& staged, const std::string& table)
      : copy_(target),
        integer_key_(staged.subject.layout.integer_key()),
        fields_(static_cast<std::int16_t>(staged.key_columns.size() + 1)) {
    copy_.begin("COPY " + table + " (" + column_list(staged.key_columns) +
                ") FROM STDIN (FORMAT binary)");
  }

  void add(const Leaf& leaf) {
    wire::append(rows_, fields_);
    if (integer_key_) {
      wire::append_integer_field(rows_, leaf.key.number);
    } else {
      rows_.append(leaf.key.bytes);
    }
    wire::append_integer_field(rows_, static_cast<std::int64_t>(leaf.fingerprint));
    if (rows_.size() >= piece_bytes) send();
  }

  std::uint64_t finish() {
    send();
    const CopyResult result = copy_.finish();
    if (result.refused) {
      // Anything but the data is the server's trouble of the moment: no room, no connection.
      const std::string& code = result.refused->sqlstate;
      const bool of_data = code.starts_with("22") || code.starts_with("42");
      throw Error(Exit::failed,
                  "the server does not take the keys that the ledger holds: " +
                      result.refused->safe_message(),
                  "mighost.fingerprint_leaves",
                  of_data ? "nothing was changed; the key columns have another type than when the "
                            "run wrote"
                          : "nothing was changed; the message is the server's");
    }
    return result.rows;
  }

 private:
  void send() {
    if (!rows_.empty()) copy_.put(rows_);
    rows_.clear();
  }
  CopyIn copy_;
  bool integer_key_;
  std::int16_t fields_;
  std::string rows_;
};

/// Leaves of one kind into a temporary table.
std::uint64_t stage(Session& target, Session& ledger, const StagedRows& staged,
                    const std::string& table, const std::string& run_id, const std::string& part,
                    const std::string& kind) {
  CopyOut leaves(ledger, "SELECT leaves FROM mighost.fingerprint_leaves WHERE run_id = " +
                             quote_literal(run_id) +
                             " AND entity = " + quote_literal(staged.subject.entity) +
                             " AND part = " + quote_literal(part) +
                             " AND kind = " + quote_literal(kind) + " ORDER BY chunk");
  LeafCopy copy(target, staged, table);
  constexpr std::size_t before_bytes = sizeof(std::int16_t) + sizeof(std::int32_t);
  for (std::string_view row; leaves.next(row);) {
    read_leaves(row.substr(before_bytes), staged.subject.layout.integer_key(),
                [&](const Leaf& leaf) { copy.add(leaf); });
  }
  return copy.finish();
}

}  // namespace

std::string StagedRows::same(const std::string& left, const std::string& right) const {
  std::string condition;
  for (const std::string& column : key_columns) {
    condition +=
        (condition.empty() ? "" : " AND ") + left + "." + column + " = " + right + "." + column;
  }
  return condition;
}

std::string StagedRows::key_list() const {
  std::string list;
  for (const std::string& column : key_columns) list += (list.empty() ? "" : ", ") + column;
  return list;
}

StagedRows stage_rows_of_run(Session& target, Session& ledger, const FingerprintSubject& subject,
                             const std::string& run_id, const std::string& part, RunRows which,
                             const std::string& name) {
  StagedRows staged{subject, "pg_temp." + quote_identifier(name), {}, 0};
  for (const std::uint32_t position : subject.layout.key) {
    staged.key_columns.push_back(quote_identifier(subject.layout.columns[position].name));
  }
  create_table(target, staged, quote_identifier(name));
  // A row that was taken back did not stay, or was there before: what a replay finds and changes it
  // takes back and adds again.
  const std::string gone = name + "_gone", gone_table = "pg_temp." + quote_identifier(gone);
  create_table(target, staged, quote_identifier(gone));
  const std::uint64_t taken_back = stage(target, ledger, staged, gone_table, run_id, part, "gone");
  if (taken_back > 0 || which == RunRows::brought) {
    staged.rows = stage(target, ledger, staged, staged.table, run_id, part, "row");
  }
  if (taken_back > 0) {
    const std::string other = which == RunRows::brought ? "EXISTS" : "NOT EXISTS";
    const Rows left =
        target.query("WITH left_out AS (DELETE FROM " + staged.table + " AS r WHERE " + other +
                     " (SELECT FROM " + gone_table + " AS g WHERE " + staged.same("r", "g") +
                     ") RETURNING 1) SELECT count(*) FROM left_out");
    staged.rows -= std::stoull(*left.value());
  }
  target.execute("DROP TABLE " + gone_table);
  target.execute("ANALYZE " + staged.table);
  return staged;
}

}  // namespace mighost
