#include "commands.hpp"

#include <fstream>
#include <iostream>

#include "figures.hpp"

namespace mighost::bench {
namespace {

constexpr auto patience = std::chrono::hours(2);

const std::map<std::string, std::optional<std::string>> no_libpq_settings = {
    {"PGOPTIONS", std::nullopt}, {"PGSERVICE", std::nullopt}};

std::string in_words(const test::Command& command, const test::Outcome& outcome) {
  std::string words = command.arguments.front();
  if (outcome.timed_out) return words + " took longer than two hours";
  if (outcome.signal != 0) return words + " was ended by signal " + std::to_string(outcome.signal);
  return words + " ended with exit code " + std::to_string(outcome.exit_code);
}

std::filesystem::path write_config(const std::string& more) {
  std::filesystem::path file = work_directory() / "run.toml";
  std::ofstream stream(file);
  stream << "[source]\nurl = \"env:MIGHOST_SOURCE_URL\"\n"
            "[target]\nurl = \"env:MIGHOST_TARGET_URL\"\n"
            "[identity]\nnamespace = \""
         << identity_namespace << "\"\n"
         << more;
  stream.close();
  if (!stream) throw Failure("cannot write " + file.string());
  return file;
}

std::vector<std::string> psql_words(const std::string& url) {
  return {"psql",          "--no-psqlrc", "--quiet",         "--no-align",
          "--tuples-only", "-v",          "ON_ERROR_STOP=1", url};
}

}  // namespace

const std::filesystem::path& work_directory() {
  static const std::filesystem::path directory = [] {
    const auto path = std::filesystem::path(MIGHOST_BINARY_DIR) / "bench-work";
    std::filesystem::create_directories(path);
    return path;
  }();
  return directory;
}

void say(const std::string& line) { std::cerr << "mighost-bench: " << line << std::endl; }

test::Outcome run_command(test::Command command) {
  command.timeout = patience;
  command.environment.insert(no_libpq_settings.begin(), no_libpq_settings.end());
  return test::run_process(command);
}

void require_success(const test::Command& command, const test::Outcome& outcome) {
  if (outcome.exit_code == 0) return;
  const std::string& said = outcome.error.empty() ? outcome.output : outcome.error;
  throw Failure(in_words(command, outcome) + "; it said:\n" + said);
}

test::Outcome run_checked(test::Command command) {
  test::Outcome outcome = run_command(command);
  require_success(command, outcome);
  return outcome;
}

std::string sql(const std::string& url, const std::string& text) {
  test::Command command;
  command.arguments = psql_words(url);
  command.input = text;
  std::string printed = run_checked(std::move(command)).output;
  while (printed.ends_with('\n')) printed.pop_back();
  return printed;
}

void sql_file(const std::string& url, const std::string& name,
              const std::vector<std::pair<std::string, std::string>>& variables) {
  test::Command command;
  command.arguments = psql_words(url);
  for (const auto& [variable, value] : variables) {
    command.arguments.insert(command.arguments.end(), {"-v", variable + "=" + value});
  }
  command.arguments.insert(command.arguments.end(), {"--file", sql_path(name).string()});
  run_checked(std::move(command));
}

std::filesystem::path sql_path(const std::string& name) {
  return std::filesystem::path(MIGHOST_SOURCE_DIR) / "tests" / "bench" / "sql" / name;
}

test::Command mighost_command(const std::string& word, const Databases& databases,
                              const std::filesystem::path& plugins,
                              const std::vector<std::string>& options,
                              const std::string& more_config,
                              const std::filesystem::path& report_file) {
  test::Command command;
  command.arguments = {
      MIGHOST_EXECUTABLE,        word,     "--plugins",          plugins.string(), "--config",
      write_config(more_config), "--json", report_file.string(), "--progress",     "never"};
  command.arguments.insert(command.arguments.end(), options.begin(), options.end());
  command.environment = {{"MIGHOST_SOURCE_URL", databases.source_url},
                         {"MIGHOST_TARGET_URL", databases.target_url}};
  command.timeout = patience;
  return command;
}

namespace {

Migration finished(const std::string& word, const Databases& databases,
                   const std::filesystem::path& plugins, const std::vector<std::string>& options,
                   const std::string& more_config) {
  const std::filesystem::path report_file = work_directory() / "report.json";
  std::filesystem::remove(report_file);
  test::Command command =
      mighost_command(word, databases, plugins, options, more_config, report_file);
  command.arguments.emplace_back("--quiet");
  const test::Outcome outcome = run_checked(std::move(command));
  Migration migration;
  migration.seconds = outcome.seconds;
  migration.resident_mib = static_cast<double>(outcome.resident_bytes_max) / mebibyte;
  std::ifstream stream(report_file);
  migration.report = nlohmann::json::parse(stream, nullptr, false);
  if (migration.report.is_discarded() || migration.report.value("status", "") != "done" ||
      !migration.report.value("verified", false)) {
    throw Failure("mighost ended with 0, but " + report_file.string() +
                  " does not say that the run is done and verified");
  }
  return migration;
}

}  // namespace

Migration migrate(const Databases& databases, const std::filesystem::path& plugins,
                  const std::vector<std::string>& options, const std::string& more_config) {
  return finished("run", databases, plugins, options, more_config);
}

Migration replay(const Databases& databases, const std::filesystem::path& plugins,
                 const std::string& more_config) {
  return finished("replay", databases, plugins, {}, more_config);
}

Migration roll_back(const Databases& databases, const std::string& run_id) {
  test::Command command;
  command.arguments = {MIGHOST_EXECUTABLE, "rollback", run_id, "--config",
                       write_config({}),   "--json",   "-"};
  command.environment = {{"MIGHOST_SOURCE_URL", databases.source_url},
                         {"MIGHOST_TARGET_URL", databases.target_url}};
  const test::Outcome outcome = run_checked(std::move(command));
  Migration undone;
  undone.seconds = outcome.seconds;
  undone.resident_mib = static_cast<double>(outcome.resident_bytes_max) / mebibyte;
  undone.report = nlohmann::json::parse(outcome.output);
  if (undone.report.at("status") != "done" || undone.report.at("whole") != true) {
    throw Failure("mighost rollback did not undo all: " + outcome.output);
  }
  return undone;
}

}  // namespace mighost::bench
