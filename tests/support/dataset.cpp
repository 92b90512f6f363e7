#include "support/dataset.hpp"

#include <algorithm>
#include <atomic>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <stdexcept>
#include <thread>

#include "support/psql_program.hpp"

namespace mighost::test {
namespace {

using json = nlohmann::json;

std::string run_dataset(std::vector<std::string> options) {
  Command command;
  command.arguments = {MIGHOST_BINARY_DIR "/bin/mighost-dataset"};
  command.arguments.insert(command.arguments.end(), options.begin(), options.end());
  command.timeout = std::chrono::minutes(5);
  const Outcome outcome = run_process(command);
  if (outcome.exit_code != 0) throw std::runtime_error("mighost-dataset: " + outcome.error);
  return outcome.output;
}

// Trailing zeros after the point say nothing about the value.
std::string plain(std::string number) {
  if (number.find('.') == std::string::npos) return number;
  number.erase(number.find_last_not_of('0') + 1);
  if (number.back() == '.') number.pop_back();
  return number;
}

std::string difference(const std::string& what, const json& report, const json& oracle) {
  if (report == oracle) return {};
  return what + ": the report says " + report.dump() + ", the oracle " + oracle.dump() + "\n";
}

json by_name(const json& list) {
  json object = json::object();
  for (const json& item : list) object[item.at("name").get<std::string>()] = item;
  return object;
}

std::set<std::string> names_of(const json& left, const json& right) {
  std::set<std::string> names;
  for (const auto& [name, value] : left.items()) names.insert(name);
  for (const auto& [name, value] : right.items()) names.insert(name);
  return names;
}

std::string missing_in(const json& report, const json& oracle, const std::string& name) {
  if (!report.contains(name)) return name + " is not in the report\n";
  if (!oracle.contains(name)) return name + " is not in the oracle\n";
  return {};
}

}  // namespace

std::filesystem::path shipped_plugins() { return MIGHOST_BINARY_DIR "/families"; }

json fill(const Migration& migration, const Dataset& dataset) {
  const auto oracle = migration.directory() / "oracle.json";
  std::vector<std::string> options = {
      "--preset", dataset.preset,         "--seed",   std::to_string(dataset.seed),
      "--source", migration.source_url(), "--target", migration.target_url(),
      "--oracle", oracle.string()};
  if (dataset.clean) options.emplace_back("--clean");
  for (const auto& knob : dataset.knobs) options.insert(options.end(), {"--knob", knob});
  run_dataset(std::move(options));
  std::ifstream file(oracle);
  return json::parse(file);
}

void fill_older_generation(const Migration& migration) {
  run_dataset({"--generation", "older", "--source", migration.source_url(), "--target",
               migration.target_url()});
}

std::vector<std::string> dirt_knobs() {
  std::vector<std::string> names;
  std::stringstream list(run_dataset({"--list-knobs"}));
  for (std::string line; std::getline(list, line);) {
    std::string name, kind;
    std::stringstream(line) >> name >> kind;
    if (kind == "dirt") names.push_back(name);
  }
  return names;
}

Outcome run_check(const std::string& check, const std::vector<std::string>& arguments) {
  Command command;
  command.arguments = {MIGHOST_SOURCE_DIR "/tests/dataset/" + check};
  command.arguments.insert(command.arguments.end(), arguments.begin(), arguments.end());
  command.timeout = std::chrono::minutes(8);
  return run_process(std::move(command));
}

void empty_target(const std::string& url) { run_dataset({"--target", url}); }

std::string differences(const json& report, const json& oracle) {
  std::string all;
  const json entities = by_name(report.at("entities"));
  for (const auto& name : names_of(entities, oracle.at("entities"))) {
    all += missing_in(entities, oracle.at("entities"), name);
    if (!entities.contains(name) || !oracle.at("entities").contains(name)) continue;
    const json &got = entities.at(name), &expected = oracle.at("entities").at(name);
    for (const char* field :
         {"read", "written", "merged", "filtered", "quarantined", "parked", "codes", "notes"}) {
      all += difference(name + " " + field, got.at(field), expected.at(field));
    }
    all += difference(name + " unchanged", got.at("unchanged"), 0);
    all += difference(name + " drift", got.at("drift"), 0);
  }
  const json totals = by_name(report.at("control_totals"));
  for (const auto& name : names_of(totals, oracle.at("control_totals"))) {
    all += missing_in(totals, oracle.at("control_totals"), name);
    if (!totals.contains(name) || !oracle.at("control_totals").contains(name)) continue;
    const json &got = totals.at(name), &expected = oracle.at("control_totals").at(name);
    for (const auto& [ours, theirs] :
         {std::pair{"source", "source"}, {"target", "target"}, {"held", "held_back"}}) {
      all += difference(name + " " + ours, plain(got.at(ours)), plain(expected.at(theirs)));
    }
    all += difference(name + " difference", plain(got.at("difference")), "0");
    all += difference(name + " holds", got.at("holds"), true);
  }
  return all;
}

json of_families(const json& oracle, const std::vector<std::string>& families) {
  json part = oracle;
  for (const char* section : {"entities", "control_totals"}) {
    for (const auto& [name, value] : oracle.at(section).items()) {
      const std::string family = name.substr(0, name.find('.'));
      if (std::find(families.begin(), families.end(), family) == families.end()) {
        part[section].erase(name);
      }
    }
  }
  return part;
}

std::string rows_of(const std::string& entity) {
  // Comments of two legacy tables share one table of the target.
  if (entity == "business.comments") return "comments WHERE legacy_table = 'dispatch_comment'";
  if (entity == "business.note_comments") return "comments WHERE legacy_table = 'dispatch_note'";
  return entity.substr(entity.find('.') + 1);
}

std::string changed_lines(const std::string& before, const std::string& after) {
  if (before == after) return {};
  std::map<std::string, int> surplus;
  std::stringstream old_lines(before), new_lines(after);
  for (std::string line; std::getline(old_lines, line);) --surplus[line];
  for (std::string line; std::getline(new_lines, line);) ++surplus[line];
  std::string changes;
  for (const auto& [line, times] : surplus) {
    if (times != 0) changes += (times < 0 ? "- " : "+ ") + line + "\n";
  }
  return changes;
}

std::string row_digests(const std::string& url, const std::string& row) {
  const std::string text = "(" + row + ")::text";
  return psql(url, "SELECT format('SELECT %L, count(*), md5(string_agg(' || $$" + text +
                       "$$ || ', E''\\n'' ORDER BY ' || $$" + text +
                       "$$ || ')) FROM %s AS t', oid::regclass, oid::regclass) FROM pg_class "
                       "WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace "
                       "ORDER BY relname \\gexec\n"
                       "SELECT sequencename, last_value FROM pg_sequences "
                       "WHERE schemaname = 'public' ORDER BY 1;\n");
}

std::string ask_until(const std::string& url, const std::string& sql, const std::string& wanted,
                      std::chrono::seconds timeout) {
  const auto end = std::chrono::steady_clock::now() + timeout;
  std::string answer = psql(url, sql);
  while (answer != wanted && std::chrono::steady_clock::now() < end) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    answer = psql(url, sql);
  }
  return answer;
}

void wait_for_sessions_to_end(const Migration& migration) {
  // Not by application_name: a session that was just opened has none yet.
  const std::string others =
      "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' "
      "AND pid <> pg_backend_pid() AND application_name NOT LIKE 'holder %'";
  if (ask_until(migration.target_url(), others, "0\n") != "0\n") {
    throw std::runtime_error("a session does not end: " +
                             migration.target("SELECT datname, state, query FROM pg_stat_activity "
                                              "WHERE backend_type = 'client backend'"));
  }
}

Holder::Holder(std::string url, const std::string& statement) : url_(std::move(url)) {
  static std::atomic<int> count{0};
  name_ = "holder " + std::to_string(++count);
  Command command;
  command.arguments = {psql_program(),
                       "--no-psqlrc",
                       "--quiet",
                       "--command",
                       "BEGIN",
                       "--command",
                       statement,
                       "--command",
                       "SELECT pg_sleep(600)",
                       url_};
  command.environment = {{"PGAPPNAME", name_}};
  command.timeout = std::chrono::minutes(11);
  session_ = std::make_unique<Process>(std::move(command));
  const std::string holds = "SELECT count(*) FROM pg_stat_activity WHERE application_name = '" +
                            name_ + "' AND query LIKE '%pg_sleep%'";
  if (ask_until(url_, holds, "1\n") != "1\n") throw std::runtime_error("no lock: " + statement);
}

Holder::~Holder() {
  try {
    // The server's process would sleep on when only the client is killed.
    psql(url_, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = '" +
                   name_ + "'");
  } catch (const std::exception&) {
    return;  // a test has stopped the server
  }
}

// The gate is an advisory lock. Visitors share it, so that none keeps another waiting. The
// function claims to be immutable, so that an index can be made to call it.
Gate::Gate(std::string url) : url_(std::move(url)) {
  psql(url_, R"sql(
CREATE FUNCTION public.gate() RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
  PERFORM pg_advisory_lock_shared(4711);
  PERFORM pg_advisory_unlock_shared(4711);
  RETURN 0;
END $$;
CREATE FUNCTION public.trigger_gate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM public.gate();
  RETURN NEW;
END $$;
)sql");
}

void Gate::close() { keeper_ = std::make_unique<Holder>(url_, "SELECT pg_advisory_lock(4711)"); }

bool Gate::wait_for_visitor() const {
  const std::string waiting =
      "SELECT count(*) > 0 FROM pg_locks WHERE locktype = 'advisory' AND objid = 4711 "
      "AND NOT granted";
  return ask_until(url_, waiting, "t\n") == "t\n";
}

}  // namespace mighost::test
