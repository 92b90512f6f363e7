#include "plugin/library.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <boost/dll/shared_library.hpp>
#include <fstream>
#include <iterator>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "config/digest.hpp"
#include "plugin/elf_file.hpp"
#include "plugin/fault.hpp"
#include "plugin/manifest_reader.hpp"
#include "plugin/manifest_rules.hpp"
#include "report/log.hpp"

namespace mighost {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view suffix = ".mig.so";
constexpr std::string_view entry_prefix = "mighost_plugin_v";
constexpr const char* entry_symbol = "mighost_plugin_v1";
constexpr const char* rebuild = "build it with this host's SDK and mighost_add_plugin()";

/// Plugins and their libraries stay until the process ends: code may still run in them during exit,
/// and unloading has crashed in every way it can (decision 004). Reachable from here, so no leak
/// either.
std::vector<std::unique_ptr<Plugin>>& kept_plugins() {
  static auto* kept = new std::vector<std::unique_ptr<Plugin>>;
  return *kept;
}

std::vector<boost::dll::shared_library>& kept_libraries() {
  static auto* kept = new std::vector<boost::dll::shared_library>;
  return *kept;
}

bool has_suffix(const fs::path& file) {
  const std::string name = file.filename().string();
  return name.size() > suffix.size() && name.ends_with(suffix);
}

std::vector<fs::path> plugin_files(const fs::path& directory) {
  const std::string shown = directory.string();
  std::error_code failure;
  const auto status = fs::status(directory, failure);
  if (!fs::exists(status)) {
    throw Error(Exit::usage, "the plugin directory does not exist", shown,
                "give an existing directory to --plugins");
  }
  if (!fs::is_directory(status)) {
    throw Error(Exit::usage, "--plugins does not name a directory", shown,
                "give the directory that holds the *.mig.so files");
  }
  std::vector<fs::path> files;
  fs::directory_iterator entries(directory, failure);
  while (!failure && entries != fs::directory_iterator()) {
    if (has_suffix(entries->path())) files.push_back(entries->path());
    entries.increment(failure);
  }
  if (failure) {
    throw Error(Exit::usage, "cannot read the plugin directory: " + failure.message(), shown,
                "give the user that runs mighost the right to read it");
  }
  if (files.empty()) {
    throw Error(Exit::usage, "there is no plugin (*.mig.so) in the plugin directory", shown,
                "build the plugins, or give the directory that they were installed to");
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::optional<std::string> read_bytes(const fs::path& file) {
  std::error_code failure;
  if (!fs::is_regular_file(file, failure)) return std::nullopt;
  const std::uintmax_t size = fs::file_size(file, failure);
  if (failure) return std::nullopt;
  std::ifstream stream(file, std::ios::binary);
  std::string bytes(size, '\0');
  if (!stream.read(bytes.data(), static_cast<std::streamsize>(size))) return std::nullopt;
  return bytes;
}

/// The useful part of Boost.DLL's message; its error code names unrelated errors of errno.
std::string loader_text(const std::string& what) {
  constexpr std::string_view mark = "dlerror system message: ";
  const auto begin = what.find(mark);
  if (begin == std::string::npos) return what;
  const auto end = what.rfind("): ");
  const auto from = begin + mark.size();
  return what.substr(from, end == std::string::npos || end < from ? end : end - from);
}

std::string loader_remedy(const std::string& text) {
  if (text.find("undefined symbol") != std::string::npos) {
    return "link with -z defs (mighost_add_plugin does), which names what is missing at build time";
  }
  if (text.find("GLIBC") != std::string::npos) {
    return "it was built with a newer compiler or C library than this machine has: build it here";
  }
  if (text.find("cannot open shared object file") != std::string::npos) {
    return "install the library that it needs, or link that library statically";
  }
  return rebuild;
}

/// The loader's exported entry point, or a fault about what is exported instead.
bool check_exports(const ElfFile& elf, const std::string& name, Faults& faults) {
  std::string other;
  bool found = false;
  std::string extra;
  for (const auto& symbol : elf.exports) {
    if (symbol == entry_symbol) {
      found = true;
    } else if (symbol.starts_with(entry_prefix)) {
      other = symbol;
    } else if (extra.empty()) {
      extra = symbol;
    }
  }
  if (!found && !other.empty()) {
    faults.push_back(
        {name,
         "it was built for another ABI: it exports " + other + ", this host calls " + entry_symbol,
         rebuild});
  } else if (!found) {
    faults.push_back({name, std::string("it does not export ") + entry_symbol, rebuild});
  }
  if (found && !extra.empty()) {
    log_warn("the plugin exports more than its entry point, which may clash with others",
             {{"plugin", name},
              {"symbols", std::to_string(elf.exports.size())},
              {"for_example", extra}});
  }
  return found;
}

void warn_of_libraries(const ElfFile& elf, const std::string& name) {
  constexpr std::array<std::string_view, 4> host_libraries = {"libpq.", "libpqxx", "libspdlog",
                                                              "libboost"};
  for (const auto& library : elf.needed) {
    for (const auto& prefix : host_libraries) {
      if (!library.starts_with(prefix)) continue;
      log_warn("the plugin links a library of the host, so both must use the same version",
               {{"plugin", name}, {"library", library}});
    }
  }
}

const mig_plugin* call_entry(const boost::dll::shared_library& library, const std::string& name,
                             Faults& faults) {
  const auto& entry = library.get<const mig_plugin*()>(entry_symbol);
  const mig_plugin* first = nullptr;
  const mig_plugin* second = nullptr;
  try {
    first = entry();
    second = entry();
  } catch (...) {
    faults.push_back({name, std::string(entry_symbol) + " threw an exception", rebuild});
    return nullptr;
  }
  if (first == nullptr) {
    faults.push_back({name, std::string(entry_symbol) + " returned null", rebuild});
  } else if (first != second) {
    faults.push_back({name, std::string(entry_symbol) + " returns another pointer each time",
                      "return constant data"});
    return nullptr;
  }
  return first;
}

/// Opens a file that inspection found sound, and copies its manifest.
const Plugin* open_plugin(const fs::path& file, const std::string& sha256, Faults& faults) {
  const std::string name = file.filename().string();
  boost::dll::shared_library library;
  try {
    library.load(fs::absolute(file), boost::dll::load_mode::rtld_now);
  } catch (const std::exception& failure) {
    const std::string text = loader_text(failure.what());
    faults.push_back({name, "the system cannot load it: " + text, loader_remedy(text)});
    return nullptr;
  }
  kept_libraries().push_back(std::move(library));
  const mig_plugin* abi = call_entry(kept_libraries().back(), name, faults);
  if (abi == nullptr) return nullptr;
  if (std::string fault = version_fault(*abi); !fault.empty()) {
    faults.push_back({name, std::move(fault), rebuild});
    return nullptr;
  }
  const std::size_t before = faults.size();
  auto plugin = read_manifest(*abi, file, faults);
  if (faults.size() == before) check_manifest(*plugin, faults);
  if (faults.size() != before) return nullptr;
  plugin->sha256 = sha256;
  kept_plugins().push_back(std::move(plugin));
  return kept_plugins().back().get();
}

}  // namespace

const Plugin* load_plugin(const fs::path& file, Faults& faults) {
  const std::string name = file.filename().string();
  const auto bytes = read_bytes(file);
  if (!bytes) {
    faults.push_back({name, "it cannot be read, or is not a regular file",
                      "give the user that runs mighost the right to read it, or remove it"});
    return nullptr;
  }
  const ElfFile elf = read_elf(*bytes);
  if (!elf.fault.empty()) {
    faults.push_back({name, elf.fault, "replace it by a build for this machine, or remove it"});
    return nullptr;
  }
  if (!check_exports(elf, name, faults)) return nullptr;
  warn_of_libraries(elf, name);
  return open_plugin(file, sha256_text(*bytes), faults);
}

std::vector<const Plugin*> load_plugins(const fs::path& directory) {
  Faults faults;
  std::vector<const Plugin*> plugins;
  std::set<std::pair<dev_t, ino_t>> seen;
  for (const auto& file : plugin_files(directory)) {
    struct stat status {};
    if (::stat(file.c_str(), &status) == 0 && !seen.insert({status.st_dev, status.st_ino}).second) {
      log_info("skipped a second name of a plugin file", {{"file", file.filename().string()}});
      continue;
    }
    if (const Plugin* plugin = load_plugin(file, faults)) plugins.push_back(plugin);
  }
  check_families(plugins, faults);
  throw_if_any(faults, Exit::usage, "the plugins cannot be used as they are", directory.string(),
               "repair or remove the files named above; nothing has been read or written");
  return plugins;
}

}  // namespace mighost
