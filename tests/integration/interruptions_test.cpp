// Campaigns of random interruptions: whatever happens to a migration, and how often, doing it again
// until it is done brings the same target as if nothing had happened, and a ledger that says so.
//
// A failure prints the seed of its campaign: MIGHOST_TEST_SEED=n replays the draws.
// MIGHOST_TEST_INTERRUPTIONS=n makes every campaign so long.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <map>
#include <sstream>

#include "integration/crowd_databases.hpp"
#include "support/dataset.hpp"
#include "support/interruption.hpp"
#include "support/target_state.hpp"

namespace mighost::test {
namespace {

/// A transaction scope, how one goes on in it, and where its code may be killed.
struct Scope {
  const char* name;
  const char* config;
  const char* again;  // the command when a run has begun already
  bool all_or_nothing;
  std::vector<std::pair<std::string, int>> failpoints;  // and how often they are passed, about
};

const Scope scope_run{"run",
                      "[load]\ndefer = \"always\"\n",
                      "run",
                      true,
                      {{"run.started", 1},
                       {"entity.loaded", 3},
                       {"run.concluding", 1},
                       {"run.checked", 1},
                       {"run.committing", 1},
                       {"run.committed", 1}}};

/// A chunk's places are passed once for each of the chunks.
const Scope scope_chunk{
    "chunk",
    "[transaction]\nscope = \"chunk\"\nchunk_rows = 1000\nlanes = 2\n[load]\ndefer = \"always\"\n",
    "resume",
    false,
    {{"entity.beginning", 3},
     {"entity.begun", 3},
     {"chunk.claimed", 8},
     {"chunk.reading", 8},
     {"chunk.loaded", 8},
     {"chunk.recorded", 8},
     {"chunk.committed", 8},
     {"entity.finishing", 3},
     {"entity.restored", 3},
     {"entity.finished", 3},
     {"run.started", 1},
     {"run.concluding", 1},
     {"run.checked", 1},
     {"run.committing", 1},
     {"run.committed", 1}}};

struct Campaign {
  const Scope* scope;
  int number;
  int interruptions;
};

void PrintTo(const Campaign& campaign, std::ostream* out) {
  *out << campaign.scope->name << ' ' << campaign.number;
}

unsigned number_from(const char* variable, unsigned otherwise) {
  const char* given = std::getenv(variable);
  return given != nullptr ? static_cast<unsigned>(std::strtoul(given, nullptr, 10)) : otherwise;
}

constexpr double late_factor = 0.95;
// Eight chunks of them.
constexpr int people = 8000;

class Interruptions : public testing::TestWithParam<Campaign> {
 protected:
  void SetUp() override {
    std::ofstream(config_file()) << "[source]\nurl = \"env:MIGHOST_SOURCE_URL\"\n"
                                    "[target]\nurl = \"env:MIGHOST_TARGET_URL\"\n"
                                 << scope().config;
    psql(network_.source_url(), crowd_source(people));
  }
  void TearDown() override { std::filesystem::remove(config_file()); }

  const Scope& scope() const { return *GetParam().scope; }

  std::filesystem::path config_file() const {
    return std::filesystem::temp_directory_path() /
           ("mighost-interruptions-" + std::to_string(getpid()) + ".toml");
  }

  Command command(const std::string& word) const {
    Command command;
    command.arguments = {MIGHOST_FAILPOINT_EXECUTABLE,
                         word,
                         "--plugins",
                         MIGHOST_BINARY_DIR "/test-plugins/crowd",
                         "--config",
                         config_file().string()};
    command.environment = {{"MIGHOST_SOURCE_URL", network_.to_source.url("legacy")},
                           {"MIGHOST_TARGET_URL", network_.to_target.url("target")}};
    command.timeout = std::chrono::minutes(5);
    return command;
  }

  std::string target(const std::string& sql) const { return psql(network_.target_url(), sql); }

  void empty_the_target() const {
    target(std::string("SET client_min_messages = error; DROP SCHEMA public CASCADE;"
                       "DROP SCHEMA IF EXISTS mighost CASCADE; CREATE SCHEMA public;") +
           crowd_target);
  }

  /// The status of each run that the ledger knows, a line each.
  std::string statuses() const {
    return target(
        "SELECT 'SELECT status FROM mighost.runs' WHERE to_regclass('mighost.runs') IS NOT NULL "
        "\\gexec");
  }

  /// What a migration makes of the target that nothing disturbs, and what that takes.
  void learn_the_undisturbed() {
    empty_the_target();
    empty_ = database_state(network_.target_url());
    for (int time = 0; time < 2; ++time) {  // the first one reads the program from the disk
      empty_the_target();
      source_bytes_ = network_.to_source.bytes();
      target_bytes_ = network_.to_target.bytes();
      const Outcome outcome = run_process(command("run"));
      if (outcome.error.find("this version has no transaction scope") != std::string::npos) {
        GTEST_SKIP() << "scope chunk is not there yet";
      }
      ASSERT_EQ(outcome.exit_code, 0) << outcome.error;
      seconds_ = time == 0 ? outcome.seconds : std::min(seconds_, outcome.seconds);
    }
    source_bytes_ = network_.to_source.bytes() - source_bytes_;
    target_bytes_ = network_.to_target.bytes() - target_bytes_;
    network_.settle();
    undisturbed_ = database_state(network_.target_url());
    known_ = ledger_state(network_.target_url());
    ASSERT_EQ(ledger_faults(network_.target_url()), "");
  }

  void expect_complete() const {
    EXPECT_EQ(changed_lines(undisturbed_, database_state(network_.target_url())), "");
    EXPECT_EQ(changed_lines(known_, ledger_state(network_.target_url())), "");
    EXPECT_EQ(ledger_faults(network_.target_url()), "");
    EXPECT_EQ(target("SELECT count(*) FROM (SELECT xmin AS x FROM towns UNION ALL SELECT xmin FROM "
                     "people UNION ALL SELECT xmin FROM visits) AS rows WHERE x NOT IN (SELECT "
                     "w.xmin FROM mighost.transactions AS w)"),
              "0\n")
        << "rows that a rollback would take for somebody else's";
  }

  /// What a run that was interrupted says must be true, and in scope run nothing is there of it.
  void expect_truth(const Outcome& outcome, bool done) const {
    EXPECT_FALSE(outcome.timed_out) << "it hung";
    if (outcome.signal == 0) {
      EXPECT_TRUE(outcome.exit_code == 0 || outcome.exit_code == 2 || outcome.exit_code == 3)
          << outcome.exit_code;
    } else {
      EXPECT_EQ(outcome.signal, SIGKILL);
    }
    EXPECT_TRUE(done || outcome.exit_code != 0);
    for (const char* claim : {"nothing was committed", "nothing was touched"}) {
      EXPECT_FALSE(done && outcome.error.find(claim) != std::string::npos) << claim;
    }
    if (done || !scope().all_or_nothing) return;
    EXPECT_EQ(untouched_changes(), "");
  }

  /// The server takes no sequence back: one that was advanced just before COMMIT stays so.
  std::string untouched_changes() const {
    std::stringstream changes(changed_lines(empty_, database_state(network_.target_url())));
    std::string others;
    for (std::string line; std::getline(changes, line);) {
      if (line.find(" sequence|") == std::string::npos) others += line + "\n";
    }
    return others;
  }

  /// Returns how often a migration was interrupted until it was done: not more than `most` times.
  int migrate(std::mt19937& random, int most) {
    empty_the_target();
    bool begun = false;
    for (int interruptions = 0;;) {
      const bool disturb = interruptions < most &&
                           (interruptions == 0 || std::uniform_int_distribution(0, 9)(random) > 0);
      // A chunk run that has begun is gone on with.
      const Command next = command(begun ? scope().again : "run");
      if (!disturb) {
        const Outcome outcome = run_process(next);
        EXPECT_EQ(outcome.exit_code, 0) << outcome.error;
        network_.settle();
        return interruptions;
      }
      const Interruption one =
          draw_interruption(random, seconds_, source_bytes_, target_bytes_, scope().failpoints);
      SCOPED_TRACE(one.to_text());
      const auto [outcome, struck] = run_interrupted(next, one, network_);
      network_.settle();
      const std::string known = statuses();
      const bool done = known.find("done\n") != std::string::npos;
      begun = !known.empty();
      SCOPED_TRACE(outcome.error);
      expect_truth(outcome, done);
      if (struck) {
        ++interruptions;
        auto& [times, survived] = struck_[one.kind];
        ++times;
        survived += outcome.exit_code == 0 ? 1 : 0;
      } else if (one.kind != Interruption::Kind::kill_at_failpoint) {
        seconds_ *= late_factor;  // it came too late: the machine has become faster
      }
      if (HasFailure() || done) return interruptions;
    }
  }

  Network network_;
  std::string empty_, undisturbed_, known_;
  double seconds_ = 0;
  std::uint64_t source_bytes_ = 0, target_bytes_ = 0;
  // By kind of interruption: how often, and how often the program got over it by itself.
  std::map<Interruption::Kind, std::pair<int, int>> struck_;
};

TEST_P(Interruptions, LeadToTheSameTargetInTheEnd) {
  learn_the_undisturbed();
  if (HasFailure() || IsSkipped()) return;
  const unsigned seed = number_from("MIGHOST_TEST_SEED", std::random_device{}());
  SCOPED_TRACE("MIGHOST_TEST_SEED=" + std::to_string(seed));
  std::mt19937 random(seed);
  const int wanted = static_cast<int>(
      number_from("MIGHOST_TEST_INTERRUPTIONS", static_cast<unsigned>(GetParam().interruptions)));
  int interruptions = 0, rounds = 0;
  while (interruptions < wanted) {
    interruptions += migrate(random, wanted - interruptions);
    ++rounds;
    if (!HasFailure()) expect_complete();
    if (HasFailure()) return;
  }
  std::cout << interruptions << " interruptions in " << rounds << " migrations of " << seconds_
            << " s\n";
  for (const auto& [kind, times] : struck_) {
    std::cout << "  " << name_of(kind) << ": " << times.first << ", " << times.second
              << " of them survived\n";
  }
}

// 200 in all. A run in chunks gets over most of them by itself, so that each costs a whole
// migration.
INSTANTIATE_TEST_SUITE_P(ReleaseOnly, Interruptions,
                         testing::Values(Campaign{&scope_run, 1, 65}, Campaign{&scope_run, 2, 65},
                                         Campaign{&scope_chunk, 1, 35},
                                         Campaign{&scope_chunk, 2, 35}),
                         [](const auto& test) {
                           return std::string(test.param.scope->name) + "_" +
                                  std::to_string(test.param.number);
                         });

}  // namespace
}  // namespace mighost::test
