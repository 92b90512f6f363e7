// A network that breaks or goes silent, and a client that vanishes: each side notices, and nobody
// waits for ever.
#include <gtest/gtest.h>
#include <libpq-fe.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <chrono>
#include <csignal>
#include <future>
#include <thread>

#include "pg/copy_in.hpp"
#include "pg/copy_out.hpp"
#include "pg/session.hpp"
#include "support/dataset.hpp"
#include "support/proxy.hpp"
#include "support/sessions.hpp"

namespace mighost::test {
namespace {

using std::chrono::milliseconds;

Session connect(const std::string& url) {
  Endpoint endpoint;
  endpoint.conninfo = url;
  return {endpoint, Session::Role::target, {}, "mighost silent network"};
}

int option_of(Session& session, int level, int option) {
  int value = -1;
  socklen_t size = sizeof value;
  EXPECT_EQ(getsockopt(PQsocket(session.raw()), level, option, &value, &size), 0);
  return value;
}

/// A cut is noticed as a lost connection, and nothing else.
bool is_lost(Session& session, const std::string& sql) {
  try {
    session.execute(sql);
  } catch (const SqlError& error) {
    EXPECT_TRUE(error.error().connection_lost) << error.what();
    return error.error().connection_lost;
  }
  return false;
}

class SilentNetwork : public testing::Test {
 protected:
  Proxy proxy_{shared_cluster().socket_file()};
  const std::string url_ = proxy_.url("postgres");
};

/// The server's last words are there to be read when the client cannot write any more: libpq then
/// has a result without a code, and a status as if all were well.
TEST(DyingServer, IsALostConnectionWhateverIsBegunNext) {
  Cluster cluster;
  std::vector<Session> sessions;
  for (int number = 0; number < 3; ++number) {
    sessions.push_back(connect(cluster.url("postgres")));
    sessions.back().execute("CREATE TEMPORARY TABLE t (n int); BEGIN");
  }
  cluster.stop(true);
  EXPECT_TRUE(is_lost(sessions[0], "SELECT 1"));
  try {
    CopyIn copy(sessions[1]);
    copy.begin("COPY t FROM STDIN (FORMAT binary)");
    ADD_FAILURE() << "there is no server";
  } catch (const SqlError& error) {
    EXPECT_TRUE(error.error().connection_lost) << error.what();
    EXPECT_TRUE(error.error().may_pass());
  }
  try {
    CopyOut copy(sessions[2], "SELECT 1");
    ADD_FAILURE() << "there is no server";
  } catch (const SqlError& error) {
    EXPECT_TRUE(error.error().connection_lost) << error.what();
  }
}

TEST(DyingServer, ThatLetsNobodyInSaysWhy) {
  ServerError error;
  error.connection_lost = true;
  error.side = "target";
  error.message = "cannot connect to the target: too many connections for role \"small\"";
  EXPECT_EQ(error.safe_message(), error.message);
}

TEST_F(SilentNetwork, AServerThatSaysNothingIsAskedAfterAMinute) {
  Session session = connect(url_);
  EXPECT_NE(option_of(session, SOL_SOCKET, SO_KEEPALIVE), 0);
  EXPECT_EQ(option_of(session, IPPROTO_TCP, TCP_KEEPIDLE), 60);
  EXPECT_EQ(option_of(session, IPPROTO_TCP, TCP_KEEPINTVL), 10);
  EXPECT_EQ(option_of(session, IPPROTO_TCP, TCP_KEEPCNT), 6);
  EXPECT_EQ(option_of(session, IPPROTO_TCP, TCP_USER_TIMEOUT), 0);
}

TEST_F(SilentNetwork, WhatTheConnectionStringSaysStands) {
  Session some = connect(url_ + "&keepalives_idle=7&keepalives_count=3");
  EXPECT_EQ(option_of(some, IPPROTO_TCP, TCP_KEEPIDLE), 7);
  EXPECT_EQ(option_of(some, IPPROTO_TCP, TCP_KEEPINTVL), 10);
  EXPECT_EQ(option_of(some, IPPROTO_TCP, TCP_KEEPCNT), 3);
  Session none = connect(url_ + "&keepalives=0");
  EXPECT_EQ(option_of(none, SOL_SOCKET, SO_KEEPALIVE), 0);
}

TEST_F(SilentNetwork, TheServerLooksForItsClientToo) {
  Session session = connect(url_);
  const Rows rows = session.query(
      "SELECT name, source FROM pg_settings WHERE name LIKE 'tcp\\_keepalives%' OR "
      "(name = 'client_connection_check_interval' AND setting = '5000') ORDER BY name");
  ASSERT_EQ(rows.size(), 4U);
  for (const auto& row : rows.rows) EXPECT_EQ(row[1], "session") << *row[0];
}

TEST_F(SilentNetwork, ACutIsALostConnection) {
  Session session = connect(url_);
  session.execute("SELECT 1");
  EXPECT_EQ(proxy_.connections(), 1U);
  EXPECT_EQ(proxy_.cut(), 1U);
  EXPECT_TRUE(is_lost(session, "SELECT 1"));
  // New connections go through.
  connect(url_).execute("SELECT 1");
}

TEST_F(SilentNetwork, ACutInTheMiddleOfAnAnswerIsALostConnection) {
  Session session = connect(url_);
  const std::uint64_t before = proxy_.bytes();
  proxy_.cut_after(100'000);
  EXPECT_TRUE(is_lost(session, "SELECT repeat('x', 1000000)"));
  EXPECT_EQ(proxy_.bytes() - before, 100'000U);
  EXPECT_EQ(proxy_.resets(), 1U);
}

TEST_F(SilentNetwork, AfterASilenceThingsGoOn) {
  Session session = connect(url_);
  proxy_.stall();
  auto answer = std::async(std::launch::async, [&] { return session.query("SELECT 42").value(); });
  EXPECT_EQ(answer.wait_for(milliseconds(200)), std::future_status::timeout);
  proxy_.flow();
  EXPECT_EQ(answer.get(), "42");
}

TEST_F(SilentNetwork, ASilenceThatEndsWithACutIsALostConnection) {
  Session session = connect(url_);
  proxy_.stall();
  auto lost = std::async(std::launch::async, [&] { return is_lost(session, "SELECT 42"); });
  EXPECT_EQ(lost.wait_for(milliseconds(200)), std::future_status::timeout);
  proxy_.cut();
  EXPECT_TRUE(lost.get());
}

TEST_F(SilentNetwork, SessionsOfARunEndByForceOneByOneAndTogether) {
  Session first = connect(url_), second = connect(url_), third = connect(url_);
  const std::string url = shared_cluster().url("postgres");
  EXPECT_FALSE(terminate_session(url, 0, "another run"));
  EXPECT_TRUE(terminate_session(url, 4, "silent network"));  // 4 % 3: the second
  EXPECT_TRUE(is_lost(second, "SELECT 1"));
  first.execute("SELECT 1");
  EXPECT_EQ(terminate_sessions(url, "silent network"), 2U);
  EXPECT_TRUE(is_lost(first, "SELECT 1"));
  EXPECT_TRUE(is_lost(third, "SELECT 1"));
  EXPECT_EQ(terminate_sessions(url), 0U);
}

/// Whoever is killed while the server builds an index may run again soon, not when it is built.
TEST(ReleaseOnlySilentNetwork, AClientThatDiedIsNoticedInTheMiddleOfAStatement) {
  Migration migration("crowd");
  migration.source(
      "CREATE TABLE towns (id int PRIMARY KEY, name text);"
      "INSERT INTO towns VALUES (1, 'one')");
  migration.target("CREATE TABLE towns (id serial PRIMARY KEY, name text NOT NULL)");
  Gate gate(migration.target_url());
  migration.target(
      "CREATE TRIGGER at_gate BEFORE INSERT ON towns "
      "FOR EACH STATEMENT EXECUTE FUNCTION public.trigger_gate()");
  gate.close();
  Process process(migration.run_command({"--only", "crowd.towns"}));
  ASSERT_TRUE(gate.wait_for_visitor()) << process.error();
  process.kill(SIGKILL);
  process.wait();
  // The gate stays closed; without looking, the server would wait for it until lock_timeout.
  EXPECT_EQ(ask_until(migration.target_url(),
                      "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'mighost "
                      "%' AND datname = current_database()",
                      "0\n", std::chrono::seconds(15)),
            "0\n");
  gate.open();
  const Outcome outcome = migration.run({"--only", "crowd.towns"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.error;
}

}  // namespace
}  // namespace mighost::test
