// The target's disk is full in the middle of a migration: it says so, leaves nothing half done, and
// the same command works when there is room again.
#include <gtest/gtest.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <functional>
#include <iostream>

#include "integration/crowd_databases.hpp"
#include "support/dataset.hpp"
#include "support/sessions.hpp"
#include "support/target_state.hpp"

namespace mighost::test {
namespace {

std::filesystem::path directory_of_server(const Cluster& cluster) {
  const auto directory = cluster.data_directory() / "small-disk";
  std::filesystem::create_directory(directory);
  // The server's user must own it.
  const Outcome owner = run_process(
      {{"chown", "--reference=" + cluster.data_directory().string(), directory.string()},
       {},
       {},
       {},
       std::chrono::seconds(10)});
  if (owner.exit_code != 0) throw std::runtime_error(owner.error);
  std::filesystem::permissions(directory, std::filesystem::perms::owner_all);
  return directory;
}

/// A file system in memory that holds so much; only root may make one.
class SmallDisk {
 public:
  SmallDisk(std::filesystem::path place, const std::string& size) : place_(std::move(place)) {
    struct stat status {};
    ::stat(place_.c_str(), &status);
    const std::string options = "size=" + size + ",mode=700,uid=" + std::to_string(status.st_uid) +
                                ",gid=" + std::to_string(status.st_gid);
    mounted_ =
        ::mount("tmpfs", place_.c_str(), "tmpfs", MS_NOSUID | MS_NODEV, options.c_str()) == 0;
    if (!mounted_) problem_ = std::strerror(errno);
  }
  ~SmallDisk() {
    if (mounted_) ::umount2(place_.c_str(), MNT_DETACH);
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;

  bool mounted() const { return mounted_; }
  const std::string& problem() const { return problem_; }
  void resize(const std::string& size) const {
    const std::string options = "size=" + size;
    if (::mount("tmpfs", place_.c_str(), "tmpfs", MS_REMOUNT, options.c_str()) != 0) {
      throw std::runtime_error(std::string("remount: ") + std::strerror(errno));
    }
  }

 private:
  std::filesystem::path place_;
  std::string problem_;
  bool mounted_ = false;
};

/// No file of a server that is started meanwhile becomes larger.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{bytes, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileSizeLimit() { ::setrlimit(RLIMIT_FSIZE, &before_); }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;

 private:
  rlimit before_{};
};

struct Scope {
  const char* name;
  const char* config;
  const char* again;
};

void PrintTo(const Scope& scope, std::ostream* out) { *out << scope.name; }

class DiskFull : public testing::TestWithParam<Scope> {
 protected:
  DiskFull() {
    migration_.configure(std::string("[load]\ndefer = \"always\"\n") + GetParam().config);
    migration_.source(crowd_source());
    // Too much for the small disk, and for one file.
    migration_.source(
        "INSERT INTO people SELECT i, rpad(i::text, 500, 'x'), 1 FROM generate_series(20001, "
        "60000) "
        "AS i");
  }

  Outcome migrate(const std::string& word) {
    Command command = migration_.run_command();
    command.arguments[1] = word;
    command.environment["MIGHOST_TARGET_URL"] = url();
    return run_process(command);
  }
  std::string url() const { return cluster_.url("target"); }

  void expect_a_full_disk_and_then_success(const std::function<void()>& make_room) {
    const std::string before = database_state(url());
    Outcome outcome = migrate("run");
    if (outcome.error.find("this version has no transaction scope") != std::string::npos) {
      GTEST_SKIP() << "scope chunk is not there yet";
    }
    EXPECT_EQ(outcome.exit_code, 3) << outcome.error;
    EXPECT_NE(outcome.error.find("(SQLSTATE 53100)"), std::string::npos) << outcome.error;
    EXPECT_NE(outcome.error.find("next:"), std::string::npos) << outcome.error;
    wait_for_clients_to_end(url());
    if (GetParam().again == std::string("run")) {
      EXPECT_NE(outcome.error.find("nothing was committed"), std::string::npos) << outcome.error;
      EXPECT_EQ(changed_lines(before, database_state(url())), "");
    }
    make_room();
    outcome = migrate(GetParam().again);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.error;
    EXPECT_EQ(ledger_faults(url()), "");
    EXPECT_EQ(psql(url(), "SELECT count(*) FROM people"), "59460\n");
  }

  Cluster cluster_;
  Migration migration_{"crowd"};
};

TEST_P(DiskFull, IsToldAndLeavesNothingHalfDone) {
  const std::filesystem::path directory = directory_of_server(cluster_);
  const SmallDisk disk(directory, "3m");
  if (disk.mounted()) {
    std::cout << "the disk: a tablespace on a file system in memory\n";
    psql(url(), "CREATE TABLESPACE small_disk LOCATION '" + directory.string() + "'");
    psql(url(), std::string("SET default_tablespace = small_disk;") + crowd_target);
    expect_a_full_disk_and_then_success([&] { disk.resize("300m"); });
    cluster_.stop();
    return;
  }
  std::cout << "the disk: a limit for the size of files, as nothing can be mounted: "
            << disk.problem() << '\n';
  psql(url(), crowd_target);
  // The server writes its log of changes ahead in files of 4 MB, which are there already.
  psql(url(), "CHECKPOINT");
  cluster_.stop();
  {
    // Within a page: the server takes half a page that was written for a full disk.
    const FileSizeLimit limit((rlim_t{17} << 20) + 4096);
    try {
      cluster_.start();
    } catch (const std::exception& error) {
      GTEST_SKIP() << "no file system can be mounted, and the server does not start with a limit: "
                   << error.what();
    }
  }
  expect_a_full_disk_and_then_success([&] {
    cluster_.stop();
    cluster_.start();
  });
}

INSTANTIATE_TEST_SUITE_P(ReleaseOnly, DiskFull,
                         testing::Values(Scope{"run", "", "run"},
                                         Scope{"chunk",
                                               "[transaction]\nscope = \"chunk\"\n"
                                               "chunk_rows = 5000\nretries = 1\n",
                                               "resume"}),
                         [](const auto& scope) { return std::string(scope.param.name); });

}  // namespace
}  // namespace mighost::test
