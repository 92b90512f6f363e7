// The program that people use knows nothing of failpoints; the one for tests obeys them.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "report/failpoint.hpp"
#include "support/process.hpp"

namespace mighost::test {
namespace {

std::string bytes_of(const std::string& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

Outcome with_orders(const std::string& program, const std::string& orders) {
  Command command;
  command.arguments = {program, "--version"};
  command.environment = {{"MIGHOST_FAILPOINTS", orders}};
  return run_process(std::move(command));
}

TEST(ReleaseOnlyFailpoints, AreNotInTheProgramThatIsShipped) {
  const std::string variable = "MIGHOST_FAILPOINTS";
  EXPECT_NE(bytes_of(MIGHOST_FAILPOINT_EXECUTABLE).find(variable), std::string::npos);
  EXPECT_EQ(bytes_of(MIGHOST_EXECUTABLE).find(variable), std::string::npos);
  EXPECT_EQ(with_orders(MIGHOST_EXECUTABLE, "no.such.place=explode").exit_code, 0);
}

TEST(Failpoints, AWrongOrderIsRefusedAtTheStartWithTheNames) {
  EXPECT_EQ(with_orders(MIGHOST_FAILPOINT_EXECUTABLE, "run.started=kill").exit_code, 0);
  const Outcome outcome = with_orders(MIGHOST_FAILPOINT_EXECUTABLE, "no.such.place=kill");
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_NE(outcome.error.find("'no.such.place'"), std::string::npos) << outcome.error;
  for (const std::string_view name : failpoint_names) {
    EXPECT_NE(outcome.error.find(name), std::string::npos) << outcome.error;
  }
}

}  // namespace
}  // namespace mighost::test
