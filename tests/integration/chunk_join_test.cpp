// Several processes at one run in scope chunk, signals, lost connections, and errors that concern
// one entity only.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <thread>

#include "integration/chunk_databases.hpp"

namespace mighost::test {
namespace {

using json = nlohmann::json;
using std::chrono::milliseconds;
using std::chrono::seconds;

class ReleaseOnlyChunkCrew : public ChunkTest {
 protected:
  ReleaseOnlyChunkCrew()
      : ChunkTest("probe", std::string(probe_source) + many_probe_rows, probe_target,
                  in_small_chunks()) {}
  static std::string in_small_chunks(const std::string& load = {}, int lanes = 1) {
    return chunk_config(lanes, 100,
                        "retries = 3\n" + std::string(always_deferred) + load +
                            "[entities.\"probe.pairs\"]\ntriggers = \"disable\"\n");
  }
  /// In its fourth chunk, with three committed.
  Outcome signalled_twice(const std::vector<std::string>& words) {
    Process process(with_failpoints(migration_.run_command(words), "chunk.loaded=stall:20000@4"));
    EXPECT_NE(
        wait_for("SELECT 'three' FROM mighost.chunks WHERE status = 'done' HAVING count(*) = 3"),
        "");
    process.kill(SIGINT);
    std::this_thread::sleep_for(milliseconds(300));
    EXPECT_TRUE(process.running());
    process.kill(SIGINT);
    const auto begun = std::chrono::steady_clock::now();
    const Outcome outcome = process.wait();
    EXPECT_LT(std::chrono::steady_clock::now() - begun, seconds(3));
    EXPECT_EQ(outcome.signal, SIGINT) << outcome.error;
    return outcome;
  }
  /// As somebody would paste it into a shell.
  Outcome run_as_printed(const std::string& message) const {
    const std::size_t begin = message.find("mighost resume ");
    Command command = migration_.command({});
    const std::string line = message.substr(begin, message.find('\n', begin) - begin);
    command.arguments = {"sh", "-c", line};
    command.environment["PATH"] = std::string(MIGHOST_BINARY_DIR "/bin:") + std::getenv("PATH");
    return run_process(command);
  }
};

constexpr const char* chunks_done =
    "SELECT entity, number, worker, done_at FROM mighost.chunks WHERE status = 'done' ORDER BY 1, "
    "2";

TEST_F(ReleaseOnlyChunkCrew, M8OneOfTwoProcessesDiesAndTheOtherFinishesWithoutDoingWorkTwice) {
  const Result wanted = undisturbed();
  Process first(with_failpoints(migration_.run_command(), "chunk.loaded=stall:40"));
  const std::string run = wait_for_run();
  ASSERT_FALSE(run.empty()) << first.error();
  Process second(with_failpoints(migration_.run_command({"--join", run.substr(0, 8)}),
                                 "chunk.loaded=stall:40;run.committing=stall:1500"));
  ASSERT_EQ(wait_for("SELECT 'both' FROM mighost.chunks WHERE status = 'done' "
                     "HAVING count(DISTINCT worker) = 2 AND count(*) > 8"),
            "both\n")
      << first.error() << second.error();
  first.kill(SIGKILL);
  first.wait();
  const std::string done = migration_.target(chunks_done);
  ASSERT_NE(wait_for("SELECT 'all' FROM mighost.loads WHERE run_id = '" + run +
                     "' HAVING bool_and(status = 'finished')"),
            "")
      << second.error();
  const std::string all = migration_.target(chunks_done);
  EXPECT_FALSE(contains(changed_lines(done, all), "\n-")) << changed_lines(done, all);
  EXPECT_NE(changed_lines(done, all).substr(0, 1), "-");
  const Outcome outcome = second.wait();
  EXPECT_EQ(outcome.exit_code, 0) << outcome.error;
  expect_equal(wanted, Result(migration_), false);
  EXPECT_EQ(queue_state(migration_), "0|0|0|0|0\n");
}

/// The one session that holds the target for the run is taken from it; the run goes on, and nobody
/// else may have it meanwhile.
TEST_F(ReleaseOnlyChunkCrew, KeepsTheTargetWhenItsControlSessionIsLost) {
  const Result wanted = undisturbed();
  Process process(with_failpoints(migration_.run_command(), "chunk.loaded=stall:15000@5"));
  const std::string run = wait_for_run();
  const std::string control =
      " FROM pg_stat_activity WHERE application_name = 'mighost control " + run + "'";
  ASSERT_NE(wait_for("SELECT 'four' FROM mighost.chunks WHERE status = 'done' HAVING count(*) = 4"),
            "")
      << process.error();
  const std::string lost = migration_.target("SELECT pid" + control);
  EXPECT_EQ(migration_.target("SELECT pg_terminate_backend(pid)" + control), "t\n");
  ASSERT_NE(wait_for("SELECT pid" + control + " AND pid <> " + lost), "") << process.error();
  const std::string another = "is at work on this target";
  for (const Outcome& outcome :
       {migration_.resume(),
        run_process(migration_.command(
            {"rollback", run, "--config", migration_.config_file().string()}))}) {
    EXPECT_EQ(outcome.exit_code, 2) << outcome.error;
    EXPECT_TRUE(contains(outcome.error, another)) << outcome.error;
  }
  const Outcome outcome = process.wait();
  EXPECT_EQ(outcome.exit_code, 0) << outcome.error;
  expect_equal(wanted, Result(migration_), false);
}

/// M8: a process that lives and does nothing (its host is frozen, its network is gone) is taken for
/// dead after a lease, and what it holds is done by others; when it comes back it disturbs nothing.
TEST_F(ReleaseOnlyChunkCrew, M8AFrozenProcessIsTakenForDeadAfterALease) {
  config_ = chunk_config(1, 100,
                         "retries = 3\nlease = \"5s\"\n" + std::string(always_deferred) +
                             "[entities.\"probe.pairs\"]\ntriggers = \"disable\"\n");
  const Result wanted = undisturbed();
  Process first(with_failpoints(migration_.run_command(), "chunk.loaded=stall:200"));
  const std::string run = wait_for_run();
  ASSERT_NE(
      wait_for("SELECT 'three' FROM mighost.chunks WHERE status = 'done' HAVING count(*) = 3"), "")
      << first.error();
  first.kill(SIGSTOP);
  const Outcome second = run_process(migration_.run_command({"--join", run}));
  EXPECT_EQ(second.exit_code, 0) << second.error;
  EXPECT_TRUE(contains(second.error, "taken for dead")) << second.error;
  first.kill(SIGCONT);
  const Outcome outcome = first.wait();
  EXPECT_EQ(outcome.exit_code, 0) << outcome.error;
  expect_equal(wanted, Result(migration_), false);
  EXPECT_EQ(queue_state(migration_), "0|0|0|0|0\n");
}

/// An entity that is finished has its table locked until its indexes stand.
TEST_F(ReleaseOnlyChunkCrew, WhoJoinsWaitsForTablesThatLanesHold) {
  config_ = in_small_chunks("lock_timeout = \"200ms\"\n");
  const Result wanted = undisturbed();
  Process first(with_failpoints(migration_.run_command(),
                                "entity.restored=stall:8000@1;run.concluding=stall:12000"));
  const std::string run = wait_for_run();
  ASSERT_NE(
      wait_for("SELECT DISTINCT 'held' FROM pg_locks l JOIN pg_stat_activity a USING (pid) "
               "JOIN pg_class c ON c.oid = l.relation WHERE l.granted AND a.state LIKE "
               "'idle in%' AND l.mode = 'AccessExclusiveLock' AND c.relkind = 'r' AND "
               "c.relnamespace = 'public'::regnamespace AND clock_timestamp() - a.state_change > "
               "interval '300 ms'"),
      "")
      << first.error();
  const Outcome second = run_process(migration_.run_command({"--join", run}));
  EXPECT_EQ(second.exit_code, 0) << second.error;
  EXPECT_TRUE(contains(second.error, "waiting for lanes that hold a table")) << second.error;
  EXPECT_EQ(first.wait().exit_code, 0) << first.error();
  expect_equal(wanted, Result(migration_), false);
}

/// Whether it came before or after, and whatever it was at: the run is over, and nothing is wrong
/// with the plugins.
TEST_F(ReleaseOnlyChunkCrew, WhoComesWhenTheRunEndsIsToldSo) {
  Process first(with_failpoints(migration_.run_command(), "run.committing=stall:6000"));
  const std::string run = wait_for_run();
  ASSERT_NE(wait_for("SELECT 'all' FROM mighost.loads HAVING bool_and(status = 'finished')"), "")
      << first.error();
  // Its plan waits for a source table until the run has ended.
  auto holder = std::make_unique<Holder>(migration_.source_url(), "LOCK TABLE things");
  Process second(migration_.run_command({"--join", run}));
  EXPECT_EQ(first.wait().exit_code, 0) << first.error();
  holder.reset();
  const Outcome outcome = second.wait();
  EXPECT_EQ(outcome.exit_code, 1) << outcome.error;
  EXPECT_TRUE(contains(outcome.error, "run " + run + " is over: done")) << outcome.error;
}

/// Who was taken over does not say how the run ended.
TEST_F(ReleaseOnlyChunkCrew, WhoWasTakenOverLeavesTheWordToTheOther) {
  Process process(with_failpoints(migration_.run_command(), "chunk.loaded=stall:6000@5"));
  const std::string run = wait_for_run();
  ASSERT_NE(wait_for("SELECT 'four' FROM mighost.chunks WHERE status = 'done' HAVING count(*) = 4"),
            "")
      << process.error();
  migration_.target("UPDATE mighost.runs SET status = 'rolled-back', epoch = epoch + 1");
  const Outcome outcome = process.wait();
  EXPECT_EQ(outcome.exit_code, 3) << outcome.error;
  EXPECT_TRUE(contains(outcome.error, "somebody else has taken the run over")) << outcome.error;
  EXPECT_EQ(migration_.target("SELECT status FROM mighost.runs"), "rolled-back\n");
}

TEST_F(ReleaseOnlyChunkCrew, OneSignalFinishesTheChunksAndThePrintedCommandGoesOn) {
  const Result wanted = undisturbed();
  const auto file = migration_.directory() / "it's a run.toml";
  Command command =
      with_failpoints(migration_.run_command(), "chunk.loaded=stall:400;entity.begun=stall:300");
  std::filesystem::copy_file(migration_.config_file(), file);
  for (std::string& word : command.arguments) {
    if (word == migration_.config_file().string()) word = file.string();
  }
  Process process(command);
  ASSERT_NE(wait_for("SELECT 1 FROM mighost.chunks LIMIT 1"), "");
  std::this_thread::sleep_for(milliseconds(400));  // in a chunk
  process.kill(SIGINT);
  const Outcome outcome = process.wait();
  EXPECT_EQ(outcome.exit_code, 6) << outcome.error;
  EXPECT_EQ(migration_.target("SELECT status, exit_code FROM mighost.runs"), "interrupted|6\n");
  EXPECT_NE(migration_.target(chunks_done), "");
  EXPECT_NE(migration_.target("SELECT count(*) FROM mighost.deferred"), "0\n");
  ASSERT_TRUE(contains(outcome.error, "mighost resume ")) << outcome.error;
  const Outcome resumed = run_as_printed(outcome.error);
  EXPECT_EQ(resumed.exit_code, 0) << outcome.error << resumed.error;
  expect_equal(wanted, Result(migration_), false);
}

TEST_F(ReleaseOnlyChunkCrew, TwoSignalsEndItAtOnceAndResumeGoesOn) {
  const Result wanted = undisturbed();
  const Outcome outcome = signalled_twice({});
  EXPECT_TRUE(contains(outcome.error,
                       "\nmighost: error: stopped at once by a second signal; what "
                       "was not committed is not in the target\n"))
      << outcome.error;
  const std::string next = "mighost status --config " + migration_.config_file().string();
  EXPECT_TRUE(contains(outcome.error, "\n  next:  " + next)) << outcome.error;
  wait_for_sessions_to_end(migration_);
  const Outcome resumed = migration_.resume();
  EXPECT_EQ(resumed.exit_code, 0) << resumed.error;
  expect_equal(wanted, Result(migration_), false);
}

TEST_F(ReleaseOnlyChunkCrew, TheSecondSignalsWordIsALineOfJsonWhereTheLogIs) {
  const Outcome outcome = signalled_twice({"--log-json"});
  std::istringstream lines(outcome.error);
  json last;
  for (std::string line; std::getline(lines, line);) {
    last = json::parse(line, nullptr, false);
    ASSERT_TRUE(last.is_object()) << line;
  }
  EXPECT_EQ(last["level"], "error");
  EXPECT_TRUE(contains(last["message"], "stopped at once by a second signal")) << last;
  EXPECT_TRUE(contains(last["next"], "mighost status --config ")) << last;
}

TEST_F(ReleaseOnlyChunkCrew, M20ALostConnectionIsTriedAgainAndTold) {
  const Result wanted = undisturbed();
  Process process(with_failpoints(migration_.run_command(), "chunk.loaded=stall:800@5"));
  ASSERT_NE(wait_for("SELECT 'four' FROM mighost.chunks WHERE status = 'done' HAVING count(*) = 4"),
            "");
  const std::string run = wait_for_run();
  EXPECT_NE(migration_.target("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE "
                              "datname = current_database() AND application_name LIKE 'mighost " +
                              run + " %' AND state = 'idle in transaction'"),
            "");
  const Outcome outcome = process.wait();
  ASSERT_EQ(outcome.exit_code, 0) << outcome.error;
  migration_.report =
      json::parse(std::ifstream(migration_.directory() / "report.json"), nullptr, false);
  EXPECT_GE(migration_.report["retries"].size(), 1u) << migration_.report.dump();
  EXPECT_TRUE(contains(outcome.error, "trying again: the connection to the target was lost"))
      << outcome.error;
  EXPECT_EQ(migration_.target("SELECT count(*) > 0 FROM mighost.retries"), "t\n");
  expect_equal(wanted, Result(migration_), false);
}

/// To finish an entity may take an hour of indexes; whoever resumes wants to see rows first.
TEST_F(ReleaseOnlyChunkCrew, AResumedRunBeginsWithRows) {
  migration_.configure(in_small_chunks({}, 2));
  Process killed(with_failpoints(migration_.run_command(),
                                 "entity.finishing=stall:20000;chunk.loaded=stall:80"));
  // Each lane has a chunk to begin with, and an entity is there to be finished.
  ASSERT_NE(
      wait_for("SELECT 'now' FROM mighost.chunks o JOIN mighost.loads l USING (run_id, entity) "
               "WHERE o.status = 'open' AND l.status = 'loading' AND EXISTS (SELECT FROM "
               "mighost.loads f WHERE f.status = 'loading' AND f.entity NOT IN (SELECT "
               "c.entity FROM mighost.chunks c WHERE c.status = 'open')) "
               "HAVING count(*) > 5"),
      "")
      << killed.error();
  killed.kill(SIGKILL);
  killed.wait();
  wait_for_sessions_to_end(migration_);
  const char* finished = "SELECT count(*) FROM mighost.loads WHERE status = 'finished'";
  const std::string before = migration_.target(finished);
  const Outcome again = run_process(
      with_failpoints(migration_.resume_command(), "chunk.claimed=stall:500;chunk.committed=kill"));
  EXPECT_EQ(again.signal, SIGKILL) << again.error;
  EXPECT_EQ(migration_.target(finished), before);
  const Outcome outcome = migration_.resume();
  EXPECT_EQ(outcome.exit_code, 0) << outcome.error;
}

/// Rows that only the indexes refused are no news when their neighbours have changed.
TEST_F(ReleaseOnlyChunkCrew, OffendersOfIndexesAreNotTakenForChangesOfTheSource) {
  die_at("entity.finished=kill", {"--only", "probe.things"});
  migration_.source(
      "UPDATE things SET small = 7 WHERE id IN (-898, 6, 91); "
      "INSERT INTO things VALUES (5000, 'new', 1, 1, 'plain', 1), (5001, 'new', 1, 99, 'plain', "
      "1); "
      "DELETE FROM things WHERE id IN (8, 94, 300)");
  const Outcome resumed = migration_.resume();
  EXPECT_EQ(resumed.exit_code, 0) << resumed.error;
  int drifted = 0;
  for (const auto& finding : migration_.report["findings"]) {
    if (finding["check"] != "source_drift") continue;
    ++drifted;
    EXPECT_EQ(finding["offenders"], 8) << finding;
    // One that appeared would be held back; of those that are gone one was.
    EXPECT_TRUE(contains(finding["message"], "3 rows changed, 2 rows appeared and 3 rows vanished"))
        << finding;
  }
  EXPECT_EQ(drifted, 1);
}

/// What stands in the quarantine must be the row as it was read, and that is nowhere any more.
TEST_F(ReleaseOnlyChunkCrew, AnOffenderThatIsGoneFromTheSourceStopsItsEntityUntilItIsBack) {
  const Outcome killed = run_process(
      with_failpoints(migration_.run_command({"--only", "probe.things"}), "entity.finishing=kill"));
  ASSERT_EQ(killed.signal, SIGKILL) << killed.error;
  wait_for_sessions_to_end(migration_);
  migration_.source(
      "CREATE TABLE aside AS SELECT * FROM things WHERE id = 999; DELETE FROM things WHERE id = "
      "999");
  for (int time = 0; time < 2; ++time) {
    const Outcome refused = migration_.resume();
    EXPECT_EQ(refused.exit_code, 3) << refused.error;
    EXPECT_TRUE(contains(refused.error,
                         "1 row that one_code refuses is not in the source any more as read: roll "
                         "the run back and run again, or put back into the source what is gone"))
        << refused.error;
  }
  migration_.source("INSERT INTO things SELECT * FROM aside; DROP TABLE aside");
  const Outcome resumed = migration_.resume();
  EXPECT_EQ(resumed.exit_code, 0) << resumed.error;
  EXPECT_EQ(migration_.target("SELECT legacy_key, code FROM mighost.quarantine WHERE entity = "
                              "'probe.things' AND legacy_key = '999'"),
            "999|unique\n");
}

/// An error of one entity: what a trigger function of its table does.
struct Fault {
  const char* name;
  const char* statement;
};

void PrintTo(const Fault& fault, std::ostream* out) { *out << fault.name; }

class ChunkFaults : public ReleaseOnlyChunkCrew, public testing::WithParamInterface<Fault> {};

TEST_P(ChunkFaults, M6StopTheirEntityAndItsDependantsOnly) {
  const auto trigger_does = [&](const std::string& statement) {
    migration_.target(
        "CREATE OR REPLACE FUNCTION public.fault() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "BEGIN " +
        statement + "; RETURN NULL; END $$");
  };
  const auto renew_with_trigger = [&] {
    renew();
    trigger_does("NULL");
    migration_.target(
        "CREATE TRIGGER fault BEFORE INSERT ON things FOR EACH STATEMENT "
        "EXECUTE FUNCTION public.fault()");
  };
  config_ = in_small_chunks("statement_timeout = \"700ms\"\n");
  renew_with_trigger();
  const Outcome whole = migration_.run();
  ASSERT_EQ(whole.exit_code, 0) << whole.error;
  const Result wanted(migration_);
  renew_with_trigger();
  trigger_does(GetParam().statement);
  const Outcome outcome = migration_.run();
  EXPECT_EQ(outcome.exit_code, 3) << outcome.error;
  EXPECT_EQ(migration_.target("SELECT entity, status FROM mighost.loads ORDER BY 1"),
            "probe.kept|finished\nprobe.nodes|finished\nprobe.pairs|finished\n"
            "probe.parts|waiting\nprobe.things|stopped\n");
  bool named = false;
  for (const auto& finding : migration_.report["findings"]) {
    named = named || (finding["entity"] == "probe.things" && finding["severity"] == "veto");
  }
  EXPECT_TRUE(named) << migration_.report["findings"];
  EXPECT_TRUE(contains(outcome.error, "probe.things")) << outcome.error;
  EXPECT_EQ(migration_.resume().exit_code, 3) << "nothing was mended";
  trigger_does("NULL");
  const Outcome resumed = run_as_printed(outcome.error);
  EXPECT_EQ(resumed.exit_code, 0) << resumed.error;
  expect_equal(wanted, Result(migration_), false);
  EXPECT_EQ(queue_state(migration_), "0|0|0|0|0\n");
}

INSTANTIATE_TEST_SUITE_P(
    ReleaseOnly, ChunkFaults,
    testing::Values(Fault{"InternalError", "RAISE 'broken' USING ERRCODE = 'XX000'"},
                    Fault{"MissingFunction", "PERFORM public.no_such_function()"},
                    Fault{"Timeout", "PERFORM pg_sleep(3)"},
                    Fault{"ADeadlockEveryTime", "RAISE 'again' USING ERRCODE = '40P01'"}),
    [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace mighost::test
