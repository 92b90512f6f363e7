#pragma once
// The rules of abi.h that a manifest must keep to be planned at all: names, keys, identities,
// references, codes. Checked on the host's copy, for one plugin and for all plugins together.
#include <vector>

#include "plugin/fault.hpp"
#include "plugin/manifest.hpp"

namespace mighost {

void check_manifest(const Plugin& plugin, Faults& faults);

/// What only several plugins can get wrong: two files that own the same family.
void check_families(const std::vector<const Plugin*>& plugins, Faults& faults);

/// The column of that name, or null.
const Column* find_column(const std::vector<Column>& columns, const std::string& name);

}  // namespace mighost
