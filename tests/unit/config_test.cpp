#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>

#include "config/digest.hpp"
#include "config/memory_shares.hpp"
#include "config/run_config.hpp"
#include "report/error.hpp"

namespace mighost {
namespace {

using namespace std::chrono_literals;

const std::string sides =
    "[source]\nurl = \"postgresql://reader@old.example/legacy\"\n"
    "[target]\nurl = \"postgresql://writer@new.example/app\"\n";  // lines 1 to 4

class ConfigTest : public testing::Test {
 protected:
  void SetUp() override {
    path_ = testing::TempDir() + "mighost-config-XXXXXX";
    ASSERT_NE(mkdtemp(path_.data()), nullptr);
    path_ += "/run.toml";
  }
  void TearDown() override {
    std::filesystem::remove_all(std::filesystem::path(path_).parent_path());
  }

  RunConfig read(const std::string& text) {
    std::ofstream(path_, std::ios::binary) << text;
    return read_run_config(path_);
  }

  // The faults of the file, one per line, with "run.toml" for its path.
  std::string faults(const std::string& text) {
    try {
      read(text);
    } catch (const Error& error) {
      EXPECT_EQ(error.exit(), Exit::usage);
      EXPECT_EQ(error.where(), path_);
      EXPECT_NE(error.next(), "");
      std::string message = error.message();
      for (std::size_t at = 0; (at = message.find(path_)) != std::string::npos;) {
        message.replace(at, path_.size(), "run.toml");
      }
      return message;
    }
    return "no fault";
  }
  static std::string one(const std::string& fault) {
    return "the configuration has 1 fault:\n  " + fault;
  }

  std::string path_;
};

TEST_F(ConfigTest, DefaultsOfTheSmallestFile) {
  const RunConfig config = read(sides);
  EXPECT_EQ(config.file, path_);
  EXPECT_EQ(config.source.file, path_);
  EXPECT_EQ(config.target.file, path_);
  EXPECT_EQ(config.digest, sha256_text(sides));
  EXPECT_EQ(config.source.conninfo, "postgresql://reader@old.example/legacy");
  EXPECT_EQ(config.source.shown, "host=old.example dbname=legacy user=reader");
  EXPECT_EQ(config.source.origin, path_ + ":2:7");
  EXPECT_EQ(config.target.origin, path_ + ":4:7");
  EXPECT_EQ(config.identity_namespace.to_text(), default_identity_namespace);
  EXPECT_EQ(config.scope, "run");
  EXPECT_EQ(config.log_level, "info");
  EXPECT_EQ(config.load.defer, Defer::automatic);
  EXPECT_EQ(config.load.batch_rows, 4'096U);
  EXPECT_EQ(config.load.lock_timeout, 30s);
  EXPECT_EQ(config.load.statement_timeout, 0ms);
  EXPECT_TRUE(config.plugins.empty());
  EXPECT_TRUE(config.entities.empty());
}

TEST_F(ConfigTest, TheDefaultNamespaceIsDerivedFromAName) {
  EXPECT_EQ(mig::uuid5(mig::namespace_dns, "mighost.default").to_text(),
            default_identity_namespace);
}

TEST_F(ConfigTest, EveryKey) {
  const RunConfig config = read(
      sides +
      "[identity]\nnamespace = \"6BA7B810-9dad-11d1-80b4-00c04fd430c8\"\n"
      "[transaction]\nscope = \"run\"\n"
      "[load]\ndefer = \"never\"\nbatch_rows = 65536\nbatch_bytes = \"64KiB\"\n"
      "queue_bytes = 131072\nlock_timeout = \"5min\"\nstatement_timeout = \"250ms\"\n"
      "[log]\nlevel = \"debug\"\n"
      "[entities.\"core.orders\"]\nenabled = false\ntriggers = \"disable\"\ndefer = \"always\"\n");
  EXPECT_EQ(config.identity_namespace, mig::namespace_dns);
  EXPECT_EQ(config.load.defer, Defer::never);
  EXPECT_EQ(config.load.batch_rows, 65'536U);
  EXPECT_EQ(config.load.batch_bytes, 65'536U);
  EXPECT_EQ(config.load.queue_bytes, 131'072U);
  EXPECT_EQ(config.load.lock_timeout, 5min);
  EXPECT_EQ(config.load.statement_timeout, 250ms);
  EXPECT_EQ(config.log_level, "debug");
  const EntityConfig& orders = config.entities.at("core.orders");
  EXPECT_EQ(orders.enabled, false);
  EXPECT_EQ(orders.triggers, Triggers::disable);
  EXPECT_EQ(orders.defer, Defer::always);
  EXPECT_EQ(orders.where, path_ + ":18:1");
}

TEST_F(ConfigTest, PluginSettingsAreFlattened) {
  const RunConfig config = read(sides +
                                "[plugins.core]\n"
                                "product_sku = true\n"
                                "limit = -5\n"
                                "name = \"x\"\n"
                                "domains = [\"a\", \"b\"]\n"
                                "order_status = { 3 = \"in_production\", 5 = \"add_plan\" }\n"
                                "none = []\n");
  const PluginConfig& core = config.plugins.at("core");
  EXPECT_EQ(core.where, path_ + ":5:1");
  using Kind = SettingText::Kind;
  std::map<std::string, SettingText> found;
  for (const SettingText& setting : core.settings)
    found[setting.name + "/" + setting.key] = setting;
  ASSERT_EQ(found.size(), 8U);
  EXPECT_EQ(found["product_sku/"].value, "true");
  EXPECT_EQ(found["product_sku/"].kind, Kind::boolean);
  EXPECT_EQ(found["product_sku/"].where, path_ + ":6:15");
  EXPECT_EQ(found["limit/"].value, "-5");
  EXPECT_EQ(found["limit/"].kind, Kind::integer);
  EXPECT_EQ(found["name/"].kind, Kind::text);
  EXPECT_EQ(found["domains/0"].value, "a");
  EXPECT_EQ(found["domains/1"].value, "b");
  EXPECT_EQ(found["domains/1"].kind, Kind::list);
  EXPECT_EQ(found["domains/1"].where, path_ + ":9:17");
  EXPECT_EQ(found["order_status/3"].value, "in_production");
  EXPECT_EQ(found["order_status/5"].kind, Kind::map);
  EXPECT_EQ(found["none/"].kind, Kind::list) << "an empty list does not vanish";
}

TEST_F(ConfigTest, UnknownKeysNameTheNearest) {
  EXPECT_EQ(faults(sides + "[load]\nbatch_row = 5\n"),
            one("run.toml:6:1: unknown key `batch_row` in [load]; did you mean \"batch_rows\"?"));
  EXPECT_EQ(faults(sides + "[sourc]\n"),
            one("run.toml:5:2: unknown table `sourc` in the file; did you mean \"source\"?"));
  EXPECT_EQ(faults(sides + "[identity]\nzzz = 1\n"),
            one("run.toml:6:1: unknown key `zzz` in [identity]; known: namespace"));
  EXPECT_EQ(faults(sides + "[entities.\"core.orders\"]\ntrigger = \"fire\"\n"),
            one("run.toml:6:1: unknown key `trigger` in [entities.\"core.orders\"]; "
                "did you mean \"triggers\"?"));
}

TEST_F(ConfigTest, AllFaultsAreToldAtOnceInTheOrderOfTheFile) {
  EXPECT_EQ(faults("[load]\n"
                   "batch_rows = 0\n"
                   "defer = \"sometimes\"\n"
                   "[source]\n"
                   "url = 5\n"),
            "the configuration has 4 faults:\n"
            "  run.toml:1:1: the table [target] is missing; add [target] with "
            "url = \"env:MIGHOST_TARGET_URL\"\n"
            "  run.toml:2:14: `batch_rows` is out of range; write 1 to 65536\n"
            "  run.toml:3:9: `defer` cannot be \"sometimes\"; write auto, always or never\n"
            "  run.toml:5:7: `url` is an integer; write a text in quotation marks");
}

TEST_F(ConfigTest, WrongTypes) {
  EXPECT_EQ(faults(sides + "[load]\nbatch_rows = \"many\"\n"),
            one("run.toml:6:14: `batch_rows` is a text; write an integer"));
  EXPECT_EQ(faults(sides + "[load]\nbatch_rows = 1.5\n"),
            one("run.toml:6:14: `batch_rows` is a floating-point number; write an integer"));
  EXPECT_EQ(faults("load = 5\n" + sides), one("run.toml:1:8: `load` is an integer; write a table"));
  EXPECT_EQ(faults(sides + "[log]\nlevel = 2024-01-01\n"),
            one("run.toml:6:9: `level` is a date or time; write a text in quotation marks"));
  EXPECT_EQ(faults(sides + "[entities.\"core.orders\"]\nenabled = \"yes\"\n"),
            one("run.toml:6:11: `enabled` is a text; write true or false"));
  EXPECT_EQ(faults(sides + "[entities]\n\"core.orders\" = true\n"),
            one("run.toml:6:17: `core.orders` is true or false; write a table"));
  EXPECT_EQ(faults("plugins = []\n" + sides),
            one("run.toml:1:11: `plugins` is a list; write a table"));
}

TEST_F(ConfigTest, SizesAndTimes) {
  EXPECT_EQ(faults(sides + "[load]\nbatch_bytes = \"8MB\"\n"),
            one("run.toml:6:15: `batch_bytes` is not a size; "
                "write a number of bytes, or \"64KiB\", \"8MiB\", \"1GiB\""));
  EXPECT_EQ(faults(sides + "[load]\nqueue_bytes = 5\n"),
            one("run.toml:6:15: `queue_bytes` is out of range; write 64KiB to 16GiB"));
  EXPECT_EQ(faults(sides + "[load]\nqueue_bytes = -1\n"),
            one("run.toml:6:15: `queue_bytes` is not a size; "
                "write a number of bytes, or \"64KiB\", \"8MiB\", \"1GiB\""));
  EXPECT_EQ(faults(sides + "[load]\nbatch_bytes = \"16MiB\"\n"),
            one("run.toml:6:15: a queue of `queue_bytes` cannot hold one batch of `batch_bytes`; "
                "make queue_bytes at least as large as batch_bytes"));
  EXPECT_EQ(faults(sides + "[load]\nmemory = \"8MiB\"\n"),
            one("run.toml:6:10: `memory` is out of range; write 16MiB to 1024GiB"));
  // 2 * 64 and 4 * 1 MiB, 10 * 64 KiB of the rest; a third of that for keys: 176.8.
  EXPECT_EQ(faults(sides + "[load]\nmemory = \"128MiB\"\nqueue_bytes = \"64MiB\"\n"
                           "batch_bytes = \"1MiB\"\n"),
            one("run.toml:7:15: batches and queues of this size do not fit into `memory`; write "
                "memory = \"177MiB\" or more, or leave out batch_bytes and queue_bytes, which then "
                "are shares of it"));
  EXPECT_EQ(read(sides + "[load]\nmemory = \"177MiB\"\nqueue_bytes = \"64MiB\"\n"
                         "batch_bytes = \"1MiB\"\n")
                .load.queue_bytes,
            64U << 20);
  EXPECT_EQ(faults(sides + "[load]\nlock_timeout = 30\n"),
            one("run.toml:6:16: `lock_timeout` is not a duration with its unit; "
                "write \"250ms\", \"30s\", \"5min\", \"2h\", or 0 for none"));
  EXPECT_EQ(faults(sides + "[load]\nlock_timeout = \"600h\"\n"),
            one("run.toml:6:16: `lock_timeout` is out of range; "
                "write at most \"576h\", or 0 for none"));
  EXPECT_EQ(read(sides + "[load]\nlock_timeout = 0\n").load.lock_timeout, 0ms);
}

TEST_F(ConfigTest, ScopeIdentityAndLevel) {
  EXPECT_EQ(read(sides + "[transaction]\nscope = \"family\"\n").scope, "family");
  const std::string chunk = sides + "[transaction]\nscope = \"chunk\"\n";
  EXPECT_EQ(faults(chunk + "chunk_rows = 0\n"),
            one("run.toml:7:14: `chunk_rows` is out of range; write 1 to 1000000000"));
  EXPECT_EQ(faults(chunk + "lease = \"2s\"\n"),
            one("run.toml:7:9: `lease` is shorter than 5 s; a process says each second that it "
                "lives, and a busy machine is late now and then"));
  EXPECT_EQ(read(chunk + "lanes = 3\n").chunks.lanes, 3U);
  EXPECT_EQ(faults(sides + "[transaction]\nscope = \"familly\"\n"),
            one("run.toml:6:9: `scope` cannot be \"familly\"; did you mean \"family\"?"));
  EXPECT_EQ(faults(sides + "[identity]\nnamespace = \"mine\"\n"),
            one("run.toml:6:13: `namespace` is not a UUID; write 36 characters like "
                "91689718-feb4-5c8d-b2c8-67e672518db1"));
  EXPECT_EQ(faults(sides + "[log]\nlevel = \"warning\"\n"),
            one("run.toml:6:9: `level` cannot be \"warning\"; write debug, info, warn or error"));
}

TEST_F(ConfigTest, SettingsThatNoPluginCanTake) {
  EXPECT_EQ(faults(sides + "[plugins.core]\nrate = 1.5\n"),
            one("run.toml:6:8: the setting `rate` cannot be a floating-point number; "
                "write it in quotation marks"));
  EXPECT_EQ(faults(sides + "[plugins.core]\nlist = [\"a\", [\"b\"]]\n"),
            one("run.toml:6:14: the setting `list` (at 1) cannot be a list; "
                "a list or table holds texts only"));
  EXPECT_EQ(faults(sides + "[plugins.core]\nlist = [\"a\", 5]\n"),
            one("run.toml:6:14: the setting `list` (at 1) cannot be an integer; "
                "a list or table holds texts only: write it in quotation marks"));
  EXPECT_EQ(faults(sides + "[plugins.core]\nmap = { a = { b = 1 } }\n"),
            one("run.toml:6:13: the setting `map` (at a) cannot be a table; "
                "a list or table holds texts only"));
  EXPECT_EQ(faults(sides + "[plugins.core]\nname = \"a\\u0000b\"\n"),
            one("run.toml:6:8: the setting `name` cannot be a text; remove the NUL character"));
  EXPECT_EQ(faults(sides + "[plugins]\ncore = 1\n"),
            one("run.toml:6:8: `core` is an integer; write a table"));
}

TEST_F(ConfigTest, EntityNamesNeedQuotationMarks) {
  EXPECT_EQ(faults(sides + "[entities.core.orders]\nenabled = false\n"),
            one("run.toml:5:1: the entity's name is not in quotation marks; "
                "write [entities.\"core.orders\"]"));
  EXPECT_EQ(faults(sides + "[entities.orders]\nenabled = false\n"),
            one("run.toml:5:1: `orders` is not the name of an entity; "
                "write [entities.\"family.entity\"]"));
}

TEST_F(ConfigTest, SyntaxErrorsHaveAPosition) {
  const std::string text = faults(sides + "[load\nbatch_rows = 5\n");
  EXPECT_TRUE(text.starts_with("the configuration has 1 fault:\n  run.toml:5:")) << text;
  EXPECT_TRUE(text.ends_with("; correct the TOML syntax here (toml.io/en/v1.0.0)")) << text;
  const std::string twice = faults(sides + "[source]\n");
  EXPECT_TRUE(twice.starts_with("the configuration has 1 fault:\n  run.toml:5:")) << twice;
  const std::string bytes = faults("\xff\xfe");
  EXPECT_TRUE(bytes.starts_with("the configuration has 1 fault:\n  run.toml:1:")) << bytes;
}

TEST_F(ConfigTest, ASyntaxErrorDoesNotQuoteAPassword) {
  const std::string text = faults("[source]\nurl = postgresql://me:hunter2@old.example/legacy\n");
  EXPECT_EQ(text.find("hunter2"), std::string::npos) << text;
  EXPECT_NE(text.find("run.toml:2:"), std::string::npos) << text;
}

TEST_F(ConfigTest, AnEmptyFileNeedsBothSides) {
  EXPECT_EQ(faults(""),
            "the configuration has 2 faults:\n"
            "  run.toml:1:1: the table [source] is missing; add [source] with "
            "url = \"env:MIGHOST_SOURCE_URL\"\n"
            "  run.toml:1:1: the table [target] is missing; add [target] with "
            "url = \"env:MIGHOST_TARGET_URL\"");
}

void expect_error(const std::filesystem::path& file, const std::string& what) {
  try {
    read_run_config(file);
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.exit(), Exit::usage);
    EXPECT_EQ(error.message(), what);
    EXPECT_EQ(error.where(), file.string());
    EXPECT_NE(error.next(), "");
  }
}

TEST_F(ConfigTest, FilesThatCannotBeRead) {
  expect_error("/no/such/run.toml", "the configuration file does not exist");
  expect_error("/dev/null/run.toml", "the configuration file does not exist");
  expect_error(testing::TempDir(), "the configuration is a directory, not a file");
  std::ofstream(path_) << std::string((1 << 20) + 1, '#');
  expect_error(path_, "the configuration file is larger than 1 MiB");
  if (geteuid() != 0) {  // root may read everything
    chmod(path_.c_str(), 0);
    expect_error(path_, "the configuration file cannot be read: Permission denied");
  }
}

TEST_F(ConfigTest, TheShippedFilesAreRight) {
  setenv("MIGHOST_SOURCE_URL", "postgresql:///legacy", 1);
  setenv("MIGHOST_TARGET_URL", "postgresql:///app", 1);
  const std::filesystem::path directory = std::filesystem::path(MIGHOST_SOURCE_DIR) / "config";
  const RunConfig minimal = read_run_config(directory / "run.minimal.toml");
  const RunConfig full = read_run_config(directory / "run.toml");
  EXPECT_EQ(minimal.source.origin, "env:MIGHOST_SOURCE_URL");
  // The reference file shows the defaults, so both mean the same.
  EXPECT_EQ(full.identity_namespace, minimal.identity_namespace);
  EXPECT_EQ(full.scope, minimal.scope);
  EXPECT_EQ(full.log_level, minimal.log_level);
  EXPECT_EQ(full.load.defer, minimal.load.defer);
  EXPECT_EQ(full.load.batch_rows, minimal.load.batch_rows);
  EXPECT_EQ(full.load.memory, minimal.load.memory);
  EXPECT_EQ(full.load.batch_bytes, minimal.load.batch_bytes);
  EXPECT_EQ(full.load.queue_bytes, minimal.load.queue_bytes);
  EXPECT_EQ(full.load.lock_timeout, minimal.load.lock_timeout);
  EXPECT_EQ(full.load.statement_timeout, minimal.load.statement_timeout);
  unsetenv("MIGHOST_SOURCE_URL");
  unsetenv("MIGHOST_TARGET_URL");
}

TEST_F(ConfigTest, TheCommentedExamplesAreRightToo) {
  std::ifstream stream(std::filesystem::path(MIGHOST_SOURCE_DIR) / "config/run.toml");
  std::string text;
  for (std::string line; std::getline(stream, line);) {
    const bool example = line.rfind("# ", 0) == 0 && line[2] != ' ' &&
                         (line.find(" = ") != std::string::npos || line.rfind("# [", 0) == 0);
    text += (example ? line.substr(2) : line) + "\n";
  }
  setenv("MIGHOST_SOURCE_URL", "postgresql:///legacy", 1);
  setenv("MIGHOST_TARGET_URL", "postgresql:///app", 1);
  const RunConfig config = read(text);
  EXPECT_EQ(config.plugins.at("core").settings.size(), 6U);
  EXPECT_EQ(config.entities.at("core.orders").defer, Defer::never);
  const MemoryShares shares = memory_shares(LoadConfig{});
  EXPECT_EQ(config.load.batch_bytes, shares.batch_bytes);
  EXPECT_EQ(config.load.queue_bytes, shares.queue_bytes);
  unsetenv("MIGHOST_SOURCE_URL");
  unsetenv("MIGHOST_TARGET_URL");
}

}  // namespace
}  // namespace mighost
