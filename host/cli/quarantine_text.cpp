#include <algorithm>

#include "cli/quarantine_view.hpp"
#include "report/text.hpp"

namespace mighost {
namespace {

using Cells = std::vector<std::string>;

std::string rows_of(std::uint64_t number) { return counted(number, "row", "rows"); }

std::string closing(const QuarantineView& view) {
  const std::uint64_t open = view.open(), waived = view.waived_rows();
  if (open + waived == 0) {
    return view.filtered ? "No row that is held back matches." : "No row is held back.";
  }
  const std::string matching = view.filtered ? " that match" : "";
  std::string text = rows_of(open + waived) + matching + (open + waived == 1 ? " is" : " are") +
                     " held back: " + thousands(open) + " open";
  return text + (waived > 0 ? " and " + thousands(waived) + " waived." : ".");
}

std::string code_table(const QuarantineView& view, bool color) {
  const std::uint64_t waived = view.waived_rows();
  const auto cells = [&](const std::string& entity, const std::string& code, std::uint64_t open,
                         std::uint64_t waived_rows) {
    return Cells{one_line(entity), one_line(code), thousands(open),
                 waived > 0 ? thousands(waived_rows) : ""};
  };
  std::vector<Cells> table{{"entity", "code", "open", waived > 0 ? "waived" : ""}};
  for (const HeldByCode& one : view.by_code) {
    table.push_back(cells(one.entity, one.code, one.open, one.waived));
  }
  table.push_back(cells("total", "", view.open(), waived));
  const auto lines = aligned(table, {Align::left, Align::left, Align::right, Align::right});
  std::size_t width = 0;
  for (const std::string& line : lines) width = std::max(width, visible_width(line));
  const std::string rule(width, '-');
  std::string text = colored(lines.front(), Color::bold, color) + "\n" + rule + "\n";
  for (std::size_t at = 1; at + 1 < lines.size(); ++at) text += lines[at] + "\n";
  return text + rule + "\n" + colored(lines.back(), Color::bold, color) + "\n";
}

std::string root_words(const RootCause& cause) {
  std::string words = one_line(cause.entity) + " " + one_line(cause.key);
  switch (cause.state) {
    case RootCause::State::held:
      words += " (" + one_line(cause.code) + ")";
      break;
    case RootCause::State::absent:
      words += " (absent)";
      break;
    case RootCause::State::circle:
      words += " (" + one_line(cause.code) + "), which waits for one of them";
      break;
  }
  return words + (cause.waived ? ", waived" : "");
}

/// "17 core.patients and 203 rows behind them wait for core.doctors 4711 (no_office)".
std::string cause_sentence(const RootCause& cause) {
  std::vector<std::string> parts;
  std::uint64_t direct = 0;
  for (const auto& [entity, number] : cause.waiting) {
    parts.push_back(thousands(number) + " " + one_line(entity));
    direct += number;
  }
  if (cause.behind > 0) {
    parts.push_back(rows_of(cause.behind) + " behind " + (direct == 1 ? "it" : "them"));
  }
  const bool one = direct + cause.behind == 1;
  return joined(parts) + (one ? " waits for " : " wait for ") + root_words(cause);
}

std::string heading(std::string_view text, bool color) {
  return "\n" + colored(text, Color::bold, color) + "\n";
}

std::string and_more(std::uint64_t more) {
  return more == 0 ? "" : "  and " + thousands(more) + " more (--limit 0 shows all)\n";
}

std::string cause_section(const QuarantineView& view, bool color) {
  std::string text;
  bool absent = false;
  for (const RootCause& cause : view.causes.shown) {
    text += "  " + cause_sentence(cause) + "\n";
    absent = absent || cause.state == RootCause::State::absent;
  }
  text += and_more(view.causes.more);
  if (view.alone > 0) {
    text += "  " + rows_of(view.alone) + (view.alone == 1 ? " has a reason" : " have reasons") +
            " of " + (view.alone == 1 ? "its" : "their") + " own, and nothing waits for " +
            (view.alone == 1 ? "it" : "them") + "\n";
  }
  if (absent) text += "  (absent: no such row has come; the source has none, or it was left out)\n";
  return text.empty() ? text : heading("Root causes, most rows first", color) + text;
}

template <typename Item, typename Function>
std::string table_section(std::string_view title, const Page<Item>& page, const Cells& header,
                          bool color, Function cells) {
  if (page.shown.empty()) return {};
  std::vector<Cells> table{header};
  for (const Item& item : page.shown) table.push_back(cells(item));
  std::string text = heading(title, color);
  for (const std::string& line : aligned(table, std::vector<Align>(header.size(), Align::left))) {
    text += "  " + line + "\n";
  }
  return text + and_more(page.more);
}

Cells row_cells(const HeldRow& row) {
  const std::string waits = row.waits_for_entity + " " + row.waits_for_key;
  return {one_line(row.entity),      one_line(row.key),    one_line(row.outcome),
          one_line(row.code),        one_line(row.column), waits == " " ? "" : one_line(waits),
          row.waived ? "waived" : ""};
}

Cells waiver_cells(const Waiver& waiver) {
  return {one_line(waiver.entity), one_line(waiver.key),
          one_line(waiver.who),    one_line(waiver.at),
          one_line(waiver.why),    waiver.in_force ? "" : "(no such row is held back)"};
}

std::string deeds(const QuarantineView& view) {
  std::string text;
  if (view.waived) text += "\nWaived " + rows_of(*view.waived) + "; it stands in the audit.\n";
  if (view.withdrawn) {
    text += "\nTook " + counted(*view.withdrawn, "waiver", "waivers") +
            " back; it stands in the audit.\n";
  }
  if (!view.exported_to.empty()) {
    text += "\nWrote " + rows_of(view.exported) + " to " + one_line(view.exported_to) +
            ", which holds personal data and is readable by you alone.\n";
  }
  return text;
}

}  // namespace

std::uint64_t QuarantineView::open() const {
  std::uint64_t sum = 0;
  for (const HeldByCode& one : by_code) sum += one.open;
  return sum;
}

std::uint64_t QuarantineView::waived_rows() const {
  std::uint64_t sum = 0;
  for (const HeldByCode& one : by_code) sum += one.waived;
  return sum;
}

std::string quarantine_text(const QuarantineView& view, bool color) {
  std::string text;
  if (!view.by_code.empty()) text += code_table(view, color);
  text += cause_section(view, color);
  text += table_section("Rows", view.rows,
                        {"entity", "key", "outcome", "code", "column", "waits for", ""}, color,
                        row_cells);
  text += table_section("Waivers", view.waivers, {"entity", "key", "who", "when", "why", ""}, color,
                        waiver_cells);
  text += deeds(view);
  return text + (text.empty() ? "" : "\n") + closing(view) + "\n";
}

}  // namespace mighost
