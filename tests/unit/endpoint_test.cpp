#include "config/endpoint.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

#include "report/error.hpp"

namespace mighost {
namespace {

constexpr const char* secret = "hunter2";

// Reads `text` as the table [source], or returns the first fault as its text.
struct Reading {
  Endpoint endpoint;
  std::string fault;
};

Reading reading(const std::string& text) {
  ConfigFaults faults("run.toml");
  const toml::table table = toml::parse(text);
  TableReader reader(table, "[source]", faults);
  Reading result;
  result.endpoint = read_endpoint(reader);
  try {
    faults.throw_if_any();
  } catch (const Error& error) {
    result.fault = error.message().substr(error.message().find('\n') + 3);
    EXPECT_EQ(result.fault.find(secret), std::string::npos) << result.fault;
  }
  EXPECT_EQ(result.endpoint.shown.find(secret), std::string::npos) << result.endpoint.shown;
  EXPECT_EQ(result.endpoint.origin.find(secret), std::string::npos) << result.endpoint.origin;
  return result;
}

Reading from_variable(const std::string& value) {
  setenv("MIGHOST_TEST_URL", value.c_str(), 1);
  Reading result = reading("url = \"env:MIGHOST_TEST_URL\"");
  unsetenv("MIGHOST_TEST_URL");
  return result;
}

TEST(Endpoint, UrlWithoutPassword) {
  const auto [endpoint, fault] =
      reading("url = \"postgresql://me@db.example:5433/legacy?sslmode=require&connect_timeout=5\"");
  EXPECT_EQ(fault, "");
  EXPECT_EQ(endpoint.shown, "host=db.example port=5433 dbname=legacy user=me sslmode=require");
  EXPECT_EQ(endpoint.origin, "run.toml:1:7");
}

TEST(Endpoint, ConnectionStringsAndDefaults) {
  EXPECT_EQ(reading("url = \"host=/run/pg dbname='my legacy' user=me\"").endpoint.shown,
            "host=/run/pg dbname='my legacy' user=me");
  EXPECT_EQ(reading("url = \"postgresql://\"").endpoint.shown, "libpq's defaults");
  EXPECT_EQ(reading("url = \"postgresql://a:1,b:2/x\"").endpoint.shown,
            "host=a,b port=1,2 dbname=x");
}

TEST(Endpoint, ServiceIsQuoted) {
  const auto [endpoint, fault] = reading("service = \"legacy\"");
  EXPECT_EQ(fault, "");
  EXPECT_EQ(endpoint.conninfo, "service=legacy");
  EXPECT_EQ(endpoint.shown, "service=legacy");
  EXPECT_EQ(endpoint.origin, "service legacy");
  EXPECT_EQ(reading("service = \"it's mine host=evil\"").endpoint.conninfo,
            "service='it\\'s mine host=evil'");
}

TEST(Endpoint, AVariableMayHoldAPasswordButItIsNotShown) {
  const auto [endpoint, fault] = from_variable("postgresql://me:hunter2@db.example/legacy");
  EXPECT_EQ(fault, "");
  EXPECT_EQ(endpoint.conninfo, "postgresql://me:hunter2@db.example/legacy");
  EXPECT_EQ(endpoint.shown, "host=db.example dbname=legacy user=me");
  EXPECT_EQ(endpoint.origin, "env:MIGHOST_TEST_URL");
  EXPECT_EQ(from_variable("host=db password=hunter2 sslpassword=hunter2 options='-c a=hunter2'")
                .endpoint.shown,
            "host=db");
}

TEST(Endpoint, VariableThatIsNotThere) {
  unsetenv("MIGHOST_TEST_URL");
  EXPECT_EQ(reading("url = \"env:MIGHOST_TEST_URL\"").fault,
            "run.toml:1:7: the environment variable MIGHOST_TEST_URL is not set; set it before the "
            "run: export MIGHOST_TEST_URL='postgresql://user@host:5432/dbname'");
  EXPECT_EQ(from_variable("").fault,
            "run.toml:1:7: the environment variable MIGHOST_TEST_URL is empty; set it before the "
            "run: export MIGHOST_TEST_URL='postgresql://user@host:5432/dbname'");
  for (const char* text : {"env:", "env:1A", "env:A-B", "env:postgresql://me:hunter2@db/x"}) {
    EXPECT_EQ(
        reading(std::string("url = \"") + text + "\"").fault,
        "run.toml:1:7: \"env:\" is not followed by the name of an environment variable; write "
        "url = \"env:MIGHOST_SOURCE_URL\" or another name of letters, digits and _");
  }
}

TEST(Endpoint, ShellVariablesAreNotReplaced) {
  for (const char* text : {"$LEGACY_URL", "${LEGACY_URL}"}) {
    EXPECT_EQ(reading(std::string("url = \"") + text + "\"").fault,
              "run.toml:1:7: variables are not replaced in this file; "
              "write url = \"env:LEGACY_URL\"");
  }
}

TEST(Endpoint, PasswordsDoNotBelongIntoTheFile) {
  for (const char* text : {"postgresql://me:hunter2@db/x", "postgresql://me@db/x?password=hunter2",
                           "postgresql://db/x?sslpassword=hunter2", "host=db password=hunter2",
                           "password='hunter2'"}) {
    EXPECT_EQ(reading(std::string("url = \"") + text + "\"").fault,
              "run.toml:1:7: the connection string holds a password, and this file is no place for "
              "one; remove it and use url = \"env:NAME\", service = \"NAME\", or a line in "
              "~/.pgpass")
        << text;
  }
}

// libpq cuts these in the wrong place: a piece of the password becomes the host or the database.
TEST(Endpoint, PasswordsThatNeedEscapingAreNotShownInPieces) {
  for (const char* text : {"postgresql://me:p@hunter2@db/x", "postgresql://me:p/hunter2@db/x",
                           "postgresql://me:1/hunter2@db/x"}) {
    EXPECT_EQ(
        from_variable(text).fault,
        "run.toml:1:7: the user name or password of the URL holds a bare '@' or '/' (it comes "
        "from the environment variable MIGHOST_TEST_URL); write '@' as %40 and '/' as %2F")
        << text;
  }
  EXPECT_EQ(from_variable("postgresql://me:a%40hunter2%2F@db/x").endpoint.shown,
            "host=db dbname=x user=me");
  EXPECT_EQ(
      from_variable("postgresql://db:hunter2/x").fault,
      "run.toml:1:7: the port of the connection string is not a number (it comes from the "
      "environment variable MIGHOST_TEST_URL); write postgresql://user@host:5432/dbname, with "
      "'/' in a password as %2F");
}

TEST(Endpoint, WhatLibpqCannotRead) {
  for (const char* text :
       {"postgres//me:hunter2@db/x", "postgresql+psycopg2://me:hunter2@db/x", "just words hunter2",
        "postgresql://me:hunter2%zz@db/x", "host=db hunter2=1"}) {
    EXPECT_TRUE(from_variable(text).fault.starts_with(
        "run.toml:1:7: the connection string cannot be read by libpq (it comes from the "
        "environment "
        "variable MIGHOST_TEST_URL); write postgresql://user@host:5432/dbname or host="))
        << text;
  }
  EXPECT_EQ(reading("url = \"postgresql://me@db/x?ssl_mode=require\"").fault,
            "run.toml:1:7: the connection string holds an option that libpq does not know; "
            "did you mean \"sslmode\"?");
  EXPECT_EQ(reading("url = \"hots=db\"").fault,
            "run.toml:1:7: the connection string holds an option that libpq does not know; "
            "did you mean \"host\"?");
}

TEST(Endpoint, ExactlyOneWay) {
  EXPECT_EQ(reading("").fault,
            "run.toml:1:1: [source] says no database; write url = \"env:NAME\", a URL without a "
            "password (postgresql://user@host:5432/dbname), or service = \"NAME\"");
  EXPECT_EQ(reading("url = \"postgresql://db/x\"\nservice = \"legacy\"").fault,
            "run.toml:2:11: [source] has both `url` and `service`; keep one of them");
  EXPECT_TRUE(reading("url = \"\"").fault.starts_with("run.toml:1:7: `url` is empty; write url"));
  EXPECT_TRUE(reading("service = \"\"").fault.starts_with("run.toml:1:11: `service` is empty; "));
  EXPECT_EQ(reading("url = \"postgresql://db\\u0000/hunter2\"").fault,
            "run.toml:1:7: the value of `url` holds a NUL character; remove it");
  EXPECT_EQ(reading("password = \"hunter2\"\nservice = \"legacy\"").fault,
            "run.toml:1:1: unknown key `password` in [source]; known: url, service");
}

}  // namespace
}  // namespace mighost
