#pragma once
// Copies a plugin's manifest out of its ABI structs. Here is checked whatever must hold before the
// copy can be trusted at all: sizes, null pointers, counts, UTF-8, known enumerations. What the
// copy then says is checked by manifest_rules.
#include <filesystem>
#include <memory>

#include "plugin/fault.hpp"
#include "plugin/manifest.hpp"

namespace mighost {

/// Why this host cannot serve `plugin` (abi.h, at MIG_ABI_MINOR), or an empty text. Nothing behind
/// the version numbers may be read before that.
std::string version_fault(const mig_plugin& plugin);

/// Appends every fault found; the result is only meaningful when there is none. `file` is for
/// messages.
std::unique_ptr<Plugin> read_manifest(const mig_plugin& plugin, const std::filesystem::path& file,
                                      Faults& faults);

}  // namespace mighost
