// The connection dies while COMMIT is on its way: what the program says of it is the truth, also
// when it is that nobody knows.
#include <gtest/gtest.h>

#include <memory>

#include "integration/crowd_databases.hpp"
#include "support/dataset.hpp"
#include "support/interruption.hpp"
#include "support/sessions.hpp"
#include "support/target_state.hpp"

namespace mighost::test {
namespace {

class ReleaseOnlyLostCommit : public testing::Test {
 protected:
  ReleaseOnlyLostCommit() {
    psql(network_.source_url(), crowd_source());
    psql(network_.target_url(), crowd_target);
  }

  Command run() { return through_proxies(migration_.run_command()); }
  Command rollback() {
    std::string id = psql(network_.target_url(),
                          "SELECT run_id FROM mighost.runs WHERE kind = 'run' AND status = 'done'");
    id.pop_back();
    return through_proxies(
        migration_.command({"rollback", id, "--config", migration_.config_file().string()}));
  }
  Command through_proxies(Command command) const {
    command.arguments.front() = MIGHOST_FAILPOINT_EXECUTABLE;
    command.environment["MIGHOST_SOURCE_URL"] = network_.source_url();
    command.environment["MIGHOST_TARGET_URL"] = network_.to_target.url("target");
    return command;
  }

  /// All that is left to do is COMMIT; the program waits for so long before it does.
  std::unique_ptr<Process> begin_and_wait(Command waiting) {
    waiting.environment["MIGHOST_FAILPOINTS"] = "run.committing=stall:1500";
    auto process = std::make_unique<Process>(std::move(waiting));
    EXPECT_EQ(ask_until(network_.target_url(),
                        "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE "
                        "'mighost %' AND state = 'idle in transaction' AND query LIKE "
                        "'%pg_current_xact_id%'",
                        "1\n"),
              "1\n")
        << process->error();
    return process;
  }

  std::string statuses() const {
    return psql(network_.target_url(), "SELECT status FROM mighost.runs ORDER BY started_at");
  }

  Network network_;
  Migration migration_{"crowd"};
};

TEST_F(ReleaseOnlyLostCommit, IsAFailureWhenTheServerSaysSoAndLeftOpenWhenNobodyCanBeAsked) {
  auto process = begin_and_wait(run());
  network_.to_target.cut();
  Outcome outcome = process->wait();
  EXPECT_EQ(outcome.exit_code, 3) << outcome.error;
  EXPECT_NE(outcome.error.find("nothing was committed"), std::string::npos) << outcome.error;
  network_.settle();
  EXPECT_EQ(psql(network_.target_url(), "SELECT count(*) FROM people"), "0\n");
  EXPECT_EQ(statuses(), "running\n");  // with nobody connected: it died

  process = begin_and_wait(run());
  network_.target.stop(true);
  outcome = process->wait();
  EXPECT_EQ(outcome.exit_code, 3) << outcome.error;
  EXPECT_EQ(outcome.error.find("nothing was committed"), std::string::npos) << outcome.error;
  EXPECT_NE(outcome.error.find("cannot be asked"), std::string::npos) << outcome.error;
  EXPECT_NE(outcome.error.find("mighost.runs"), std::string::npos) << outcome.error;
  network_.target.start();
  EXPECT_EQ(statuses(), "failed\nrunning\n");

  outcome = run_process(run());
  EXPECT_EQ(outcome.exit_code, 0) << outcome.error;
  EXPECT_EQ(statuses(), "failed\nfailed\ndone\n");
  EXPECT_EQ(ledger_faults(network_.target_url()), "");
}

TEST_F(ReleaseOnlyLostCommit, OfARollbackIsToldAlike) {
  const std::string url = network_.target_url();
  ASSERT_EQ(run_process(run()).exit_code, 0);
  const std::string rows = row_digests(url);
  auto process = begin_and_wait(rollback());
  network_.to_target.cut();
  Outcome outcome = process->wait();
  EXPECT_EQ(outcome.exit_code, 3) << outcome.error;
  EXPECT_NE(outcome.error.find("nothing was changed"), std::string::npos) << outcome.error;
  network_.settle();
  EXPECT_EQ(changed_lines(rows, row_digests(url)), "");

  process = begin_and_wait(rollback());
  network_.target.stop(true);
  outcome = process->wait();
  EXPECT_EQ(outcome.exit_code, 3) << outcome.error;
  EXPECT_EQ(outcome.error.find("nothing was changed"), std::string::npos) << outcome.error;
  EXPECT_NE(outcome.error.find("cannot be asked"), std::string::npos) << outcome.error;
  network_.target.start();
  EXPECT_EQ(changed_lines(rows, row_digests(url)), "");

  outcome = run_process(rollback());
  EXPECT_EQ(outcome.exit_code, 0) << outcome.error;
  EXPECT_EQ(psql(url, "SELECT count(*) FROM people"), "0\n");
  EXPECT_EQ(psql(url, "SELECT kind, status FROM mighost.runs ORDER BY started_at"),
            "run|rolled-back\nrollback|failed\nrollback|failed\nrollback|done\n");
  EXPECT_EQ(psql(url,
                 "SELECT DISTINCT undoes = (SELECT run_id FROM mighost.runs WHERE kind = "
                 "'run') FROM mighost.runs WHERE kind = 'rollback'"),
            "t\n");
  EXPECT_EQ(ledger_faults(url), "");
}

}  // namespace
}  // namespace mighost::test
