// What `mighost status` tells of runs that are at work, wait, have died, or are over.
#include <gtest/gtest.h>

#include <csignal>
#include <sstream>
#include <thread>

#include "integration/chain_databases.hpp"
#include "support/contains.hpp"
#include "support/dataset.hpp"

namespace mighost::test {
namespace {

using json = nlohmann::json;
using Words = std::vector<std::string>;

class ReleaseOnlyStatus : public testing::Test {
 protected:
  void SetUp() override {
    migration_.source(std::string(chain_source) + chain_rows);
    migration_.target(chain_target);
    migration_.run_command();  // writes the configuration
  }

  Command status_command(const Words& words) const {
    Words all = {"status"};
    all.insert(all.end(), words.begin(), words.end());
    all.insert(all.end(), {"--config", migration_.config_file().string()});
    Command command = migration_.command(all);
    command.environment["MIGHOST_SOURCE_URL"] = std::nullopt;  // it needs none
    return command;
  }
  Outcome status(const Words& words = {}) const { return run_process(status_command(words)); }

  json status_json(const Words& words = {}) const {
    Words all = words;
    all.insert(all.end(), {"--json", "-"});
    const Outcome outcome = status(all);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.error;
    return json::parse(outcome.output, nullptr, false);
  }
  /// Until `field` of the run in progress is `value`.
  json status_until(const json::json_pointer& field, const json& value) const {
    json seen;
    for (int time = 0; time < 100; ++time) {
      seen = status_json();
      if (seen.contains(field) && seen.at(field) == value) break;
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    return seen;
  }
  static json finding(const json& seen, const std::string& kind) {
    for (const auto& each : seen.at("findings")) {
      if (each.at("kind") == kind) return each;
    }
    return {};
  }
  /// The run stops before it loads rooms, for as long as the gate is closed.
  void set_gate() {
    gate_.emplace(migration_.target_url());
    migration_.target(
        "CREATE TRIGGER at_gate BEFORE INSERT ON rooms FOR EACH STATEMENT EXECUTE FUNCTION "
        "public.trigger_gate()");
    gate_->close();
  }

  Migration migration_{"chain"};
  std::optional<Gate> gate_;
};

TEST_F(ReleaseOnlyStatus, NeedsALedgerOfItsVersionAndChangesNothing) {
  const Outcome none = status();
  EXPECT_EQ(none.exit_code, 2);
  EXPECT_TRUE(contains(none.error, "no ledger")) << none.error;
  EXPECT_EQ(migration_.target("SELECT to_regnamespace('mighost') IS NULL"), "t\n");

  ASSERT_EQ(migration_.run().exit_code, 0);
  const std::string run = migration_.report["run_id"];
  const json seen = status_json();
  EXPECT_EQ(seen["run"], nullptr) << "nothing is in progress";
  ASSERT_EQ(seen["runs"].size(), 1u);
  EXPECT_EQ(seen["runs"][0]["run_id"], run);
  EXPECT_EQ(seen["runs"][0]["status"], "done");
  EXPECT_EQ(seen["runs"][0]["written"], migration_.report["totals"]["written"]);
  EXPECT_EQ(seen["findings"], json::array());
  EXPECT_EQ(status_json({run.substr(0, 8)})["run"]["entities"].size(),
            migration_.report["entities"].size());
  EXPECT_EQ(status({"00000000"}).exit_code, 1);
  EXPECT_EQ(status({"--watch", "1"}).exit_code, 0) << "there is nothing to wait for";

  // Of a role that may only look, on a server where nobody may write.
  const std::string role = "looker_" + run.substr(0, 8);
  migration_.target("CREATE ROLE " + role + " LOGIN; ALTER ROLE " + role +
                    " SET default_transaction_read_only = on; GRANT USAGE ON SCHEMA mighost TO " +
                    role + "; GRANT SELECT ON ALL TABLES IN SCHEMA mighost TO " + role);
  Command command = status_command({});
  const std::string& url = migration_.target_url();
  command.environment["MIGHOST_TARGET_URL"] = "postgresql://" + role + url.substr(url.find('@'));
  const Outcome looked = run_process(command);
  EXPECT_EQ(looked.exit_code, 0) << looked.error;
  EXPECT_TRUE(contains(looked.output, run.substr(0, 8))) << looked.output;
  migration_.target("REVOKE SELECT ON mighost.runs FROM " + role);
  const Outcome refused = run_process(command);
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_TRUE(contains(refused.error, "GRANT") || contains(refused.error, "grant"))
      << refused.error;
  migration_.target("DROP OWNED BY " + role + "; DROP ROLE " + role);

  migration_.target("UPDATE mighost.version SET version = 3");
  const Outcome older = status();
  EXPECT_EQ(older.exit_code, 2);
  EXPECT_TRUE(contains(older.error, "older mighost (version 3")) << older.error;
  EXPECT_EQ(migration_.target("SELECT version FROM mighost.version"), "3\n");
}

TEST_F(ReleaseOnlyStatus, NamesTheLockThatARunWaitsForAndWatchesUntilTheRunIsOver) {
  ASSERT_EQ(migration_.run({"--only", "chain.regions"}).exit_code, 0);
  auto holder = std::make_unique<Holder>(migration_.target_url(), "LOCK TABLE rooms IN SHARE MODE");
  Process run(migration_.run_command());
  const json seen = status_until(json::json_pointer("/findings/0/kind"), "waiting");
  ASSERT_EQ(seen["run"]["life"], "at work") << seen.dump(1) << run.error();
  EXPECT_EQ(seen["run"]["workers"][0]["process"], run.id());
  const json waiting = seen["waiting"][0];
  EXPECT_EQ(waiting["waits_for"], "table rooms");
  EXPECT_EQ(waiting["mode"], "RowExclusiveLock");
  ASSERT_EQ(waiting["blocked_by"].size(), 1u);
  EXPECT_TRUE(waiting["blocked_by"][0]["application"].get<std::string>().starts_with("holder "));
  const std::string pid = waiting["blocked_by"][0]["pid"].dump();
  EXPECT_TRUE(contains(finding(seen, "waiting")["next"], "pg_terminate_backend(" + pid + ")"));
  const Outcome text = status();
  EXPECT_TRUE(contains(text.output, "waits for a lock: table rooms")) << text.output;
  EXPECT_FALSE(contains(text.output, "pg_sleep")) << "what others run is theirs";

  Process watch(status_command({"--watch", "1", "--json", "-"}));
  Process blocks(status_command({"--watch"}));
  Process stopped(status_command({"--watch"}));
  EXPECT_TRUE(watch.wait_for_text("\"life\":\"at work\"", std::chrono::minutes(2)));
  EXPECT_TRUE(blocks.wait_for_text("is at work", std::chrono::minutes(2)));
  EXPECT_TRUE(stopped.wait_for_text("is at work", std::chrono::minutes(2)));
  stopped.kill(SIGINT);
  EXPECT_EQ(stopped.wait().exit_code, 6);
  holder.reset();
  EXPECT_EQ(run.wait().exit_code, 0) << run.error();
  const Outcome watched = watch.wait();
  EXPECT_EQ(watched.exit_code, 0) << watched.error;
  std::istringstream lines(watched.output);
  json last;
  for (std::string line; std::getline(lines, line);) last = json::parse(line);
  EXPECT_EQ(last["run"]["status"], "done");
  EXPECT_EQ(last["run"]["life"], "over");
  EXPECT_EQ(last["run"]["run_id"], seen["run"]["run_id"]);
  const Outcome block = blocks.wait();
  EXPECT_EQ(block.exit_code, 0) << block.error;
  EXPECT_TRUE(contains(block.output, "is over: done, exit code 0")) << block.output;
}

TEST_F(ReleaseOnlyStatus, TellsARunThatIsOnlyStarting) {
  ASSERT_EQ(migration_.run({"--only", "chain.regions"}).exit_code, 0);
  auto holder = std::make_unique<Holder>(migration_.target_url(), "LOCK TABLE rooms");
  Process run(migration_.run_command());
  const std::string waiting =
      "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'mighost %' "
      "AND wait_event_type = 'Lock'";
  ASSERT_EQ(ask_until(migration_.target_url(), waiting, "1\n"), "1\n");
  const Outcome outcome = status();
  EXPECT_EQ(outcome.exit_code, 0) << outcome.error;
  EXPECT_TRUE(contains(outcome.output, "A run is starting")) << outcome.output;
  EXPECT_TRUE(contains(outcome.output, "waits for a lock: table rooms")) << outcome.output;
  EXPECT_TRUE(contains(outcome.output, "held by pid ")) << outcome.output;
  EXPECT_TRUE(contains(outcome.output, "SELECT pg_terminate_backend(")) << outcome.output;
  Process watch(status_command({"--watch", "1"}));
  EXPECT_TRUE(watch.wait_for_text("A run is starting", std::chrono::minutes(2)));
  std::this_thread::sleep_for(std::chrono::milliseconds(1500));
  EXPECT_TRUE(watch.running()) << watch.output();
  holder.reset();
  EXPECT_EQ(run.wait().exit_code, 0);
  EXPECT_EQ(watch.wait().exit_code, 0) << watch.error();
}

/// The run waits for its server too, and comes back some seconds after the watch: until then
/// nothing speaks for it.
TEST_F(ReleaseOnlyStatus, WatchWaitsForATargetThatGoesAway) {
  Cluster other;
  const std::string url = other.url("target");
  psql(url, chain_target);
  migration_.configure("[transaction]\nscope = \"chunk\"\nlanes = 1\n");
  Command run_there = with_failpoints(migration_.run_command(), "chunk.loaded=stall:8000@3");
  Command watch_there = status_command({"--watch", "1"});
  run_there.environment["MIGHOST_TARGET_URL"] = watch_there.environment["MIGHOST_TARGET_URL"] = url;
  Process run(std::move(run_there));
  ASSERT_EQ(ask_until(url, "SELECT to_regclass('mighost.runs') IS NOT NULL", "t\n"), "t\n");
  Process watch(std::move(watch_there));
  ASSERT_TRUE(watch.wait_for_text("loading", std::chrono::minutes(2))) << run.wait().error;
  other.stop(true);
  std::this_thread::sleep_for(std::chrono::seconds(12));  // longer than a process counts as seen
  EXPECT_TRUE(watch.running()) << watch.error();
  EXPECT_TRUE(contains(watch.error(), "; looking again")) << watch.error();
  other.start();
  EXPECT_EQ(run.wait().exit_code, 0) << run.error();
  const Outcome watched = watch.wait();
  EXPECT_EQ(watched.exit_code, 0) << watched.error;
  EXPECT_TRUE(contains(watched.output, "is over: done, exit code 0")) << watched.output;
  EXPECT_FALSE(contains(watched.output, "died")) << watched.output;
}

TEST_F(ReleaseOnlyStatus, TellsADeadRunFromOneThatIsSilent) {
  set_gate();
  Process run(migration_.run_command());
  ASSERT_TRUE(gate_->wait_for_visitor()) << run.error();
  const json at_rooms =
      status_until(json::json_pointer("/run/entities/0/name"), json("chain.rooms"));
  EXPECT_EQ(at_rooms["run"]["entities"][0]["state"], "loading") << at_rooms.dump(1);

  run.kill(SIGSTOP);
  migration_.target("UPDATE mighost.workers SET seen_at = seen_at - interval '42 s'");
  const json silent = status_json();
  EXPECT_EQ(silent["run"]["life"], "silent");
  EXPECT_TRUE(contains(finding(silent, "silent")["next"], "pg_terminate_backend")) << silent;
  const Outcome text = status();
  EXPECT_TRUE(contains(text.output, "not seen for 4")) << text.output;
  EXPECT_TRUE(contains(text.output, "still holds the target")) << text.output;

  run.kill(SIGKILL);
  run.wait();
  gate_->open();
  wait_for_sessions_to_end(migration_);
  const json dead = status_json({"--watch"});
  EXPECT_EQ(dead["run"]["life"], "dead");
  EXPECT_EQ(dead["run"]["status"], "running");
  EXPECT_EQ(finding(dead, "died")["next"], "run the same command again: nothing was committed");
  ASSERT_EQ(migration_.run().exit_code, 0);
  EXPECT_EQ(status_json()["run"], nullptr);
}

/// As a process leaves it that dies while it commits in chunks.
TEST_F(ReleaseOnlyStatus, OfARunThatCommitsInChunksTellsHowFarItIsAndWhatItNeeds) {
  ASSERT_EQ(migration_.run().exit_code, 0);
  const std::string id = "12345678-0000-4000-8000-000000000000";
  migration_.target(
      "INSERT INTO mighost.runs (run_id, status, scope, config_digest, source, "
      "target, plugins, started_at) VALUES ('" +
      id +
      "', 'running', 'chunk', '', '', '', '[]', now() - interval '2 minutes'); "
      "INSERT INTO mighost.loads (run_id, entity, position, status, error, record) "
      "SELECT '" +
      id +
      "', * FROM (VALUES "
      "('a.done', 0, 'finished', NULL, '{\"part\": {\"written\": 5}}'::jsonb), "
      "('a.half', 1, 'loading', NULL, NULL), "
      "('a.stuck', 2, 'stopped', 'the source has changed', NULL), "
      "('a.later', 3, 'waiting', NULL, NULL)) AS v; "
      "INSERT INTO mighost.chunks (run_id, entity, number, key_range, status, rows, "
      "record, seconds, done_at) SELECT '" +
      id +
      "', 'a.half', n, '', "
      "CASE WHEN n < 3 THEN 'done' ELSE 'open' END, CASE WHEN n < 3 THEN 100 END, "
      "CASE WHEN n < 3 THEN '{\"read\": 100, \"written\": 90}'::jsonb END, "
      "CASE WHEN n < 3 THEN 10 END, CASE WHEN n < 3 THEN now() - interval '50 s' END "
      "FROM generate_series(0, 11) AS n; "
      "INSERT INTO mighost.chunks (run_id, entity, number, key_range, status, rows, "
      "done_at) VALUES ('" +
      id +
      "', 'a.done', 0, '', 'done', 7, now()); "
      "INSERT INTO mighost.deferred SELECT '" +
      id +
      "', 'a.half', n, 'index_' || n, "
      "'{}' FROM generate_series(1, 2) AS n; "
      "INSERT INTO mighost.retries (run_id, attempt, message) "
      "VALUES ('" +
      id + "', 1, 'the connection was lost')");
  const json seen = status_json();
  const json run = seen["run"];
  ASSERT_EQ(run["run_id"], id);
  EXPECT_EQ(run["life"], "dead");
  EXPECT_EQ(run["written"], 275) << "5 of the one that is finished, 3 times 90";
  EXPECT_EQ(run["retries"], 1);
  ASSERT_EQ(run["entities"].size(), 4u);
  EXPECT_EQ(run["entities"][0]["written"], 5);
  const json half = run["entities"][1];
  EXPECT_EQ(half["chunks"], 12);
  EXPECT_EQ(half["chunks_done"], 3);
  EXPECT_EQ(half["rows"], 300);
  // 300 rows in the 60 s since the first of these chunks began, 9 chunks are left of 20 s each.
  EXPECT_NEAR(half["rows_per_second"].get<double>(), 5, 0.5);
  EXPECT_NEAR(half["seconds_left"].get<double>(), 180, 20);
  EXPECT_TRUE(contains(finding(seen, "died")["next"], "mighost resume " + id));
  EXPECT_EQ(finding(seen, "stopped")["message"], "a.stuck stopped: the source has changed");
  EXPECT_TRUE(contains(finding(seen, "indexes_away")["message"],
                       "of a.half are away until the run is resumed or rolled back"));

  migration_.target(
      "INSERT INTO mighost.workers (worker, run_id, host, process, lanes, activity) "
      "VALUES (gen_random_uuid(), '" +
      id +
      "', 'far', 7, 4, "
      "'[{\"entity\": \"a.half\", \"rows\": 3, \"doing\": \"reading\"}]')");
  const Outcome text = status({id.substr(0, 8)});
  EXPECT_EQ(text.exit_code, 0) << text.error;
  EXPECT_TRUE(contains(text.output, "is at work")) << text.output;
  EXPECT_TRUE(contains(text.output, "3 of 12")) << text.output;
  EXPECT_TRUE(contains(text.output, "1 entity has not begun")) << text.output;
  EXPECT_TRUE(contains(text.output, "1 retry")) << text.output;
  EXPECT_FALSE(contains(text.output, "resumed or rolled back")) << text.output;
  migration_.target("UPDATE mighost.runs SET status = 'failed', exit_code = 3 WHERE run_id = '" +
                    id + "'");
  EXPECT_EQ(finding(status_json(), "unfinished")["message"], "3 entities are not finished");
}

}  // namespace
}  // namespace mighost::test
