// How the state of runs is told to people and to programs.
#include "cli/status_view.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace mighost {
namespace {

constexpr const char* run_id = "7dc5dfc3-0000-4000-8000-000000000000";
constexpr const char* undone_id = "00000000-0000-4000-8000-000000000001";

RunLine running(const std::string& scope) {
  RunLine run;
  run.id = run_id;
  run.kind = "run";
  run.scope = scope;
  run.status = "running";
  run.started_at = "2026-01-02 03:04:05";
  run.seconds = 65;
  return run;
}

SeenWorker worker(double age_s) {
  SeenWorker seen;
  seen.host = "mill";
  seen.process = 4711;
  seen.lanes = 4;
  seen.age_s = age_s;
  return seen;
}

ServerSession session(int pid, const std::string& application) {
  ServerSession one;
  one.pid = pid;
  one.application = application;
  return one;
}

TargetStatus at_work(const std::string& scope) {
  TargetStatus status;
  status.at = "2026-01-02 03:05:10";
  status.detail.emplace();
  status.detail->run = running(scope);
  status.detail->workers = {worker(0.4)};
  status.runs = {status.detail->run};
  status.lock_holders = {session(10, std::string("mighost control ") + run_id)};
  return status;
}

bool has_line(const std::string& text, const std::string& line) {
  return ("\n" + text).find("\n" + line + "\n") != std::string::npos;
}

TEST(StatusView, TellsWhoWorksOnARunAndHowFarItIs) {
  TargetStatus status = at_work("run");
  EntityStatus entity;
  entity.name = "core.orders";
  entity.state = "loading";
  entity.doing = "reading";
  entity.rows = 2500;
  entity.expected = 10000;
  entity.seconds = 5;
  entity.rows_per_second = 500;
  entity.seconds_left = 15;
  status.detail->entities = {entity};
  const std::string text = status_text(status, "here", false);
  EXPECT_TRUE(has_line(text, "Runs into here, 2026-01-02 03:05:10 UTC")) << text;
  EXPECT_TRUE(has_line(text, "  7dc5dfc3  run   run    running  2026-01-02 03:04:05  1:05"))
      << text;
  EXPECT_TRUE(has_line(text, std::string("Run ") + run_id + " is at work, begun 1:05 ago."))
      << text;
  EXPECT_TRUE(has_line(text, "  mill     4711      4  0 s ago")) << text;
  EXPECT_TRUE(has_line(text, "  core.orders  loading  25 %  2,500     500   5 s  15 s  reading"))
      << text;
  EXPECT_EQ(text.find("chunks"), std::string::npos) << "it has none\n" << text;
  EXPECT_TRUE(status_findings(status).empty());
}

TEST(StatusView, LifeIsToldFromHeartbeatsAndTheLock) {
  TargetStatus status = at_work("run");
  EXPECT_EQ(life_of(*status.detail, status), Life::at_work);
  status.detail->workers = {worker(42), worker(50)};
  EXPECT_EQ(life_of(*status.detail, status), Life::silent);
  EXPECT_EQ(status_findings(status).at(0).message,
            std::string("no process has been seen for 42 s, but pid 10 (mighost control 7dc5dfc3-"
                        "0000-4000-8000…, of this run) still holds the target"));
  EXPECT_TRUE(
      has_line(status_text(status, "here", false), "  mill     4711      4  not seen for 42 s"));
  // The next run has come; it does not stand for this one.
  status.lock_holders = {session(10, "mighost control 00000000-0000-4000-8000-000000000000")};
  EXPECT_EQ(life_of(*status.detail, status), Life::dead);
  status.lock_holders.clear();
  EXPECT_EQ(life_of(*status.detail, status), Life::dead);
  status.standby = true;
  EXPECT_EQ(life_of(*status.detail, status), Life::silent) << "locks of the primary are not seen";
  EXPECT_EQ(status_findings(status).at(0).kind, "silent");
  status.detail->run.status = "done";
  EXPECT_EQ(life_of(*status.detail, status), Life::over);
  EXPECT_TRUE(status_findings(status).empty());
}

TEST(StatusView, SaysWhatToDoWithADeadRunByItsScope) {
  for (const auto& [scope, kind, next] : std::vector<std::array<std::string, 3>>{
           {"run", "run", "run the same command again: nothing was committed"},
           {"run", "replay", "run the same command again: nothing was committed"},
           {"chunk", "rollback",
            "start the same command again, or mighost rollback " + std::string(undone_id) +
                " --config '/data/it'\\''s.toml' with the options that it had: what it had "
                "committed (--by-entity, --all) stays undone"},
           {"chunk", "run",
            std::string("mighost resume ") + run_id +
                " --plugins DIR --config '/data/it'\\''s.toml' goes on where it ended; mighost "
                "rollback " +
                run_id + " --config '/data/it'\\''s.toml' takes back what it committed"}}) {
    TargetStatus status = at_work(scope);
    status.config_file = "/data/it's.toml";
    status.detail->run.kind = kind;
    if (kind == "rollback") status.detail->run.undoes = undone_id;
    status.detail->workers.clear();
    status.lock_holders.clear();
    ASSERT_EQ(status_findings(status).size(), 1u);
    EXPECT_EQ(status_findings(status)[0].kind, "died");
    EXPECT_EQ(status_findings(status)[0].next, next);
  }
}

TEST(StatusView, NamesWhoHoldsTheLockThatIsWaitedFor) {
  TargetStatus status = at_work("chunk");
  WaitingSession waiting{
      20, std::string("mighost ") + run_id, "RowExclusiveLock", "table rooms", 75, {}};
  ServerSession foreign = session(30, "psql\x1b[2J");
  foreign.user = "anna";
  foreign.state = "idle in transaction";
  foreign.seconds = 3600;
  waiting.blockers = {session(21, std::string("mighost ") + run_id + " 12345678"), foreign,
                      session(0, "")};
  status.waiting = {waiting};
  const auto findings = status_findings(status);
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_NE(findings[0].message.find("waits for a lock: table rooms, for 1:15; held by pid 21"),
            std::string::npos)
      << findings[0].message;
  EXPECT_NE(findings[0].message.find("of this run), pid 30 (psql\\x1b[2J, user anna, idle in "
                                     "transaction for 1:00:00) and a prepared transaction"),
            std::string::npos)
      << findings[0].message;
  EXPECT_NE(findings[0].next.find("pg_terminate_backend(30)"), std::string::npos);
}

TEST(StatusView, IndexesThatAreAwayAreAMatterOnlyWhenNobodyLoads) {
  TargetStatus status = at_work("chunk");
  status.detail->away = {{"core.orders", {"a", "b"}}};
  EXPECT_TRUE(status_findings(status).empty());
  EXPECT_NE(status_text(status, "here", false).find("of core.orders away while it is loaded"),
            std::string::npos);
  status.detail->run.status = "failed";
  const auto findings = status_findings(status);
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].message,
            "2 indexes, constraints or triggers of core.orders are away until the run is resumed "
            "or rolled back");
}

TEST(StatusView, ARunThatWasRolledBackInPartSaysSoAndWhatIsGone) {
  TargetStatus status = at_work("run");
  status.detail->run.status = status.runs[0].status = "done";
  EXPECT_EQ(status_text(status, "here", false).find("rolled back"), std::string::npos);
  for (RunLine* run : {&status.runs[0], &status.detail->run}) {
    run->taken_back = {"core.a", "core.b", "core.c"};
  }
  const std::string text = status_text(status, "here", false);
  EXPECT_NE(text.find("  done, partly rolled back  2026"), std::string::npos) << text;
  EXPECT_TRUE(has_line(text, "  rolled back since: core.a, core.b and core.c")) << text;
  status.detail.reset();
  const std::string list = status_text(status, "here", false);
  EXPECT_TRUE(has_line(list, "  rolled back of 7dc5dfc3: core.a, core.b and core.c")) << list;
  const auto object = nlohmann::json::parse(status_json(status, "here", -1));
  EXPECT_EQ(object["runs"][0]["rolled_back"],
            nlohmann::json::array({"core.a", "core.b", "core.c"}));
}

TEST(StatusView, JsonHasTheFieldsThatThePageNames) {
  TargetStatus status = at_work("run");
  const auto object = nlohmann::json::parse(status_json(status, "here", -1));
  EXPECT_EQ(object["run"]["life"], "at work");
  EXPECT_EQ(object["run"]["workers"][0]["alive"], true);
  EXPECT_EQ(object["run"]["written"], nullptr);
  EXPECT_EQ(object["runs"][0]["run_id"], run_id);
  EXPECT_EQ(object["runs"][0]["rolled_back"], nlohmann::json::array());
  EXPECT_EQ(object["findings"], nlohmann::json::array());
  EXPECT_EQ(status_json(status, "here", -1).find('\n'), status_json(status, "here", -1).size() - 1);
  status.detail.reset();
  EXPECT_EQ(nlohmann::json::parse(status_json(status, "here", 2))["run"], nullptr);
}

}  // namespace
}  // namespace mighost
