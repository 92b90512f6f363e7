#include "cli/arguments.hpp"

#include <gtest/gtest.h>

#include "cli/help.hpp"
#include "cli/options.hpp"
#include "report/error.hpp"

namespace mighost {
namespace {

using Words = std::vector<std::string>;

const Words paths = {"--plugins", "build/plugins", "--config", "run.toml"};

Words with(Words words, const Words& more) {
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

struct Complaint {
  std::string what, next;
};

Complaint complaint(const Words& words) {
  try {
    parse_arguments(words);
  } catch (const Error& error) {
    EXPECT_EQ(error.exit(), Exit::usage);
    EXPECT_EQ(error.where(), "the command line");
    return {error.message(), error.next()};
  }
  return {"no complaint", ""};
}

TEST(Arguments, RunIsTheDefault) {
  for (const Words& words : {paths, with({"run"}, paths)}) {
    const Arguments arguments = parse_arguments(words);
    EXPECT_EQ(arguments.command, Command::run);
    EXPECT_EQ(arguments.plugins, "build/plugins");
    EXPECT_EQ(arguments.config, "run.toml");
    EXPECT_TRUE(arguments.selection.all());
    EXPECT_FALSE(arguments.dry_run);
    EXPECT_FALSE(arguments.quiet);
    EXPECT_FALSE(arguments.log_json);
    EXPECT_EQ(arguments.json, std::nullopt);
    EXPECT_EQ(arguments.log_file, std::nullopt);
    EXPECT_EQ(arguments.log_level, std::nullopt);
    EXPECT_EQ(arguments.progress, ProgressChoice::automatic);
  }
}

TEST(Arguments, EveryOption) {
  const Arguments arguments = parse_arguments(with(
      paths, {"--only", "core.offices,core.patients", "--only=core.orders", "--only", "core.orders",
              "--family", "business", "--dry-run", "--json", "-", "--log-file", "run.log",
              "--log-level", "debug", "--log-json", "--progress=never", "--quiet"}));
  EXPECT_EQ(arguments.selection.only, (Words{"core.offices", "core.patients", "core.orders"}));
  EXPECT_EQ(arguments.selection.families, (Words{"business"}));
  EXPECT_TRUE(arguments.dry_run);
  EXPECT_TRUE(arguments.quiet);
  EXPECT_TRUE(arguments.log_json);
  EXPECT_EQ(arguments.json, "-");
  EXPECT_EQ(arguments.log_file, "run.log");
  EXPECT_EQ(arguments.log_level, LogLevel::debug);
  EXPECT_EQ(arguments.progress, ProgressChoice::never);
}

TEST(Arguments, ChooseRows) {
  const Arguments arguments = parse_arguments(
      with(with({"replay"}, paths), {"--entity", "core.orders", "--entity=core.doctors", "--key",
                                     "a,b", "--key=-3", "--code", "missing_parent"}));
  EXPECT_EQ(arguments.command, Command::replay);
  EXPECT_EQ(arguments.rows.entities, (Words{"core.orders", "core.doctors"}));
  EXPECT_EQ(arguments.rows.keys, (Words{"a,b", "-3"}));
  EXPECT_EQ(arguments.rows.codes, (Words{"missing_parent"}));
  EXPECT_EQ(complaint(with(with({"replay"}, paths), {"--entity", "core"})).next,
            "for example --entity core.offices");
}

TEST(Arguments, OtherCommands) {
  EXPECT_EQ(parse_arguments(with({"plan"}, paths)).command, Command::plan);
  EXPECT_EQ(parse_arguments(with({"check"}, paths)).command, Command::check);
  EXPECT_EQ(parse_arguments({"list", "--plugins", "p"}).command, Command::list);
  EXPECT_EQ(parse_arguments({"--version"}).command, Command::version);
}

TEST(Arguments, HelpGoesBeforeMissingOptions) {
  for (const Words& words : {Words{"--help"}, Words{"-h"}, Words{"help"}, Words{"help", "help"},
                             Words{"--plugins", "p", "--help"}}) {
    const Arguments arguments = parse_arguments(words);
    EXPECT_EQ(arguments.command, Command::help);
    EXPECT_EQ(arguments.help_for, std::nullopt);
  }
  for (const Words& words : {Words{"plan", "--help"}, Words{"help", "plan"}, Words{"plan", "-h"}}) {
    const Arguments arguments = parse_arguments(words);
    EXPECT_EQ(arguments.command, Command::help);
    EXPECT_EQ(arguments.help_for, Command::plan);
  }
}

TEST(Arguments, UnknownCommands) {
  EXPECT_EQ(complaint({"chekc", "--plugins", "p"}).what, "unknown command \"chekc\"");
  EXPECT_EQ(complaint({"chekc"}).next,
            "did you mean \"check\"? (mighost --help lists the commands)");
  EXPECT_EQ(complaint({"serve"}).next,
            "known: run, resume, replay, rollback, status, plan, check, quarantine, explain, "
            "verify, list, "
            "help (mighost --help lists the commands)");
  EXPECT_EQ(complaint({"help", "plna"}).what, "help does not know \"plna\"");
  EXPECT_EQ(complaint({"help", "run", "plan"}).what, "help does not know \"plan\"");
}

TEST(Arguments, UnknownOptions) {
  const Complaint near = complaint(with(paths, {"--dryrun"}));
  EXPECT_EQ(near.what, "unknown option --dryrun");
  EXPECT_EQ(near.next, "did you mean --dry-run? mighost run --help explains the options");
  const Complaint far = complaint(with(paths, {"--zzz=5"}));
  EXPECT_EQ(far.what, "unknown option --zzz");
  EXPECT_EQ(far.next, "mighost run --help explains the options");
  EXPECT_EQ(complaint(with(paths, {"--dry"})).what, "unknown option --dry")
      << "abbreviations are not guessed";
  EXPECT_EQ(complaint(with(paths, {"-x"})).what, "unknown option -x");
  EXPECT_EQ(complaint({"--version", "--zzz"}).what, "unknown option --version");
}

TEST(Arguments, OptionsOfAnotherCommand) {
  const Complaint dry = complaint({"list", "--plugins", "p", "--dry-run"});
  EXPECT_EQ(dry.what, "--dry-run does not belong to the command list");
  EXPECT_EQ(dry.next,
            "it belongs to run, replay and rollback; mighost list --help explains the options");
  EXPECT_EQ(
      complaint({"list", "--plugins", "p", "--config", "c"}).next,
      "it belongs to run, resume, replay, rollback, status, plan, check, quarantine, explain and "
      "verify; mighost list --help explains the options");
}

TEST(Arguments, MissingOptions) {
  EXPECT_EQ(complaint({}).what, "run needs --plugins DIR and --config FILE");
  EXPECT_EQ(complaint({"--plugins", "p"}).what, "run needs --config FILE");
  EXPECT_EQ(complaint({"list"}).what, "list needs --plugins DIR");
  EXPECT_EQ(complaint({"list"}).next,
            "for example: mighost list --plugins build/release/plugins; "
            "mighost list --help explains the options");
}

TEST(Arguments, MissingValues) {
  for (const Words& words :
       {Words{"--config", "c", "--plugins"}, Words{"--plugins", "--config", "c"},
        Words{"--plugins=", "--config", "c"}, Words{"--plugins", "", "--config", "c"}}) {
    const Complaint missing = complaint(words);
    EXPECT_EQ(missing.what, "--plugins needs a value");
    EXPECT_EQ(missing.next, "write --plugins DIR; mighost run --help explains the options");
  }
  EXPECT_EQ(parse_arguments(with(paths, {"--log-file=-x"})).log_file, "-x");
  EXPECT_EQ(complaint(with(paths, {"--dry-run=yes"})).what, "--dry-run takes no value");
}

TEST(Arguments, Repetitions) {
  EXPECT_EQ(complaint(with(paths, {"--config", "other.toml"})).what, "--config is given twice");
  EXPECT_EQ(complaint(with(paths, {"--quiet", "--quiet"})).what, "--quiet is given twice");
}

TEST(Arguments, StrayWords) {
  EXPECT_EQ(complaint(with(paths, {"now"})).what, "a word that belongs to no option: \"now\"");
  EXPECT_EQ(complaint(with(paths, {"--", "now"})).what,
            "a word that belongs to no option: \"now\"");
  const Complaint late = complaint(with(paths, {"plan"}));
  EXPECT_EQ(late.what, "the command \"plan\" does not stand first");
  EXPECT_EQ(late.next, "write mighost plan and then the options");
  EXPECT_EQ(complaint({"evil\n\x1b[2J"}).what, "unknown command \"evil\\n\\x1b[2J\"");
}

TEST(Arguments, NothingThatMayBeAPasswordIsRepeated) {
  for (const Words& words :
       {Words{"postgresql://me:hunter2@db/x"}, with(paths, {"postgresql://me:hunter2@db/x"}),
        with(paths, {"--password=hunter2"}), with(paths, {"--dry-run=hunter2"}),
        with(paths, {"password=hunter2"}), Words{"help", "me:hunter2@db"}}) {
    const Complaint text = complaint(words);
    EXPECT_EQ((text.what + text.next).find("hunter2"), std::string::npos) << text.what << text.next;
  }
}

TEST(Arguments, Selections) {
  EXPECT_EQ(complaint(with(paths, {"--only", "core"})).what,
            "--only wants family.entity, not \"core\"");
  EXPECT_EQ(complaint(with(paths, {"--only", "core"})).next,
            "for a whole family write --family core");
  EXPECT_EQ(complaint(with(paths, {"--only", "core."})).next, "for example --only core.offices");
  EXPECT_EQ(complaint(with(paths, {"--only", "core.a,,core.b"})).what,
            "--only has an empty name in its list");
  EXPECT_EQ(complaint(with(paths, {"--family", "core.offices"})).next,
            "for one entity write --only core.offices");
}

TEST(Arguments, Choices) {
  EXPECT_EQ(complaint(with(paths, {"--progress", "sometimes"})).what,
            "--progress cannot be \"sometimes\"");
  EXPECT_EQ(complaint(with(paths, {"--progress", "sometimes"})).next,
            "write --progress auto, always or never");
  EXPECT_EQ(complaint(with(paths, {"--log-level", "loud"})).next,
            "write --log-level debug, info, warn or error");
  EXPECT_EQ(complaint(with(paths, {"--progress", "always", "--log-json"})).what,
            "--progress always and --log-json exclude each other");
  EXPECT_EQ(complaint(with(paths, {"--progress", "always", "--quiet"})).what,
            "--progress always and --quiet exclude each other");
}

TEST(Arguments, RowsOfTheLedger) {
  const Words quarantine = {"quarantine", "--config", "c"};
  const Arguments all = parse_arguments(quarantine);
  EXPECT_TRUE(all.rows.empty());
  EXPECT_EQ(all.limit, 20U);
  EXPECT_EQ(all.export_file, std::nullopt);
  EXPECT_EQ(all.waiver, WaiverAction::none);
  const Arguments some =
      parse_arguments(with(quarantine, {"--entity", "core.orders,core.offices", "--code", "orphan",
                                        "--code=length", "--key", "1,2", "--key=-3", "--key", "1,2",
                                        "--limit", "0", "--export", "rows.csv"}));
  EXPECT_EQ(some.rows.entities, (Words{"core.orders", "core.offices"}));
  EXPECT_EQ(some.rows.codes, (Words{"orphan", "length"}));
  EXPECT_EQ(some.rows.keys, (Words{"1,2", "-3"})) << "a comma may be part of a key";
  EXPECT_EQ(some.limit, 0U);
  EXPECT_EQ(some.export_file, "rows.csv");
  EXPECT_EQ(complaint(with(quarantine, {"--entity", "orders"})).next,
            "for example --entity core.offices");
  EXPECT_EQ(complaint(with(quarantine, {"--limit", "ten"})).what, "--limit wants a whole number");
  EXPECT_EQ(complaint(with(quarantine, {"--limit=-1"})).what, "--limit wants a whole number");
  EXPECT_EQ(complaint(with(quarantine, {"--key", "\xff"})).what, "--key is not valid UTF-8");
}

TEST(Arguments, OfARollback) {
  const Words config = {"--config", "c"};
  const Arguments one = parse_arguments(with({"rollback", "7dc5"}, config));
  EXPECT_EQ(one.operands, Words{"7dc5"});
  EXPECT_TRUE(parse_arguments(with({"rollback", "--all", "--yes"}, config)).all);
  EXPECT_EQ(complaint(with({"rollback"}, config)).what, "rollback needs RUN");
  EXPECT_EQ(complaint(with({"rollback", "--all"}, config)).what,
            "--all undoes every run of this target");
  EXPECT_EQ(complaint(with({"rollback", "7dc5", "--all", "--yes"}, config)).what,
            "--all and a run exclude each other");
}

TEST(Arguments, WordsThatBelongToNoOption) {
  const Arguments row =
      parse_arguments(with({"explain", "core.orders"}, with(paths, {"--", "-5"})));
  EXPECT_EQ(row.operands, (Words{"core.orders", "-5"}));
  EXPECT_FALSE(row.show_values);
  EXPECT_EQ(complaint(with({"explain", "core.orders"}, paths)).what, "explain needs ENTITY KEY");
  EXPECT_EQ(complaint(with({"explain", "core.orders", "5", "6"}, paths)).what,
            "a word that belongs to no option: \"6\"");
}

TEST(Arguments, WaiversSayWhatAndWhy) {
  const Words quarantine = {"quarantine", "--config", "c"};
  const Arguments waive = parse_arguments(
      with(quarantine, {"--key", "5", "--waive", "--why", "sold", "--who", "anna"}));
  EXPECT_EQ(waive.waiver, WaiverAction::waive);
  EXPECT_EQ(waive.why, "sold");
  EXPECT_EQ(waive.who, "anna");
  EXPECT_EQ(parse_arguments(with(quarantine, {"--key", "5", "--unwaive"})).waiver,
            WaiverAction::withdraw);
  EXPECT_EQ(complaint(with(quarantine, {"--waive", "--why", "sold"})).what,
            "--waive does not say which rows");
  EXPECT_EQ(complaint(with(quarantine, {"--key", "5", "--waive"})).what,
            "--waive needs --why TEXT");
  EXPECT_EQ(complaint(with(quarantine, {"--key", "5", "--waive", "--unwaive"})).what,
            "--waive and --unwaive exclude each other");
  EXPECT_EQ(complaint(with(quarantine, {"--why", "sold"})).what,
            "--who and --why belong to a waiver");
  EXPECT_EQ(complaint(with(quarantine, {"--key", "5", "--unwaive", "--export", "rows.csv"})).what,
            "--unwaive and --export exclude each other");
}

TEST(Arguments, OfStatus) {
  const Words status = {"status", "--config", "c"};
  EXPECT_FALSE(parse_arguments(status).watch);
  EXPECT_EQ(parse_arguments(with(status, {"--watch"})).watch, std::chrono::seconds(2));
  EXPECT_EQ(parse_arguments(with(status, {"--watch", "5"})).watch, std::chrono::seconds(5));
  EXPECT_EQ(parse_arguments(with(status, {"--watch=60"})).watch, std::chrono::seconds(60));
  // Four digits and more are the beginning of a run's id.
  const Arguments run = parse_arguments(with(status, {"--watch", "1234"}));
  EXPECT_EQ(run.operands, Words{"1234"});
  EXPECT_EQ(run.watch, std::chrono::seconds(2));
  EXPECT_EQ(parse_arguments(with(status, {"7dc5dfc3", "--watch"})).operands, Words{"7dc5dfc3"});
  EXPECT_EQ(complaint(with(status, {"--watch", "0"})).what,
            "--watch wants whole seconds, 1 to 3600");
  EXPECT_EQ(complaint(with(status, {"--watch=x"})).what, "--watch wants whole seconds, 1 to 3600");
  EXPECT_EQ(complaint(with(status, {"a", "b"})).what, "a word that belongs to no option: \"b\"");
  EXPECT_EQ(complaint(with(paths, {"--watch"})).what, "--watch does not belong to the command run");
}

TEST(Help, EveryCommandHasItsOptionsExitCodesAndAnExample) {
  for (const CommandFacts& facts : all_commands()) {
    const std::string page = help_text(facts.command);
    std::string needed, first;
    for (const OptionFacts& option : all_options()) {
      const std::string word = "--" + std::string(option.name) + " " + std::string(option.argument);
      if (contains(option.required, facts.command)) needed += " " + word;
      if (first.empty() && contains(option.commands, facts.command)) first = word;
    }
    const std::string words = facts.operands.empty() ? "" : " " + std::string(facts.operands);
    EXPECT_TRUE(
        page.starts_with("mighost " + std::string(facts.name) + words + needed + " [options]\n"))
        << page;
    EXPECT_NE(page.find("\nOptions\n  " + first), std::string::npos) << page;
    EXPECT_NE(page.find("\nExit codes\n  0  "), std::string::npos) << page;
    const std::string examples = facts.examples.empty() ? "\nExample\n" : "\nExamples\n";
    EXPECT_NE(page.find(examples + "  mighost " + std::string(facts.name)), std::string::npos);
    for (const OptionFacts& option : all_options()) {
      const std::string word = "--" + std::string(option.name);
      const bool listed = page.find("\n  " + word + " ") != std::string::npos;
      EXPECT_EQ(listed, contains(option.commands, facts.command)) << facts.name << " " << word;
    }
  }
}

TEST(Help, ExamplesAreRight) {
  for (const CommandFacts& facts : all_commands()) {
    std::istringstream lines{std::string(facts.example) + "\n" + std::string(facts.examples)};
    for (std::string line; std::getline(lines, line);) {
      Words words;
      std::istringstream stream{line};
      for (std::string word; stream >> word;) words.push_back(word);
      ASSERT_EQ(words.front(), "mighost");
      words.erase(words.begin());
      EXPECT_EQ(parse_arguments(words).command, facts.command);
    }
  }
}

TEST(Help, OverviewListsCommandsAndExitCodes) {
  const std::string text = help_text(std::nullopt);
  for (const std::string name : {"run ", "resume ", "replay ", "status ", "plan ", "check ",
                                 "quarantine ", "verify ", "list ", "help COMMAND "}) {
    EXPECT_NE(text.find("\n  " + name), std::string::npos) << name;
  }
  for (const std::string name : {"serve", "new-plugin"}) {
    EXPECT_EQ(text.find(name), std::string::npos) << name << " does not exist yet";
  }
  EXPECT_NE(text.find("  4  vetoed by validation; in scope run nothing is committed\n"),
            std::string::npos);
  EXPECT_TRUE(version_text().starts_with("mighost "));
  EXPECT_NE(version_text().find("plugin ABI "), std::string::npos);
}

TEST(Help, ResumeGoesOnInBothScopesThatCommitBeforeTheEnd) {
  EXPECT_NE(help_text(std::nullopt).find("goes on with a run in scope family or chunk"),
            std::string::npos);
  EXPECT_NE(help_text(Command::resume).find("whole families or chunks"), std::string::npos);
}

TEST(Help, LinesFitATerminal) {
  for (const CommandFacts& facts : all_commands()) {
    std::istringstream stream(help_text(facts.command));
    for (std::string line; std::getline(stream, line);) EXPECT_LE(line.size(), 100U) << line;
  }
}

}  // namespace
}  // namespace mighost
