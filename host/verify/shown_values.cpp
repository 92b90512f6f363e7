#include "verify/shown_values.hpp"

namespace mighost {
namespace {

/// The columns of a key text: joined by '/', with '\' before a '\' or '/' of a text.
std::vector<std::optional<std::string>> key_parts(const std::string& key) {
  std::vector<std::optional<std::string>> parts = {std::string()};
  for (std::size_t at = 0; at < key.size(); ++at) {
    if (key[at] == '/') {
      parts.emplace_back(std::string());
    } else {
      if (key[at] == '\\' && at + 1 < key.size()) ++at;
      *parts.back() += key[at];
    }
  }
  return parts;
}

}  // namespace

void show_values(Session& target, const FingerprintSubject& subject, Verdict& verdict) {
  const FingerprintLayout& layout = subject.layout;
  if (layout.key.empty()) return;
  std::string where;
  for (std::size_t index = 0; index < layout.key.size(); ++index) {
    const FingerprintColumn& column = layout.columns[layout.key[index]];
    where += (index == 0 ? "" : " AND ") + quote_identifier(column.name) + " = $" +
             std::to_string(index + 1) + "::" + column.type_name;
  }
  for (RowDifference& finding : verdict.findings) {
    const auto parts = key_parts(finding.key);
    if (finding.columns.empty() || parts.size() != layout.key.size()) continue;
    std::string list;
    for (const auto& name : finding.columns) {
      list += (list.empty() ? "" : ", ") + quote_identifier(name) + "::text";
    }
    const Rows rows = target.query(
        "SELECT " + list + " FROM " + quote_relation(subject.target) + " WHERE " + where, parts);
    for (std::size_t index = 0; !rows.empty() && index < finding.columns.size(); ++index) {
      finding.values.emplace_back(finding.columns[index], rows.at(0, index));
    }
  }
}

}  // namespace mighost
