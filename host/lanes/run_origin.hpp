#pragma once
// What a run in scope chunk was begun with, so that whoever joins or resumes it works with the
// same: other plugins, another configuration or another source would make one run out of two.
#include <string>
#include <vector>

#include "config/run_config.hpp"
#include "pg/session.hpp"
#include "plugin/manifest.hpp"

namespace mighost {

/// Digest of each setting of the configuration that decides what becomes of rows.
std::string settings_json(const RunConfig& config);
/// Equal for the same database, however it is reached: server and database.
std::string source_identity(Session& source);

/// A run that is not over.
struct UnfinishedRun {
  std::string id, status, scope, plugins, settings, source_identity, snapshot;
  int epoch = 0;
};

/// The one that `id` begins, or the only one when it is empty. Throws Error{Exit::usage} when there
/// is none, or it is over.
UnfinishedRun find_unfinished(Session& target, const std::string& id);

/// In words, what differs; empty when nothing does.
std::vector<std::string> differences(const UnfinishedRun& run,
                                     const std::vector<const Plugin*>& plugins,
                                     const RunConfig& config, const std::string& source);

}  // namespace mighost
