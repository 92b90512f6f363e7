#include "ledger/records.hpp"

#include <nlohmann/json.hpp>

#include "pg/wire.hpp"

namespace mighost {
namespace {

std::string hex(std::string_view bytes) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string text = "\\x";
  for (const char byte : bytes) {
    text += digits[static_cast<unsigned char>(byte) >> 4];
    text += digits[static_cast<unsigned char>(byte) & 15];
  }
  return text;
}

bool is_text(std::string_view bytes) {
  return mig::valid_utf8(bytes) && bytes.find('\0') == std::string_view::npos;
}

void append_text(std::string& out, std::string_view text) {
  if (text.empty()) {
    wire::append_null(out);
  } else if (!is_text(text)) {
    wire::append_field(out, "(not valid UTF-8)");  // one bad detail must not cost the run
  } else {
    wire::append_field(out, text);
  }
}

/// A key that is no text stands as the server writes bytea.
void append_key(std::string& out, std::string_view key) {
  if (is_text(key)) return wire::append_field(out, key);
  wire::append_field(out, hex(key));
}

void append_waited_for(std::string& out, std::string_view key) {
  if (key.empty()) return wire::append_null(out);
  append_key(out, key);
}

void append_jsonb(std::string& out, std::string_view json) {
  if (json.empty()) return wire::append_null(out);
  wire::append<std::int32_t>(out, static_cast<std::int32_t>(json.size() + 1));
  out.push_back('\1');
  out.append(json);
}

nlohmann::json value_of(const mig_cell& cell) {
  if ((cell.flags & MIG_CELL_NULL) != 0) return nullptr;
  const std::string_view bytes{cell.as.data, cell.size};
  switch (cell.type) {
    case MIG_INT8:
      return cell.as.i64;
    case MIG_FLOAT8:
      return cell.as.f64;
    case MIG_BOOL:
      return cell.as.i64 != 0;
    case MIG_NUMERIC:
      return mig::numeric{bytes}.to_text();
    case MIG_TIMESTAMPTZ:
      return mig::timestamptz{cell.as.i64}.to_text();
    case MIG_DATE:
      return mig::date{static_cast<std::int32_t>(cell.as.i64)}.to_text();
    case MIG_UUID: {
      mig::uuid id;
      std::memcpy(id.bytes.data(), bytes.data(), id.bytes.size());
      return id.to_text();
    }
    case MIG_BYTES:
      return hex(bytes);
    default:
      return is_text(bytes) ? std::string(bytes) : hex(bytes);
  }
}

}  // namespace

const char* const quarantine_table = "\"mighost\".\"quarantine\"";
const char* const notes_table = "\"mighost\".\"notes\"";
const char* const new_keys_table = "\"mighost\".\"new_keys\"";
const std::vector<std::string> quarantine_columns = {
    "run_id",        "entity",      "legacy_key",      "outcome",  "plugin",  "stage",
    "code",          "column_name", "constraint_name", "sqlstate", "message", "waits_for_entity",
    "waits_for_key", "source_row"};
const std::vector<std::string> notes_columns = {"run_id", "entity",           "legacy_key",
                                                "code",   "column_name",      "detail",
                                                "plugin", "waits_for_entity", "waits_for_key"};

const std::vector<std::string> new_keys_columns = {"run_id", "entity", "legacy_key", "new_key",
                                                   "merged"};

void RecordEncoder::quarantine(std::string& out, const QuarantineRecord& record) const {
  wire::append(out, static_cast<std::int16_t>(quarantine_columns.size()));
  wire::append_field(out, {reinterpret_cast<const char*>(run_id_.bytes.data()), 16});
  wire::append_field(out, entity_);
  append_key(out, record.legacy_key);
  wire::append_field(out, record.parked ? "parked" : "quarantined");
  append_text(out, record.plugin);
  append_text(out, record.stage);
  append_text(out, record.code);
  append_text(out, record.column);
  append_text(out, record.constraint);
  append_text(out, record.sqlstate);
  append_text(out, record.message);
  append_text(out, record.waits_for_entity);
  append_waited_for(out, record.waits_for_key);
  append_jsonb(out, record.source_row);
}

void RecordEncoder::note(std::string& out, std::string_view legacy_key, const Note& note) const {
  wire::append(out, static_cast<std::int16_t>(notes_columns.size()));
  wire::append_field(out, {reinterpret_cast<const char*>(run_id_.bytes.data()), 16});
  wire::append_field(out, entity_);
  append_key(out, legacy_key);
  wire::append_field(out, note.code);
  append_text(out, note.column);
  append_text(out, note.detail);
  append_text(out, note.plugin);
  append_text(out, note.waits_for_entity);
  append_waited_for(out, note.waits_for_key);
}

void RecordEncoder::new_key(std::string& out, std::string_view legacy_key, std::string_view new_key,
                            bool merged) const {
  wire::append(out, static_cast<std::int16_t>(new_keys_columns.size()));
  wire::append_field(out, {reinterpret_cast<const char*>(run_id_.bytes.data()), 16});
  wire::append_field(out, entity_);
  append_key(out, legacy_key);
  wire::append_field(out, new_key);
  wire::append_field(out, merged ? std::string_view("\1", 1) : std::string_view("\0", 1));
}

std::string source_row_json(const std::vector<Column>& columns, const mig_cell* cells) {
  nlohmann::ordered_json row = nlohmann::ordered_json::object();
  for (std::size_t index = 0; index < columns.size(); ++index) {
    row[columns[index].name] = value_of(cells[index]);
  }
  return row.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace mighost
