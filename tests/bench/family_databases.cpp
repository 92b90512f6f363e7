#include "family_databases.hpp"

namespace mighost::bench {
namespace {

constexpr char source_name[] = "families_source";
constexpr char target_name[] = "families_target";
constexpr char clone_name[] = "families_clone";

void generate(std::vector<std::string> arguments) {
  test::Command command;
  command.arguments = {MIGHOST_DATASET_EXECUTABLE};
  command.arguments.insert(command.arguments.end(), arguments.begin(), arguments.end());
  run_checked(std::move(command));
}

}  // namespace

FamilyDatabases::FamilyDatabases(test::Cluster& cluster) : cluster_(cluster) {
  for (const char* name : {source_name, target_name, clone_name}) cluster_.create_database(name);
  databases = {cluster_.url(source_name), cluster_.url(target_name)};
  clone_url = cluster_.url(clone_name);
}

FamilyDatabases::~FamilyDatabases() {
  try {
    for (const char* name : {source_name, target_name, clone_name}) cluster_.drop_database(name);
  } catch (const std::exception& error) {
    say(error.what());
  }
}

void FamilyDatabases::fill(const std::string& preset) const {
  say("families: generating preset " + preset);
  generate({"--preset", preset, "--seed", "1", "--source", databases.source_url, "--oracle",
            work_directory() / "oracle.json"});
}

void FamilyDatabases::empty(const std::string& url) const {
  // The one that is generated fastest will do.
  generate({"--preset", "XS", "--target", url});
  sql(url, "CHECKPOINT");
}

}  // namespace mighost::bench
