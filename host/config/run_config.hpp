#pragma once
// The run's configuration, read from a TOML file. Every complaint carries file:line:column, what is
// wrong, and what to write instead; unknown keys are errors that name the nearest known one.
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <mighost/value.hpp>
#include <optional>
#include <string>
#include <vector>

namespace mighost {

/// A database to connect to. `conninfo` may hold a password: never print it.
struct Endpoint {
  std::string conninfo;  // libpq connection string or URL
  std::string shown;     // for people: no password, no secret parameters
  std::string origin;    // "env:MIGHOST_SOURCE_URL", "service legacy", "run.toml:3:7"
  std::string file{};    // the configuration that names it, as it was given; empty: none
};

enum class Defer { automatic, always, never };
enum class Triggers { fire, disable };

/// What a finding of a check means. `reject` is for row validators: the row goes to quarantine.
enum class Severity { off, warn, reject, abort };
/// By name of the check: a built-in one ("null_rates"), "plugin.validator", or
/// "family.entity/assertion".
using Severities = std::map<std::string, Severity>;
/// Where each name of such a table stands: "run.toml:7:3".
using Places = std::map<std::string, std::string>;

/// How many rows may be held back (quarantined or parked, without waived ones). Nothing: any
/// number.
struct RejectBudget {
  std::optional<std::uint64_t> rows;
  std::optional<double> share;          // of the rows read, 0 to 1
  std::optional<bool> abort_on_reject;  // the first rejected row ends the run
};

struct EntityConfig {
  std::optional<bool> enabled;
  Triggers triggers = Triggers::fire;
  std::optional<Defer> defer;
  RejectBudget rejects;
  Severities checks;
  Places check_places;
  std::string where;  // file:line:column of its table
};

/// One scalar, list element or map entry of [plugins.<family>], not yet checked against what the
/// plugin declares.
struct SettingText {
  enum class Kind { text, integer, boolean, list, map };
  std::string name, key, value;
  Kind kind = Kind::text;
  std::string where;
};

struct PluginConfig {
  std::vector<SettingText> settings;
  std::string where;
};

/// The least that `[load] memory` may be.
constexpr std::uint64_t memory_min = 16 << 20;

struct LoadConfig {
  Defer defer = Defer::automatic;
  std::uint32_t batch_rows = 4096;
  std::uint64_t memory = 128 << 20;  // what everything that holds rows or keys shares
  // Go before their shares of `memory`: see config/memory_shares.hpp.
  std::optional<std::uint64_t> batch_bytes, queue_bytes;
  std::chrono::milliseconds lock_timeout{30'000};
  std::chrono::milliseconds statement_timeout{0};  // 0: none
};

/// Of [transaction], beside the scope.
struct ChunkConfig {
  std::uint32_t lanes = 0;  // 0: as many as the machine and the servers take
  std::uint64_t chunk_rows = 1'000'000;
  /// Of one step when the trouble may pass; in the other scopes of the whole run. Nothing: 12, and
  /// 0.
  std::optional<std::uint32_t> retries;
  std::chrono::milliseconds lease{60'000};  // a process that is silent for longer is dead
};

struct ValidationConfig {
  std::chrono::milliseconds time_limit{60'000};  // of one SQL check, of one call of a validator
  std::uint32_t keys_shown = 10;                 // of each finding
};

struct VerifyConfig {
  bool fingerprints = true;    // kept while rows are encoded
  bool at_end = true;          // every run reads what it wrote, before COMMIT
  std::uint32_t sample = 100;  // rows of each entity that are transformed again and compared
};

struct RunConfig {
  std::filesystem::path file;
  std::string digest;  // SHA-256 of the file's bytes, hex
  /// Of the value of each setting that decides what becomes of rows: "[quarantine] on_reject".
  std::map<std::string, std::string> setting_digests;
  Endpoint source, target;
  mig::uuid identity_namespace{};
  std::string scope = "run";  // or "family" or "chunk"
  ChunkConfig chunks;
  LoadConfig load;
  ValidationConfig validation;
  Severities checks;  // of [validation.checks]; an entity's own go first
  Places check_places;
  RejectBudget rejects;  // of the whole run
  VerifyConfig verify;
  std::string log_level = "info";
  std::map<std::string, PluginConfig> plugins;   // by family
  std::map<std::string, EntityConfig> entities;  // by family.entity
};

/// The namespace used when [identity] does not name one.
extern const char* const default_identity_namespace;

/// Commands that only look at the ledger need no source: where it lies may be unknown to them (a
/// variable that is not set), and is then left empty.
enum class Sides { both, target };

/// Reads and checks the file. Throws Error{Exit::usage} listing every fault found, not just the
/// first.
RunConfig read_run_config(const std::filesystem::path& file, Sides needed = Sides::both);

}  // namespace mighost
