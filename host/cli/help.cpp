#include "cli/help.hpp"

#include <mighost/abi.h>

#include "cli/options.hpp"
#include "report/text.hpp"

namespace mighost {
namespace {

using Cells = std::vector<std::string>;

std::string indented(const std::vector<Cells>& rows) {
  std::string text;
  for (const std::string& line : aligned(rows, {Align::left, Align::left})) {
    text += "  " + line + "\n";
  }
  return text;
}

std::string option_word(const OptionFacts& option) {
  std::string word = "--" + std::string(option.name);
  if (!option.argument.empty()) word += " " + std::string(option.argument);
  return word;
}

std::string usage_line(const CommandFacts& facts) {
  std::string line = "mighost " + std::string(facts.name);
  if (!facts.operands.empty()) line += " " + std::string(facts.operands);
  for (const OptionFacts& option : all_options()) {
    if (contains(option.required, facts.command)) line += " " + option_word(option);
  }
  return line + " [options]";
}

std::string option_list(Command command) {
  std::vector<Cells> rows;
  for (const OptionFacts& option : all_options()) {
    if (!contains(option.commands, command)) continue;
    rows.push_back({option_word(option), std::string(option.help)});
  }
  return indented(rows);
}

std::string example_list(const CommandFacts& facts) {
  std::string text = "  " + std::string(facts.example) + "\n";
  bool begins = true;
  for (const char letter : facts.examples) {
    if (begins) text += "  ";
    text += letter;
    begins = letter == '\n';
  }
  return text;
}

std::string command_page(const CommandFacts& facts) {
  return usage_line(facts) + "\n\n" + std::string(facts.details) + "\nOptions\n" +
         option_list(facts.command) + "\nExit codes\n" + std::string(facts.exits) +
         (facts.examples.empty() ? "\nExample\n" : "\nExamples\n") + example_list(facts);
}

std::string overview() {
  std::vector<Cells> rows;
  for (const CommandFacts& facts : all_commands()) {
    rows.push_back({std::string(facts.name), std::string(facts.brief)});
  }
  rows.push_back({"help COMMAND", "explains a command; so does mighost COMMAND --help"});
  const CommandFacts& run = facts_of(Command::run);
  return "mighost moves data from one PostgreSQL schema into another through plugins,\n"
         "in one transaction: everything arrives, checked, or nothing does.\n\n"
         "Usage\n  mighost [run] --plugins DIR --config FILE [options]\n"
         "  mighost COMMAND [options]\n"
         "  mighost --version\n\n"
         "Commands\n" +
         indented(rows) + "\nOptions of run\n" + option_list(Command::run) +
         "\nExit codes of run\n" + std::string(run.exits) + "\nExample\n  " +
         std::string(run.example) + "\n";
}

}  // namespace

std::string help_text(std::optional<Command> command) {
  return command ? command_page(facts_of(*command)) : overview();
}

std::string version_text() {
  return "mighost " MIGHOST_VERSION " (plugin ABI " + std::to_string(MIG_ABI_MAJOR) + "." +
         std::to_string(MIG_ABI_MINOR) + ")\n";
}

}  // namespace mighost
