#include "pg/decode.hpp"

#include <bit>
#include <string>

#include "pg/oids.hpp"
#include "pg/wire.hpp"
#include "report/error.hpp"

namespace mighost {
namespace {

[[noreturn]] void malformed() {
  throw Error(Exit::internal, "the source sent a COPY row that does not fit the planned columns",
              {}, "this is a fault of mighost or of a proxy in between; please report it");
}

bool is_text(const WireColumn& column) {
  switch (column.type_oid) {
    case oid::text:
    case oid::varchar:
    case oid::bpchar:
    case oid::name:
    case oid::char_:
    case oid::json:
      return true;
    default:
      return column.type_type == 'e';
  }
}

}  // namespace

RowDecoder::RowDecoder(const std::vector<WireColumn>& columns) {
  readers_.reserve(columns.size());
  for (const auto& column : columns) readers_.push_back({reader_for(column), column.type});
}

RowDecoder::Reader RowDecoder::reader_for(const WireColumn& column) {
  const auto type = column.type_oid;
  switch (column.type) {
    case MIG_INT8:
      if (type == oid::int2) return Reader::int2;
      if (type == oid::int4) return Reader::int4;
      if (type == oid::int8) return Reader::int8;
      break;
    case MIG_FLOAT8:
      if (type == oid::float4) return Reader::float4;
      if (type == oid::float8) return Reader::float8;
      break;
    case MIG_BOOL:
      if (type == oid::boolean) return Reader::boolean;
      break;
    case MIG_TEXT:
      if (is_text(column)) return Reader::bytes;
      break;
    case MIG_NUMERIC:
      if (type == oid::numeric) return Reader::bytes;
      break;
    case MIG_TIMESTAMPTZ:
      if (type == oid::timestamptz) return Reader::int8;
      break;
    case MIG_DATE:
      if (type == oid::date) return Reader::date;
      break;
    case MIG_UUID:
      if (type == oid::uuid) return Reader::bytes;
      break;
    case MIG_BYTES:
      if (type == oid::bytea) return Reader::bytes;
      break;
    case MIG_JSON:
      if (type == oid::json) return Reader::bytes;
      if (type == oid::jsonb) return Reader::jsonb;
      break;
    default:
      break;
  }
  throw Error(Exit::internal, "no binary codec for type " + std::to_string(type) + " as " +
                                  std::string(type_name(column.type)));
}

void RowDecoder::decode(std::string_view row, mig_cell* cells) const {
  const char* at = row.data();
  const char* const end = at + row.size();
  if (row.size() < 2 || wire::get<std::int16_t>(at) != static_cast<std::int16_t>(readers_.size())) {
    malformed();
  }
  at += 2;
  for (const Field& field : readers_) {
    mig_cell& cell = *cells++;
    cell = mig_cell{};
    cell.type = field.type;
    if (end - at < 4) malformed();
    const auto length = wire::get<std::int32_t>(at);
    at += 4;
    if (length < 0) {
      cell.flags = MIG_CELL_NULL;
      continue;
    }
    if (end - at < length) malformed();
    const auto fixed = [&](std::int32_t width) {
      if (length != width) malformed();
    };
    switch (field.reader) {
      case Reader::int2:
        fixed(2);
        cell.as.i64 = wire::get<std::int16_t>(at);
        break;
      case Reader::int4:
        fixed(4);
        cell.as.i64 = wire::get<std::int32_t>(at);
        break;
      case Reader::int8:
        fixed(8);
        cell.as.i64 = wire::get<std::int64_t>(at);
        break;
      case Reader::date:
        fixed(4);
        cell.as.i64 = wire::get<std::int32_t>(at);
        break;
      case Reader::boolean:
        fixed(1);
        cell.as.i64 = *at != 0;
        break;
      case Reader::float4:
        fixed(4);
        cell.as.f64 = static_cast<double>(std::bit_cast<float>(wire::get<std::uint32_t>(at)));
        break;
      case Reader::float8:
        fixed(8);
        cell.as.f64 = std::bit_cast<double>(wire::get<std::uint64_t>(at));
        break;
      case Reader::bytes:
        cell.as.data = at;
        cell.size = static_cast<std::uint32_t>(length);
        break;
      case Reader::jsonb:
        if (length < 1 || *at != 1) malformed();
        cell.as.data = at + 1;
        cell.size = static_cast<std::uint32_t>(length - 1);
        break;
    }
    at += length;
  }
  if (at != end) malformed();
}

}  // namespace mighost
