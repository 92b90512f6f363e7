// The real program with plugins that misbehave: what it says, how it ends, and that the target is
// as it was.

#include <elf.h>
#include <gtest/gtest.h>

#include <csignal>
#include <cstddef>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "support/migration.hpp"

namespace mighost::test {
namespace {

namespace fs = std::filesystem;

constexpr const char* plugin_faults_source =
    "CREATE TABLE legacy_items (id int PRIMARY KEY, name text NOT NULL);"
    "INSERT INTO legacy_items SELECT n, 'item ' || n FROM generate_series(1, 20) AS n";
constexpr const char* plugin_faults_target =
    "CREATE TABLE items (id uuid PRIMARY KEY, legacy_id int UNIQUE, name text NOT NULL);"
    "INSERT INTO items VALUES ('00000000-0000-0000-0000-000000000001', NULL, 'was here before')";

fs::path test_plugins() { return fs::path(MIGHOST_BINARY_DIR) / "test-plugins"; }

struct Misbehaving {
  const char* directory;
  int exit_code;
  std::vector<std::string> said;  // each in standard error
};

class PluginFaults : public testing::TestWithParam<Misbehaving> {};

void expect_refused(const fs::path& plugins, int exit_code, const std::vector<std::string>& said) {
  Migration migration(plugins);
  migration.source(plugin_faults_source);
  migration.target(plugin_faults_target);
  const std::string structure = migration.target_structure();
  const std::string rows = migration.target_rows();
  const Outcome outcome = migration.run();
  EXPECT_EQ(outcome.exit_code, exit_code) << outcome.error;
  EXPECT_EQ(outcome.signal, 0) << outcome.error;
  for (const auto& text : said) {
    EXPECT_NE(outcome.error.find(text), std::string::npos) << "not said: " << text << "\n"
                                                           << outcome.error;
  }
  EXPECT_NE(outcome.error.find("next:"), std::string::npos) << outcome.error;
  EXPECT_EQ(outcome.error.find("item 7"), std::string::npos) << "a value of a row was logged";
  EXPECT_EQ(migration.target_structure(), structure);
  EXPECT_EQ(migration.target_rows(), rows);
}

TEST_P(PluginFaults, M21EndWithAMessageAndAnUntouchedTarget) {
  expect_refused(GetParam().directory, GetParam().exit_code, GetParam().said);
}

const std::vector<Misbehaving> misbehaving = {
    {"other_abi", 1, {"test-other_abi.mig.so", "built for another ABI", "mighost_plugin_v2"}},
    {"other_minor", 1, {"test-other_minor.mig.so", "it was built with the SDK"}},
    {"no_entry", 1, {"test-no_entry.mig.so", "does not export mighost_plugin_v1"}},
    {"unresolved",
     1,
     {"test-unresolved.mig.so", "undefined symbol: a_function_that_nobody_defines", "-z defs"}},
    {"null_manifest", 1, {"test-null_manifest.mig.so", "returned null"}},
    {"moving_manifest", 1, {"test-moving_manifest.mig.so", "another pointer each time"}},
    {"throwing_entry", 1, {"test-throwing_entry.mig.so", "threw an exception"}},
    {"duplicate_family", 1, {"test-one.mig.so", "test-two.mig.so", "family `tiny`"}},
    {"duplicate_entity", 1, {"test-duplicate_entity.mig.so", "`tiny.items` is declared twice"}},
    {"cycle", 1, {"tiny.items -> tiny.boxes -> tiny.items", "parent_id", "late"}},
    {"missing_reference",
     1,
     {"tiny.items.parent_id", "clinical.plans", "put clinical.mig.so into"}},
    {"throws", 3, {"tiny 1.0.0", "tiny.items, key 7", "the moon is not full", "nothing was"}},
    {"throws_in_begin", 1, {"tiny 1.0.0", "tiny.items", "no licence was found"}},
    {"returns_failed", 3, {"tiny 1.0.0", "tiny.items, key 7", "the moon is not full"}},
    {"wrong_type", 3, {"tiny 1.0.0", "tiny.items, key 7", "legacy_id", "int8", "text"}},
    {"null_promised", 3, {"tiny 1.0.0", "tiny.items, key 7", "column name", "NULL"}},
    {"forgets", 3, {"tiny 1.0.0", "tiny.items, key 7", "neither emitted, rejected nor merged"}},
    {"undeclared_code", 3, {"tiny 1.0.0", "tiny.items, key 7", "made_up"}},
    {"emits_twice", 3, {"tiny 1.0.0", "tiny.items, key 7", "twice"}},
    {"emits_without_end", 3, {"tiny 1.0.0", "tiny.items", "not in the batch"}},
    {"resolves_undeclared", 3, {"tiny 1.0.0", "tiny.items", "does not exist"}},
};

INSTANTIATE_TEST_SUITE_P(Each, PluginFaults, testing::ValuesIn(misbehaving),
                         [](const auto& each) { return std::string(each.param.directory); });

/// A plugin that takes the process with it is named, and the target is as before.
Outcome die(const char* plugin) {
  Migration migration(plugin);
  migration.source(plugin_faults_source);
  migration.target(plugin_faults_target);
  const std::string before = migration.target_structure() + migration.target_rows();
  const Outcome outcome = migration.run();
  EXPECT_EQ(migration.target_structure() + migration.target_rows(), before);
  EXPECT_NE(outcome.error.find("tiny 1.0.0"), std::string::npos) << outcome.error;
  EXPECT_NE(outcome.error.find("at tiny.items"), std::string::npos) << outcome.error;
  EXPECT_NE(outcome.error.find("not been committed is not in the target"), std::string::npos)
      << outcome.error;
  return outcome;
}

TEST(PluginsThatDie, M21ByASignalAreNamed) {
  const Outcome outcome = die("crashes");
  EXPECT_EQ(outcome.signal, SIGABRT) << "as without mighost's word";
}

TEST(PluginsThatDie, ByExitAreNoSuccess) {
  const Outcome outcome = die("crashes_politely");
  EXPECT_EQ(outcome.exit_code, 7);
}

// A directory of plugin files that no compiler made.
class BadFiles : public testing::Test {
 protected:
  BadFiles() {
    std::string pattern = (fs::temp_directory_path() / "mighost-bad-XXXXXX").string();
    directory_ = mkdtemp(pattern.data());
  }
  ~BadFiles() override { fs::remove_all(directory_); }

  static std::string good_bytes() {
    std::ifstream stream(test_plugins() / "good" / "test-good.mig.so", std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  }
  void write(const std::string& name, const std::string& bytes) const {
    std::ofstream(directory_ / name, std::ios::binary) << bytes;
  }

  fs::path directory_;
};

TEST_F(BadFiles, M21AreAllNamedAtOnce) {
  write("a.mig.so", "a text file\n");
  std::string foreign = good_bytes();
  const Elf64_Half machine = EM_S390;
  std::memcpy(foreign.data() + offsetof(Elf64_Ehdr, e_machine), &machine, sizeof machine);
  write("b.mig.so", foreign);
  write("c.mig.so", good_bytes().substr(0, 3000));
  write("d.mig.so", "");
  expect_refused(directory_, 1,
                 {"a.mig.so: it is not an ELF file", "b.mig.so: it was built for S/390",
                  "c.mig.so: it is damaged or cut off", "d.mig.so: it is not an ELF file"});
}

TEST_F(BadFiles, OneOfThemStopsTheGoodOnesToo) {
  write("bad.mig.so", "a text file\n");
  write("good.mig.so", good_bytes());
  expect_refused(directory_, 1, {"bad.mig.so: it is not an ELF file"});
}

TEST_F(BadFiles, NoPluginAtAll) { expect_refused(directory_, 1, {"there is no plugin"}); }

TEST_F(BadFiles, DirectoryThatDoesNotExist) {
  expect_refused(directory_ / "nowhere", 1, {"does not exist", "nowhere"});
}

TEST_F(BadFiles, SecondNameOfAFileIsNoSecondPlugin) {
  write("good.mig.so", good_bytes());
  fs::create_symlink("good.mig.so", directory_ / "same.mig.so");
  Migration migration(directory_);
  migration.source(plugin_faults_source);
  migration.target(plugin_faults_target);
  const Outcome outcome = migration.run();
  EXPECT_EQ(outcome.exit_code, 0) << outcome.error;
  EXPECT_EQ(migration.target("SELECT count(*) FROM items"), "21\n");
}

}  // namespace
}  // namespace mighost::test
