#pragma once
// Type numbers of PostgreSQL's built-in types that the binary codec knows (pg_type.dat; they never
// change).
#include <cstdint>

namespace mighost::oid {

inline constexpr std::uint32_t boolean = 16, bytea = 17, char_ = 18, name = 19, int8 = 20,
                               int2 = 21, int4 = 23, text = 25, json = 114, float4 = 700,
                               float8 = 701, bpchar = 1042, varchar = 1043, date = 1082,
                               timestamptz = 1184, numeric = 1700, uuid = 2950, jsonb = 3802;

}  // namespace mighost::oid
