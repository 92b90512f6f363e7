// Binary COPY in both directions, field by field. Expected bytes are written out from the
// documentation of COPY's binary format.
#include <gtest/gtest.h>

#include "pg/decode.hpp"
#include "pg/encode.hpp"
#include "pg/oids.hpp"
#include "report/error.hpp"

namespace mighost {
namespace {

using namespace std::string_literals;

CatalogColumn live(std::uint32_t type, bool not_null = false, std::int32_t modifier = -1) {
  CatalogColumn column;
  column.name = "value";
  column.type_oid = column.base_type_oid = type;
  column.not_null = not_null;
  column.type_modifier = modifier;
  return column;
}

struct Encoded {
  EncodeFault fault;
  std::string bytes;
};

Encoded encode(mig_type declared, const CatalogColumn& column, const mig_cell& cell,
               bool nullable = true) {
  const RowEncoder encoder({{Column{"value", declared, nullable}, &column}});
  Encoded result;
  result.bytes = "before";
  result.fault = encoder.encode(&cell, result.bytes);
  result.bytes.erase(0, 6);
  return result;
}

mig_cell scalar(mig_type type, std::int64_t value) {
  mig_cell cell{};
  cell.type = type;
  cell.as.i64 = value;
  return cell;
}

mig_cell bytes(mig_type type, std::string_view value) {
  mig_cell cell{};
  cell.type = type;
  cell.as.data = value.data();
  cell.size = static_cast<std::uint32_t>(value.size());
  return cell;
}

TEST(RowEncoder, WritesEachTypeAsTheServerReadsIt) {
  const auto expect = [](mig_type type, std::uint32_t column, const mig_cell& cell,
                         const std::string& field) {
    const CatalogColumn target = live(column);
    const Encoded result = encode(type, target, cell);
    EXPECT_FALSE(result.fault) << result.fault.message;
    EXPECT_EQ(result.bytes, "\0\1"s + field);
  };
  expect(MIG_INT8, oid::int2, scalar(MIG_INT8, -2), "\0\0\0\2\xff\xfe"s);
  expect(MIG_INT8, oid::int4, scalar(MIG_INT8, 258), "\0\0\0\4\0\0\1\2"s);
  expect(MIG_INT8, oid::int8, scalar(MIG_INT8, 1), "\0\0\0\x8\0\0\0\0\0\0\0\1"s);
  expect(MIG_BOOL, oid::boolean, scalar(MIG_BOOL, 1), "\0\0\0\1\1"s);
  expect(MIG_DATE, oid::date, scalar(MIG_DATE, -1), "\0\0\0\4\xff\xff\xff\xff"s);
  expect(MIG_TIMESTAMPTZ, oid::timestamptz, scalar(MIG_TIMESTAMPTZ, 3),
         "\0\0\0\x8\0\0\0\0\0\0\0\3"s);
  expect(MIG_TEXT, oid::varchar, bytes(MIG_TEXT, "abc"), "\0\0\0\3abc"s);
  expect(MIG_JSON, oid::json, bytes(MIG_JSON, "{}"), "\0\0\0\2{}"s);
  expect(MIG_JSON, oid::jsonb, bytes(MIG_JSON, "{}"), "\0\0\0\3\1{}"s);
  mig_cell null{};
  null.flags = MIG_CELL_NULL;
  expect(MIG_TEXT, oid::text, null, "\xff\xff\xff\xff"s);
}

TEST(RowEncoder, RefusesRowsThatTheServerWouldChangeOrBreakOn) {
  const auto code = [](mig_type type, const CatalogColumn& column, const mig_cell& cell) {
    const Encoded result = encode(type, column, cell);
    EXPECT_EQ(result.bytes, "");  // nothing half-written
    return result.fault.kind == EncodeFault::Kind::row ? result.fault.code : "not a row fault";
  };
  EXPECT_EQ(code(MIG_INT8, live(oid::int2), scalar(MIG_INT8, 32768)), "out_of_range");
  EXPECT_EQ(code(MIG_INT8, live(oid::int4), scalar(MIG_INT8, -2147483649)), "out_of_range");
  mig_cell null{};
  null.flags = MIG_CELL_NULL;
  EXPECT_EQ(code(MIG_TEXT, live(oid::text, true), null), "not_null");
  // numeric(8,2): precision 8, scale 2 in the type modifier. 1.005 is digits 1, 0050 with weight 0
  // and scale 3.
  const std::string fine = "\0\2\0\0\0\0\0\3\0\1\0\x32"s;
  EXPECT_EQ(
      code(MIG_NUMERIC, live(oid::numeric, false, ((8 << 16) | 2) + 4), bytes(MIG_NUMERIC, fine)),
      "numeric_rounding");
  const CatalogColumn any_scale = live(oid::numeric);
  EXPECT_FALSE(encode(MIG_NUMERIC, any_scale, bytes(MIG_NUMERIC, fine)).fault);
}

TEST(RowEncoder, CallsAPluginsMistakeABreachOfContract) {
  const CatalogColumn column = live(oid::int4);
  EXPECT_EQ(encode(MIG_INT8, column, bytes(MIG_TEXT, "7")).fault.kind, EncodeFault::Kind::contract);
  mig_cell null{};
  null.flags = MIG_CELL_NULL;
  EXPECT_EQ(encode(MIG_INT8, column, null, false).fault.kind, EncodeFault::Kind::contract);
  const CatalogColumn id = live(oid::uuid);
  EXPECT_EQ(encode(MIG_UUID, id, bytes(MIG_UUID, "short")).fault.kind, EncodeFault::Kind::contract);
  const CatalogColumn money = live(oid::numeric);
  EXPECT_EQ(encode(MIG_NUMERIC, money, bytes(MIG_NUMERIC, "12.5")).fault.kind,
            EncodeFault::Kind::contract);
}

TEST(RowDecoder, ReadsEachTypeAndBorrowsText) {
  const RowDecoder decoder({{oid::int2, 'b', MIG_INT8},
                            {oid::int4, 'b', MIG_INT8},
                            {oid::boolean, 'b', MIG_BOOL},
                            {oid::jsonb, 'b', MIG_JSON},
                            {99999, 'e', MIG_TEXT},
                            {oid::text, 'b', MIG_TEXT}});
  const std::string row =
      "\0\6\0\0\0\2\xff\xfe\0\0\0\4\0\0\1\2\0\0\0\1\1\0\0\0\3\1{}\0\0\0\4blue\xff\xff\xff\xff"s;
  mig_cell cells[6];
  decoder.decode(row, cells);
  EXPECT_EQ(cells[0].as.i64, -2);
  EXPECT_EQ(cells[1].as.i64, 258);
  EXPECT_EQ(cells[2].as.i64, 1);
  EXPECT_EQ((std::string_view{cells[3].as.data, cells[3].size}), "{}");
  EXPECT_EQ((std::string_view{cells[4].as.data, cells[4].size}), "blue");
  EXPECT_EQ(cells[4].as.data, row.data() + row.size() - 8);
  EXPECT_EQ(cells[5].flags, MIG_CELL_NULL);
}

TEST(RowDecoder, RefusesBytesThatAreNotSuchARow) {
  const RowDecoder decoder({{oid::int4, 'b', MIG_INT8}});
  mig_cell cell;
  for (const std::string& row : {""s, "\0\2"s, "\0\1"s, "\0\1\0\0\0\4\0\0"s, "\0\1\0\0\0\2\0\0"s,
                                 "\0\1\0\0\0\4\0\0\0\0x"s, "\0\1\x7f\xff\xff\xff\0"s}) {
    EXPECT_THROW(decoder.decode(row, &cell), Error);
  }
  EXPECT_THROW(RowDecoder({{oid::uuid, 'b', MIG_INT8}}), Error);
}

}  // namespace
}  // namespace mighost
