#include "support/migration.hpp"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace mighost::test {
namespace {

std::string read_file(const std::filesystem::path& file) {
  std::ifstream stream(file);
  std::stringstream text;
  text << stream.rdbuf();
  return text.str();
}

std::string dump(const std::string& url, const std::string& what) {
  const Outcome outcome = run_process({{"pg_dump", what, "--schema=public", "--dbname=" + url},
                                       {},
                                       {},
                                       {},
                                       std::chrono::minutes(5)});
  if (outcome.exit_code != 0) throw std::runtime_error("pg_dump: " + outcome.error);
  // Newer pg_dump releases print a random word that guards the script.
  std::string script = outcome.output;
  for (const char* guard : {"\n\\restrict ", "\n\\unrestrict "}) {
    const auto begin = script.find(guard);
    if (begin != std::string::npos) script.erase(begin, script.find('\n', begin + 1) - begin);
  }
  return script;
}

}  // namespace

Migration::Migration(const std::filesystem::path& plugins) {
  static std::atomic<int> count{0};
  const std::string number = std::to_string(++count);
  plugins_ = plugins.is_absolute()
                 ? plugins
                 : std::filesystem::path(MIGHOST_BINARY_DIR) / "test-plugins" / plugins;
  directory_ = std::filesystem::temp_directory_path() /
               ("mighost-test-" + std::to_string(getpid()) + "-" + number);
  std::filesystem::create_directories(directory_);
  source_name_ = "legacy_" + number;
  target_name_ = "target_" + number;
  shared_cluster().create_database(source_name_);
  shared_cluster().create_database(target_name_);
  source_url_ = shared_cluster().url(source_name_);
  target_url_ = shared_cluster().url(target_name_);
}

Migration::~Migration() {
  std::error_code ignored;
  std::filesystem::remove_all(directory_, ignored);
  try {
    shared_cluster().drop_database(source_name_);
    shared_cluster().drop_database(target_name_);
  } catch (const std::exception&) {
    return;  // a test may have stopped the server
  }
}

Command Migration::command(const std::vector<std::string>& arguments) const {
  Command command;
  command.arguments = {MIGHOST_EXECUTABLE};
  command.arguments.insert(command.arguments.end(), arguments.begin(), arguments.end());
  command.environment = {{"MIGHOST_SOURCE_URL", source_url_},
                         {"MIGHOST_TARGET_URL", target_url_},
                         {"LSAN_OPTIONS", "print_suppressions=0:suppressions=" MIGHOST_SOURCE_DIR
                                          "/tests/support/leaks.supp"}};
  command.timeout = std::chrono::minutes(8);
  return command;
}

Command Migration::run_command(const std::vector<std::string>& options) {
  return job("run", options);
}

Command Migration::replay_command(const std::vector<std::string>& options) {
  return job("replay", options);
}

Command Migration::resume_command(const std::vector<std::string>& options) {
  return job("resume", options);
}

Command Migration::job(const std::string& word, const std::vector<std::string>& options) {
  std::ofstream(config_file()) << "[source]\nurl = \"env:MIGHOST_SOURCE_URL\"\n"
                                  "[target]\nurl = \"env:MIGHOST_TARGET_URL\"\n"
                               << more_config_;
  std::vector<std::string> arguments = {word,
                                        "--plugins",
                                        plugins_.string(),
                                        "--config",
                                        config_file().string(),
                                        "--json",
                                        (directory_ / "report.json").string()};
  arguments.insert(arguments.end(), options.begin(), options.end());
  return command(arguments);
}

Outcome Migration::run(const std::vector<std::string>& options) {
  return finish(run_command(options));
}

Outcome Migration::replay(const std::vector<std::string>& options) {
  return finish(replay_command(options));
}

Outcome Migration::resume(const std::vector<std::string>& options) {
  return finish(resume_command(options));
}

Outcome Migration::finish(const Command& job) {
  const auto file = directory_ / "report.json";
  std::filesystem::remove(file);
  Outcome outcome = run_process(job);
  report =
      std::filesystem::exists(file) ? nlohmann::json::parse(read_file(file)) : nlohmann::json();
  return outcome;
}

nlohmann::json Migration::entity(const std::string& name) const {
  if (report.is_object()) {
    for (const auto& entity : report.at("entities")) {
      if (entity.at("name") == name) return entity;
    }
  }
  throw std::runtime_error("the report has no entity " + name + ": " + report.dump());
}

std::string Migration::target_structure() const { return dump(target_url_, "--schema-only"); }

std::string Migration::target_rows() const {
  // Sorted, because the order of rows in a table is not part of its content.
  std::string rows = dump(target_url_, "--data-only");
  std::vector<std::string> lines;
  std::stringstream stream(rows);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  std::sort(lines.begin(), lines.end());
  std::string sorted;
  for (const auto& line : lines) sorted += line + "\n";
  return sorted;
}

Command with_failpoints(Command command, const std::string& orders) {
  command.arguments.front() = MIGHOST_FAILPOINT_EXECUTABLE;
  command.environment["MIGHOST_FAILPOINTS"] = orders;
  return command;
}

}  // namespace mighost::test
