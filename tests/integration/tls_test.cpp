// A server that is reached over TLS: its sudden end has other words than over a plain connection.
#include <gtest/gtest.h>
#include <unistd.h>

#include "integration/chain_databases.hpp"
#include "support/contains.hpp"
#include "support/dataset.hpp"

namespace mighost::test {
namespace {

/// A cluster that listens on an address of this machine, and takes nobody there without TLS.
class TlsCluster {
 public:
  TlsCluster() {
    // Port 5432 of an address that no other process has.
    const int process = getpid();
    address_ = "127." + std::to_string(1 + process / 65'536 % 250) + "." +
               std::to_string(process / 256 % 256) + "." + std::to_string(process % 256);
    const std::string key =
        "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=example.org -keyout "
        "server.key -out server.crt && chmod 600 server.key && echo hostssl all all 127.0.0.0/8 "
        "trust > pg_hba.conf && echo local all all trust >> pg_hba.conf";
    // As the server's user, in its data directory.
    cluster_.psql(cluster_.url("target"), "COPY (SELECT 1) TO PROGRAM '" + key + "'");
    cluster_.psql(cluster_.url("target"), "ALTER SYSTEM SET ssl = on");
    cluster_.psql(cluster_.url("target"), "ALTER SYSTEM SET listen_addresses = '" + address_ + "'");
    cluster_.stop();
    cluster_.start();
  }

  std::string local_url() const { return cluster_.url("target"); }
  std::string url() const {
    return "postgresql://mighost@" + address_ + ":5432/target?sslmode=require";
  }
  void stop_suddenly() { cluster_.stop(true); }
  void start() { cluster_.start(); }

 private:
  Cluster cluster_;
  std::string address_;
};

/// "SSL SYSCALL error: EOF detected" has no SQLSTATE, and is a lost connection all the same.
TEST(ReleaseOnlyTls, AServerThatDiesIsALostConnection) {
  TlsCluster there;
  Migration migration("chain");
  migration.source(std::string(chain_source) + chain_rows);
  psql(there.local_url(), chain_target);
  migration.configure("[transaction]\nscope = \"chunk\"\nlanes = 1\n");
  // The next thing that a lane says to the server is a statement, then COMMIT.
  for (const char* place : {"chunk.loaded", "chunk.recorded", "entity.beginning"}) {
    SCOPED_TRACE(place);
    psql(there.local_url(), "DROP SCHEMA IF EXISTS mighost CASCADE; TRUNCATE regions CASCADE");
    Command command =
        with_failpoints(migration.run_command(), std::string(place) + "=stall:4000@2");
    command.environment["MIGHOST_TARGET_URL"] = there.url();
    Process run(std::move(command));
    ASSERT_EQ(ask_until(there.local_url(),
                        "SELECT count(*) > 0 FROM pg_stat_activity a JOIN pg_stat_ssl USING (pid) "
                        "WHERE ssl AND application_name LIKE 'mighost %' AND state = 'idle in "
                        "transaction' AND clock_timestamp() - state_change > interval '1 s'",
                        "t\n"),
              "t\n");
    there.stop_suddenly();
    there.start();
    const Outcome outcome = run.wait();
    EXPECT_EQ(outcome.exit_code, 0) << outcome.error;
    EXPECT_TRUE(contains(outcome.error, "trying again: the connection to the target was lost"))
        << outcome.error;
    EXPECT_EQ(psql(there.local_url(), "SELECT status FROM mighost.runs"), "done\n");
  }
}

}  // namespace
}  // namespace mighost::test
