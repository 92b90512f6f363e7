#include "lanes/run_origin.hpp"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "report/error.hpp"
#include "report/next_step.hpp"
#include "report/text.hpp"
#include "run/plugin_list.hpp"

namespace mighost {
namespace {

using nlohmann::json;

struct Version {
  std::string version, sha256;
};

std::map<std::string, Version> by_family(const std::string& plugins) {
  std::map<std::string, Version> versions;
  for (const json& plugin : json::parse(plugins)) {
    versions[plugin.at("family")] = {plugin.at("version"), plugin.at("sha256")};
  }
  return versions;
}

void compare_plugins(const std::string& before, const std::string& now,
                     std::vector<std::string>& found) {
  const auto then = by_family(before), today = by_family(now);
  for (const auto& [family, version] : then) {
    const auto other = today.find(family);
    if (other == today.end()) {
      found.push_back("plugin " + family + " " + version.version + " is not loaded");
    } else if (other->second.version != version.version) {
      found.push_back("plugin " + family + " is " + other->second.version +
                      ", the run began with " + version.version);
    } else if (other->second.sha256 != version.sha256) {
      found.push_back("plugin " + family + " " + version.version + " is another build");
    }
  }
  for (const auto& [family, version] : today) {
    if (then.count(family) == 0)
      found.push_back("plugin " + family + " " + version.version + " was not there");
  }
}

void compare_settings(const std::string& before, const std::string& now,
                      std::vector<std::string>& found) {
  const auto then = json::parse(before).get<std::map<std::string, std::string>>();
  const auto today = json::parse(now).get<std::map<std::string, std::string>>();
  if (!then.empty() && then.begin()->first.front() != '[') {
    found.push_back("an older mighost began it, which did not record each setting");
    return;
  }
  std::vector<std::string> settings;
  for (const auto& [setting, digest] : then) {
    const auto other = today.find(setting);
    if (other == today.end()) settings.push_back(setting + " (left out now)");
    if (other != today.end() && other->second != digest) settings.push_back(setting);
  }
  for (const auto& [setting, digest] : today) {
    if (then.count(setting) == 0) settings.push_back(setting + " (left out then)");
  }
  if (!settings.empty()) {
    found.push_back("the configuration differs in " + one_line(joined(settings)));
  }
}

}  // namespace

std::string settings_json(const RunConfig& config) { return json(config.setting_digests).dump(); }

std::string source_identity(Session& source) {
  const std::string database =
      *source.query("SELECT oid FROM pg_database WHERE datname = current_database()").value();
  source.execute("SAVEPOINT mighost_identity");
  try {
    return *source.query("SELECT system_identifier FROM pg_control_system()").value() + "/" +
           database;
  } catch (const SqlError& refused) {
    if (refused.error().connection_lost) throw;
    source.execute("ROLLBACK TO SAVEPOINT mighost_identity");
    return "?/" + database;
  }
}

UnfinishedRun find_unfinished(Session& target, const std::string& id) {
  const Rows runs = target.query(
      "SELECT run_id, status, plugins, coalesce(settings, '{}'), coalesce(source_identity, ''), "
      "coalesce(snapshot, ''), epoch, scope, EXISTS (SELECT FROM mighost.loads l WHERE l.run_id = "
      "r.run_id) FROM mighost.runs r WHERE kind = 'run' AND run_id::text LIKE $1 || '%' "
      "ORDER BY 9 DESC, started_at DESC LIMIT 2",
      {id});
  const bool any = !runs.empty();
  const std::string name = any ? *runs.at(0, 0) : "";
  if (any && *runs.at(0, 8) == "t") {
    return {name,           *runs.at(0, 1), *runs.at(0, 7), *runs.at(0, 2),
            *runs.at(0, 3), *runs.at(0, 4), *runs.at(0, 5), std::stoi(*runs.at(0, 6))};
  }
  if (id.empty() || !any) {
    throw Error(Exit::usage,
                id.empty() ? "no run of this target waits to be resumed"
                           : "this target has seen no such run: " + one_line(id),
                target.endpoint().shown,
                next_command("status", target.endpoint().file) + " lists the runs" +
                    (id.empty() ? "; a run in scope \"run\" leaves nothing behind: run the same "
                                  "command again"
                                : ""));
  }
  const std::string status = *runs.at(0, 1);
  const bool done = status == "done" || status == "unverified" || status == "rolled-back";
  throw Error(Exit::usage,
              done ? "run " + name + " is over: " + status
                   : "run " + name + " has committed nothing: there is nothing to go on with",
              target.endpoint().shown,
              done ? "nothing is left to do" : "run the same command again");
}

std::vector<std::string> differences(const UnfinishedRun& run,
                                     const std::vector<const Plugin*>& plugins,
                                     const RunConfig& config, const std::string& source) {
  std::vector<std::string> found;
  try {
    compare_plugins(run.plugins, plugins_json(plugins), found);
    compare_settings(run.settings, settings_json(config), found);
  } catch (const json::exception& fault) {
    throw Error(Exit::failed, "the ledger's record of the run is damaged",
                "mighost.runs, run " + run.id, "restore the ledger from a backup");
  }
  if (run.source_identity != source) found.emplace_back("the source is another database");
  return found;
}

}  // namespace mighost
