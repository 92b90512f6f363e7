// What a server's refusal is taken for (PostgreSQL documentation, appendix A).
#include <gtest/gtest.h>

#include "pg/session.hpp"

namespace {

using mighost::ServerError;

ServerError refused(const std::string& sqlstate, const std::string& message = "no") {
  ServerError error;
  error.sqlstate = sqlstate;
  error.message = message;
  return error;
}

TEST(ServerErrors, WhatMayPassIsTriedAgain) {
  for (const char* code : {"08006", "40001", "40P01", "57P01", "57P02", "57P03", "53300"}) {
    EXPECT_TRUE(refused(code).may_pass()) << code;
  }
  for (const char* code : {"", "22001", "23505", "42P01", "53100", "55P03", "57014", "XX000"}) {
    EXPECT_FALSE(refused(code).may_pass()) << code;
  }
  ServerError gone = refused("");
  gone.connection_lost = true;
  EXPECT_TRUE(gone.may_pass());
}

TEST(ServerErrors, LocksDeadlocksAndVanishedCatalogRowsAreOfOthers) {
  EXPECT_TRUE(refused("55P03").is_locked());
  EXPECT_TRUE(refused("55P03").is_busy());
  EXPECT_TRUE(refused("40P01").is_busy());
  EXPECT_FALSE(refused("40P01").is_locked());
  EXPECT_TRUE(refused("XX000", "cache lookup failed for relation 16402").is_busy());
  EXPECT_TRUE(refused("XX000", "could not open relation with OID 16402").is_busy());
  EXPECT_FALSE(refused("XX000", "invalid page in block 7").is_busy());
  EXPECT_FALSE(refused("42P01", "relation \"cache lookup failed\" is none").is_busy());
  ServerError gone = refused("57P01");
  gone.connection_lost = true;
  EXPECT_FALSE(gone.is_busy()) << "who joins would wait for a server that is not there";
}

}  // namespace
