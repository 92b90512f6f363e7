#include "cli/arguments.hpp"

#include <algorithm>
#include <boost/program_options.hpp>
#include <charconv>
#include <mighost/value.hpp>
#include <set>

#include "cli/options.hpp"
#include "report/error.hpp"
#include "report/nearest.hpp"
#include "report/text.hpp"

namespace mighost {
namespace {

namespace po = boost::program_options;

constexpr const char* command_line = "the command line";

Error usage(const std::string& what, const std::string& next) {
  return {Exit::usage, what, command_line, next};
}

std::string help_of(Command command) {
  return "mighost " + std::string(facts_of(command).name) + " --help explains the options";
}

// A word in quotation marks, unless it may be a connection string: those hold passwords.
std::string shown(const std::string& word) {
  const bool secret = word.find_first_of("@=:") != std::string::npos;
  return secret ? "(not shown, it may hold a password)" : "\"" + one_line(word) + "\"";
}

// The command word and what follows it.
struct Split {
  Command command = Command::run;
  bool named = false;
  std::vector<std::string> rest;
};

Split split_command(const std::vector<std::string>& words) {
  Split split;
  split.rest = words;
  if (words.empty() || words.front().empty() || words.front().front() == '-') return split;
  const std::string& word = words.front();
  split.rest.erase(split.rest.begin());
  split.named = true;
  if (word == "help") {
    split.command = Command::help;
  } else if (const CommandFacts* facts = find_command(word)) {
    split.command = facts->command;
  } else {
    throw usage("unknown command " + shown(word),
                nearest_hint(word, command_names()) + " (mighost --help lists the commands)");
  }
  return split;
}

po::options_description described_options() {
  po::options_description description;
  for (const OptionFacts& option : all_options()) {
    const std::string name(option.name);
    if (option.argument.empty()) {
      description.add_options()(name.c_str(), "");
    } else {
      description.add_options()(name.c_str(), po::value<std::string>(), "");
    }
  }
  return description;
}

std::vector<std::string> option_words(Command command) {
  std::vector<std::string> names;
  for (const OptionFacts& option : all_options()) {
    if (contains(option.commands, command)) names.push_back("--" + std::string(option.name));
  }
  return names;
}

Error unknown_option(const std::string& given, Command command) {
  const std::string word = given.substr(0, given.find('='));  // the value may be a secret
  const auto hint = nearest(word, option_words(command));
  return usage("unknown option " + one_line(word),
               (hint ? "did you mean " + *hint + "? " : "") + help_of(command));
}

Error value_missing(const OptionFacts& option, Command command) {
  const std::string word = "--" + std::string(option.name);
  return usage(word + " needs a value",
               "write " + word + " " + std::string(option.argument) + "; " + help_of(command));
}

// Boost's complaints in our words. `word` is what stood on the command line.
Error from_boost(const po::error_with_option_name& failure, Command command) {
  std::string name = failure.get_option_name();
  name.erase(0, name.find_first_not_of('-'));
  const OptionFacts* option = find_option(name);
  if (option == nullptr) return unknown_option("--" + name, command);
  if (option->argument.empty()) {
    return usage("--" + name + " takes no value",
                 "write --" + name + " alone; " + help_of(command));
  }
  return value_missing(*option, command);
}

struct Given {
  const OptionFacts* option = nullptr;
  std::string value;
};

// "mighost --plugins p plan" is a command in the wrong place, not a stray word.
Error stray_word(const std::string& word, Command command) {
  if (word.size() > 1 && word.front() == '-') return unknown_option(word, command);
  if (find_command(word) != nullptr) {
    return usage("the command \"" + word + "\" does not stand first",
                 "write mighost " + word + " and then the options");
  }
  return usage("a word that belongs to no option: " + shown(word), help_of(command));
}

Given checked(const po::option& parsed, Command command) {
  if (parsed.position_key >= 0) {
    throw stray_word(parsed.value.empty() ? "" : parsed.value.front(), command);
  }
  const OptionFacts* option = find_option(parsed.string_key);
  if (option == nullptr) throw unknown_option("--" + parsed.string_key, command);
  if (!contains(option->commands, command)) {
    std::vector<std::string> takers;
    for (const Command taker : option->commands) takers.emplace_back(facts_of(taker).name);
    throw usage("--" + parsed.string_key + " does not belong to the command " +
                    std::string(facts_of(command).name),
                "it belongs to " + joined(takers) + "; " + help_of(command));
  }
  Given given{option, parsed.value.empty() ? "" : parsed.value.front()};
  if (option->argument.empty()) return given;
  // "--plugins --config x": the next option is not the value. With '=' anything is.
  const bool apart = parsed.original_tokens.size() > 1;
  const bool like_option = given.value.size() > 1 && given.value.front() == '-';
  if (given.value.empty() || (apart && like_option)) throw value_missing(*option, command);
  return given;
}

/// An option whose value may be left out gets it here. Only up to three digits can be its value: a
/// run that stands behind it has more.
void add_implied_values(std::vector<std::string>& words) {
  constexpr std::size_t digits_max = 3;
  for (const OptionFacts& option : all_options()) {
    const auto word = std::find(words.begin(), words.end(), "--" + std::string(option.name));
    if (option.implied.empty() || word == words.end()) continue;
    const auto next = word + 1;
    const bool given = next != words.end() && next->size() <= digits_max && !next->empty() &&
                       next->find_first_not_of("0123456789") == std::string::npos;
    *word += "=" + (given ? *next : std::string(option.implied));
    if (given) words.erase(next);
  }
}

/// The most words that a command takes that belong to no option; those in brackets it can do
/// without.
std::size_t operand_count(Command command) {
  const std::string_view operands = facts_of(command).operands;
  if (operands.empty()) return 0;
  return 1 + static_cast<std::size_t>(std::count(operands.begin(), operands.end(), ' '));
}

std::vector<Given> parse_options(std::vector<std::string> words, Command command,
                                 std::vector<std::string>& operands) {
  std::replace(words.begin(), words.end(), std::string("-h"), std::string("--help"));
  add_implied_values(words);
  const po::options_description description = described_options();
  // No guessing of abbreviations: a script must not change its meaning when an option is added.
  constexpr int style = po::command_line_style::allow_long |
                        po::command_line_style::long_allow_next |
                        po::command_line_style::long_allow_adjacent;
  std::vector<Given> all;
  try {
    const po::parsed_options parsed =
        po::command_line_parser(words).options(description).style(style).allow_unregistered().run();
    for (const po::option& option : parsed.options) {
      if (option.unregistered) throw unknown_option(option.original_tokens.front(), command);
      if (option.position_key >= 0 && operands.size() < operand_count(command)) {
        operands.insert(operands.end(), option.value.begin(), option.value.end());
        continue;
      }
      all.push_back(checked(option, command));
    }
  } catch (const po::error_with_option_name& failure) {
    throw from_boost(failure, command);
  }
  return all;
}

void refuse_repetition(const std::vector<Given>& all, Command command) {
  std::set<std::string_view> seen;
  for (const Given& given : all) {
    if (given.option->repeatable || seen.insert(given.option->name).second) continue;
    throw usage("--" + std::string(given.option->name) + " is given twice",
                "keep one of them; " + help_of(command));
  }
}

void refuse_missing(const std::vector<Given>& all, Command command) {
  std::vector<std::string> missing;
  for (const OptionFacts& option : all_options()) {
    if (!contains(option.required, command)) continue;
    const bool given =
        std::any_of(all.begin(), all.end(), [&](const Given& g) { return g.option == &option; });
    if (!given)
      missing.push_back("--" + std::string(option.name) + " " + std::string(option.argument));
  }
  if (missing.empty()) return;
  const std::string name(facts_of(command).name);
  throw usage(name + " needs " + joined(missing),
              "for example: " + std::string(facts_of(command).example) + "; " + help_of(command));
}

// Keys and codes are taken as they are: a key may hold anything.
void add_word(const Given& given, std::vector<std::string>& words) {
  if (!mig::valid_utf8(given.value)) {
    throw usage("--" + std::string(given.option->name) + " is not valid UTF-8",
                "write it as the report does");
  }
  if (std::find(words.begin(), words.end(), given.value) == words.end()) {
    words.push_back(given.value);
  }
}

std::uint64_t number_of(const Given& given) {
  std::uint64_t number = 0;
  const char* end = given.value.data() + given.value.size();
  const auto read = std::from_chars(given.value.data(), end, number);
  if (read.ec == std::errc{} && read.ptr == end) return number;
  throw usage("--" + std::string(given.option->name) + " wants a whole number",
              given.option->name == "to" ? "mighost plan numbers the phases"
                                         : "write --limit 100, or 0 for all");
}

std::chrono::seconds seconds_of(const Given& given) {
  constexpr int longest = 3600;
  int number = 0;
  const char* end = given.value.data() + given.value.size();
  const auto read = std::from_chars(given.value.data(), end, number);
  const bool whole = read.ec == std::errc{} && read.ptr == end;
  if (whole && number > 0 && number <= longest) return std::chrono::seconds(number);
  throw usage("--" + std::string(given.option->name) + " wants whole seconds, 1 to 3600",
              "write --" + std::string(given.option->name) + " 2, or nothing behind it");
}

// Words that end up in the ledger.
std::string sentence(const Given& given) {
  std::vector<std::string> words;
  add_word(given, words);
  return words.front();
}

// Adds the comma-separated names that are not there yet.
void add_names(const Given& given, std::vector<std::string>& names, bool entities) {
  const std::string option = "--" + std::string(given.option->name);
  std::string_view rest = given.value;
  while (true) {
    const std::size_t comma = rest.find(',');
    const std::string name(rest.substr(0, comma));
    const std::size_t dot = name.find('.');
    if (name.empty()) {
      throw usage(
          option + " has an empty name in its list",
          "write " + option + " " + (entities ? "core.offices,core.patients" : "core,business"));
    }
    if (entities && (dot == std::string::npos || dot == 0 || dot + 1 == name.size())) {
      throw usage(option + " wants family.entity, not \"" + one_line(name) + "\"",
                  dot == std::string::npos && given.option->name == "only"
                      ? "for a whole family write --family " + one_line(name)
                      : "for example " + option + " core.offices");
    }
    if (!entities && dot != std::string::npos) {
      throw usage(option + " wants a family, not \"" + one_line(name) + "\"",
                  "for one entity write --only " + one_line(name));
    }
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    if (comma == std::string_view::npos) return;
    rest.remove_prefix(comma + 1);
  }
}

std::size_t one_of(const Given& given, const std::vector<std::string>& choices) {
  const auto found = std::find(choices.begin(), choices.end(), given.value);
  if (found != choices.end()) return static_cast<std::size_t>(found - choices.begin());
  const std::string option = "--" + std::string(given.option->name);
  throw usage(option + " cannot be \"" + one_line(given.value) + "\"",
              "write " + option + " " + joined(choices, "or"));
}

void apply(const Given& given, Arguments& arguments) {
  const std::string_view name = given.option->name;
  if (name == "plugins") arguments.plugins = given.value;
  if (name == "config") arguments.config = given.value;
  if (name == "only") add_names(given, arguments.selection.only, true);
  if (name == "family") add_names(given, arguments.selection.families, false);
  if (name == "allow-new-rows") arguments.allow_new_rows = true;
  if (name == "entity") add_names(given, arguments.rows.entities, true);
  if (name == "code") add_word(given, arguments.rows.codes);
  if (name == "key") add_word(given, arguments.rows.keys);
  if (name == "keep-changed") arguments.keep_changed = true;
  if (name == "by-value") arguments.by_value = true;
  if (name == "by-entity") arguments.by_entity = true;
  if (name == "to")
    arguments.to_phase = static_cast<int>(std::min<std::uint64_t>(number_of(given), 1'000'000));
  if (name == "all") arguments.all = true;
  if (name == "yes") arguments.yes = true;
  if (name == "join") arguments.join = given.value;
  if (name == "accept-changes") arguments.accept_changes = true;
  if (name == "show-values") arguments.show_values = true;
  if (name == "limit") arguments.limit = number_of(given);
  if (name == "export") arguments.export_file = given.value;
  if (name == "waive") arguments.waiver = WaiverAction::waive;
  if (name == "unwaive") arguments.waiver = WaiverAction::withdraw;
  if (name == "who") arguments.who = sentence(given);
  if (name == "why") arguments.why = sentence(given);
  if (name == "watch") arguments.watch = seconds_of(given);
  if (name == "dry-run") arguments.dry_run = true;
  if (name == "quiet") arguments.quiet = true;
  if (name == "json") arguments.json = given.value;
  if (name == "log-json") arguments.log_json = true;
  if (name == "log-file") arguments.log_file = given.value;
  if (name == "log-level") {
    constexpr LogLevel levels[] = {LogLevel::debug, LogLevel::info, LogLevel::warn,
                                   LogLevel::error};
    arguments.log_level = levels[one_of(given, {"debug", "info", "warn", "error"})];
  }
  if (name == "progress") {
    constexpr ProgressChoice choices[] = {ProgressChoice::automatic, ProgressChoice::always,
                                          ProgressChoice::never};
    arguments.progress = choices[one_of(given, {"auto", "always", "never"})];
  }
}

bool any_given(const std::vector<Given>& all, std::initializer_list<std::string_view> names) {
  return std::any_of(all.begin(), all.end(), [&](const Given& given) {
    return std::find(names.begin(), names.end(), given.option->name) != names.end();
  });
}

// A waiver is for good: it must say what and why, and do nothing else.
void check_waiver(const std::vector<Given>& all, const Arguments& arguments) {
  const std::string next = help_of(Command::quarantine);
  if (any_given(all, {"waive"}) && any_given(all, {"unwaive"})) {
    throw usage("--waive and --unwaive exclude each other", "leave out one of them");
  }
  if (arguments.waiver == WaiverAction::none) {
    if (!any_given(all, {"who", "why"})) return;
    throw usage("--who and --why belong to a waiver", "add --waive or --unwaive; " + next);
  }
  const std::string option = arguments.waiver == WaiverAction::waive ? "--waive" : "--unwaive";
  if (arguments.rows.empty()) {
    throw usage(option + " does not say which rows",
                "add --entity, --code or --key: there is no waiver for everything; " + next);
  }
  if (arguments.export_file) {
    throw usage(option + " and --export exclude each other", "do one after the other");
  }
  if (arguments.waiver == WaiverAction::waive && arguments.why.empty()) {
    throw usage("--waive needs --why TEXT",
                "say for those who come later why these rows will never come; " + next);
  }
}

// Who joins works on what the run has; it began with its own selection.
void check_join(const std::vector<Given>& all) {
  if (!any_given(all, {"join"})) return;
  for (const char* other : {"only", "family", "dry-run"}) {
    if (!any_given(all, {other})) continue;
    throw usage(std::string("--join and --") + other + " exclude each other",
                "leave out --" + std::string(other) + ": the run has its entities already");
  }
}

// Everything that was ever brought is nothing to ask for by mistake.
void check_rollback(const Arguments& arguments) {
  const std::string next = help_of(Command::rollback);
  if (arguments.all && !arguments.operands.empty()) {
    throw usage("--all and a run exclude each other", "leave out one of them; " + next);
  }
  if (arguments.all && arguments.to_phase) {
    throw usage("--all and --to exclude each other", "name the run that --to is about; " + next);
  }
  if (arguments.all && !arguments.yes && !arguments.dry_run) {
    throw usage("--all undoes every run of this target", "add --yes if that is meant; " + next);
  }
}

Arguments help_arguments(std::optional<Command> command) {
  Arguments arguments;
  arguments.command = Command::help;
  arguments.help_for = command;
  return arguments;
}

Arguments parse_help(const std::vector<std::string>& words) {
  if (words.empty() || words.front() == "--help" || words.front() == "help") {
    return help_arguments(std::nullopt);
  }
  const CommandFacts* facts = find_command(words.front());
  if (facts == nullptr || words.size() > 1) {
    const std::string& word = facts == nullptr ? words.front() : words[1];
    throw usage("help does not know " + shown(word),
                nearest_hint(word, command_names()) + " (mighost --help lists the commands)");
  }
  return help_arguments(facts->command);
}

}  // namespace

Arguments parse_arguments(const std::vector<std::string>& words) {
  if (words.size() == 1 && words.front() == "--version") {
    Arguments arguments;
    arguments.command = Command::version;
    return arguments;
  }
  const Split split = split_command(words);
  if (split.command == Command::help) return parse_help(split.rest);
  std::vector<std::string> operands;
  const std::vector<Given> all = parse_options(split.rest, split.command, operands);
  const auto is_help = [](const Given& given) { return given.option->name == "help"; };
  if (std::any_of(all.begin(), all.end(), is_help)) {
    return help_arguments(split.named ? std::optional(split.command) : std::nullopt);
  }
  refuse_repetition(all, split.command);
  const bool for_all = any_given(all, {"all"}) || facts_of(split.command).operands.starts_with('[');
  if (!for_all && operands.size() < operand_count(split.command)) {
    const CommandFacts& facts = facts_of(split.command);
    throw usage(std::string(facts.name) + " needs " + std::string(facts.operands),
                "for example: " + std::string(facts.example) + "; " + help_of(split.command));
  }
  refuse_missing(all, split.command);

  Arguments arguments;
  arguments.command = split.command;
  arguments.operands = operands;
  for (const Given& given : all) apply(given, arguments);
  check_waiver(all, arguments);
  check_rollback(arguments);
  check_join(all);
  if (arguments.progress == ProgressChoice::always && (arguments.log_json || arguments.quiet)) {
    throw usage(std::string("--progress always and ") +
                    (arguments.log_json ? "--log-json" : "--quiet") + " exclude each other",
                "leave out one of them");
  }
  return arguments;
}

}  // namespace mighost
