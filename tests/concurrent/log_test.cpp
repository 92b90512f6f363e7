#include "report/log.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <regex>
#include <thread>

namespace mighost {
namespace {

class LogTest : public testing::Test {
 protected:
  void TearDown() override { setup_log({}); }

  template <typename Function>
  static std::string stderr_of(Function function) {
    testing::internal::CaptureStderr();
    function();
    return testing::internal::GetCapturedStderr();
  }
  static std::filesystem::path file_of(const std::string& name) {
    return std::filesystem::path(testing::TempDir()) / (name + std::to_string(getpid()));
  }
  static std::string content(const std::filesystem::path& file) {
    std::ifstream stream(file);
    return {std::istreambuf_iterator<char>(stream), {}};
  }
};

TEST_F(LogTest, TextHasTimeLevelMessageAndFields) {
  setup_log({});
  const std::string line = stderr_of([] {
    log_warn("rows quarantined", {{"entity", "core.orders"}, {"rows", "12"}});
  });
  const std::regex form(R"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} warn  rows quarantined  )"
                        "entity=core.orders rows=12\n");
  EXPECT_TRUE(std::regex_match(line, form)) << line;
}

TEST_F(LogTest, TextQuotesValuesAndDefusesControlCharacters) {
  setup_log({});
  const std::string line = stderr_of([] {
    log_info("two\nlines", {{"a", "b c"}, {"d", ""}, {"e", "say \"x\"\x1b"}, {"f", "k=v"}});
  });
  EXPECT_NE(line.find("two\\nlines  a=\"b c\" d=\"\" e=\"say \\\"x\\\"\\x1b\" f=\"k=v\"\n"),
            std::string::npos)
      << line;
}

TEST_F(LogTest, LinesBelowTheLevelAreDropped) {
  LogOptions options;
  options.level = LogLevel::warn;
  setup_log(options);
  EXPECT_EQ(stderr_of([] { log_info("no"); }), "");
  EXPECT_NE(stderr_of([] { log(LogLevel::error, "yes"); }), "");
}

TEST_F(LogTest, JsonLinesAreJson) {
  LogOptions options;
  options.json = true;
  options.color = true;
  setup_log(options);
  const std::string line = stderr_of([] {
    log(LogLevel::error, "a \"quote\", a \\ and\na line",
        {{"entity", "core.orders"}, {"level", "5"}, {"bad", "\xff"}});
  });
  ASSERT_EQ(std::count(line.begin(), line.end(), '\n'), 1) << line;
  const auto parsed = nlohmann::json::parse(line);
  EXPECT_EQ(parsed["level"], "error");
  EXPECT_EQ(parsed["message"], "a \"quote\", a \\ and\na line");
  EXPECT_EQ(parsed["entity"], "core.orders");
  EXPECT_EQ(parsed["level_"], "5") << "a member may stand only once";
  EXPECT_EQ(parsed["bad"], "\ufffd");
  const std::regex utc(R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)");
  EXPECT_TRUE(std::regex_match(parsed["ts"].get<std::string>(), utc)) << line;
}

TEST_F(LogTest, PercentAndBracesAreNoFormat) {
  setup_log({});
  const std::string line = stderr_of([] { log_info("100 % of {} and %v"); });
  EXPECT_NE(line.find("100 % of {} and %v\n"), std::string::npos) << line;
}

TEST_F(LogTest, ColorMarksTheLevelOnly) {
  LogOptions options;
  options.color = true;
  setup_log(options);
  EXPECT_NE(stderr_of([] { log_warn("m"); }).find(" \x1b[33mwarn \x1b[0m m\n"), std::string::npos);
  EXPECT_EQ(stderr_of([] { log_info("m"); }).find('\x1b'), std::string::npos);
}

TEST_F(LogTest, TheFileGetsEveryLineWithoutColor) {
  const auto file = file_of("mighost-log-");
  std::filesystem::remove(file);
  LogOptions options;
  options.color = true;
  options.file = file;
  setup_log(options);
  const std::string shown = stderr_of([] { log_warn("first"); });
  EXPECT_NE(shown.find("first"), std::string::npos);
  EXPECT_NE(content(file).find("warn  first\n"), std::string::npos) << "flushed at once";
  EXPECT_EQ(content(file).find('\x1b'), std::string::npos);
  setup_log(options);
  stderr_of([] { log_info("second"); });
  EXPECT_NE(content(file).find("first"), std::string::npos) << "appended, not overwritten";
  EXPECT_NE(content(file).find("second"), std::string::npos);
  std::filesystem::remove(file);
}

TEST_F(LogTest, AnImpossibleFileIsAnErrorWithARemedy) {
  LogOptions options;
  options.file = testing::TempDir() + "/no/such/directory/run.log";
  try {
    setup_log(options);
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.exit(), Exit::usage);
    EXPECT_EQ(error.message(), "the directory of the log file does not exist");
    EXPECT_EQ(error.where(), options.file->string());
    EXPECT_NE(error.next().find("--log-file"), std::string::npos);
  }
  options.file = testing::TempDir();
  EXPECT_THROW(setup_log(options), Error) << "a directory is no log file";
}

TEST_F(LogTest, FailureHasThreePartsOnStderrAndOneLineInTheFile) {
  const auto file = file_of("mighost-failure-");
  std::filesystem::remove(file);
  LogOptions options;
  options.file = file;
  setup_log(options);
  const Error error(Exit::usage, "what happened", "run.toml:1:2", "do this");
  EXPECT_EQ(stderr_of([&] { log_failure(error); }),
            "mighost: error: what happened\n  where: run.toml:1:2\n  next:  do this\n");
  EXPECT_NE(content(file).find("error what happened  where=run.toml:1:2 next=\"do this\"\n"),
            std::string::npos)
      << content(file);
  std::filesystem::remove(file);

  options = {};
  options.json = true;
  setup_log(options);
  const auto parsed = nlohmann::json::parse(stderr_of([&] { log_failure(error); }));
  EXPECT_EQ(parsed["level"], "error");
  EXPECT_EQ(parsed["message"], "what happened");
  EXPECT_EQ(parsed["where"], "run.toml:1:2");
  EXPECT_EQ(parsed["next"], "do this");
}

TEST_F(LogTest, LevelNames) {
  EXPECT_EQ(log_level("debug"), LogLevel::debug);
  EXPECT_EQ(log_level("error"), LogLevel::error);
  EXPECT_EQ(log_level("loud"), std::nullopt);
}

TEST(ConcurrentLog, ThreadsDoNotMixTheirLines) {
  setup_log({});
  testing::internal::CaptureStderr();
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([] {
        for (int i = 0; i < 200; ++i) log_info("message", {{"entity", "core.orders"}});
      });
    }
    for (int i = 0; i < 20; ++i) setup_log({});
  }
  const std::string text = testing::internal::GetCapturedStderr();
  std::istringstream stream(text);
  int lines = 0;
  for (std::string line; std::getline(stream, line); ++lines) {
    EXPECT_TRUE(line.ends_with("info  message  entity=core.orders")) << line;
  }
  EXPECT_EQ(lines, 800);
}

}  // namespace
}  // namespace mighost
