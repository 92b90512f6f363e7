// mighost-bench: runs the parts that were asked for and prints what they found.
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <optional>
#include <thread>

#include "arguments.hpp"
#include "commands.hpp"
#include "parts.hpp"

namespace mighost::bench {
namespace {

// Share of the cores that others keep busy above which figures are not worth much.
constexpr double quiet_load_max = 0.25;

nlohmann::ordered_json machine() {
  double load = 0;
  ::getloadavg(&load, 1);
  const unsigned cores = std::thread::hardware_concurrency();
  if (load > quiet_load_max * cores) {
    say("the machine is busy: load " + grouped(load, 2) + " on " + std::to_string(cores) +
        " cores before the first measurement");
  }
  return {{"cores", cores}, {"load_before", load}};
}

void write_json(const std::filesystem::path& file, const Report& report,
                nlohmann::ordered_json machine) {
  nlohmann::ordered_json json{{"machine", std::move(machine)}};
  json.update(report.json());
  std::ofstream stream(file);
  stream << json.dump(2) << '\n';
  stream.close();
  if (!stream) throw Failure("cannot write " + file.string());
}

// Told before the measurements, not after.
void require_writable(const std::filesystem::path& file) {
  if (!std::ofstream(file, std::ios::app)) throw Failure("cannot write " + file.string());
}

void measure(const Arguments& arguments, Report& report) {
  std::optional<test::Cluster> cluster;
  if (arguments.needs_database()) {
    say("starting a private cluster");
    cluster.emplace();
  }
  if (arguments.tasks) measure_tasks(*cluster, arguments, report);
  if (arguments.memory) measure_memory(*cluster, arguments, report);
  if (arguments.boundary) measure_boundary(arguments, report);
  if (arguments.families) measure_families(*cluster, arguments, report);
  if (arguments.checks) measure_checks(*cluster, arguments, report);
  if (arguments.verify) measure_verify(*cluster, arguments, report);
  if (arguments.quality) measure_quality(*cluster, arguments, report);
  if (arguments.rollback) measure_rollback(*cluster, arguments, report);
  if (arguments.chunks) measure_chunks(*cluster, arguments, report);
  if (arguments.scaling) measure_scaling(*cluster, arguments, report);
}

int run(const Arguments& arguments) {
  if (arguments.json) require_writable(*arguments.json);
  auto machine_facts = machine();
  Report report;
  int exit_code = 0;
  try {
    measure(arguments, report);
  } catch (const std::exception& error) {
    // What the parts before it have found took long enough to be shown.
    say(error.what());
    exit_code = 1;
  }
  report.print(std::cout);
  std::cout.flush();
  if (arguments.json) write_json(*arguments.json, report, std::move(machine_facts));
  return exit_code;
}

}  // namespace
}  // namespace mighost::bench

int main(int argc, char** argv) {
  using namespace mighost::bench;
  try {
    const Arguments arguments =
        parse_arguments(std::vector<std::string>(argv + (argc > 0 ? 1 : 0), argv + argc));
    if (arguments.help) {
      std::cout << usage();
      return 0;
    }
    return run(arguments);
  } catch (const UsageError& error) {
    say(std::string(error.what()) + "\n  next:  mighost-bench --help shows what it takes");
  } catch (const std::exception& error) {
    say(error.what());
  }
  return 1;
}
