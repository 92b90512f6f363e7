#pragma once
// [plugins.<family>] of the configuration, checked against what the plugin declares, in the shape
// the ABI wants.
#include <memory>
#include <vector>

#include "config/run_config.hpp"
#include "plugin/manifest.hpp"

namespace mighost {

/// Owns the strings behind a mig_settings.
class PluginSettings {
 public:
  PluginSettings();
  PluginSettings(const Plugin& plugin,
                 const RunConfig& config);  // throws Error{Exit::usage}, all faults at once
  ~PluginSettings();
  PluginSettings(PluginSettings&&) noexcept;
  PluginSettings& operator=(PluginSettings&&) noexcept;
  const mig_settings* abi() const;

 private:
  struct Storage;
  std::unique_ptr<Storage> storage_;
};

/// Refuses [plugins.x] and [entities."x.y"] tables whose names look like a loaded one misspelt.
/// Returns a sentence for each table of a family that is not loaded at all: it does nothing.
std::vector<std::string> check_names_in_config(const std::vector<const Plugin*>& plugins,
                                               const RunConfig& config);

}  // namespace mighost
