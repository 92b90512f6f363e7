#include "pg/encode.hpp"

#include <bit>
#include <limits>
#include <mighost/value.hpp>

#include "pg/oids.hpp"
#include "pg/wire.hpp"
#include "report/error.hpp"

namespace mighost {
namespace {

EncodeFault contract(std::string message) {
  return {EncodeFault::Kind::contract, 0, {}, std::move(message)};
}

EncodeFault refuse(std::string code, std::string message) {
  return {EncodeFault::Kind::row, 0, std::move(code), std::move(message)};
}

template <class Narrow>
EncodeFault put_narrow(std::int64_t value, std::string& out) {
  if (value < std::numeric_limits<Narrow>::min() || value > std::numeric_limits<Narrow>::max()) {
    return refuse("out_of_range", "the integer does not fit the column");
  }
  wire::append_integer_field(out, static_cast<Narrow>(value));
  return {};
}

/// Scale of numeric(p,s) from the type modifier (numeric.c: s is 11 bits, signed since PostgreSQL
/// 15).
std::int32_t scale_of(const CatalogColumn& column) {
  if (column.base_type_oid != oid::numeric || column.type_modifier < 4) return -1;
  const std::int32_t scale = (((column.type_modifier - 4) & 0x7ff) ^ 1024) - 1024;
  return scale < 0 ? 0 : scale;
}

}  // namespace

RowEncoder::RowEncoder(const std::vector<Target>& columns) {
  writers_.reserve(columns.size());
  for (const auto& column : columns) {
    writers_.push_back({writer_for(column), column.declared.type, column.declared.nullable,
                        column.live->not_null, scale_of(*column.live), column.declared.name});
  }
}

RowEncoder::Writer RowEncoder::writer_for(const Target& column) {
  const auto type = column.live->base_type_oid;
  switch (column.declared.type) {
    case MIG_INT8:
      if (type == oid::int2) return Writer::int2;
      if (type == oid::int4) return Writer::int4;
      if (type == oid::int8) return Writer::int8;
      break;
    case MIG_FLOAT8:
      if (type == oid::float4) return Writer::float4;
      if (type == oid::float8) return Writer::float8;
      break;
    case MIG_BOOL:
      if (type == oid::boolean) return Writer::boolean;
      break;
    case MIG_TEXT:
      return Writer::bytes;  // the plan has checked that the type receives text bytes
    case MIG_NUMERIC:
      if (type == oid::numeric) return Writer::numeric;
      break;
    case MIG_TIMESTAMPTZ:
      if (type == oid::timestamptz) return Writer::int8;
      break;
    case MIG_DATE:
      if (type == oid::date) return Writer::date;
      break;
    case MIG_UUID:
      if (type == oid::uuid) return Writer::bytes;
      break;
    case MIG_BYTES:
      if (type == oid::bytea) return Writer::bytes;
      break;
    case MIG_JSON:
      if (type == oid::json) return Writer::bytes;
      if (type == oid::jsonb) return Writer::jsonb;
      break;
    default:
      break;
  }
  throw Error(Exit::internal, "no binary codec for " +
                                  std::string(type_name(column.declared.type)) + " into " +
                                  column.live->type_name);
}

EncodeFault RowEncoder::encode(const mig_cell* cells, std::string& out) const {
  const std::size_t start = out.size();
  wire::append(out, static_cast<std::int16_t>(writers_.size()));
  for (std::size_t index = 0; index < writers_.size(); ++index) {
    if (EncodeFault fault = put(writers_[index], cells[index], out)) {
      fault.column = index;
      out.resize(start);
      return fault;
    }
  }
  return {};
}

EncodeFault RowEncoder::put(const Field& field, const mig_cell& cell, std::string& out) const {
  if ((cell.flags & MIG_CELL_NULL) != 0) {
    if (!field.declared_nullable) {
      return contract("emitted NULL into a column that it declares not nullable");
    }
    if (field.live_not_null) return refuse("not_null", "NULL in a column that is NOT NULL");
    wire::append_null(out);
    return {};
  }
  if (cell.type != field.type) {
    return contract("emitted " + std::string(type_name(cell.type)) + " where it declares " +
                    std::string(type_name(field.type)));
  }
  const std::string_view bytes{cell.as.data, cell.size};
  switch (field.writer) {
    case Writer::int2:
      return put_narrow<std::int16_t>(cell.as.i64, out);
    case Writer::int4:
      return put_narrow<std::int32_t>(cell.as.i64, out);
    case Writer::date:
      return put_narrow<std::int32_t>(cell.as.i64, out);
    case Writer::int8:
      wire::append_integer_field(out, cell.as.i64);
      return {};
    case Writer::boolean:
      wire::append<std::int32_t>(out, 1);
      out.push_back(cell.as.i64 != 0 ? '\1' : '\0');
      return {};
    case Writer::float4:
      wire::append_integer_field(out,
                                 std::bit_cast<std::uint32_t>(static_cast<float>(cell.as.f64)));
      return {};
    case Writer::float8:
      wire::append_integer_field(out, std::bit_cast<std::uint64_t>(cell.as.f64));
      return {};
    case Writer::bytes:
      if (field.type == MIG_UUID && cell.size != 16)
        return contract("emitted a uuid that is not 16 bytes");
      break;
    case Writer::jsonb:
      wire::append<std::int32_t>(out, static_cast<std::int32_t>(bytes.size() + 1));
      out.push_back('\1');
      out.append(bytes);
      return {};
    case Writer::numeric: {
      const mig::numeric value{bytes};
      if (!value.valid()) return contract("emitted bytes that are not a numeric");
      // The server would round to the column's scale without a word.
      if (field.scale >= 0 && !value.is_nan() && !value.is_infinite() &&
          !value.fits_scale(field.scale)) {
        return refuse("numeric_rounding", "more decimals than the column keeps");
      }
      break;
    }
  }
  wire::append_field(out, bytes);
  return {};
}

}  // namespace mighost
