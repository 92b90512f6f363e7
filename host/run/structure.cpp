#include "run/structure.hpp"

#include <algorithm>
#include <map>
#include <sstream>

namespace mighost {
namespace {

constexpr std::size_t shown_max = 3;

/// By definition: the state that goes with it.
std::multimap<std::string, std::string> lines_of(const std::string& structure) {
  std::multimap<std::string, std::string> lines;
  std::istringstream text(structure);
  for (std::string line; std::getline(text, line);) {
    const std::size_t tab = std::min(line.find('\t'), line.size());
    lines.emplace(line.substr(0, tab), line.substr(tab));
  }
  return lines;
}

void add(std::string& text, const std::string& what, const std::vector<std::string>& definitions) {
  if (definitions.empty()) return;
  text += (text.empty() ? "" : "; ") + what + ": ";
  for (std::size_t at = 0; at < std::min(definitions.size(), shown_max); ++at) {
    text += (at == 0 ? "" : ", ") + definitions[at];
  }
  if (definitions.size() > shown_max) {
    text += " and " + std::to_string(definitions.size() - shown_max) + " more";
  }
}

}  // namespace

std::string structure_of(Session& target, const std::vector<std::uint32_t>& table_oids) {
  std::string list;
  for (const std::uint32_t oid : table_oids)
    list += (list.empty() ? "" : ",") + std::to_string(oid);
  if (list.empty()) return {};
  // Names and definitions, not numbers: what is restored has new object ids.
  const Rows rows = target.query(
      "SELECT coalesce(string_agg(translate(line, E'\\n', ' '), E'\\n' ORDER BY line COLLATE "
      "\"C\"), '') FROM ("
      "SELECT format(E'index %s\\t%s %s %s %s', pg_get_indexdef(indexrelid), indisvalid, "
      "indisclustered, indisreplident,"
      " obj_description(indexrelid, 'pg_class')) AS line FROM pg_index WHERE indrelid IN (" +
      list +
      ") UNION ALL "
      "SELECT format(E'constraint %s of %s: %s\\t%s %s', conname, conrelid::regclass, "
      "pg_get_constraintdef(oid), convalidated,"
      " obj_description(oid, 'pg_constraint')) FROM pg_constraint WHERE conrelid IN (" +
      list + ") OR confrelid IN (" + list +
      ") UNION ALL "
      "SELECT format(E'trigger %s\\t%s', pg_get_triggerdef(oid), tgenabled) FROM pg_trigger"
      " WHERE NOT tgisinternal AND tgrelid IN (" +
      list + ")) AS structure");
  return rows.value().value_or("");
}

std::string structure_changes(const std::string& before, const std::string& after) {
  std::multimap<std::string, std::string> old = lines_of(before);
  std::vector<std::string> missing, fresh, altered;
  for (const auto& [definition, state] : lines_of(after)) {
    const auto same = old.find(definition);
    if (same == old.end()) {
      fresh.push_back(definition);
      continue;
    }
    if (same->second != state) altered.push_back(definition);
    old.erase(same);
  }
  for (const auto& [definition, state] : old) missing.push_back(definition);
  std::string text;
  add(text, "missing", missing);
  add(text, "new", fresh);
  add(text, "altered", altered);
  return text;
}

}  // namespace mighost
