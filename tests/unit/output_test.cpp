#include "cli/output.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <fstream>

#include "report/error.hpp"

namespace mighost {
namespace {

namespace fs = std::filesystem;

class OutputTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string path = testing::TempDir() + "mighost-output-XXXXXX";
    ASSERT_NE(mkdtemp(path.data()), nullptr);
    directory_ = path;
    file_ = directory_ / "report.json";
  }
  void TearDown() override { fs::remove_all(directory_); }

  static std::string content(const fs::path& file) {
    std::ifstream stream(file);
    return {std::istreambuf_iterator<char>(stream), {}};
  }
  std::size_t files() const {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(directory_), fs::directory_iterator()));
  }

  fs::path directory_, file_;
};

TEST_F(OutputTest, ReplacesTheFileWhenComplete) {
  std::ofstream(file_) << "old";
  {
    JsonOutput output(file_.string());
    EXPECT_TRUE(output.wanted());
    EXPECT_FALSE(output.on_stdout());
    EXPECT_EQ(content(file_), "old") << "not touched before the new one is there";
    output.write("{}\n");
    EXPECT_EQ(content(file_), "{}\n");
  }
  EXPECT_EQ(content(file_), "{}\n");
  EXPECT_EQ(files(), 1U) << "no temporary file is left";
}

TEST_F(OutputTest, LeavesNothingBehindWithoutAResult) {
  { const JsonOutput output(file_.string()); }
  EXPECT_EQ(files(), 0U);
}

TEST_F(OutputTest, KeepsSymbolicLinks) {
  const fs::path link = directory_ / "link.json";
  fs::create_symlink(file_, link);
  std::ofstream(file_) << "old";
  JsonOutput(link.string()).write("new");
  EXPECT_TRUE(fs::is_symlink(link));
  EXPECT_EQ(content(file_), "new");
}

TEST_F(OutputTest, WritesToDevicesWithoutReplacingThem) {
  JsonOutput("/dev/null").write("{}");
  EXPECT_TRUE(fs::is_character_file("/dev/null"));
}

TEST_F(OutputTest, BadPathsAreToldBeforeTheWorkBegins) {
  const auto complaint = [](const std::string& where) {
    try {
      const JsonOutput output(where);
    } catch (const Error& error) {
      EXPECT_EQ(error.exit(), Exit::usage);
      EXPECT_EQ(error.where(), where);
      EXPECT_NE(error.next(), "");
      return error.message();
    }
    return std::string("no complaint");
  };
  EXPECT_EQ(complaint("/no/such/directory/report.json"),
            "the file of --json cannot be written: No such file or directory");
  EXPECT_EQ(complaint(directory_.string()), "the file of --json is a directory");
}

TEST_F(OutputTest, AFullDiskIsAnError) {
  JsonOutput output("/dev/full");
  try {
    output.write("{}");
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.exit(), Exit::failed);
    EXPECT_EQ(error.message(), "the file of --json cannot be written: No space left on device");
  }
}

TEST_F(OutputTest, NothingWantedNothingWritten) {
  JsonOutput output(std::nullopt);
  EXPECT_FALSE(output.wanted());
  testing::internal::CaptureStdout();
  output.write("{}");
  EXPECT_EQ(testing::internal::GetCapturedStdout(), "");
}

TEST_F(OutputTest, DashMeansStdout) {
  JsonOutput output("-");
  EXPECT_TRUE(output.on_stdout());
  testing::internal::CaptureStdout();
  output.write("{}\n");
  EXPECT_EQ(testing::internal::GetCapturedStdout(), "{}\n");
}

// Runs `function` with stdout replaced by `descriptor`.
template <typename Function>
void with_stdout(int descriptor, Function function) {
  const int kept = dup(STDOUT_FILENO);
  ASSERT_GE(kept, 0);
  dup2(descriptor, STDOUT_FILENO);
  function();
  dup2(kept, STDOUT_FILENO);
  close(kept);
}

TEST_F(OutputTest, AReaderThatWentAwayIsNoError) {
  const auto before = std::signal(SIGPIPE, SIG_IGN);
  int ends[2] = {-1, -1};
  ASSERT_EQ(pipe(ends), 0);
  close(ends[0]);
  with_stdout(ends[1], [] { EXPECT_NO_THROW(print_result("text")); });
  close(ends[1]);
  std::signal(SIGPIPE, before);
}

TEST_F(OutputTest, AResultThatCannotBePrintedIsAnError) {
  const int full = open("/dev/full", O_WRONLY);
  ASSERT_GE(full, 0);
  with_stdout(full, [] { EXPECT_THROW(print_result("text"), Error); });
  close(full);
}

}  // namespace
}  // namespace mighost
