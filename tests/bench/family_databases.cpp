#include "family_databases.hpp"

namespace mighost::bench {
namespace {

void generate(std::vector<std::string> arguments) {
  test::Command command;
  command.arguments = {MIGHOST_DATASET_EXECUTABLE};
  command.arguments.insert(command.arguments.end(), arguments.begin(), arguments.end());
  run_checked(std::move(command));
}

}  // namespace

FamilyDatabases::FamilyDatabases(test::Cluster& cluster, std::string part)
    : cluster_(cluster), part_(std::move(part)) {
  for (const auto& name : names()) cluster_.create_database(name);
  databases = {cluster_.url(names()[0]), cluster_.url(names()[1])};
  clone_url = cluster_.url(names()[2]);
}

FamilyDatabases::~FamilyDatabases() {
  try {
    for (const auto& name : names()) cluster_.drop_database(name);
  } catch (const std::exception& error) {
    say(error.what());
  }
}

std::vector<std::string> FamilyDatabases::names() const {
  return {part_ + "_source", part_ + "_target", part_ + "_clone"};
}

void FamilyDatabases::fill(const std::string& preset, bool clean) const {
  say(part_ + ": generating preset " + preset);
  std::vector<std::string> arguments = {"--preset", preset,
                                        "--seed",   "1",
                                        "--source", databases.source_url,
                                        "--oracle", work_directory() / "oracle.json"};
  if (clean) arguments.emplace_back("--clean");
  generate(std::move(arguments));
}

void FamilyDatabases::empty(const std::string& url) const {
  // The target is the same for every preset, so the one that is generated fastest will do.
  generate({"--preset", "XS", "--target", url});
  sql(url, "CHECKPOINT");
}

}  // namespace mighost::bench
