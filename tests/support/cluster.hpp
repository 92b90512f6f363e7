#pragma once

// A private PostgreSQL cluster for tests. The work is done by the script tests/support/cluster,
// which `./dev db` uses too. Starting one takes about a second.

#include <filesystem>
#include <string>
#include <string_view>

namespace mighost::test {

// Runs SQL through psql and returns what it prints: rows by line, columns separated by '|', no
// headers. Throws std::runtime_error with psql's message when a statement fails.
std::string psql(const std::string& url, const std::string& sql);

class Cluster {
 public:
  // Creates a cluster with the empty databases `legacy` and `target` in a fresh directory and
  // starts it. Throws std::runtime_error. It also goes down when this process is killed.
  Cluster();
  ~Cluster();
  Cluster(const Cluster&) = delete;
  Cluster& operator=(const Cluster&) = delete;

  std::string url(std::string_view database) const;
  std::string psql(const std::string& url, const std::string& sql) const;
  void create_database(const std::string& name);
  // Ends the sessions that are connected to it. No error when it does not exist.
  void drop_database(const std::string& name);

  // Keeps the data. `immediate` is the crash: no checkpoint, sessions cut off.
  void stop(bool immediate = false);
  void start();

  // What a client connects to.
  std::filesystem::path socket_file() const { return socket_directory_ + "/.s.PGSQL.5432"; }
  const std::filesystem::path& data_directory() const { return data_directory_; }

 private:
  void run_script(const std::string& action, const std::string& option = {},
                  const std::string& value = {}) const;
  void read_state();

  std::filesystem::path directory_;
  std::filesystem::path data_directory_;
  std::string socket_directory_;
};

// One cluster for the whole test executable, started when it is first asked for. Tests that share
// it give their databases names of their own.
Cluster& shared_cluster();

}  // namespace mighost::test
