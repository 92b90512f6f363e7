#include "cli/verify_text.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "report/text.hpp"

namespace mighost {
namespace {

constexpr std::size_t findings_shown_max = 100;  // of an entity; the JSON has more

Color color_of(Verdict::Status status) {
  if (status == Verdict::Status::verified) return Color::green;
  return status == Verdict::Status::mismatch ? Color::red : Color::yellow;
}

std::string finding_line(const RowDifference& finding) {
  std::string line = "  " + word(finding.kind) + "  " + one_line(finding.key);
  if (finding.kind == RowDifference::Kind::changed) {
    if (finding.columns.empty()) {
      line += ": columns cannot be told, other rows of its bucket are missing";
    } else {
      line += ": " + one_line(joined(finding.columns));
      if (!finding.columns_certain) line += " (some of them)";
    }
  }
  for (const auto& [column, value] : finding.values) {
    line += "\n    " + one_line(column) + " is now " + (value ? one_line(*value) : "NULL");
  }
  return line + "\n";
}

std::string findings_of(const Verdict& verdict) {
  std::string text;
  const std::size_t shown = std::min(verdict.findings.size(), findings_shown_max);
  for (std::size_t at = 0; at < shown; ++at) text += finding_line(verdict.findings[at]);
  if (shown < verdict.offenders()) {
    text += "  and " + thousands(verdict.offenders() - shown) + " more\n";
  }
  return text;
}

std::string difference_line(const SourceDifference& finding) {
  std::string line =
      "    differs  " + one_line(finding.key) + ": " + one_line(joined(finding.columns));
  const auto shown = [](const std::optional<std::string>& value) {
    return value ? one_line(*value) : std::string("NULL");
  };
  for (const auto& value : finding.values) {
    line += "\n      " + one_line(value.column) + " is " + shown(value.in_target) +
            ", by the source " + shown(value.by_source);
  }
  return line + "\n";
}

/// What came of transforming rows again. A changed source is not a changed target, and nothing here
/// says which of them it is.
std::string independent_of(const Verdict& verdict) {
  std::string text;
  for (const SourceComparison& one : verdict.independent) {
    text += "  transformed again";
    if (verdict.independent.size() > 1) text += ", " + one_line(one.entity);
    text += ": ";
    if (!one.reason.empty()) {
      text += "not done, " + one_line(one.reason) + "\n";
      continue;
    }
    text += counted(one.looked, "row", "rows") + " looked at, ";
    text += one.differ == 0 ? "none differs from what the source says now"
                            : thousands(one.differ) + (one.differ == 1 ? " differs" : " differ") +
                                  " from what the source says now";
    if (one.refused > 0) text += ", " + thousands(one.refused) + " of them would not go now";
    if (one.picked > one.looked) {
      text += "; " + counted(one.picked - one.looked, "row", "rows") +
              " picked that the source does not give now";
    }
    text += "\n";
    const std::size_t shown = std::min(one.findings.size(), findings_shown_max);
    for (std::size_t at = 0; at < shown; ++at) text += difference_line(one.findings[at]);
  }
  return text;
}

/// What else is in the table.
std::string others_of(const Verdict& verdict) {
  std::vector<std::string> parts;
  if (verdict.others > 0) parts.push_back(thousands(verdict.others) + " without a legacy key");
  if (verdict.before > 0) parts.push_back(thousands(verdict.before) + " there before");
  if (verdict.added > 0) parts.push_back(thousands(verdict.added) + " new");
  return parts.empty() ? "" : "besides: " + joined(parts);
}

std::string closing(const std::vector<Verdict>& verdicts, bool color) {
  std::uint64_t rows = 0, mismatches = 0, unverified = 0, changed = 0, differ = 0;
  for (const Verdict& verdict : verdicts) {
    rows += verdict.rows;
    changed += verdict.offenders() + verdict.damaged;
    for (const SourceComparison& one : verdict.independent) differ += one.differ;
    mismatches += verdict.status == Verdict::Status::mismatch ? 1 : 0;
    unverified += verdict.status == Verdict::Status::unverified ? 1 : 0;
  }
  const std::string of = " of " + counted(verdicts.size(), "entity", "entities");
  if (mismatches > 0) {
    std::string what = changed > 0 ? "the target does not hold what was brought" : "";
    if (differ > 0) {
      what += (what.empty() ? "" : "; ") + counted(differ, "row", "rows") +
              (differ == 1 ? " differs" : " differ") +
              " from what the source and the plugins say now";
    }
    return colored("MISMATCH in " + thousands(mismatches) + of + ": " + what + ".", Color::red,
                   color);
  }
  if (unverified > 0) {
    return colored("UNVERIFIED: " + thousands(unverified) + of + " could not be compared whole.",
                   Color::yellow, color);
  }
  return colored("VERIFIED: " + counted(rows, "row", "rows") + of + " are as they were brought.",
                 Color::green, color);
}

nlohmann::ordered_json finding_json(const RowDifference& finding) {
  nlohmann::ordered_json one;
  one["kind"] = word(finding.kind);
  one["key"] = finding.key;
  one["columns"] = finding.columns;
  one["columns_certain"] = finding.columns_certain;
  if (finding.values.empty()) return one;
  one["values"] = nlohmann::ordered_json::object();
  for (const auto& [column, value] : finding.values) {
    one["values"][column] = value ? nlohmann::ordered_json(*value) : nlohmann::ordered_json();
  }
  return one;
}

nlohmann::ordered_json difference_json(const SourceDifference& finding) {
  const auto shown = [](const std::optional<std::string>& value) {
    return value ? nlohmann::ordered_json(*value) : nlohmann::ordered_json();
  };
  nlohmann::ordered_json one;
  one["key"] = finding.key;
  one["columns"] = finding.columns;
  if (finding.values.empty()) return one;
  for (const auto& value : finding.values) {
    one["values"][value.column] = {{"target", shown(value.in_target)},
                                   {"source", shown(value.by_source)}};
  }
  return one;
}

nlohmann::ordered_json independent_json(const SourceComparison& comparison) {
  nlohmann::ordered_json one;
  one["entity"] = comparison.entity;
  one["reason"] = comparison.reason;
  one["picked"] = comparison.picked;
  one["looked_at"] = comparison.looked;
  one["differ"] = comparison.differ;
  one["would_not_go"] = comparison.refused;
  one["findings"] = nlohmann::ordered_json::array();
  for (const SourceDifference& finding : comparison.findings) {
    one["findings"].push_back(difference_json(finding));
  }
  return one;
}

nlohmann::ordered_json verdict_json(const Verdict& verdict) {
  nlohmann::ordered_json one;
  one["entity"] = verdict.entity;
  one["target"] = verdict.target;
  one["status"] = word(verdict.status);
  one["reason"] = verdict.reason;
  one["rows"] = verdict.rows;
  one["changed"] = verdict.changed;
  one["missing"] = verdict.missing;
  one["extra"] = verdict.extra;
  one["new"] = verdict.added;
  one["unverified"] = verdict.unverified;
  one["without_key"] = verdict.others;
  one["before"] = verdict.before;
  one["seconds"] = std::round(verdict.seconds * 1e3) / 1e3;
  one["findings"] = nlohmann::ordered_json::array();
  for (const RowDifference& finding : verdict.findings)
    one["findings"].push_back(finding_json(finding));
  if (verdict.independent.empty()) return one;
  one["transformed_again"] = nlohmann::ordered_json::array();
  for (const SourceComparison& comparison : verdict.independent) {
    one["transformed_again"].push_back(independent_json(comparison));
  }
  return one;
}

}  // namespace

std::string verify_text(const std::vector<Verdict>& verdicts, bool color) {
  std::vector<std::vector<std::string>> rows = {{"entity", "rows", "result", ""}};
  for (const Verdict& verdict : verdicts) {
    const std::string others = others_of(verdict);
    std::string remark = one_line(verdict.reason);
    if (!others.empty()) remark += (remark.empty() ? "" : "; ") + others;
    rows.push_back({one_line(verdict.entity), thousands(verdict.rows),
                    colored(word(verdict.status), color_of(verdict.status), color), remark});
  }
  const auto lines = aligned(rows, {Align::left, Align::right, Align::left, Align::left});
  std::string text = colored(lines.front(), Color::bold, color) + "\n";
  for (std::size_t at = 0; at < verdicts.size(); ++at) {
    text += lines[at + 1] + "\n" + findings_of(verdicts[at]) + independent_of(verdicts[at]);
  }
  return text + "\n" + closing(verdicts, color) + "\n";
}

std::string verify_json(const std::vector<Verdict>& verdicts) {
  using json = nlohmann::ordered_json;
  const auto any = [&](Verdict::Status status) {
    return std::any_of(verdicts.begin(), verdicts.end(),
                       [&](const Verdict& verdict) { return verdict.status == status; });
  };
  json object;
  object["status"] = any(Verdict::Status::mismatch)     ? "MISMATCH"
                     : any(Verdict::Status::unverified) ? "UNVERIFIED"
                                                        : "VERIFIED";
  object["entities"] = json::array();
  for (const Verdict& verdict : verdicts) object["entities"].push_back(verdict_json(verdict));
  return object.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

}  // namespace mighost
