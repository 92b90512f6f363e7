#pragma once
// The command line, read into values. What is wrong with it becomes an Error{Exit::usage} that
// names the word, the nearest right one, and how to get help.
#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "ledger/standing.hpp"
#include "plan/plan.hpp"
#include "report/log.hpp"

namespace mighost {

enum class Command {
  run,
  resume,
  replay,
  rollback,
  status,
  plan,
  check,
  quarantine,
  explain,
  verify,
  list,
  help,
  version
};
/// What `mighost quarantine` does besides looking.
enum class WaiverAction { none, waive, withdraw };
enum class ProgressChoice { automatic, always, never };

struct Arguments {
  Command command = Command::run;
  std::optional<Command> help_for;  // with Command::help; nothing: the overview
  std::filesystem::path plugins, config;
  Selection selection;
  RowFilter rows;                     // of the ledger: --entity, --code, --key
  std::vector<std::string> operands;  // of explain: entity and key; of rollback, status: the run
  std::uint64_t limit = 20;           // lines of a list; 0: all
  std::optional<std::filesystem::path> export_file;
  WaiverAction waiver = WaiverAction::none;
  std::string who, why;
  bool dry_run = false, quiet = false, log_json = false;
  bool show_values = false, allow_new_rows = false;
  bool keep_changed = false, all = false, yes = false;  // of rollback
  bool by_entity = false, by_value = false;
  std::optional<int> to_phase;
  std::string join;                           // of run: the run in progress to work on
  bool accept_changes = false;                // of resume
  std::optional<std::chrono::seconds> watch;  // of status: look that often
  std::optional<std::string> json;            // a path, or "-" for stdout
  std::optional<std::filesystem::path> log_file;
  std::optional<LogLevel> log_level;
  ProgressChoice progress = ProgressChoice::automatic;
};

/// `words` is argv without the program's name.
Arguments parse_arguments(const std::vector<std::string>& words);

}  // namespace mighost
