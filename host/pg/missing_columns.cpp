#include "pg/missing_columns.hpp"

#include <algorithm>

#include "pg/catalog.hpp"
#include "pg/query_text.hpp"

namespace mighost {
namespace {

constexpr int probes_max = 200;

std::vector<std::string> relations_of(const std::vector<std::string>& parts,
                                      const std::vector<NamedRelation>& known) {
  std::vector<std::string> names;
  for (const NamedRelation& relation : known) {
    // Without a qualifier it was looked for in all of them.
    const bool meant = parts.size() < 2 || parts.at(parts.size() - 2) == relation.alias;
    const bool new_one = std::find(names.begin(), names.end(), relation.name) == names.end();
    if (meant && new_one) names.push_back(relation.name);
  }
  return names;
}

}  // namespace

// Each column that the server complains about is replaced by NULL, and the query offered again. The
// query that comes out in the end means nothing; another complaint about it is nobody's fault.
std::vector<MissingColumn> missing_columns(Session& session, const std::string& query) {
  constexpr const char* undefined_column = "42703";
  const auto relations = relations_in(query);
  std::vector<MissingColumn> missing;
  std::string patched = query;
  for (int probe = 0; probe < probes_max; ++probe) {
    const auto refused = refusal(session, patched);
    if (!refused || refused->sqlstate != undefined_column || refused->position == 0) break;
    const std::size_t offset = offset_of_position(patched, refused->position);
    const std::string written(name_at(patched, offset));
    if (written.empty()) break;
    patched.replace(offset, written.size(), "NULL");
    const bool known = std::any_of(missing.begin(), missing.end(),
                                   [&](const MissingColumn& m) { return m.written == written; });
    if (known) continue;
    const auto parts = name_parts(written);
    missing.push_back({written, parts.back(), relations_of(parts, relations)});
  }
  return missing;
}

}  // namespace mighost
