#include "cli/options.hpp"

#include <algorithm>

namespace mighost {
namespace {

const std::vector<Command> every = {Command::run,      Command::resume,     Command::replay,
                                    Command::rollback, Command::status,     Command::plan,
                                    Command::check,    Command::quarantine, Command::explain,
                                    Command::verify,   Command::list};
const std::vector<Command> with_plugins = {Command::run,  Command::resume, Command::replay,
                                           Command::plan, Command::check,  Command::explain,
                                           Command::list};
// verify takes plugins, and can do without.
const std::vector<Command> taking_plugins = {Command::run,    Command::resume, Command::replay,
                                             Command::plan,   Command::check,  Command::explain,
                                             Command::verify, Command::list};
const std::vector<Command> with_databases = {
    Command::run,  Command::resume, Command::replay,     Command::rollback, Command::status,
    Command::plan, Command::check,  Command::quarantine, Command::explain,  Command::verify};
const std::vector<Command> beginning = {Command::run};
const std::vector<Command> resuming = {Command::resume};
const std::vector<Command> verifying = {Command::verify};
const std::vector<Command> showing_values = {Command::explain, Command::verify};
const std::vector<Command> selecting = {Command::run, Command::plan};
const std::vector<Command> choosing_families = {Command::run, Command::plan, Command::rollback};
const std::vector<Command> running = {Command::run, Command::resume, Command::replay};
const std::vector<Command> writing = {Command::run, Command::replay, Command::rollback};
const std::vector<Command> undoing = {Command::rollback};
const std::vector<Command> choosing_rows = {Command::replay, Command::quarantine};
const std::vector<Command> naming_entities = {Command::replay, Command::quarantine, Command::verify,
                                              Command::rollback};
const std::vector<Command> of_status = {Command::status};
const std::vector<Command> of_quarantine = {Command::quarantine};

constexpr std::string_view exits_of_run =
    "  0  done and verified\n"
    "  1  usage or configuration\n"
    "  2  cannot connect, or preflight refuses\n"
    "  3  failed; the message says whether anything was committed, and how to resume\n"
    "  4  vetoed by validation; in scope run nothing is committed\n"
    "  5  committed, but a check could not run: UNVERIFIED\n"
    "  6  interrupted\n"
    "  7  internal error\n";
constexpr std::string_view exits_of_replay =
    "  0  done and verified, or nothing to do\n"
    "  1  usage or configuration\n"
    "  2  cannot connect, preflight refuses, or no run came before\n"
    "  3  failed; the message says whether anything was committed\n"
    "  4  vetoed by validation, nothing committed\n"
    "  5  committed, but a check could not run: UNVERIFIED\n"
    "  6  interrupted\n"
    "  7  internal error\n";
constexpr std::string_view exits_of_rollback =
    "  0  the run is undone, or there was nothing to undo\n"
    "  1  usage or configuration, or no such run\n"
    "  2  cannot connect, or a later run must go first, or rows cannot be told\n"
    "  3  failed; the run (with --by-entity: what was left of it) is as it was\n"
    "  4  stopped: rows have changed or gone, or newer rows refer to them; it is as it was\n"
    "  6  interrupted; it is as it was\n"
    "  7  internal error\n";
constexpr std::string_view exits_of_status =
    "  0  it could look, whatever it saw; with --watch also: the run is over, or its process died\n"
    "  1  usage or configuration, or no such run\n"
    "  2  cannot connect, or the target has no ledger that this mighost reads\n"
    "  6  interrupted\n"
    "  7  internal error\n";
constexpr std::string_view exits_of_plan =
    "  0  the run could start\n"
    "  1  usage or configuration\n"
    "  2  cannot connect, or preflight refuses\n"
    "  7  internal error\n";
constexpr std::string_view exits_of_check =
    "  0  nothing stands against a run (warnings may)\n"
    "  1  usage or configuration\n"
    "  2  at least one check failed\n"
    "  7  internal error\n";
constexpr std::string_view exits_of_verify =
    "  0  every row is as it was brought\n"
    "  1  usage or configuration\n"
    "  2  cannot connect; with --plugins also: preflight refuses\n"
    "  3  failed\n"
    "  4  MISMATCH: rows have changed, are missing, or were added; with --plugins also rows that\n"
    "     differ from what the source says now\n"
    "  5  UNVERIFIED: not all rows could be compared\n"
    "  7  internal error\n";
constexpr std::string_view exits_of_list =
    "  0  printed\n"
    "  1  usage, or a plugin that cannot be loaded\n"
    "  7  internal error\n";
constexpr std::string_view exits_of_quarantine =
    "  0  printed, exported or recorded, whether rows are held back or not\n"
    "  1  usage or configuration, or no row matches what is to be waived\n"
    "  2  cannot connect, or the target has no ledger\n"
    "  3  the export or the report could not be written\n"
    "  7  internal error\n";
constexpr std::string_view exits_of_explain =
    "  0  the row is in the source, in the target or in the ledger\n"
    "  1  usage or configuration, no such entity, or a text that can be no key of it\n"
    "  2  cannot connect, or preflight refuses\n"
    "  3  there is no such row anywhere, or it fails the run\n"
    "  7  internal error\n";

constexpr CommandFacts commands[] = {
    {Command::run, "run", "moves the rows; the default when no command is named",
     "Reads the source in one snapshot, lets the plugins transform every row, and writes the "
     "target\n"
     "in one transaction. Everything arrives, checked, or nothing does. A second run writes only\n"
     "what is missing. With [transaction] scope = \"chunk\" rows are committed in key ranges by\n"
     "several lanes; what is finished stays, whatever happens, and mighost resume goes on with "
     "the\n"
     "rest. Ctrl-C lets running chunks finish; a second one stops at once. Other processes, on\n"
     "other hosts too, help with --join RUN.\n",
     "mighost run --plugins build/release/plugins --config config/run.toml --json report.json",
     exits_of_run, "",
     "mighost run --join 7dc5dfc3 --plugins build/release/plugins --config config/run.toml\n"},
    {Command::resume, "resume",
     "goes on with a run in scope family or chunk that has not come to its end",
     "What is committed, whole families or chunks, is not touched again; the rest is done in a\n"
     "new snapshot of the source. Rows that have changed there since they were read are counted\n"
     "as drift and left to a later run. Other plugins, another configuration or another source\n"
     "are refused with the difference, unless --accept-changes says that they are meant.\n"
     "[load], [log] and [transaction] but its scope may differ: how rows move, not which. RUN is\n"
     "the run_id of the report, or its beginning; without it the run that waits is taken.\n",
     "mighost resume --plugins build/release/plugins --config config/run.toml", exits_of_run,
     "[RUN]"},
    {Command::replay, "replay", "drives rows again that the quarantine holds back",
     "Reads again, by their keys, the rows that are held back, the rows that they wait for, and "
     "all\n"
     "that waits behind these; rows that went without a reference get it. Everything arrives,\n"
     "checked, or nothing does. Without --entity, --code and --key it takes all; with them the "
     "rows\n"
     "that meet each, and what hangs on them. Waived rows stay, unless --key names them.\n",
     "mighost replay --plugins build/release/plugins --config config/run.toml --key 4711",
     exits_of_replay},
    {Command::rollback, "rollback", "undoes a run: removes exactly the rows that it brought",
     "Removes the rows that the run brought, the last entity first, takes references that a "
     "replay\n"
     "had set out again, and lets the ledger forget the run but for its record, in one "
     "transaction.\n"
     "Needs only the target. Rows that have changed or gone since, or that newer rows refer to, "
     "are\n"
     "listed and stop it; with --keep-changed they stay, with all that they refer to. A later run "
     "of the\n"
     "same entities must be rolled back first. A run in scope family or chunk that has not come\n"
     "to its end goes as a whole, and its indexes and constraints are put back. Sequences are\n"
     "left alone. RUN is the run_id of the report, or its beginning. SQL steps of plugins, and\n"
     "what triggers did, are not undone. --family and --entity together name what goes; with --to\n"
     "only what they name and a later phase brought. A row has changed when somebody has updated\n"
     "it, whatever column that was about; with --by-value only when a column that the run wrote\n"
     "says something else. In a target that was restored from a dump it is always by value.\n",
     "mighost rollback 7dc5dfc3 --config config/run.toml --dry-run", exits_of_rollback, "RUN",
     "mighost rollback 7dc5dfc3 --config config/run.toml --family financial\n"
     "mighost rollback --all --yes --config config/run.toml\n"},
    {Command::status, "status", "tells who works on a run, how far it is, and what it waits for",
     "Lists the latest runs, and of the run in progress, or of RUN, who works on it, how far each\n"
     "entity is, and what is stuck and why: a process that died, a lock and who holds it, an "
     "entity\n"
     "that stopped, indexes that are away. Reads only the target, from any host; a standby will "
     "do.\n"
     "Nothing is changed. RUN is the run_id of the report, or its beginning. With --watch it "
     "looks\n"
     "again and again until the run is over; --json - then prints one object per line.\n"
     "docs/status.md names the fields of the JSON.\n",
     "mighost status --config config/run.toml", exits_of_status, "[RUN]",
     "mighost status 7dc5dfc3 --config config/run.toml --json -\n"
     "mighost status --watch 5 --config config/run.toml\n"},
    {Command::plan, "plan", "prints what a run would do; touches nothing",
     "Works out the order of the entities, matches their columns with both databases, and prints\n"
     "phases, locks, triggers and SQL steps. Only catalogs are read.\n",
     "mighost plan --plugins build/release/plugins --config config/run.toml", exits_of_plan},
    {Command::check, "check", "looks for what would stop a run: connections, privileges, settings",
     "Tries both connections and looks at privileges, settings and catalogs: one line per check,\n"
     "with its remedy. Nothing is changed.\n",
     "mighost check --plugins build/release/plugins --config config/run.toml", exits_of_check},
    {Command::quarantine, "quarantine", "shows what is held back and why; exports and waives it",
     "Shows the rows that did not go: how many, why, and which row each of them waits for in the\n"
     "end. Needs only the target. --entity, --code and --key select rows; each may be repeated.\n"
     "A waiver says that rows will never come: they stay, but no longer count as open, and "
     "neither\n"
     "does what waits for them. Values of rows go to the file of --export and nowhere else.\n",
     "mighost quarantine --config config/run.toml", exits_of_quarantine, "",
     "mighost quarantine --config config/run.toml --entity core.orders --code missing_parent\n"
     "mighost quarantine --config config/run.toml --export quarantine.csv\n"
     "mighost quarantine --config config/run.toml --entity core.doctors --key 4711 "
     "--waive --why retired\n"},
    {Command::explain, "explain", "follows one row through everything; touches nothing",
     "Reads the row from the source by its legacy key, lets its plugin, the validators and the\n"
     "target have it in a transaction that is rolled back, and says what becomes of it now, what\n"
     "the ledger has on it, and what stands in the target. Values are shown with --show-values\n"
     "only. Behind -- a key may begin with a dash.\n",
     "mighost explain core.orders 4711 --plugins build/release/plugins --config config/run.toml",
     exits_of_explain, "ENTITY KEY"},
    {Command::verify, "verify", "compares the target with what was brought, now or in a year",
     "Reads every target table once and compares it with the fingerprints that runs left in the\n"
     "ledger. Names each row that changed, with its columns, is missing, or was added. Needs\n"
     "neither plugins nor the source, and changes nothing. Columns that no plugin writes are not\n"
     "looked at, and rows without a legacy key are the application's own: counted, no mismatch.\n"
     "With --plugins and the source it also reads rows of each entity from the source by their\n"
     "keys ([verify] sample at random, the lowest and the highest key, the longest row),\n"
     "transforms them again and compares the values, in a transaction that is rolled back. A row\n"
     "that differs from what the source says now may have changed there and not in the target.\n",
     "mighost verify --config config/run.toml --json verify.json", exits_of_verify, "",
     "mighost verify --config config/run.toml --plugins build/release/plugins\n"
     "mighost verify --config config/run.toml --entity core.orders --allow-new-rows\n"},
    {Command::list, "list", "prints plugins, entities, references, settings and codes",
     "Loads the plugins and prints what they declare. Needs no database and no configuration.\n",
     "mighost list --plugins build/release/plugins", exits_of_list},
};

}  // namespace

const std::vector<OptionFacts>& all_options() {
  static const std::vector<OptionFacts> options = {
      {"plugins", "DIR", "load every *.mig.so of this directory", taking_plugins, with_plugins},
      {"config", "FILE", "the run's configuration (TOML)", with_databases, with_databases},
      {"only",
       "ENTITY",
       "only these entities (family.entity, repeatable, commas allowed)",
       selecting,
       {},
       true},
      {"family",
       "FAMILY",
       "only these families (repeatable, commas allowed)",
       choosing_families,
       {},
       true},
      {"entity",
       "ENTITY",
       "only these entities (family.entity, repeatable, commas allowed)",
       naming_entities,
       {},
       true},
      {"code", "CODE", "only rows held back with this code (repeatable)", choosing_rows, {}, true},
      {"key",
       "KEY",
       "only rows with this legacy key; of replay also what waits for it (repeatable)",
       choosing_rows,
       {},
       true},
      {"limit", "N", "lines of each list, 20 if not given; 0 means all", of_quarantine, {}},
      {"export",
       "FILE",
       "write the rows themselves to FILE.csv, .json or .jsonl, for its owner only",
       of_quarantine,
       {}},
      {"waive", "", "record that the selected rows will never come", of_quarantine, {}},
      {"unwaive", "", "take the waivers of the selected rows back", of_quarantine, {}},
      {"why", "TEXT", "the reason of a waiver", of_quarantine, {}},
      {"who", "NAME", "who decides; your login name if not given", of_quarantine, {}},
      {"show-values",
       "",
       "print values of rows, which are personal data; they are shown nowhere else",
       showing_values,
       {}},
      {"allow-new-rows",
       "",
       "rows that no run brought are no mismatch: the application is at work",
       verifying,
       {}},
      {"join", "RUN", "work on this run in progress, of scope chunk, too", beginning, {}},
      {"accept-changes",
       "",
       "go on although plugins, configuration or source have changed",
       resuming,
       {}},
      {"keep-changed",
       "",
       "rows that have changed, and what rows that stay refer to, stay",
       undoing,
       {}},
      {"by-value",
       "",
       "rows that hold what the run wrote go, also those that were updated since",
       undoing,
       {}},
      {"to",
       "PHASE",
       "undo what later phases of the run brought, as mighost plan numbers them",
       undoing,
       {}},
      {"by-entity",
       "",
       "commit each entity by itself; when it is killed, the same command goes on",
       undoing,
       {}},
      {"all",
       "",
       "every run, the newest first; needs --yes, or --dry-run that shows the newest",
       undoing,
       {}},
      {"yes", "", "--all is meant", undoing, {}},
      {"watch",
       "[SECONDS]",
       "look again every 2 or SECONDS seconds until the run is over",
       of_status,
       {},
       false,
       "2"},
      {"dry-run", "", "do everything but the commit", writing, {}},
      {"json", "FILE|-", "also write the result as JSON; - means stdout", every, {}},
      {"progress", "WHEN", "live progress: auto (on a terminal), always or never", running, {}},
      {"quiet",
       "",
       "no progress; print only warnings, errors, and a summary if not all is well",
       running,
       {}},
      {"log-level",
       "LEVEL",
       "debug, info, warn or error; goes before [log] of the configuration",
       every,
       {}},
      {"log-json", "", "log lines and errors as JSON, one object per line", every, {}},
      {"log-file", "FILE", "append the log to this file as well", every, {}},
      {"help", "", "this text", every, {}},
  };
  return options;
}

std::span<const CommandFacts> all_commands() { return commands; }

const CommandFacts& facts_of(Command command) {
  const auto found = std::find_if(std::begin(commands), std::end(commands),
                                  [&](const CommandFacts& c) { return c.command == command; });
  return found != std::end(commands) ? *found : commands[0];
}

const OptionFacts* find_option(std::string_view name) {
  for (const OptionFacts& option : all_options()) {
    if (option.name == name) return &option;
  }
  return nullptr;
}

const CommandFacts* find_command(std::string_view name) {
  for (const CommandFacts& command : commands) {
    if (command.name == name) return &command;
  }
  return nullptr;
}

std::vector<std::string> command_names() {
  std::vector<std::string> names;
  for (const CommandFacts& command : commands) names.emplace_back(command.name);
  names.emplace_back("help");
  return names;
}

bool contains(const std::vector<Command>& list, Command command) {
  return std::find(list.begin(), list.end(), command) != list.end();
}

}  // namespace mighost
