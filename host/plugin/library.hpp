#pragma once
// Finding, inspecting and opening plugin files. A library once opened stays open until the process
// ends (decision 004).
#include <filesystem>
#include <memory>
#include <vector>

#include "plugin/fault.hpp"
#include "plugin/manifest.hpp"

namespace mighost {

/// Loads every *.mig.so of `directory` in sorted order: inspects the file before any of its code
/// runs (ELF, exports, needed libraries), opens it with rtld_now, checks the ABI version and the
/// manifest, and copies the manifest. Throws Error{Exit::usage} that names every bad file, not just
/// the first, with the reason and the remedy. The returned plugins are owned by the process and
/// never destroyed.
std::vector<const Plugin*> load_plugins(const std::filesystem::path& directory);

/// One file, inspected and loaded in the same way; null after appending to `faults`.
const Plugin* load_plugin(const std::filesystem::path& file, Faults& faults);

}  // namespace mighost
