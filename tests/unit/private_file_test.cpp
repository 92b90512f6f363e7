#include "cli/private_file.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <iterator>

#include "report/error.hpp"

namespace mighost {
namespace {

namespace fs = std::filesystem;

class PrivateFileTest : public testing::Test {
 protected:
  void SetUp() override {
    fs::create_directories(directory_);
    umask(0);
  }
  void TearDown() override {
    umask(022);
    fs::remove_all(directory_);
  }
  static std::string content(const fs::path& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
  }
  static unsigned mode(const fs::path& file) {
    struct stat status = {};
    EXPECT_EQ(stat(file.c_str(), &status), 0);
    return status.st_mode & 0777U;
  }
  std::size_t files() const {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(directory_), fs::directory_iterator{}));
  }
  const fs::path directory_ =
      fs::path(testing::TempDir()) / ("mighost-private-" + std::to_string(getpid()));
  const fs::path file_ = directory_ / "rows.csv";
};

TEST_F(PrivateFileTest, IsForItsOwnerOnlyEvenWhereAnOlderOneWasForAll) {
  std::ofstream(file_) << "old";
  ASSERT_EQ(chmod(file_.c_str(), 0644), 0);
  const std::string large(600'000, 'x');
  {
    PrivateFile file(file_);
    file.write("a\n");
    file.write(large);
    EXPECT_EQ(content(file_), "old") << "the old file stands until the new one is complete";
    for (const auto& entry : fs::directory_iterator(directory_)) {
      const bool old = entry.path() == file_;
      EXPECT_EQ(mode(entry.path()), old ? 0644U : 0600U);
    }
    file.finish();
  }
  EXPECT_EQ(mode(file_), 0600U);
  EXPECT_EQ(content(file_), "a\n" + large);
  EXPECT_EQ(files(), 1U);
}

TEST_F(PrivateFileTest, LeavesNothingBehindWhenItIsNotFinished) {
  { PrivateFile(file_).write("a"); }
  EXPECT_EQ(files(), 0U);
}

TEST_F(PrivateFileTest, ComplainsAboutBadPathsAtOnce) {
  const auto exit_of = [](const fs::path& file) {
    try {
      const PrivateFile opened(file);
      return Exit::done;
    } catch (const Error& error) {
      EXPECT_FALSE(error.next().empty());
      return error.exit();
    }
  };
  EXPECT_EQ(exit_of(directory_), Exit::usage);
  EXPECT_EQ(exit_of(directory_ / "nowhere" / "rows.csv"), Exit::usage);
  EXPECT_EQ(exit_of("/dev/null"), Exit::usage);
}

}  // namespace
}  // namespace mighost
