// Scope family: each group of families commits by itself, so a run that dies between two of them is
// gone on with, or taken back.
#include <gtest/gtest.h>

#include "support/dataset.hpp"

namespace mighost::test {
namespace {

constexpr const char* of_latest =
    " FROM mighost.runs WHERE kind = 'run' ORDER BY started_at DESC LIMIT 1";

class ReleaseOnlyFamilyScope : public testing::Test {
 protected:
  ReleaseOnlyFamilyScope() : migration_(shipped_plugins()) {
    migration_.configure("[transaction]\nscope = \"family\"\n");
    fill(migration_, {"XS", 1, false, few_rows});
    empty_ = state();
  }
  std::string state() const {
    return migration_.target_structure() + row_digests(migration_.target_url(), timeless);
  }
  std::string finished() const {
    return migration_.target(
        "SELECT entity FROM mighost.loads WHERE status = 'finished' ORDER BY position");
  }
  void die_at(const std::string& orders) {
    const Outcome outcome = run_process(with_failpoints(migration_.run_command(), orders));
    ASSERT_EQ(outcome.signal, SIGKILL) << outcome.error;
    wait_for_sessions_to_end(migration_);
  }
  std::string latest(const std::string& column) const {
    std::string value = migration_.target("SELECT " + column + of_latest);
    value.pop_back();
    return value;
  }

  Migration migration_;
  std::string empty_;
};

TEST_F(ReleaseOnlyFamilyScope, AfterAKillAnywhereTheRunBecomesWhatItWouldHaveBeen) {
  const Outcome undisturbed = migration_.run();
  ASSERT_EQ(undisturbed.exit_code, 0) << undisturbed.error;
  const std::string wanted = state();
  for (const char* place :
       {"run.started=kill", "entity.loaded=kill@20", "run.concluding=kill@2", "run.checked=kill@3",
        "run.committing=kill@2", "run.committing=kill@3"}) {
    SCOPED_TRACE(place);
    empty_target(migration_.target_url());
    die_at(place);
    const std::string before = finished();
    const Outcome outcome = migration_.resume();
    EXPECT_EQ(outcome.exit_code, 0) << outcome.error;
    EXPECT_EQ(changed_lines(wanted, state()), "");
    EXPECT_EQ(latest("status"), "done");
    EXPECT_EQ(migration_.target("SELECT count(*) FROM mighost.loads"), "0\n") << before;
    EXPECT_EQ(migration_.target("SELECT count(*) FROM mighost.runs"), "1\n") << "it is one run";
  }
}

TEST_F(ReleaseOnlyFamilyScope, WhatIsCommittedStaysUntilItIsRolledBack) {
  die_at("run.committing=kill@2");
  EXPECT_NE(finished(), "");
  EXPECT_NE(changed_lines(empty_, state()), "");
  const Outcome refused = migration_.run();
  EXPECT_EQ(refused.exit_code, 2) << refused.error;
  EXPECT_NE(refused.error.find("mighost resume "), std::string::npos) << refused.error;
  const std::string run = latest("run_id");
  const Outcome undone = run_process(
      migration_.command({"rollback", run, "--config", migration_.config_file().string()}));
  EXPECT_EQ(undone.exit_code, 0) << undone.error;
  EXPECT_EQ(changed_lines(empty_, state()), "");
  EXPECT_EQ(latest("status"), "rolled-back");
  const Outcome again = migration_.run();
  EXPECT_EQ(again.exit_code, 0) << again.error;
}

/// Families that an earlier process has brought are not read again for the target: what changed in
/// the source since is counted.
TEST_F(ReleaseOnlyFamilyScope, TellsWhatHasChangedInTheSourceSinceAFamilyWasBrought) {
  die_at("run.committing=kill@3");
  ASSERT_NE(finished().find("core.offices\n"), std::string::npos) << finished();
  const std::string key = migration_.target(
      "SELECT legacy_office_id FROM offices WHERE legacy_office_id IS NOT NULL ORDER BY 1 LIMIT 1");
  migration_.source("UPDATE dispatch_office SET name = name || ' (moved)' WHERE id = " + key);
  const Outcome outcome = migration_.resume();
  EXPECT_EQ(outcome.exit_code, 0) << outcome.error;
  int told = 0;
  for (const auto& finding : migration_.report["findings"]) {
    if (finding["check"] != "source_drift") continue;
    ++told;
    EXPECT_EQ(finding["entity"], "core.offices");
    EXPECT_EQ(finding["offenders"], 1);
  }
  EXPECT_EQ(told, 1) << migration_.report["findings"].dump(1);
  EXPECT_EQ(migration_.target("SELECT count(*) FROM offices WHERE name LIKE '%(moved)'"), "0\n");
}

}  // namespace
}  // namespace mighost::test
