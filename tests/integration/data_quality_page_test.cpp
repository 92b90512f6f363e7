// docs/data-quality.md, from the run to the last verification, as a reader would go through it.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "support/dataset.hpp"
#include "support/page.hpp"

namespace mighost::test {
namespace {

namespace fs = std::filesystem;

TEST(ReleaseOnlyDataQualityPage, LeadsFromTheFirstRejectToBalancedBooks) {
  Migration migration(fs::path(MIGHOST_PLUGINS_DIR));
  lay_out_tree(migration.directory());
  auto environment = migration.command({}).environment;
  environment["PSQLRC"] = "/dev/null";
  EXPECT_EQ(
      follow_page(MIGHOST_SOURCE_DIR "/docs/data-quality.md", migration.directory(), environment),
      "");
}

TEST(DataQualityPage, WouldNotPassWithAnotherFigureOrInAnotherOrder) {
  Migration migration(fs::path(MIGHOST_PLUGINS_DIR));
  const auto follow = [&](const std::string& excerpt) {
    const fs::path page = migration.directory() / "page.md";
    std::ofstream(page) << "```sh\nprintf 'orders   12  3\\nread in 5 s\\n'\n```\n```text\n"
                        << excerpt << "```\n";
    return follow_page(page, migration.directory(), {});
  };
  EXPECT_EQ(follow("orders 12\n...\nread in ... s\n"), "");
  EXPECT_NE(follow("orders 13\n"), "");
  EXPECT_NE(follow("read in ... s\norders 12 3\n"), "");
  EXPECT_NE(follow("orders ... s\n"), "");
}

}  // namespace
}  // namespace mighost::test
