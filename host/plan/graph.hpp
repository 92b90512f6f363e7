#pragma once
// The order of entities, from the references that they declare and nothing else.
#include <string>
#include <vector>

#include "plugin/manifest.hpp"

namespace mighost {

/// All entities of the plugins, in order of declaration.
std::vector<const Entity*> all_entities(const std::vector<const Plugin*>& plugins);

const Entity* find_entity(const std::vector<const Plugin*>& plugins, const std::string& name);

/// What to say about an entity name that nothing loaded provides: a misspelling, an entity that its
/// family lacks, or a plugin that is not there.
std::string missing_entity_remedy(const std::vector<const Plugin*>& plugins,
                                  const std::string& name);

}  // namespace mighost
