#pragma once

// The synthetic legacy database of tests/dataset for end-to-end tests of the core family, its
// oracle, and how a run's report is held against it.

#include <chrono>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "support/migration.hpp"

namespace mighost::test {

// What mighost-dataset is told; its --help explains each.
struct Dataset {
  std::string preset = "XS";
  int seed = 1;
  bool clean = false;
  std::vector<std::string> knobs;  // name=value
};

// Knobs for tests that the number of rows says nothing to: less than a fifth of the largest tables
// of preset XS, all of the others.
inline const std::vector<std::string> few_rows = {"tasks=1500", "files=600", "notifications=500"};

// Where the families that are shipped lie, and no validator: the oracle knows only what families
// say.
std::filesystem::path shipped_plugins();

// Fills the migration's legacy database, makes its target anew and empty, returns the oracle.
nlohmann::json fill(const Migration& migration, const Dataset& dataset);
// The same with the legacy schema of the older generation, which a migration must refuse.
void fill_older_generation(const Migration& migration);
// The names of all knobs that plant dirt.
std::vector<std::string> dirt_knobs();
// Makes only a target anew and empty: its schemas public and mighost.
void empty_target(const std::string& url);

// Every way in which a report differs from the oracle, one per line; empty when it agrees: the
// same entities, and for each of them every outcome, code and note; the control totals.
std::string differences(const nlohmann::json& report, const nlohmann::json& oracle);

// Runs one of the checks that share no code with the program: check_fields SOURCE TARGET
// [NAMESPACE] or check_orphans TARGET, see tests/dataset/README.md. It ends with 0 when it finds
// nothing.
Outcome run_check(const std::string& check, const std::vector<std::string>& arguments);

// The oracle of some families: their entities and control totals.
nlohmann::json of_families(const nlohmann::json& oracle, const std::vector<std::string>& families);

// What an entity's rows stand in, as SQL behind FROM: a table of its name, or its part of one.
std::string rows_of(const std::string& entity);

// The lines that are only in one of two texts, with - and + in front; empty when there are none.
std::string changed_lines(const std::string& before, const std::string& after);
// Each table of the schema public with its number of rows and a digest of them, and each sequence
// with its value: much quicker than Migration::target_rows, and good to read when it differs.
// `row` is what counts of a row `t`, as SQL.
std::string row_digests(const std::string& url, const std::string& row = "t");
// A row without what differs from one run to another by nature.
constexpr const char* timeless = "to_jsonb(t) - 'created_at' - 'updated_at'";

// Asks until the answer is `wanted` or time is up; returns the last answer.
std::string ask_until(const std::string& url, const std::string& sql, const std::string& wanted,
                      std::chrono::seconds timeout = std::chrono::minutes(5));
// Waits until the server has noticed that its clients are gone: a backend that still works for
// one of them holds locks and may yet commit. Holders may stay. Throws std::runtime_error when
// another one does.
void wait_for_sessions_to_end(const Migration& migration);

// A session that has run a statement in a transaction and holds the locks it took until it goes.
class Holder {
 public:
  Holder(std::string url, const std::string& statement);
  ~Holder();
  Holder(const Holder&) = delete;
  Holder& operator=(const Holder&) = delete;

 private:
  std::string url_, name_;
  std::unique_ptr<Process> session_;
};

// A place where the server waits for as long as a test wants, so that what happens "in the middle"
// is no matter of luck: whoever calls the function public.gate() waits while it is closed. Not for
// longer than the run's lock_timeout.
class Gate {
 public:
  // Creates gate(), and trigger_gate() for triggers.
  explicit Gate(std::string url);

  void close();
  void open() { keeper_.reset(); }
  // True once somebody waits at it.
  bool wait_for_visitor() const;

 private:
  std::string url_;
  std::unique_ptr<Holder> keeper_;
};

}  // namespace mighost::test
