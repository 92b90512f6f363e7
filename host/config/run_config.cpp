#include "config/run_config.hpp"

#include <toml++/toml.h>

#include <cerrno>
#include <fstream>
#include <iterator>
#include <sstream>
#include <system_error>

#include "config/digest.hpp"
#include "config/endpoint.hpp"
#include "config/faults.hpp"
#include "config/memory_shares.hpp"
#include "config/plugin_tables.hpp"
#include "config/quantity.hpp"
#include "config/table_reader.hpp"
#include "config/validation_tables.hpp"
#include "report/error.hpp"
#include "report/text.hpp"

namespace mighost {

// UUIDv5 of the DNS namespace and "mighost.default".
const char* const default_identity_namespace = "91689718-feb4-5c8d-b2c8-67e672518db1";

namespace {

constexpr std::size_t file_bytes_max = 1 << 20;
constexpr std::int64_t batch_rows_max = 65'536;
constexpr std::uint64_t kib = 1ULL << 10, mib = 1ULL << 20, gib = 1ULL << 30;

std::string read_file(const std::filesystem::path& file) {
  std::error_code error;
  const std::string example = "config/run.minimal.toml is an example to start from";
  if (std::filesystem::is_directory(file, error)) {
    throw Error(Exit::usage, "the configuration is a directory, not a file", file.string(),
                "name the file itself, for example --config " + (file / "run.toml").string());
  }
  errno = 0;
  std::ifstream stream(file, std::ios::binary);
  std::string text;
  if (stream) {
    text.resize(file_bytes_max + 1);
    stream.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(stream.gcount()));
  }
  if (!stream.eof() && !stream.good()) {
    const int reason = errno != 0 ? errno : EIO;
    const bool missing = reason == ENOENT || reason == ENOTDIR;
    throw Error(Exit::usage,
                missing ? "the configuration file does not exist"
                        : "the configuration file cannot be read: " +
                              std::generic_category().message(reason),
                file.string(), "check the path after --config; " + example);
  }
  if (text.size() > file_bytes_max) {
    throw Error(Exit::usage, "the configuration file is larger than 1 MiB", file.string(),
                "check that it is the right file; " + example);
  }
  return text;
}

toml::table parse_toml(const std::string& text, ConfigFaults& faults) {
  try {
    return toml::parse(text);
  } catch (const toml::parse_error& failure) {
    const auto at = begin_of(failure.source());
    faults.add(at.line, at.column, std::string(failure.description()),
               "correct the TOML syntax here (toml.io/en/v1.0.0)");
    faults.throw_if_any();
    throw;  // not reached: there is a fault
  }
}

Endpoint read_side(TableReader& top, const std::string& side, ConfigFaults& faults) {
  const bool given = top.find(side) != nullptr;
  const toml::table* table = top.table(side);
  if (table != nullptr) {
    TableReader reader(*table, "[" + side + "]", faults);
    return read_endpoint(reader);
  }
  if (!given) {
    std::string name = side;
    for (char& c : name) c = static_cast<char>(c - 'a' + 'A');
    faults.add(1, 1, "the table [" + side + "] is missing",
               "add [" + side + "] with url = \"env:MIGHOST_" + name + "_URL\"");
  }
  return {};
}

mig::uuid read_identity(TableReader& table) {
  const auto text = table.text("namespace");
  table.refuse_unknown();
  const auto fallback = mig::uuid::parse(default_identity_namespace).value_or(mig::uuid{});
  if (!text) return fallback;
  const auto parsed = mig::uuid::parse(*text);
  if (!parsed) {
    table.fault("namespace", "`namespace` is not a UUID",
                std::string("write 36 characters like ") + default_identity_namespace);
  }
  return parsed.value_or(fallback);
}

template <typename Number>
void read_number(TableReader& table, const std::string& key, std::int64_t low, std::int64_t high,
                 Number& result) {
  const auto number = table.integer(key);
  if (!number) return;
  if (*number < low || *number > high) {
    table.fault(key, "`" + key + "` is out of range",
                "write " + std::to_string(low) + " to " + std::to_string(high));
  } else {
    result = static_cast<Number>(*number);
  }
}

constexpr std::chrono::seconds lease_min{5};

void read_transaction(TableReader& table, RunConfig& config) {
  const std::vector<std::string> scopes = {"run", "family", "chunk"};
  const auto found = table.choice("scope", scopes);
  if (found) config.scope = scopes[*found];
  constexpr std::int64_t lanes_max = 256, chunk_rows_max = 1'000'000'000, retries_max = 1000;
  read_number(table, "lanes", 1, lanes_max, config.chunks.lanes);
  read_number(table, "chunk_rows", 1, chunk_rows_max, config.chunks.chunk_rows);
  std::uint32_t retries = 0;
  if (table.find("retries") != nullptr) {
    read_number(table, "retries", 0, retries_max, retries);
    config.chunks.retries = retries;
  }
  read_timeout(table, "lease", config.chunks.lease);
  if (config.chunks.lease < lease_min) {
    table.fault(
        "lease", "`lease` is shorter than 5 s",
        "a process says each second that it lives, and a busy machine is late now and then");
  }
  table.refuse_unknown();
}

void read_size(TableReader& table, const std::string& key, std::uint64_t low, std::uint64_t high,
               std::optional<std::uint64_t>& result) {
  const toml::node* value = table.find(key);
  if (value == nullptr) return;
  std::optional<std::uint64_t> size;
  if (const auto number = value->value_exact<std::int64_t>()) {
    if (*number >= 0) size = static_cast<std::uint64_t>(*number);
  } else if (const auto text = value->value_exact<std::string>()) {
    size = parse_size(*text);
  }
  const std::string range =
      (low % mib == 0 ? std::to_string(low / mib) + "MiB" : std::to_string(low / kib) + "KiB") +
      " to " + std::to_string(high / gib) + "GiB";
  if (!size) {
    table.fault(key, "`" + key + "` is not a size",
                "write a number of bytes, or \"64KiB\", \"8MiB\", \"1GiB\"");
  } else if (*size < low || *size > high) {
    table.fault(key, "`" + key + "` is out of range", "write " + range);
  } else {
    result = *size;
  }
}

void read_memory(TableReader& table, LoadConfig& load) {
  std::optional<std::uint64_t> memory;
  read_size(table, "memory", memory_min, 1024 * gib, memory);
  load.memory = memory.value_or(load.memory);
  read_size(table, "batch_bytes", 4 * kib, gib, load.batch_bytes);
  read_size(table, "queue_bytes", 64 * kib, 16 * gib, load.queue_bytes);
  const MemoryShares shares = memory_shares(load);
  const std::uint64_t least = least_memory(load);
  if (shares.queue_bytes < shares.batch_bytes) {
    table.fault(load.queue_bytes ? "queue_bytes" : "batch_bytes",
                "a queue of `queue_bytes` cannot hold one batch of `batch_bytes`",
                "make queue_bytes at least as large as batch_bytes");
  } else if (load.memory < least) {
    table.fault(load.queue_bytes ? "queue_bytes" : "batch_bytes",
                "batches and queues of this size do not fit into `memory`",
                "write memory = \"" + std::to_string(least / mib) +
                    "MiB\" or more, or leave out "
                    "batch_bytes and queue_bytes, which then are shares of it");
  }
}

LoadConfig read_load(TableReader& table) {
  LoadConfig load;
  load.defer = read_defer(table).value_or(load.defer);
  if (const auto rows = table.integer("batch_rows")) {
    if (*rows < 1 || *rows > batch_rows_max) {
      table.fault("batch_rows", "`batch_rows` is out of range", "write 1 to 65536");
    } else {
      load.batch_rows = static_cast<std::uint32_t>(*rows);
    }
  }
  read_memory(table, load);
  read_timeout(table, "lock_timeout", load.lock_timeout);
  read_timeout(table, "statement_timeout", load.statement_timeout);
  table.refuse_unknown();
  return load;
}

std::string read_log_level(TableReader& table) {
  const std::vector<std::string> levels = {"debug", "info", "warn", "error"};
  const auto found = table.choice("level", levels);
  table.refuse_unknown();
  return found ? levels[*found] : "info";
}

// Calls `read` with the reader of the table, if the file has it.
template <typename Read>
void with_table(TableReader& top, const std::string& key, ConfigFaults& faults, Read read) {
  const toml::table* table = top.table(key);
  if (table == nullptr) return;
  TableReader reader(*table, "[" + key + "]", faults);
  read(reader);
}

void add_digests(const std::string& name, const toml::table& table,
                 std::map<std::string, std::string>& digests) {
  for (const auto& [key, node] : table) {
    const toml::table* inner = node.as_table();
    // An empty one may mean something else than one that is left out.
    if (inner != nullptr && !inner->empty()) {
      add_digests(name + "." + std::string(key.str()), *inner, digests);
      continue;
    }
    std::ostringstream text;
    node.visit([&](const auto& value) { text << toml::toml_formatter{value}; });
    digests["[" + name + "] " + std::string(key.str())] = sha256_text(text.str());
  }
}

/// Where the databases are and how fast rows move decides nothing about them.
std::map<std::string, std::string> digests_of(const toml::table& file) {
  std::map<std::string, std::string> digests;
  for (const char* name :
       {"identity", "validation", "quarantine", "verify", "plugins", "entities"}) {
    if (const toml::table* table = file[name].as_table()) add_digests(name, *table, digests);
  }
  return digests;
}

}  // namespace

RunConfig read_run_config(const std::filesystem::path& file, Sides needed) {
  const std::string text = read_file(file);
  ConfigFaults faults(file);
  const toml::table table = parse_toml(text, faults);
  TableReader top(table, "the file", faults);

  RunConfig config;
  config.file = file;
  config.digest = sha256_text(text);
  ConfigFaults not_missed(file);
  config.source = read_side(top, "source", needed == Sides::both ? faults : not_missed);
  config.target = read_side(top, "target", faults);
  config.source.file = config.target.file = file;
  config.identity_namespace = mig::uuid::parse(default_identity_namespace).value_or(mig::uuid{});
  with_table(top, "identity", faults,
             [&](TableReader& t) { config.identity_namespace = read_identity(t); });
  with_table(top, "transaction", faults, [&](TableReader& t) { read_transaction(t, config); });
  with_table(top, "load", faults, [&](TableReader& t) { config.load = read_load(t); });
  with_table(top, "validation", faults, [&](TableReader& t) {
    config.checks = read_severities(t, config.check_places);
    config.validation = read_validation(t);
  });
  with_table(top, "quarantine", faults, [&](TableReader& t) {
    config.rejects = read_budget(t);
    t.refuse_unknown();
  });
  with_table(top, "verify", faults, [&](TableReader& t) { config.verify = read_verify(t); });
  with_table(top, "log", faults, [&](TableReader& t) { config.log_level = read_log_level(t); });
  with_table(top, "plugins", faults,
             [&](TableReader& t) { config.plugins = read_plugin_tables(t); });
  with_table(top, "entities", faults,
             [&](TableReader& t) { config.entities = read_entity_tables(t); });
  top.refuse_unknown();
  faults.throw_if_any();
  config.setting_digests = digests_of(table);
  return config;
}

}  // namespace mighost
