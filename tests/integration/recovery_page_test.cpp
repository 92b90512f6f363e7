// docs/recovery.md as an operator would go through it: killed, cut off, locked out, taken back.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "support/dataset.hpp"
#include "support/page.hpp"

namespace mighost::test {
namespace {

namespace fs = std::filesystem;

TEST(ReleaseOnlyRecoveryPage, LeadsOutOfEveryFailureThatItShows) {
  Migration migration(fs::path(MIGHOST_PLUGINS_DIR));
  lay_out_tree(migration.directory());
  auto environment = migration.command({}).environment;
  environment["PSQLRC"] = "/dev/null";
  EXPECT_EQ(follow_page(MIGHOST_SOURCE_DIR "/docs/recovery.md", migration.directory(), environment),
            "");
}

}  // namespace
}  // namespace mighost::test
