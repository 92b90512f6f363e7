#include "cli/explain_command.hpp"
#include "report/text.hpp"

namespace mighost {
namespace {

using Cells = std::vector<std::string>;

std::string explained_section(std::string_view heading, const std::vector<Cells>& rows,
                              bool color) {
  if (rows.empty()) return {};
  std::size_t width = 0;
  for (const Cells& row : rows) width = std::max(width, row.size());
  std::string text = "\n" + colored(heading, Color::bold, color) + "\n";
  for (const std::string& line : aligned(rows, std::vector<Align>(width, Align::left))) {
    text += "  " + line + "\n";
  }
  return text;
}

std::string source_section(const Explanation& row, bool values, bool color) {
  if (row.source_rows.empty()) {
    return explained_section("Source", {{"has no row with this key"}}, color);
  }
  std::string text;
  for (const auto& columns : row.source_rows) {
    std::vector<Cells> lines;
    std::vector<std::string> names, nulls;
    for (const ExplainedColumn& column : columns) {
      (column.value ? names : nulls).push_back(one_line(column.name));
      if (values) {
        lines.push_back({one_line(column.name), column.value ? one_line(*column.value) : "NULL"});
      }
    }
    if (!values) {
      lines.push_back({"found; with a value: " + (names.empty() ? "none" : joined(names))});
      if (!nulls.empty()) lines.push_back({"NULL: " + joined(nulls)});
    }
    text += explained_section("Source", lines, color);
  }
  return text;
}

std::string answer_words(const ResolvedReference& reference) {
  using Answer = ResolvedReference::Answer;
  const std::string without = reference.null_by_policy ? "; the row goes without it" : "";
  switch (reference.answer) {
    case Answer::resolved:
      return reference.new_key;
    case Answer::absent:
      return "does not exist" + without;
    case Answer::held:
      return "is held back" + without;
    case Answer::no_key:
      return "no key" + without;
    case Answer::late:
      return "set when every row is there";
    case Answer::not_loaded:
      break;
  }
  return "its plugin is not loaded" + without;
}

std::string reference_section(const Explanation& row, bool color) {
  std::vector<Cells> lines;
  for (const ResolvedReference& reference : row.references) {
    lines.push_back(
        {one_line(reference.column),
         one_line(reference.entity + " " + (reference.key.empty() ? "NULL" : reference.key)),
         one_line(answer_words(reference))});
  }
  return explained_section("References", lines, color);
}

Cells record_cells(const ExplainedRecord& record, bool values) {
  std::string reason = one_line(record.code);
  if (!record.column.empty()) reason += ", column " + one_line(record.column);
  if (!record.constraint.empty()) reason += ", constraint " + one_line(record.constraint);
  if (!record.waits_for.empty()) reason += ", waits for " + one_line(record.waits_for);
  if (values && !record.message.empty()) reason += ": " + one_line(record.message);
  std::string by = one_line(record.plugin);
  if (!record.stage.empty()) by += ", " + one_line(record.stage);
  Cells cells{one_line(record.outcome), reason, by};
  if (record.run.empty()) return cells;
  cells.push_back("run " + record.run + " of " + record.started_at);
  cells.push_back(record.stands ? "" : "(past)");
  return cells;
}

std::vector<Cells> record_lines(const std::vector<ExplainedRecord>& records, bool values) {
  std::vector<Cells> lines;
  lines.reserve(records.size());
  for (const ExplainedRecord& record : records) lines.push_back(record_cells(record, values));
  return lines;
}

std::string target_section(const Explanation& row, bool color) {
  std::vector<Cells> lines;
  const std::string key = row.new_key.empty() ? "" : one_line(row.new_key);
  if (row.in_target) {
    lines.push_back({one_line(row.target), key, "brought by run " + row.brought_by});
  } else {
    lines.push_back({one_line(row.target), key, "is not there"});
  }
  for (const std::string& sentence : row.drift) lines.push_back({one_line(sentence)});
  std::string text = "\n" + colored("Target", Color::bold, color) + "\n";
  for (const Cells& cells : lines) {
    std::string line = " ";
    for (const std::string& cell : cells) line += cell.empty() ? "" : " " + cell;
    text += line + "\n";
  }
  return text;
}

/// What the ledger has of the row, and what the row in the target comes to.
std::string fingerprint_section(const Explanation& row, bool color) {
  if (!row.fingerprint) return {};
  const RowFingerprint& fingerprint = *row.fingerprint;
  const bool there = fingerprint.kept() || fingerprint.parts.front().found;
  if (!there) return {};
  std::vector<Cells> lines = {
      {"bucket " + std::to_string(fingerprint.bucket), "on record", "in the target", ""}};
  const auto digits = [](const std::optional<std::uint64_t>& number) {
    return number ? hex(*number) : std::string("none");
  };
  for (const RowFingerprint::Part& part : fingerprint.parts) {
    const bool whole = part.column.empty();
    lines.push_back({whole ? "the row" : one_line(part.column), digits(part.kept),
                     digits(part.found), whole ? word(fingerprint) : ""});
  }
  return explained_section("Fingerprint", lines, color);
}

}  // namespace

std::string explanation_text(const Explanation& row, bool values, bool color) {
  std::string text =
      colored(one_line(row.entity) + " " + one_line(row.key), Color::bold, color) + "\n";
  text += source_section(row, values, color);
  text += reference_section(row, color);
  if (!row.outcome.empty()) {
    std::vector<Cells> lines{{row.outcome}};
    text += explained_section("Now it would be", lines, color);
    text += explained_section("Because of, or noted", record_lines(row.now, values), color);
  }
  std::vector<Cells> record = record_lines(row.on_record, values);
  if (!row.root.empty()) record.push_back({"waits in the end for " + one_line(row.root)});
  if (!row.waiver.empty()) record.push_back({"waived " + one_line(row.waiver)});
  text += explained_section("On record", record, color);
  text += target_section(row, color);
  text += fingerprint_section(row, color);
  std::vector<Cells> remarks;
  for (const std::string& remark : row.remarks) remarks.push_back({one_line(remark)});
  return text + explained_section("Remarks", remarks, color);
}

}  // namespace mighost
