// Validators of people who have the installed SDK and nothing else: the two that are shipped, and
// the one that docs/writing-a-validator.md makes from an empty directory.
#include <gtest/gtest.h>

#include <filesystem>

#include "support/dataset.hpp"
#include "support/page.hpp"

namespace mighost::test {
namespace {

namespace fs = std::filesystem;
using json = nlohmann::json;

/// A stranger's directory and environment: no flags, launchers or prefixes of whoever runs this.
class Stranger : public testing::Test {
 protected:
  Stranger() {
    std::string pattern = (fs::temp_directory_path() / "mighost-stranger-XXXXXX").string();
    directory_ = mkdtemp(pattern.data());
    for (const char* name : {"CXXFLAGS", "LDFLAGS", "DESTDIR", "CMAKE_PREFIX_PATH"}) {
      environment_[name] = std::nullopt;
    }
  }
  ~Stranger() override { fs::remove_all(directory_); }

  void expect_done(const std::vector<std::string>& arguments) const {
    Command command;
    command.arguments = arguments;
    command.environment = environment_;
    command.timeout = std::chrono::minutes(5);
    const Outcome outcome = run_process(command);
    ASSERT_EQ(outcome.exit_code, 0) << arguments.at(0) << "\n" << outcome.output << outcome.error;
  }

  void build(const std::string& validator) const {
    const std::string build = (directory_ / validator).string();
    expect_done({"cmake", "-S", MIGHOST_SOURCE_DIR "/plugins/validators/" + validator, "-B", build,
                 "-DCMAKE_PREFIX_PATH=" + (directory_ / "sdk").string(), "-DBUILD_TESTING=OFF",
                 "-DCMAKE_CXX_FLAGS=-Wall -Wextra -Werror"});
    expect_done({"cmake", "--build", build});
    const std::string file = validator + ".mig.so";
    fs::copy_file(directory_ / validator / "plugins" / file, directory_ / "plugins" / file);
  }

  fs::path directory_;
  std::map<std::string, std::optional<std::string>> environment_;
};

json finding(const json& report, const std::string& check) {
  for (const auto& each : report.at("findings")) {
    if (each.at("check") == check) return each;
  }
  return nullptr;
}

TEST_F(Stranger, BuildsTheShippedValidatorsAndLoadsThemBesideTheFamilies) {
  fs::create_directory(directory_ / "plugins");
  expect_done(
      {"cmake", "--install", MIGHOST_BINARY_DIR "/sdk", "--prefix", (directory_ / "sdk").string()});
  build("contact-quality");
  build("financial-controls");
  for (const auto& family : fs::directory_iterator(shipped_plugins())) {
    fs::create_symlink(fs::canonical(family.path()),
                       directory_ / "plugins" / family.path().filename());
  }
  Migration migration(directory_ / "plugins");
  const json oracle = fill(migration, {"XS", 1, false, few_rows});
  const std::string empty = migration.target_rows();
  migration.configure(
      "[validation.checks]\n"
      "\"financial-controls.refunds/within-the-payment\" = \"abort\"\n");
  const Outcome vetoed = migration.run();
  EXPECT_EQ(vetoed.exit_code, 4) << vetoed.error;
  EXPECT_EQ(migration.target_rows(), empty);
  const std::string refunds = "financial-controls.refunds/within-the-payment";
  EXPECT_EQ(finding(migration.report, refunds)["severity"], "veto");

  migration.configure("");
  const Outcome done = migration.run();
  EXPECT_EQ(done.exit_code, 0) << done.error;
  const json warned = finding(migration.report, refunds);
  EXPECT_EQ(warned["severity"], "warn");
  EXPECT_EQ(warned["plugin"], "financial-controls 1.0.0");
  EXPECT_EQ(std::to_string(warned["offenders"].get<int>()) + "\n",
            migration.target("SELECT count(*) FROM (SELECT FROM payments p JOIN operations o "
                             "ON o.payment_id = p.id WHERE operation_type = 'refund' "
                             "GROUP BY p.id, p.amount HAVING sum(abs(o.amount)) > p.amount) AS x"));
  const json phones = finding(migration.report, "contact-quality.phones");
  EXPECT_EQ(phones["entity"], "core.offices");
  EXPECT_EQ(std::to_string(phones["offenders"].get<int>()) + "\n",
            migration.target("SELECT count(*) FROM offices WHERE phone LIKE '+0%'"));
  // Looking on changes nothing: the books are those that the oracle foretells.
  for (const auto& [name, expected] : oracle.at("entities").items()) {
    EXPECT_EQ(migration.entity(name)["written"], expected.at("written")) << name;
  }
}

TEST_F(Stranger, FollowsThePageFromAnEmptyDirectoryToAVeto) {
  Migration migration(shipped_plugins());
  fill(migration, {"XS", 1, false, few_rows});
  environment_["MIGHOST_BUILD"] = MIGHOST_BINARY_DIR;
  for (const auto& [name, value] : migration.command({}).environment) environment_[name] = value;
  EXPECT_EQ(
      follow_page(MIGHOST_SOURCE_DIR "/docs/writing-a-validator.md", directory_, environment_), "");
  EXPECT_EQ(migration.source("SELECT count(*) > 0 FROM dispatch_office WHERE tax_rate > 50 "
                             "AND tax_rate <= 100"),
            "t\n");
  EXPECT_EQ(migration.target("SELECT legacy_key FROM mighost.notes "
                             "WHERE plugin = 'office-rules 1.0.0' AND code = 'tax_rate_absurd'"),
            migration.source("SELECT id FROM dispatch_office WHERE tax_rate > 50 "
                             "AND tax_rate <= 100"));
}

}  // namespace
}  // namespace mighost::test
