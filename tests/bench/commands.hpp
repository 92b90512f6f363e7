// The programs that mighost-bench runs. One that fails ends the measurement with what it said.
#pragma once

#include <cstddef>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "support/process.hpp"

namespace mighost::bench {

class Failure : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Where configuration, reports and pgloader's log lie; below the build, kept for a look.
const std::filesystem::path& work_directory();

// A line for whoever waits; to standard error.
void say(const std::string& line);

// Whatever it ends with.
test::Outcome run_command(test::Command command);
// Throws Failure unless it ended with 0.
void require_success(const test::Command& command, const test::Outcome& outcome);
// Both.
test::Outcome run_checked(test::Command command);

// Through psql: rows by line, columns separated by '|'.
std::string sql(const std::string& url, const std::string& text);
// A file of tests/bench/sql with psql variables.
void sql_file(const std::string& url, const std::string& name,
              const std::vector<std::pair<std::string, std::string>>& variables = {});
std::filesystem::path sql_path(const std::string& name);

struct Databases {
  std::string source_url;
  std::string target_url;
};

struct Migration {
  double seconds = 0;  // of the whole process
  double resident_mib = 0;
  nlohmann::json report;
};

// `mighost WORD`, with the report into `report_file`.
test::Command mighost_command(const std::string& word, const Databases& databases,
                              const std::filesystem::path& plugins,
                              const std::vector<std::string>& options,
                              const std::string& more_config,
                              const std::filesystem::path& report_file);

// `mighost run` with the plugins of a directory. Throws Failure unless it is done and verified.
Migration migrate(const Databases& databases, const std::filesystem::path& plugins,
                  const std::vector<std::string>& options, const std::string& more_config = {});

// `mighost replay`, in the same way.
Migration replay(const Databases& databases, const std::filesystem::path& plugins,
                 const std::string& more_config = {});

// `mighost rollback` of that run. Throws Failure unless all of it is undone.
Migration roll_back(const Databases& databases, const std::string& run_id);

// For runs that are held against a floor which verifies nothing. What comparing costs is what the
// part verify measures.
inline constexpr char without_comparing[] = "[verify]\nat_end = false\n";

// The namespace of the new keys in every run.
inline constexpr char identity_namespace[] = "3d9b6f0e-6f5c-5d0b-9c52-0a4f1d7be8a1";

}  // namespace mighost::bench
