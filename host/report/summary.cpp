// The summary at the end of a run. Each section is left out when it has nothing to say.
#include <algorithm>
#include <map>

#include "report/closing.hpp"
#include "report/run_report.hpp"
#include "report/text.hpp"

namespace mighost {
namespace {

using Cells = std::vector<std::string>;

struct CountColumn {
  const char* title;
  std::uint64_t Counts::*count;
  bool always;  // shown even when it is zero everywhere
};

constexpr CountColumn count_columns[] = {
    {"read", &Counts::read, true},
    {"written", &Counts::written, true},
    {"unchanged", &Counts::unchanged, false},
    {"merged", &Counts::merged, false},
    {"filtered", &Counts::filtered, false},
    {"quarantined", &Counts::quarantined, false},
    {"parked", &Counts::parked, false},
};

std::vector<CountColumn> columns_worth_showing(const Counts& totals) {
  std::vector<CountColumn> shown;
  for (const CountColumn& column : count_columns) {
    if (column.always || totals.*column.count > 0) shown.push_back(column);
  }
  return shown;
}

Cells count_cells(const std::string& name, const Counts& counts, double seconds,
                  const std::vector<CountColumn>& columns) {
  Cells cells{name};
  for (const CountColumn& column : columns) cells.push_back(thousands(counts.*column.count));
  cells.push_back(one_decimal(seconds));
  // Below a tenth of a second a rate says more about the clock than about the run.
  const double rate = seconds > 0 ? static_cast<double>(counts.read) / seconds : 0;
  cells.push_back(seconds >= 0.05 ? rate_text(rate) : "");
  return cells;
}

std::string line_under(const std::string& text) { return std::string(visible_width(text), '-'); }

std::string entity_table(const RunReport& report, bool color) {
  if (report.entities.empty()) return report.replay ? "" : "No entity was run.\n";
  const Counts totals = report.totals();
  const auto columns = columns_worth_showing(totals);
  Cells header{"entity"};
  std::vector<Align> alignment{Align::left};
  // In brackets, what a run would have written that was not committed in the end.
  const bool committed =
      report.scope == "chunk" || report.status == "done" || report.status == "unverified";
  for (const CountColumn& column : columns) {
    const bool bracketed = !committed && column.count == &Counts::written;
    header.push_back(bracketed ? "(written)" : column.title);
  }
  header.insert(header.end(), {"seconds", "rows/s"});
  alignment.resize(header.size(), Align::right);

  std::vector<Cells> rows{header};
  for (const EntityReport& entity : report.entities) {
    rows.push_back(count_cells(one_line(entity.name), entity.counts, entity.seconds, columns));
  }
  rows.push_back(count_cells("total", totals, report.seconds, columns));

  const std::vector<std::string> lines = aligned(rows, alignment);
  std::string widest = lines.front();
  for (const std::string& line : lines) {
    if (visible_width(line) > visible_width(widest)) widest = line;
  }
  std::string text = colored(lines.front(), Color::bold, color) + "\n" + line_under(widest) + "\n";
  for (std::size_t i = 1; i + 1 < lines.size(); ++i) text += lines[i] + "\n";
  return text + line_under(widest) + "\n" + colored(lines.back(), Color::bold, color) + "\n";
}

// A heading and indented, aligned lines; nothing when there are none.
std::string section(std::string_view heading, const std::vector<Cells>& rows,
                    const std::vector<Align>& columns, bool color) {
  if (rows.empty()) return {};
  std::string text = "\n" + colored(heading, Color::bold, color) + "\n";
  for (const std::string& line : aligned(rows, columns)) text += "  " + line + "\n";
  return text;
}

std::vector<Cells> by_code(const RunReport& report, CountByCode EntityReport::*which) {
  std::vector<Cells> rows;
  for (const EntityReport& entity : report.entities) {
    std::vector<std::pair<std::string, std::uint64_t>> codes((entity.*which).begin(),
                                                             (entity.*which).end());
    std::stable_sort(codes.begin(), codes.end(),
                     [](const auto& a, const auto& b) { return a.second > b.second; });
    for (const auto& [code, number] : codes) {
      rows.push_back({one_line(entity.name), one_line(code), thousands(number)});
    }
  }
  return rows;
}

std::vector<Cells> taken_up_rows(const RunReport& report) {
  std::vector<Cells> rows;
  for (const EntityReport& entity : report.entities) {
    std::vector<std::string> parts;
    const auto add = [&parts](std::uint64_t number, const std::string& what) {
      if (number > 0) parts.push_back(thousands(number) + " " + what);
    };
    add(entity.taken_up, "taken up");
    add(entity.healed, "got a reference that had been missing");
    add(entity.gone, "gone from the source");
    if (!parts.empty()) rows.push_back({one_line(entity.name), joined(parts)});
  }
  return rows;
}

std::vector<Cells> control_total_rows(const RunReport& report, bool color) {
  std::vector<Cells> rows;
  if (report.control_totals.empty()) return rows;
  rows.push_back({"", "source", "target", "held back", "difference", ""});
  for (const ControlTotal& total : report.control_totals) {
    rows.push_back({one_line(total.name), one_line(total.source), one_line(total.target),
                    one_line(total.held), one_line(total.difference),
                    total.holds ? colored("holds", Color::green, color)
                                : colored("DOES NOT HOLD", Color::red, color)});
  }
  return rows;
}

std::string offenders(const Finding& finding) {
  if (finding.offenders == 0) return {};
  std::string text = counted(finding.offenders, "offender", "offenders");
  for (std::size_t i = 0; i < finding.keys.size(); ++i) {
    text += (i == 0 ? ": " : ", ") + one_line(finding.keys[i]);
  }
  return finding.keys.size() < finding.offenders && !finding.keys.empty() ? text + ", ..." : text;
}

std::vector<Cells> finding_rows(const RunReport& report, bool color) {
  std::vector<Cells> rows;
  for (const Finding& finding : report.findings) {
    const Color shade = finding.severity == "veto" ? Color::red : Color::yellow;
    const std::string by = finding.plugin.empty() ? "" : " (" + finding.plugin + ")";
    rows.push_back({colored(one_line(finding.severity), shade, color), one_line(finding.entity),
                    one_line(finding.check + by), one_line(finding.message)});
    const std::string keys = offenders(finding);
    if (!keys.empty()) rows.push_back({"", "", "", keys});
  }
  return rows;
}

// What else the operator should know: drift first, because it is about his data.
std::vector<Cells> remark_rows(const RunReport& report) {
  std::vector<Cells> rows;
  for (const EntityReport& entity : report.entities) {
    if (entity.drift == 0) continue;
    const bool one = entity.drift == 1;
    rows.push_back({one_line(entity.name),
                    counted(entity.drift, "row", "rows") + " already there " +
                        (one ? "differs" : "differ") + " from what the source says now; " +
                        (one ? "it was" : "they were") + " not overwritten"});
  }
  for (const EntityReport& entity : report.entities) {
    if (!entity.counts.balanced()) {
      rows.push_back({one_line(entity.name),
                      "THE BOOKS DO NOT BALANCE: " + thousands(entity.counts.read) + " read, " +
                          thousands(entity.counts.settled()) + " with an outcome"});
    }
    for (const std::string& remark : entity.remarks) {
      rows.push_back({one_line(entity.name), one_line(remark)});
    }
  }
  return rows;
}

/// Equal troubles of one entity are one line.
std::vector<Cells> retry_rows(const RunReport& report) {
  std::map<std::pair<std::string, std::string>, std::uint64_t> times;
  for (const RetryReport& retry : report.retries) ++times[{retry.entity, retry.message}];
  std::vector<Cells> rows;
  for (const auto& [what, number] : times) {
    rows.push_back({one_line(what.first), counted(number, "time", "times"), one_line(what.second)});
  }
  return rows;
}

/// "null_rates" when it is so everywhere, else "domains (core.orders, core.offices, ...)".
std::string checks_named(const RunReport& report, std::string_view status) {
  constexpr std::size_t entities_shown = 3;
  std::vector<std::string> order;
  std::map<std::string, Cells> entities;
  std::map<std::string, std::size_t> all;
  for (const CheckReport& check : report.checks) {
    ++all[check.check];
    if (check.status != status) continue;
    if (entities.count(check.check) == 0) order.push_back(check.check);
    entities[check.check].push_back(check.entity);
  }
  std::string text;
  for (const std::string& check : order) {
    const Cells& where = entities[check];
    text += (text.empty() ? "" : ", ") + one_line(check);
    if (where.size() == all[check]) continue;
    text += " (";
    for (std::size_t i = 0; i < where.size() && i < entities_shown; ++i) {
      text += (i == 0 ? "" : ", ") + one_line(where[i]);
    }
    text += where.size() > entities_shown ? ", ...)" : ")";
  }
  return text;
}

// "Checks: 312 passed, 2 warned; off: null_rates; not looked at: domains (core.orders)".
std::string checks_line(const RunReport& report) {
  if (report.checks.empty()) return {};
  std::string text;
  for (const char* status : {"passed", "warned", "vetoed", "faulty"}) {
    const auto number = static_cast<std::uint64_t>(
        std::count_if(report.checks.begin(), report.checks.end(),
                      [&](const CheckReport& check) { return check.status == status; }));
    if (number > 0) text += (text.empty() ? "" : ", ") + thousands(number) + " " + status;
  }
  text = "Checks: " + (text.empty() ? "none done" : text);
  const std::string off = checks_named(report, "off");
  const std::string skipped = checks_named(report, "skipped");
  if (!off.empty()) text += "; off: " + off;
  if (!skipped.empty()) text += "; not looked at: " + skipped;
  return text + "\n";
}

}  // namespace

std::string summary_table(const RunReport& report, bool color) {
  constexpr Align left = Align::left, right = Align::right;
  std::string text;
  if (!report.run_id.empty())
    text += std::string(report.kind()) + " " + one_line(report.run_id) + "\n\n";
  text += entity_table(report, color);
  text += section("Rows taken up again", taken_up_rows(report), {left, left}, color);
  text += section("Rows that did not go, by reason", by_code(report, &EntityReport::codes),
                  {left, left, right}, color);
  text += section("Notes on rows that went", by_code(report, &EntityReport::notes),
                  {left, left, right}, color);
  text += section("Control totals", control_total_rows(report, color),
                  {left, right, right, right, right, left}, color);
  text += section("Findings", finding_rows(report, color), {left, left, left, left}, color);
  text += section("Remarks", remark_rows(report), {left, left}, color);
  text += section("Tried again", retry_rows(report), {left, right, left}, color);
  const std::string checks = checks_line(report);
  if (!checks.empty()) text += "\n" + checks;
  const Closing closing = closing_words(report);
  return text + "\n" + colored(closing.text, closing.color, color) + "\n";
}

}  // namespace mighost
