#include "cli/run_command.hpp"

#include <gtest/gtest.h>

namespace mighost {
namespace {

TEST(RunCommand, ProgressStyle) {
  using Style = Progress::Style;
  Arguments arguments;
  EXPECT_EQ(progress_style(arguments, true), Style::terminal);
  EXPECT_EQ(progress_style(arguments, false), Style::lines);
  arguments.log_json = true;
  EXPECT_EQ(progress_style(arguments, true), Style::lines) << "JSON lines must stay JSON";
  arguments.log_json = false;
  arguments.progress = ProgressChoice::always;
  EXPECT_EQ(progress_style(arguments, false), Style::terminal);
  arguments.progress = ProgressChoice::never;
  EXPECT_EQ(progress_style(arguments, true), Style::none);
  arguments.progress = ProgressChoice::automatic;
  arguments.quiet = true;
  EXPECT_EQ(progress_style(arguments, true), Style::none);
}

void expect_same(const Error& error) {
  const Error again = error_from_text(error.exit(), error.what());
  EXPECT_EQ(again.exit(), error.exit());
  EXPECT_EQ(again.message(), error.message());
  EXPECT_EQ(again.where(), error.where());
  EXPECT_EQ(again.next(), error.next());
  EXPECT_STREQ(again.what(), error.what());
}

TEST(RunCommand, AnErrorSurvivesItsText) {
  expect_same({Exit::failed, "what"});
  expect_same({Exit::failed, "what\nin two lines", "where"});
  expect_same({Exit::vetoed, "what", "", "next"});
  expect_same({Exit::internal, "what", "where", "next\nin two lines"});
  expect_same({Exit::internal, ""});
}

}  // namespace
}  // namespace mighost
