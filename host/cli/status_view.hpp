#pragma once
// What `mighost status` makes of what it saw: what is wrong and what to do about it, and how that
// is told. Pure functions.
#include <string>
#include <vector>

#include "ledger/status.hpp"

namespace mighost {

/// Something that somebody should know or do.
struct StatusFinding {
  std::string kind;  // died, silent, worker_lost, waiting, stopped, indexes_away, unfinished
  std::string message, next;  // `next` may be empty
};

std::vector<StatusFinding> status_findings(const TargetStatus& status);
/// "over", "at work", "silent", "dead"; for programs.
const char* life_word(Life life);

/// `target` as it may be shown to people.
std::string status_text(const TargetStatus& status, const std::string& target, bool color);
/// One object; `indent` -1: on one line. Field names: docs/status.md.
std::string status_json(const TargetStatus& status, const std::string& target, int indent);

}  // namespace mighost
