#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <optional>

#include "arguments.hpp"
#include "dataset.hpp"
#include "loader.hpp"

namespace mighost::dataset {

namespace {

void progress(const std::string& line) { std::cerr << "mighost-dataset: " << line << std::endl; }

Knobs knobs_of(const Arguments& arguments) {
  Knobs knobs(arguments.preset);
  if (arguments.clean) {
    knobs.clean();
  }
  for (const auto& [name, value] : arguments.knobs) {
    knobs.set(name, value);
  }
  return knobs;
}

// Both databases lose their schema public, so one database cannot be both.
void refuse_same_database(Database& source, Database& target) {
  const char* identity =
      "select current_database() || ' ' || pg_postmaster_start_time() || ' '"
      " || current_setting('port')";
  if (source.value(identity, "its identity") == target.value(identity, "its identity")) {
    throw Error("source and target are the same database", "--source and --target",
                "name two databases; both are emptied");
  }
}

// Written beside and renamed, so that a reader never meets half an oracle.
void write_oracle(const std::string& path, const nlohmann::ordered_json& oracle) {
  const std::filesystem::path file(path);
  const std::filesystem::path partial(path + ".partial");
  std::error_code error;
  if (file.has_parent_path()) {
    std::filesystem::create_directories(file.parent_path(), error);
  }
  std::ofstream stream(partial);
  stream << oracle.dump(2) << '\n';
  stream.close();
  if (stream) {
    std::filesystem::rename(partial, file, error);
  }
  if (!stream || error) {
    throw Error("cannot write the oracle", path, "give a path in a writable directory");
  }
}

nlohmann::ordered_json oracle_json(const Dataset& dataset, const Loader& loader) {
  Oracle oracle;
  for (const Part& part : parts()) {
    if (part.predict != nullptr) {
      part.predict(dataset, oracle);
    }
  }
  nlohmann::ordered_json json = {{"preset", dataset.knobs.preset()},
                                 {"seed", dataset.seed},
                                 {"fingerprint", loader.fingerprint()}};
  json.update(oracle.json());
  json["source_rows"] = loader.row_counts();
  json["knobs"] = dataset.knobs.values();
  return json;
}

void run(const Arguments& arguments) {
  Dataset dataset(knobs_of(arguments), arguments.seed);
  std::optional<Database> source;
  std::optional<Database> target;
  if (arguments.source) {
    source.emplace("source", *arguments.source);
  }
  if (arguments.target) {
    target.emplace("target", *arguments.target);
  }
  if (source && target) {
    refuse_same_database(*source, *target);
  }
  const auto started = std::chrono::steady_clock::now();
  for (const Part& part : parts()) {
    progress("generating " + std::string(part.name));
    part.generate(dataset);
  }
  Loader loader(source ? &*source : nullptr);
  if (source) {
    open_source(*source);
  }
  for (const Part& part : parts()) {
    if (part.write != nullptr) {
      progress("writing " + std::string(part.name));
      part.write(dataset, loader);
    }
  }
  if (source) {
    progress("building keys and indexes of the source");
    close_source(*source, arguments.generation);
  }
  if (target) {
    progress("creating the empty target");
    create_target(*target);
  }
  if (arguments.oracle) {
    write_oracle(*arguments.oracle, oracle_json(dataset, loader));
  }
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - started;
  progress("done in " + std::to_string(taken.count()) + " s, fingerprint " + loader.fingerprint());
}

}  // namespace

}  // namespace mighost::dataset

int main(int argc, char** argv) {
  using namespace mighost::dataset;
  try {
    const Arguments arguments = parse_arguments({argv + 1, argv + argc});
    if (arguments.help) {
      std::cout << usage();
    } else if (arguments.list_knobs) {
      std::cout << knob_list();
    } else {
      run(arguments);
    }
    return 0;
  } catch (const Error& error) {
    std::cerr << "mighost-dataset: " << error.what() << "\n  where: " << error.where
              << "\n  next:  " << error.next << '\n';
  } catch (const std::exception& error) {
    std::cerr << "mighost-dataset: " << error.what()
              << "\n  where: inside the generator\n  next:  report it as a defect\n";
  }
  return 1;
}
