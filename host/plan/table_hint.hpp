#pragma once
// What to say about a table that does not exist. Legacy tables share long prefixes (dispatch_...),
// so names are compared behind what they have in common: otherwise every table would be near every
// other.
#include <string>
#include <vector>

namespace mighost {

/// "did you mean ...?", or tables with a related name, or what to do when there is none. `table`
/// may be without a schema, `known` are "schema.table".
std::string table_remedy(const std::string& table, const std::vector<std::string>& known);

}  // namespace mighost
