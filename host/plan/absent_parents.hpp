#pragma once
// What becomes of references whose parent's plugin is not loaded (mig_reference.if_loaded). Taking
// a plugin away must leave the others working, and nobody may wonder where rows went.
#include <map>
#include <string>
#include <vector>

#include "plugin/manifest.hpp"

namespace mighost {

/// Entities that do not run, each with the sentence that says why: a parent that they cannot do
/// without belongs to a plugin that is not loaded, or is left out itself.
std::map<std::string, std::string> left_out_entities(const std::vector<const Plugin*>& plugins);

/// Columns ("family.entity.column") that stay NULL for the same reason, each with its sentence.
std::map<std::string, std::string> unanswered_references(const std::vector<const Plugin*>& plugins);

}  // namespace mighost
