#include "plan/check.hpp"

#include <optional>

#include "plan/check_connection.hpp"
#include "plan/check_lanes.hpp"
#include "plan/check_tables.hpp"
#include "plan/connection.hpp"
#include "plugin/library.hpp"
#include "report/text.hpp"

namespace mighost {
namespace {

void not_run(const std::vector<std::string>& names, const std::string& because, CheckList& list) {
  for (const auto& name : names) list.not_run(name, because);
}

}  // namespace

std::vector<CheckLine> run_checks(const std::filesystem::path& plugins, const RunConfig& config) {
  CheckList list;
  std::optional<std::vector<const Plugin*>> loaded;
  list.make("plugins load", [&] {
    loaded = load_plugins(plugins);
    std::vector<std::string> names;
    for (const Plugin* plugin : *loaded) names.push_back(plugin->family + " " + plugin->version);
    list.pass("plugins load", joined(names));
  });
  const auto source = check_connection(config.source, Session::Role::source, config.load, list);
  if (source) {
    check_source_server(*source, list);
  } else {
    not_run(source_server_checks(), "no connection to the source", list);
  }
  const auto target = check_connection(config.target, Session::Role::target, config.load, list);
  if (target) {
    check_target_server(*target, list);
  } else {
    not_run(target_server_checks(), "no connection to the target", list);
  }
  if (source && target) {
    check_lanes(config, *source, *target, list);
  } else {
    not_run(lane_checks(), "a connection is missing", list);
  }
  const bool old = (source && source->server_version() < server_version_min) ||
                   (target && target->server_version() < server_version_min);
  if (loaded && source && target && !old) {
    check_tables(*loaded, config, *source, *target, list);
  } else {
    const char* because = !loaded ? "the plugins do not load"
                          : old   ? "a server is too old"
                                  : "a connection is missing";
    not_run(table_checks(), because, list);
  }
  return list.lines;
}

}  // namespace mighost
