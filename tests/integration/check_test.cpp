// `mighost check` against real servers: each line says what it has looked at, and nothing passes
// unseen.

#include "plan/check.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "pg/session.hpp"
#include "support/cluster.hpp"

namespace mighost::test {
namespace {

namespace fs = std::filesystem;

class Check : public testing::Test {
 protected:
  Check() {
    shared_cluster().create_database("check_source");
    shared_cluster().create_database("check_target");
    psql(url("check_source"), "CREATE TABLE legacy_items (id int PRIMARY KEY, name text NOT NULL)");
    psql(url("check_target"),
         "CREATE TABLE items (id uuid PRIMARY KEY, legacy_id int UNIQUE, name text NOT NULL)");
    config_.source = endpoint("check_source");
    config_.target = endpoint("check_target");
  }
  ~Check() override {
    shared_cluster().drop_database("check_source");
    shared_cluster().drop_database("check_target");
  }

  static std::string url(const std::string& database) { return shared_cluster().url(database); }
  static Endpoint endpoint(const std::string& database) {
    Endpoint made;
    made.conninfo = url(database);
    made.shown = made.origin = database;
    return made;
  }
  static std::string as(const std::string& role, const std::string& conninfo) {
    return conninfo + (conninfo.find('?') != std::string::npos ? "&" : "?") + "user=" + role;
  }
  static fs::path plugins(const char* name) {
    return fs::path(MIGHOST_BINARY_DIR) / "test-plugins" / name;
  }

  void check(const char* plugin = "good") { lines_ = run_checks(plugins(plugin), config_); }

  /// A session that has just ended may stand among the others for a moment longer.
  void check_until(const std::string& name, const std::string& start) {
    for (int time = 0; time < 20 && line(name).rfind(start, 0) != 0; ++time) check();
    expect(name, start);
  }

  // All lines of that name, each "STATUS message".
  std::string line(const std::string& name) const {
    std::string text;
    for (const auto& each : lines_) {
      if (each.name == name) text += each.status + " " + each.message + "\n";
    }
    return text;
  }
  void expect(const std::string& name, const std::string& start,
              const std::string& part = {}) const {
    EXPECT_EQ(line(name).rfind(start, 0), 0U) << name << ": " << line(name);
    EXPECT_NE(line(name).find(part), std::string::npos) << name << ": " << line(name);
  }
  long count(const std::string& status) const {
    return std::count_if(lines_.begin(), lines_.end(),
                         [&](const CheckLine& each) { return each.status == status; });
  }

  RunConfig config_;
  std::vector<CheckLine> lines_;
};

TEST_F(Check, PassesWhenAllIsWell) {
  check();
  for (const auto& each : lines_) {
    EXPECT_EQ(each.status, "PASS") << each.name << ": " << each.message;
  }
  EXPECT_EQ(lines_.size(), 26U);
  expect("plugins load", "PASS", "tiny 1.0.0");
  expect("source TLS", "PASS", "local socket");
  expect("catalogs match", "PASS", "1 entity fits both databases");
}

TEST_F(Check, WhatCannotBeLookedAtDoesNotPass) {
  config_.source.conninfo = "postgresql:///check_source?host=/nowhere&password=hushhush";
  check();
  expect("source connects", "FAIL");
  expect("source snapshot", "FAIL not run");
  expect("target connects", "PASS");
  expect("catalogs match", "FAIL not run: a connection is missing");
  EXPECT_EQ(lines_.size(), 26U) << "the same checks in any case";
  for (const auto& each : lines_) {
    EXPECT_EQ((each.message + each.remedy).find("hushhush"), std::string::npos) << each.name;
    EXPECT_TRUE(each.status == "PASS" || !each.remedy.empty()) << each.name;
  }
}

TEST_F(Check, CountsTheConnectionsThatLanesNeed) {
  check();
  expect("lanes", "PASS", "scope run has none");
  expect("source connections", "PASS 1 needed, ");
  expect("target connections", "PASS 3 needed, ");

  config_.scope = "chunk";
  config_.chunks.lanes = 4;
  check();
  expect("lanes", "PASS 4 lanes");
  expect("source connections", "PASS 5 needed, ");
  expect("target connections", "PASS 7 needed, ");

  // One connection of the role is not free: somebody else has it.
  psql(url("check_target"),
       "DROP ROLE IF EXISTS limited; CREATE ROLE limited LOGIN CONNECTION LIMIT 7; GRANT SELECT, "
       "INSERT ON items TO limited; GRANT CREATE ON DATABASE check_target TO limited");
  config_.target.conninfo = as("limited", config_.target.conninfo);
  check_until("target connections", "PASS 7 needed, 7 free now");
  {
    const Session other(config_.target, Session::Role::target, {}, "another");
    check_until("target connections", "WARN 7 needed, 6 free now");
  }
  psql(url("check_target"), "ALTER ROLE limited CONNECTION LIMIT 6");
  check();
  expect("target connections", "FAIL 7 needed, 6 allowed");
  config_.chunks.lanes = 0;
  check();
  expect("target connections", "PASS");  // it takes no more lanes than there is room for

  config_.chunks.lanes = 2000;
  check();
  expect("lanes", "FAIL memory does not suffice for 2000 lanes");
  expect("source connections", "FAIL 2001 needed, ", " allowed");
  psql(url("check_target"), "DROP OWNED BY limited; DROP ROLE limited");
}

TEST_F(Check, PluginsThatDoNotLoad) {
  check("other_abi");
  expect("plugins load", "FAIL", "another ABI");
  expect("catalogs match", "FAIL not run: the plugins do not load");
  expect("source connects", "PASS");
}

TEST_F(Check, EachCatalogFaultHasItsLine) {
  psql(url("check_source"), "ALTER TABLE legacy_items RENAME name TO title");
  psql(url("check_target"), "ALTER TABLE items ADD must_have int NOT NULL");
  check();
  const std::string text = line("catalogs match");
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 2) << text;
  EXPECT_NE(text.find("FAIL tiny.items.name: the source table"), std::string::npos) << text;
  EXPECT_NE(text.find("FAIL tiny.items.must_have"), std::string::npos) << text;
}

TEST_F(Check, RightsOwnershipAndRowSecurity) {
  psql(url("check_target"),
       "DROP ROLE IF EXISTS checker; CREATE ROLE checker LOGIN; REVOKE CREATE, TEMPORARY ON "
       "DATABASE check_target FROM public; GRANT SELECT ON items TO checker; ALTER TABLE items "
       "ENABLE ROW LEVEL SECURITY");
  config_.target.conninfo = as("checker", config_.target.conninfo);
  check();
  expect("target rights", "FAIL", "public.items");
  expect("target ownership", "WARN", "public.items");
  expect("row-level security", "FAIL", "public.items");
  expect("target ledger", "FAIL", "may not create");
  expect("target temporary tables", "FAIL", "may not create");
  EXPECT_EQ(count("WARN"), 1);
  psql(url("check_target"), "DROP OWNED BY checker; DROP ROLE checker");
}

TEST_F(Check, ReadOnlyTargetIsFound) {
  psql(url("check_target"), "ALTER DATABASE check_target SET default_transaction_read_only = on");
  check();
  expect("target writable", "FAIL", "read-only");
}

TEST_F(Check, ContentTypes) {
  psql(url("check_source"),
       "CREATE TABLE django_content_type (id serial PRIMARY KEY, app_label text, model text);"
       "INSERT INTO django_content_type (app_label, model) VALUES ('auth', 'user'), "
       "('legacy', 'things')");
  check();
  expect("content types", "WARN", "public.legacy_items");
  psql(url("check_source"),
       "INSERT INTO django_content_type (app_label, model) VALUES "
       "('legacy', 'items')");
  check();
  expect("content types", "PASS");
  psql(url("check_source"),
       "INSERT INTO django_content_type (app_label, model) VALUES "
       "('auth', 'user')");
  check();
  expect("content types", "FAIL", "auth.user");
}

}  // namespace
}  // namespace mighost::test
