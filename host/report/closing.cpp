#include "report/closing.hpp"

#include <algorithm>

namespace mighost {
namespace {

std::string rows(std::uint64_t number) { return counted(number, "row", "rows"); }

// "1 unchanged and 8 quarantined": what became of the rows, after `parts`, without what did not
// occur.
std::string outcomes(const Counts& counts, std::vector<std::string> parts) {
  const auto add = [&parts](std::uint64_t number, std::string_view outcome) {
    if (number > 0) parts.push_back(thousands(number) + " " + std::string(outcome));
  };
  add(counts.unchanged, "unchanged");
  add(counts.merged, "merged");
  add(counts.filtered, "filtered");
  add(counts.quarantined, "quarantined");
  add(counts.parked, "parked");
  return joined(parts);
}

std::string took(const RunReport& report) {
  if (report.seconds < 60) return one_decimal(report.seconds) + " s";
  return duration_text(report.seconds);
}

// A second run writes nothing, and that is a success worth saying plainly.
std::string nothing_written(const Counts& counts) {
  if (counts.read == 0) return "0 rows written: the source has no rows for these entities";
  if (counts.unchanged == counts.read) {
    const bool one = counts.read == 1;
    return "0 rows written: " + std::string(one ? "the " : "all ") + rows(counts.read) +
           (one ? " was" : " were") + " already there";
  }
  if (counts.unchanged == 0) return "0 rows written: " + outcomes(counts, {});
  const std::uint64_t others = counts.read - counts.unchanged;
  return "0 rows written: " + rows(counts.unchanged) + (counts.unchanged == 1 ? " was" : " were") +
         " already there, " + thousands(others) + (others == 1 ? " has" : " have") +
         " another outcome";
}

std::string first_line(const std::string& text) {
  return one_line(text.substr(0, text.find('\n')));
}

// "12 rows taken up: 9 written, 1 gone from the source and 2 quarantined", and what still waits.
std::string replay_facts(const RunReport& report) {
  Counts counts = report.totals();
  std::vector<std::string> parts;
  if (counts.written > 0 || report.taken_up() > 0) {
    parts.push_back(thousands(counts.written) + " written");
  }
  if (report.healed() > 0) parts.push_back(thousands(report.healed()) + " healed");
  if (report.gone() > 0) parts.push_back(thousands(report.gone()) + " gone from the source");
  counts.unchanged -= std::min(counts.unchanged, report.healed());
  std::string text = rows(report.taken_up()) + " taken up in " + took(report) + ": " +
                     outcomes(counts, std::move(parts)) + ".";
  if (report.replay->waiting > 0) {
    text += " " + rows(report.replay->waiting) + (report.replay->waiting == 1 ? " is" : " are") +
            " still held back";
    if (report.replay->waived > 0) {
      text += ", " + thousands(report.replay->waived) + " of them waived and left out";
    }
    text += ".";
  }
  return text;
}

Closing closing_of_replay(const RunReport& report) {
  if (report.entities.empty()) {
    const std::uint64_t waiting = report.replay->waiting;
    std::string text = "Nothing to replay: ";
    if (waiting == 0) {
      text += "no row is held back.";
    } else if (report.replay->waived > 0) {
      text += "what was chosen is waived (" + rows(report.replay->waived) +
              "); --key drives such a row all the same.";
    } else {
      text += "none of the " + rows(waiting) + " that are held back was chosen.";
    }
    return {text, Color::green};
  }
  if (report.dry_run)
    return {"Dry run: nothing was written. " + replay_facts(report), Color::green};
  if (!report.verified) {
    return {
        "Committed but UNVERIFIED: a check does not hold or could not run. " + replay_facts(report),
        Color::yellow};
  }
  return {"Done and verified. " + replay_facts(report), Color::green};
}

Closing closing_of_dry_run(const RunReport& report) {
  const Counts totals = report.totals();
  return {"Dry run: nothing was written. Of " + rows(totals.read) + " read in " + took(report) +
              ": " + outcomes(totals, {thousands(totals.written) + " would be written"}) + ".",
          Color::green};
}

Closing closing_of_success(const RunReport& report) {
  const Counts totals = report.totals();
  const std::string facts =
      totals.written == 0 ? nothing_written(totals) + ", " + took(report) + "."
                          : rows(totals.read) + " read in " + took(report) + ": " +
                                outcomes(totals, {thousands(totals.written) + " written"}) + ".";
  if (!report.verified) {
    return {"Committed but UNVERIFIED: a check does not hold or could not run. " + facts,
            Color::yellow};
  }
  return {"Done and verified. " + facts, Color::green};
}

Closing closing_of_veto(const RunReport& report) {
  const std::size_t vetoes = report.vetoes();
  const auto broken = std::count_if(report.control_totals.begin(), report.control_totals.end(),
                                    [](const ControlTotal& t) { return !t.holds; });
  std::string text = report.scope == "chunk"
                         ? "Vetoed by validation: the run is not concluded, its rows are there."
                         : "Vetoed by validation: nothing was committed.";
  std::vector<std::string> reasons;
  if (vetoes > 0) {
    const auto number = static_cast<std::uint64_t>(vetoes);
    reasons.push_back(counted(number, "finding", "findings"));
  }
  if (broken > 0) {
    const auto number = static_cast<std::uint64_t>(broken);
    reasons.push_back(
        counted(number, "control total that does not hold", "control totals that do not hold"));
  }
  if (!reasons.empty()) text += " Against it: " + joined(reasons) + ", listed above.";
  if (reasons.empty() && !report.error.empty()) text += " " + first_line(report.error);
  return {text, Color::red};
}

}  // namespace

Closing closing_words(const RunReport& report) {
  const std::string why = report.error.empty() ? "" : ": " + first_line(report.error);
  if (report.status == "vetoed") return closing_of_veto(report);
  if (report.status == "interrupted")
    return {"Interrupted after " + took(report) + why, Color::red};
  const bool well =
      report.status == "dry-run" || report.status == "done" || report.status == "unverified";
  if (well && report.replay) return closing_of_replay(report);
  if (report.status == "dry-run") return closing_of_dry_run(report);
  if (report.status == "done" || report.status == "unverified") return closing_of_success(report);
  return {"FAILED after " + took(report) + why, Color::red};
}

}  // namespace mighost
