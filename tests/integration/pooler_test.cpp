// What may stand between mighost and a server: a pooler that changes the server process under a
// session or undoes its settings, or one address for several servers. Each is told before a row is
// touched (field notes M7, M18, M19).
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <memory>
#include <regex>

#include "support/contains.hpp"
#include "support/migration.hpp"
#include "support/proxy.hpp"

namespace mighost::test {
namespace {

namespace fs = std::filesystem;

constexpr const char* legacy_items = R"sql(
CREATE TABLE legacy_items (id int PRIMARY KEY, name text NOT NULL);
INSERT INTO legacy_items SELECT n, 'item ' || n FROM generate_series(1, 100) AS n;
)sql";

/// PgBouncer in front of the shared cluster. It listens on a socket in a directory of its own.
class Bouncer {
 public:
  explicit Bouncer(const std::string& settings) : directory_(fresh_directory()) {
    const fs::path socket = shared_cluster().socket_file();
    struct stat server {};
    if (::stat(socket.c_str(), &server) != 0 ||
        (::geteuid() == 0 && ::chown(directory_.c_str(), server.st_uid, server.st_gid) != 0)) {
      throw std::runtime_error("cannot prepare " + directory_.string());
    }
    std::ofstream(directory_ / "pgbouncer.ini")
        << "[databases]\n* = host=" << socket.parent_path().string()
        << " port=5432 user=mighost\n[pgbouncer]\nlisten_addr =\nlisten_port = 6432\n"
        << "unix_socket_dir = " << directory_.string() << "\nauth_type = any\n"
        << settings;
    Command command;
    command.arguments = {"/usr/sbin/pgbouncer", (directory_ / "pgbouncer.ini").string()};
    // It refuses to be root, and the server lets only its own user in.
    if (::geteuid() == 0) {
      const std::string user = std::to_string(server.st_uid);
      command.arguments.insert(command.arguments.begin(),
                               {"setpriv", "--reuid=" + user, "--clear-groups",
                                "--regid=" + std::to_string(server.st_gid), "--"});
    }
    process_ = std::make_unique<Process>(command);
    if (!process_->wait_for_text("process up", std::chrono::minutes(1))) {
      throw std::runtime_error("pgbouncer does not start: " + process_->wait().error);
    }
  }
  ~Bouncer() {
    process_.reset();
    std::error_code ignored;
    fs::remove_all(directory_, ignored);
  }
  Bouncer(const Bouncer&) = delete;
  Bouncer& operator=(const Bouncer&) = delete;

  /// The same database through the pooler.
  std::string url(const std::string& direct) const {
    const std::string before_host = direct.substr(0, direct.find("?host="));
    return std::regex_replace(before_host, std::regex(":5432/"), ":6432/") +
           "?host=" + directory_.string();
  }

 private:
  static fs::path fresh_directory() {
    std::string name = (fs::temp_directory_path() / "mighost-pooler.XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp " + name);
    return name;
  }

  fs::path directory_;
  std::unique_ptr<Process> process_;
};

class Pooler : public testing::Test {
 protected:
  Pooler() {
    migration_.source(legacy_items);
    migration_.target("CREATE TABLE items (id uuid PRIMARY KEY, legacy_id int UNIQUE, name text)");
  }
  /// A command that meets the pooler on one side or on both.
  Outcome through(Command command, const std::string& source, const std::string& target) {
    command.environment["MIGHOST_SOURCE_URL"] = source;
    command.environment["MIGHOST_TARGET_URL"] = target;
    return run_process(std::move(command));
  }
  Outcome run(const std::string& source, const std::string& target) {
    return through(migration_.run_command(), source, target);
  }
  Outcome check(const std::string& source, const std::string& target) {
    std::ofstream(migration_.config_file()) << "[source]\nurl = \"env:MIGHOST_SOURCE_URL\"\n"
                                            << "[target]\nurl = \"env:MIGHOST_TARGET_URL\"\n";
    return through(migration_.command({"check", "--plugins",
                                       std::string(MIGHOST_BINARY_DIR) + "/test-plugins/good",
                                       "--config", migration_.config_file().string()}),
                   source, target);
  }
  std::string rows() const { return migration_.target("SELECT count(*) FROM items"); }

  Migration migration_{"good"};
  const std::string source_ = migration_.source_url(), target_ = migration_.target_url();
};

TEST_F(Pooler, M18OneThatChangesProcessesIsRefusedOnEitherSide) {
  const Bouncer bouncer("pool_mode = transaction\n");
  const std::string words = "the connection goes through a transaction pooler";
  for (const char* scope : {"run", "family", "chunk"}) {
    for (const bool of_source : {true, false}) {
      SCOPED_TRACE(scope);
      SCOPED_TRACE(of_source ? "source" : "target");
      migration_.configure("[transaction]\nscope = \"" + std::string(scope) + "\"\n");
      const std::string source = of_source ? bouncer.url(source_) : source_;
      const std::string target = of_source ? target_ : bouncer.url(target_);
      const Outcome outcome = run(source, target);
      EXPECT_EQ(outcome.exit_code, 2) << outcome.error;
      EXPECT_TRUE(contains(outcome.error, words)) << outcome.error;
      EXPECT_TRUE(contains(outcome.error, "port=6432")) << outcome.error;
      EXPECT_EQ(rows(), "0\n");

      const Outcome checked = check(source, target);
      EXPECT_EQ(checked.exit_code, 2) << checked.error;
      const std::string line = (of_source ? "FAIL  source pooler" : "FAIL  target pooler");
      EXPECT_TRUE(contains(checked.output, line)) << checked.output;
    }
  }
}

TEST_F(Pooler, M18OneThatChangesProcessesTakesNothingBack) {
  ASSERT_EQ(migration_.run().exit_code, 0);
  const std::string run = migration_.report["run_id"];
  const Bouncer bouncer("pool_mode = transaction\n");
  const Outcome outcome =
      through(migration_.command({"rollback", run, "--config", migration_.config_file().string()}),
              source_, bouncer.url(target_));
  EXPECT_EQ(outcome.exit_code, 2) << outcome.error;
  EXPECT_TRUE(contains(outcome.error, "transaction pooler")) << outcome.error;
  EXPECT_EQ(rows(), "100\n");
}

TEST_F(Pooler, M18OneThatKeepsToAProcessIsGoodEnoughAndTold) {
  const Bouncer bouncer("pool_mode = session\n");
  const Outcome checked = check(bouncer.url(source_), bouncer.url(target_));
  EXPECT_EQ(checked.exit_code, 0) << checked.output << checked.error;
  EXPECT_TRUE(contains(checked.output, "WARN  source pooler")) << checked.output;
  EXPECT_TRUE(contains(checked.output, "WARN  target pooler")) << checked.output;
  const Outcome outcome = run(bouncer.url(source_), bouncer.url(target_));
  EXPECT_EQ(outcome.exit_code, 0) << outcome.error;
  EXPECT_EQ(rows(), "100\n");
}

TEST_F(Pooler, M7ASettingThatDoesNotStayIsNotIgnored) {
  const Bouncer bouncer("pool_mode = transaction\nserver_reset_query_always = 1\n");
  for (const bool of_source : {true, false}) {
    SCOPED_TRACE(of_source ? "source" : "target");
    const Outcome outcome =
        run(of_source ? bouncer.url(source_) : source_, of_source ? target_ : bouncer.url(target_));
    EXPECT_EQ(outcome.exit_code, 2) << outcome.error;
    EXPECT_TRUE(contains(outcome.error, "did not take the setting")) << outcome.error;
    EXPECT_EQ(rows(), "0\n");
  }
}

/// The second server has the same rows, as a replica would, but not the snapshot.
TEST_F(Pooler, M19OneAddressForSeveralServersIsRefusedWhereASnapshotIsShared) {
  std::string name = migration_.source("SELECT current_database()");
  name.pop_back();
  Cluster replica;
  replica.create_database(name);
  replica.psql(replica.url(name), legacy_items);
  Proxy reader(shared_cluster().socket_file());
  reader.take_turns_with(replica.socket_file());
  const std::string source = reader.url(name);

  const Outcome checked = check(source, target_);
  EXPECT_EQ(checked.exit_code, 2) << checked.output;
  EXPECT_TRUE(contains(checked.output, "FAIL  source snapshot")) << checked.output;
  EXPECT_TRUE(contains(checked.output, "reader endpoint")) << checked.output;

  migration_.configure("[transaction]\nscope = \"chunk\"\nlanes = 2\n");
  const Outcome outcome = run(source, target_);
  EXPECT_NE(outcome.exit_code, 0);
  EXPECT_TRUE(contains(outcome.error, "snapshot")) << outcome.error;
  EXPECT_EQ(rows(), "0\n");
}

}  // namespace
}  // namespace mighost::test
