#pragma once
// Commands and options as data: the parser and the help texts are made from the same table, so they
// cannot disagree.
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/arguments.hpp"

namespace mighost {

struct OptionFacts {
  std::string_view name;      // without dashes
  std::string_view argument;  // "DIR"; empty: a switch
  std::string_view help;
  std::vector<Command> commands;  // that take it
  std::vector<Command> required;  // that cannot do without it
  bool repeatable = false;
  std::string_view implied = {};  // the value when none is given; `argument` says "[...]"
};

struct CommandFacts {
  Command command;
  std::string_view name;
  std::string_view brief;    // one line for the overview
  std::string_view details;  // what it does, in sentences
  std::string_view example;
  std::string_view exits;  // its exit codes, one per line
  std::string_view operands =
      {};  // words that belong to no option, in order: "ENTITY KEY", "[RUN]"
  std::string_view examples = {};  // more of them, one per line
};

const std::vector<OptionFacts>& all_options();
/// The commands that a user may type, in the order of the overview.
std::span<const CommandFacts> all_commands();
const CommandFacts& facts_of(Command command);
/// Null for an unknown name.
const OptionFacts* find_option(std::string_view name);
const CommandFacts* find_command(std::string_view name);
std::vector<std::string> command_names();
bool contains(const std::vector<Command>& commands, Command command);

}  // namespace mighost
