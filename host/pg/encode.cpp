#include "pg/encode.hpp"

#include <bit>
#include <cstring>
#include <limits>
#include <mighost/value.hpp>
#include <utility>

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

constexpr std::size_t fixed_bytes_max = 8;

template <class Integer>
char* put_integer(char* at, Integer value) {
  wire::put<std::int32_t>(at, sizeof value);
  wire::put(at + 4, value);
  return at + 4 + sizeof value;
}

template <class Narrow>
char* put_narrow(char* at, std::int64_t value, EncodeFault& fault) {
  if (value < std::numeric_limits<Narrow>::min() || value > std::numeric_limits<Narrow>::max()) {
    fault = refuse("out_of_range", "the integer does not fit the column");
    return nullptr;
  }
  return put_integer(at, static_cast<Narrow>(value));
}

char* put_raw(char* at, std::string_view bytes) {
  if (!bytes.empty()) std::memcpy(at, bytes.data(), bytes.size());
  return at + bytes.size();
}

char* put_bytes(char* at, std::string_view bytes) {
  wire::put(at, static_cast<std::int32_t>(bytes.size()));
  return put_raw(at + 4, bytes);
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
  out.resize(start + bytes_max(cells));
  char* at = out.data() + start;
  wire::put(at, static_cast<std::int16_t>(writers_.size()));
  at += 2;
  EncodeFault fault;
  for (std::size_t index = 0; index < writers_.size(); ++index) {
    at = put(writers_[index], cells[index], at, fault);
    if (at != nullptr) continue;
    fault.column = index;
    out.resize(start);
    return fault;
  }
  out.resize(static_cast<std::size_t>(at - out.data()));
  return {};
}

std::size_t RowEncoder::bytes_max(const mig_cell* cells) const {
  std::size_t size = 2 + writers_.size() * (4 + fixed_bytes_max);
  for (std::size_t index = 0; index < writers_.size(); ++index) {
    const mig_cell& cell = cells[index];
    if (writers_[index].writer >= Writer::bytes && (cell.flags & MIG_CELL_NULL) == 0 &&
        cell.type == writers_[index].type) {
      size += cell.size;
    }
  }
  return size;
}

char* RowEncoder::put(const Field& field, const mig_cell& cell, char* at,
                      EncodeFault& fault) const {
  const auto fail = [&](EncodeFault why) -> char* {
    fault = std::move(why);
    return nullptr;
  };
  if ((cell.flags & MIG_CELL_NULL) != 0) {
    if (!field.declared_nullable) {
      return fail(contract("emitted NULL into a column that it declares not nullable"));
    }
    if (field.live_not_null) return fail(refuse("not_null", "NULL in a column that is NOT NULL"));
    wire::put(at, wire::null_length);
    return at + 4;
  }
  if (cell.type != field.type) {
    return fail(contract("emitted " + std::string(type_name(cell.type)) + " where it declares " +
                         std::string(type_name(field.type))));
  }
  const std::string_view bytes{cell.as.data, cell.size};
  switch (field.writer) {
    case Writer::int2:
      return put_narrow<std::int16_t>(at, cell.as.i64, fault);
    case Writer::int4:
    case Writer::date:
      return put_narrow<std::int32_t>(at, cell.as.i64, fault);
    case Writer::int8:
      return put_integer(at, cell.as.i64);
    case Writer::boolean:
      return put_bytes(at, {cell.as.i64 != 0 ? "\1" : "\0", 1});
    case Writer::float4:
      return put_integer(at, std::bit_cast<std::uint32_t>(static_cast<float>(cell.as.f64)));
    case Writer::float8:
      return put_integer(at, std::bit_cast<std::uint64_t>(cell.as.f64));
    case Writer::bytes:
      if (field.type == MIG_UUID && cell.size != 16)
        return fail(contract("emitted a uuid that is not 16 bytes"));
      break;
    case Writer::jsonb:
      wire::put(at, static_cast<std::int32_t>(bytes.size() + 1));
      at[4] = '\1';
      return put_raw(at + 5, bytes);
    case Writer::numeric: {
      const mig::numeric value{bytes};
      if (!value.valid()) return fail(contract("emitted bytes that are not a numeric"));
      // The server would round to the column's scale without a word.
      if (field.scale >= 0 && !value.is_nan() && !value.is_infinite() &&
          !value.fits_scale(field.scale)) {
        return fail(refuse("numeric_rounding", "more decimals than the column keeps"));
      }
      break;
    }
  }
  return put_bytes(at, bytes);
}

}  // namespace mighost
