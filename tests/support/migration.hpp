#pragma once

// One migration in a test: a legacy and a target database of its own in the shared cluster, a
// configuration, the real program, and what came of it.

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "support/cluster.hpp"
#include "support/process.hpp"

namespace mighost::test {

class Migration {
 public:
  // `plugins` is a directory below the build's test-plugins/, or an absolute path.
  explicit Migration(const std::filesystem::path& plugins);
  ~Migration();
  Migration(const Migration&) = delete;
  Migration& operator=(const Migration&) = delete;

  Cluster& cluster() { return shared_cluster(); }
  const std::string& source_url() const { return source_url_; }
  const std::string& target_url() const { return target_url_; }
  std::string source(const std::string& sql) const { return psql(source_url_, sql); }
  std::string target(const std::string& sql) const { return psql(target_url_, sql); }

  // Put behind the [source] and [target] tables of the configuration.
  void configure(const std::string& toml) { more_config_ = toml; }
  const std::filesystem::path& directory() const { return directory_; }
  std::filesystem::path config_file() const { return directory_ / "run.toml"; }

  // `mighost run` with --json into a file; `report` is its content, null if none was written.
  Outcome run(const std::vector<std::string>& options = {});
  // The same with `mighost replay`, and with `mighost resume`.
  Outcome replay(const std::vector<std::string>& options = {});
  Outcome resume(const std::vector<std::string>& options = {});
  // Any command line behind the program's name; databases by environment.
  Command command(const std::vector<std::string>& arguments) const;
  Command run_command(const std::vector<std::string>& options = {});
  Command replay_command(const std::vector<std::string>& options = {});
  Command resume_command(const std::vector<std::string>& options = {});

  nlohmann::json report;
  // The report's object of one entity; a test failure is thrown when it is not there.
  nlohmann::json entity(const std::string& name) const;

  // Everything of the target that is not the ledger: schema as pg_dump writes it, and all rows.
  std::string target_structure() const;
  std::string target_rows() const;

 private:
  Command job(const std::string& word, const std::vector<std::string>& options);
  Outcome finish(const Command& job);

  std::filesystem::path plugins_, directory_;
  std::string source_url_, target_url_, source_name_, target_name_, more_config_;
};

// The program for tests, with these orders to its failpoints.
Command with_failpoints(Command command, const std::string& orders);

}  // namespace mighost::test
