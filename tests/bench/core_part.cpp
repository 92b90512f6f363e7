#include <map>

#include "commands.hpp"
#include "parts.hpp"

namespace mighost::bench {
namespace {

constexpr std::size_t rounds_default = 3;
constexpr char source_name[] = "core_source";
constexpr char target_name[] = "core_target";

class CoreDatabases {
 public:
  explicit CoreDatabases(test::Cluster& cluster) : cluster_(cluster) {
    cluster_.create_database(source_name);
    cluster_.create_database(target_name);
    databases = {cluster_.url(source_name), cluster_.url(target_name)};
  }
  ~CoreDatabases() {
    try {
      cluster_.drop_database(source_name);
      cluster_.drop_database(target_name);
    } catch (const std::exception& error) {
      say(error.what());
    }
  }
  CoreDatabases(const CoreDatabases&) = delete;
  CoreDatabases& operator=(const CoreDatabases&) = delete;

  void fill(const std::string& preset) const {
    say("core: generating preset " + preset);
    generate({"--preset", preset, "--seed", "1", "--source", databases.source_url, "--target",
              databases.target_url, "--oracle", work_directory() / "oracle.json"});
  }
  void empty_target() const {
    // The target is the same for every preset, so the one that is generated fastest will do.
    generate({"--preset", "XS", "--target", databases.target_url});
    sql(databases.target_url, "CHECKPOINT");
  }

  Databases databases;

 private:
  static void generate(std::vector<std::string> arguments) {
    test::Command command;
    command.arguments = {MIGHOST_DATASET_EXECUTABLE};
    command.arguments.insert(command.arguments.end(), arguments.begin(), arguments.end());
    run_checked(std::move(command));
  }

  test::Cluster& cluster_;
};

struct EntityFigures {
  double rows = 0;
  Series seconds;
};

struct Measured {
  double rows = 0;
  Series seconds;
  Series resident;
  std::vector<std::string> order;  // of the entities, as they ran
  std::map<std::string, EntityFigures> entities;
};

void add_round(const Migration& migration, Measured& measured) {
  measured.seconds.add(migration.seconds);
  measured.resident.add(migration.resident_mib);
  measured.rows = migration.report.at("totals").at("read").get<double>();
  for (const auto& each : migration.report.at("entities")) {
    const auto name = each.at("name").get<std::string>();
    if (!measured.entities.contains(name)) measured.order.push_back(name);
    EntityFigures& entity = measured.entities[name];
    entity.rows = each.at("read").get<double>();
    entity.seconds.add(each.at("seconds").get<double>());
  }
}

void add_figures(const Measured& measured, Report& report) {
  report.add(Figure{"whole run", "s", measured.seconds});
  report.add(Figure{"whole run, rate", "rows/s", rates(measured.rows, measured.seconds), 0});
  report.add(Figure{"peak memory", "MiB", measured.resident, 1});
  for (const std::string& name : measured.order) {
    const EntityFigures& entity = measured.entities.at(name);
    const std::string title = name + ", " + grouped(entity.rows) + " rows";
    // The report's clock has milliseconds: below one, a rate would be invented.
    if (entity.seconds.min() > 0) {
      report.add(Figure{title, "rows/s", rates(entity.rows, entity.seconds), 0});
    } else {
      report.add(Figure{title, "s", entity.seconds, 3});
    }
  }
}

}  // namespace

void measure_core(test::Cluster& cluster, const Arguments& arguments, Report& report) {
  const std::size_t rounds = arguments.rounds.value_or(rounds_default);
  const CoreDatabases core(cluster);
  core.fill(arguments.preset);
  Measured measured;
  for (std::size_t round = 1; round <= rounds; ++round) {
    say("core: round " + std::to_string(round) + " of " + std::to_string(rounds));
    core.empty_target();
    add_round(migrate(core.databases, MIGHOST_PLUGINS_DIR, {"--family", "core"}), measured);
  }
  report.begin_part("core", "preset " + arguments.preset + ", " + grouped(measured.rows) +
                                " rows read, " + counted_rounds(rounds));
  add_figures(measured, report);
}

}  // namespace mighost::bench
