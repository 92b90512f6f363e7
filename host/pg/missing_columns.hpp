#pragma once
// The server names the first column of a query that does not exist, and stops. Who has to bring a
// query up to date with another generation of a schema wants to know all of them.
#include <string>
#include <vector>

#include "pg/session.hpp"

namespace mighost {

/// A column that a query reads in vain.
struct MissingColumn {
  std::string written;                 // as the query writes it: i.course_id
  std::string name;                    // course_id
  std::vector<std::string> relations;  // where it was looked for, as far as the text tells
};

/// All of them, each once, in order of appearance; none when the server takes the query or refuses
/// it for another reason. The query is prepared, never run. An open transaction stays usable.
std::vector<MissingColumn> missing_columns(Session& session, const std::string& query);

}  // namespace mighost
