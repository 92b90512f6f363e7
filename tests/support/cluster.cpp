#include "support/cluster.hpp"

#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <stdexcept>

#include "support/process.hpp"
#include "support/psql_program.hpp"

namespace mighost::test {
namespace {

constexpr char script[] = MIGHOST_SOURCE_DIR "/tests/support/cluster";

std::filesystem::path make_directory() {
  std::string name = (std::filesystem::temp_directory_path() / "mighost-cluster.XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) {
    throw std::runtime_error("cannot create a directory like " + name);
  }
  // When root runs the tests, the server's user must get through.
  using std::filesystem::perms;
  std::filesystem::permissions(name, perms::owner_all | perms::group_exec | perms::others_exec);
  return name;
}

std::string quote_identifier(const std::string& name) {
  std::string quoted = "\"";
  for (const char character : name) {
    if (character == '"') quoted += '"';
    quoted += character;
  }
  return quoted + '"';
}

}  // namespace

std::string psql(const std::string& url, const std::string& sql) {
  Command command;
  command.arguments = {psql_program(), "--no-psqlrc",     "--quiet", "--no-align", "--tuples-only",
                       "-v",           "ON_ERROR_STOP=1", "--file",  "-",          url};
  command.environment = {{"PGOPTIONS", std::nullopt}, {"PGSERVICE", std::nullopt}};
  command.input = sql;
  const Outcome outcome = run_process(command);
  if (outcome.exit_code != 0) {
    const std::string reason = outcome.timed_out ? "psql timed out\n" : "psql failed\n";
    throw std::runtime_error(reason + outcome.error);
  }
  return outcome.output;
}

Cluster::Cluster() : directory_(make_directory()) {
  try {
    run_script("up", "--owner", std::to_string(::getpid()));
  } catch (...) {
    std::filesystem::remove_all(directory_);
    throw;
  }
  read_state();
}

Cluster::~Cluster() {
  try {
    run_script("down");
    std::filesystem::remove_all(directory_);
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
  }
}

std::string Cluster::url(std::string_view database) const {
  return "postgresql://mighost@:5432/" + std::string(database) + "?host=" + socket_directory_;
}

std::string Cluster::psql(const std::string& url, const std::string& sql) const {
  return test::psql(url, sql);
}

void Cluster::create_database(const std::string& name) {
  psql(url("postgres"), "CREATE DATABASE " + quote_identifier(name));
}

void Cluster::drop_database(const std::string& name) {
  psql(url("postgres"), "DROP DATABASE IF EXISTS " + quote_identifier(name) + " WITH (FORCE)");
}

void Cluster::stop(bool immediate) { run_script("stop", immediate ? "immediate" : "fast"); }

void Cluster::start() {
  run_script("start");
  read_state();
}

void Cluster::run_script(const std::string& action, const std::string& option,
                         const std::string& value) const {
  Command command;
  command.arguments = {script, action, directory_.string()};
  if (!option.empty()) command.arguments.push_back(option);
  if (!value.empty()) command.arguments.push_back(value);
  command.environment = {{"MIGHOST_CLUSTER_TEMPLATE", MIGHOST_BINARY_DIR "/cluster-template"}};
  const Outcome outcome = run_process(command);
  if (outcome.exit_code != 0) {
    throw std::runtime_error("cluster " + action + " failed\n" + outcome.error);
  }
}

void Cluster::read_state() {
  std::ifstream state(directory_ / "state");
  std::string line;
  while (std::getline(state, line)) {
    if (line.starts_with("data=")) data_directory_ = line.substr(5);
    if (line.starts_with("socket=")) socket_directory_ = line.substr(7);
  }
}

Cluster& shared_cluster() {
  static Cluster cluster;
  return cluster;
}

}  // namespace mighost::test
