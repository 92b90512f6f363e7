#include "ledger/fingerprints.hpp"

#include <algorithm>
#include <cstdio>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <utility>

#include "pg/copy_in.hpp"
#include "pg/copy_out.hpp"
#include "pg/wire.hpp"
#include "report/error.hpp"

namespace mighost {
namespace {

constexpr std::size_t chunks_bytes_max = 1 << 20;
constexpr const char* sums_table = "\"mighost\".\"fingerprints\"";
const std::vector<std::string> sums_columns = {"run_id",      "entity",     "part",   "kind",
                                               "target",      "target_oid", "layout", "rows",
                                               "rows_no_key", "buckets"};

std::string leaves_statement() { return copy_in_statement(leaves_table, leaves_columns); }

FingerprintColumn described(const CatalogColumn& live, bool late) {
  return {live.name, live.base_type_oid, live.type_modifier, live.type_name, late};
}

std::size_t columns_of(const FingerprintLayout& layout, const std::string& part) {
  return RowHasher(layout, part).counted().size();
}

/// `more` yields rows for COPY until it yields none.
void send(Session& target, const std::string& statement,
          const std::function<std::string_view()>& more) {
  CopyIn copy(target);
  copy.begin(statement);
  for (std::string_view rows = more(); !rows.empty(); rows = more()) {
    if (!copy.put(rows)) break;
  }
  if (const CopyResult result = copy.finish(); result.refused) {
    if (result.refused->comes_from_others()) throw SqlError(*result.refused, statement);
    throw Error(Exit::failed, "the ledger refused fingerprints: " + result.refused->safe_message(),
                "schema mighost", "nothing was committed");
  }
}

void send(Session& target, const std::string& statement, std::string& records) {
  if (records.empty()) return;
  std::string_view rest = records;
  send(target, statement, [&] { return std::exchange(rest, {}); });
  records.clear();
}

/// Chunks on disk, for while the session is busy reading. The file has no name and dies with us.
class Spool {
 public:
  Spool() : file_(std::tmpfile(), std::fclose), buffer_(chunks_bytes_max, '\0') {
    if (!file_) failed();
  }
  void write(std::string& chunks) {
    if (std::fwrite(chunks.data(), 1, chunks.size(), file_.get()) != chunks.size()) failed();
    chunks.clear();
  }
  void rewind() { std::rewind(file_.get()); }
  std::string_view read() {
    const std::size_t size = std::fread(buffer_.data(), 1, buffer_.size(), file_.get());
    if (std::ferror(file_.get()) != 0) failed();
    return std::string_view(buffer_).substr(0, size);
  }

 private:
  [[noreturn]] static void failed() {
    throw Error(Exit::failed, "cannot keep fingerprints in a temporary file",
                "the directory for "
                "temporary files",
                "nothing was committed; make room there");
  }
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file_;
  std::string buffer_;
};

}  // namespace

const char* const leaves_table = "\"mighost\".\"fingerprint_leaves\"";
const std::vector<std::string> leaves_columns = {"run_id", "entity", "part",
                                                 "kind",   "rows",   "leaves"};

FingerprintSubject fingerprint_subject(const PlannedEntity& planned) {
  const Entity& entity = *planned.entity;
  FingerprintSubject subject{entity.name, planned.target.shown(), planned.target.oid, {}};
  auto& columns = subject.layout.columns;
  for (std::size_t index = 0; index < entity.target_columns.size(); ++index) {
    const std::string& name = entity.target_columns[index].name;
    const bool late = std::any_of(
        entity.references.begin(), entity.references.end(),
        [&](const Reference& reference) { return reference.late && reference.column == name; });
    columns.push_back(described(*planned.target_types[index], late));
  }
  if (planned.identity_type != nullptr && host_fills_identity(entity)) {
    columns.push_back(described(*planned.identity_type, false));
  }
  std::vector<std::string> key = entity.legacy_columns;
  if (key.empty() && !entity.identity_column.empty()) key = {entity.identity_column};
  for (const std::string& name : key) {
    const auto found = std::find_if(columns.begin(), columns.end(),
                                    [&](const auto& column) { return column.name == name; });
    if (found == columns.end()) continue;
    subject.layout.key.push_back(static_cast<std::uint32_t>(found - columns.begin()));
  }
  if (subject.layout.key.size() != key.size()) subject.layout.key.clear();
  return subject;
}

Fingerprints::Fingerprints(FingerprintSubject subject, const mig::uuid& run_id, std::string part,
                           Kind kind)
    : subject_(std::move(subject)),
      run_id_(run_id),
      part_(std::move(part)),
      kind_(kind),
      hasher_(subject_.layout, part_),
      buckets_(columns_of(subject_.layout, part_)),
      chunk_(subject_.layout.integer_key()),
      chunk_kind_(own_kind()) {}

const char* Fingerprints::word(LeafKind kind) {
  constexpr const char* words[] = {"row", "replaced", "gone", "before"};
  return words[static_cast<std::size_t>(kind)];
}

void Fingerprints::add(std::string_view row) { add(row, own_kind()); }

void Fingerprints::add(std::string_view row, LeafKind kind) {
  switch (hasher_.read(row)) {
    case RowHasher::Result::absent:
      return;
    case RowHasher::Result::no_key:
      ++rows_no_key_;
      touched_ = true;
      return;
    case RowHasher::Result::counted:
      break;
  }
  buckets_.add(hasher_);
  ++rows_;
  leaf(kind);
}

void Fingerprints::subtract(std::string_view row) {
  switch (hasher_.read(row)) {
    case RowHasher::Result::absent:
      return;
    case RowHasher::Result::no_key:
      --rows_no_key_;
      touched_ = true;
      return;
    case RowHasher::Result::counted:
      break;
  }
  buckets_.subtract(hasher_);
  --rows_;
  leaf(LeafKind::gone);
}

void Fingerprints::replace(std::string_view old_row, std::string_view new_row) {
  // The later leaf of a key goes before the earlier one, so there is none to take back.
  if (hasher_.read(old_row) == RowHasher::Result::counted) {
    buckets_.subtract(hasher_);
    --rows_;
    touched_ = true;
  }
  add(new_row, LeafKind::replaced);
}

/// Chunks are read in the order in which they were made, so one holds leaves of one kind only.
void Fingerprints::leaf(LeafKind kind) {
  touched_ = true;
  if (chunk_kind_ != kind) {
    seal();
    chunk_kind_ = kind;
  }
  if (chunk_.add(hasher_.key(), hasher_.fingerprint())) return;
  seal();
  chunk_.add(hasher_.key(), hasher_.fingerprint());
}

void Fingerprints::seal() {
  if (chunk_.empty()) return;
  wire::append(chunks_, static_cast<std::int16_t>(leaves_columns.size()));
  wire::append_field(chunks_, {reinterpret_cast<const char*>(run_id_.bytes.data()), 16});
  wire::append_field(chunks_, subject_.entity);
  wire::append_field(chunks_, part_);
  wire::append_field(chunks_, word(chunk_kind_));
  wire::append_integer_field(chunks_, static_cast<std::int32_t>(chunk_.rows()));
  wire::append_field(chunks_, chunk_.take());
}

/// By COPY like every other record: hashes are nothing for the server's log.
std::string Fingerprints::sums_record() const {
  std::string record;
  wire::append(record, static_cast<std::int16_t>(sums_columns.size()));
  wire::append_field(record, {reinterpret_cast<const char*>(run_id_.bytes.data()), 16});
  wire::append_field(record, subject_.entity);
  wire::append_field(record, part_);
  wire::append_field(record, kind_ == Kind::run ? "run" : "before");
  wire::append_field(record, subject_.target);
  wire::append_integer_field(record, static_cast<std::int32_t>(subject_.target_oid));
  wire::append_field(record, '\1' + layout_json(subject_.layout));
  wire::append_integer_field(record, rows_);
  wire::append_integer_field(record, rows_no_key_);
  wire::append_field(record, buckets_.encode());
  return record;
}

void Fingerprints::store(Session& target) {
  if (!touched_) return;
  seal();
  send(target, leaves_statement(), chunks_);
  std::string record = sums_record();
  send(target, copy_in_statement(sums_table, sums_columns), record);
  buckets_ = Buckets(hasher_.counted().size());
  rows_ = rows_no_key_ = 0;
  touched_ = false;
}

std::string layout_json(const FingerprintLayout& layout) {
  nlohmann::json object;
  object["key"] = layout.key;
  object["columns"] = nlohmann::json::array();
  for (const FingerprintColumn& column : layout.columns) {
    object["columns"].push_back({{"name", column.name},
                                 {"type", column.type},
                                 {"modifier", column.modifier},
                                 {"type_name", column.type_name},
                                 {"late", column.late}});
  }
  return object.dump();
}

FingerprintLayout layout_from_json(const std::string& json) {
  FingerprintLayout layout;
  try {
    const auto object = nlohmann::json::parse(json);
    for (const auto& column : object.at("columns")) {
      layout.columns.push_back({column.at("name"), column.at("type"), column.at("modifier"),
                                column.at("type_name"), column.at("late")});
    }
    for (const std::uint32_t position : object.at("key")) {
      if (position < layout.columns.size()) layout.key.push_back(position);
    }
  } catch (const nlohmann::json::exception&) {
    throw Error(Exit::failed, "the ledger's description of a fingerprinted row is damaged",
                "mighost.fingerprints, column layout", "restore the ledger from a backup");
  }
  return layout;
}

std::string rows_query(const FingerprintSubject& subject) {
  std::string list;
  for (const FingerprintColumn& column : subject.layout.columns) {
    list += (list.empty() ? "" : ", ") + quote_identifier(column.name);
  }
  return "SELECT " + list + " FROM " + quote_relation(subject.target);
}

void keep_rows_of_query(Session& target, const FingerprintSubject& subject, const mig::uuid& run_id,
                        const std::string& part, Fingerprints::Kind kind,
                        const std::string& query) {
  Fingerprints kept(subject, run_id, part, kind);
  Spool spool;
  {
    CopyOut copy(target, query);
    for (std::string_view row; copy.next(row);) {
      kept.add(row);
      if (kept.full_chunks().size() >= chunks_bytes_max) spool.write(kept.full_chunks());
    }
  }
  spool.write(kept.full_chunks());
  spool.rewind();
  send(target, leaves_statement(), [&] { return spool.read(); });
  kept.store(target);
}

void keep_rows_before(Session& target, const FingerprintSubject& subject, const mig::uuid& run_id) {
  const Rows known = target.query(
      "SELECT entity, target, layout FROM mighost.fingerprints WHERE entity = $1 OR target = $2",
      {subject.entity, subject.target});
  for (const auto& record : known.rows) {
    // Rows of another entity of this form are known already.
    if (*record[0] == subject.entity) return;
    if (*record[1] == subject.target && layout_from_json(*record[2]) == subject.layout) return;
  }
  std::vector<std::string> parts = {""};
  for (const FingerprintColumn& column : subject.layout.columns) {
    if (column.late) parts.push_back(column.name);
  }
  for (const std::string& part : parts) {
    keep_rows_of_query(target, subject, run_id, part, Fingerprints::Kind::before,
                       rows_query(subject));
  }
}

}  // namespace mighost
