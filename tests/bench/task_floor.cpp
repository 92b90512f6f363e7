#include "task_floor.hpp"

#include <sstream>

#include "figures.hpp"

namespace mighost::bench {
namespace {

// psql runs floor_target.sql as one transaction (-1); an error on either side of the pipe counts.
constexpr char floor_script[] =
    "set -o pipefail\n"
    "psql -X -q -v ON_ERROR_STOP=1 -f \"$1\" \"$2\" |\n"
    "psql -X -q -v ON_ERROR_STOP=1 -1 -f \"$3\" \"$4\"\n";

// All that is loaded; created_at and updated_at hold the time of the load.
constexpr char compared_columns[] =
    "id, order_id, legacy_template_id, description, jaw_specification, status, checked, "
    "completed_at, legacy_file_id, legacy_plan_id, legacy_actor_id, legacy_task_id, metadata";

constexpr int attempts_max = 5;

bool exhausted(const test::Outcome& outcome) {
  return outcome.exit_code != 0 && (outcome.output.find("Heap exhausted") != std::string::npos ||
                                    outcome.error.find("Heap exhausted") != std::string::npos);
}

// pgloader does not read ?host=; a socket's directory stands where the host does.
std::string pgloader_url(const std::string& url) {
  std::istringstream facts(sql(url,
                               "SELECT current_user; SHOW unix_socket_directories; SHOW port;"
                               "SELECT current_database()"));
  std::string user, socket, port, database;
  facts >> user >> socket >> port >> database;
  return "postgresql://" + user + "@unix:" + socket + ":" + port + "/" + database;
}

}  // namespace

void Floor::prepare() const {
  say("transforming the rows of the floor in SQL");
  sql_file(tables_.databases().source_url, "ready.sql", {{"namespace", identity_namespace}});
}

double Floor::load() const {
  test::Command command;
  command.arguments = {"bash",
                       "-c",
                       floor_script,
                       "floor",
                       sql_path("floor_source.sql"),
                       tables_.databases().source_url,
                       sql_path("floor_target.sql"),
                       tables_.databases().target_url};
  return run_checked(std::move(command)).seconds;
}

Pgloader::Pgloader(const TaskTables& tables)
    : tables_(tables),
      databases_{pgloader_url(tables.databases().source_url),
                 pgloader_url(tables.databases().target_url)} {}

/// pgloader's heap of 1 GiB is at times not enough for its own defaults (a batch of 25 MB, 100,000
/// rows read ahead): such an attempt is no measurement, and another is made.
Pgloader::Load Pgloader::load(Table table) const {
  test::Command command;
  command.arguments = {
      "pgloader", "--root-dir", work_directory() / "pgloader",
      sql_path(table == Table::ready ? "pgloader_ready.load" : "pgloader_own.load")};
  command.environment = {{"BENCH_SOURCE", databases_.source_url},
                         {"BENCH_TARGET", databases_.target_url}};
  test::Outcome outcome;
  for (int attempt = 1; attempt <= attempts_max; ++attempt) {
    sql(tables_.databases().target_url,
        "SET client_min_messages = warning; DROP TABLE IF EXISTS legacy_task");
    if (table == Table::ready) sql_file(tables_.databases().target_url, "pgloader_target.sql");
    outcome = run_command(command);
    if (!exhausted(outcome)) break;
    say("pgloader's heap is exhausted; once more");
  }
  require_success(command, outcome);
  // pgloader ends with 0 although rows failed.
  const std::string arrived =
      sql(tables_.databases().target_url, "SELECT count(*) FROM legacy_task");
  if (arrived != std::to_string(tables_.rows())) {
    throw Failure("pgloader brought " + arrived + " rows; it said:\n" + outcome.output +
                  outcome.error);
  }
  return {outcome.seconds, static_cast<double>(outcome.resident_bytes_max) / mebibyte};
}

void Comparison::keep() const {
  const std::string& target = tables_.databases().target_url;
  sql(target, "CREATE TABLE kept_tasks WITH (autovacuum_enabled = false) AS SELECT " +
                  std::string(compared_columns) + " FROM tasks;" +
                  "CREATE TABLE kept_structure AS " + structure());
}

std::string Comparison::compare() const {
  const std::string& target = tables_.databases().target_url;
  const std::string rows = "SELECT " + std::string(compared_columns) + " FROM tasks";
  const std::string differences =
      sql(target, "SELECT count(*) FROM (" + rows + " EXCEPT ALL TABLE kept_tasks) AS only_here;" +
                      "SELECT count(*) FROM (TABLE kept_tasks EXCEPT ALL " + rows +
                      ") AS only_kept;" + "SELECT count(*) FROM (" + structure() +
                      " EXCEPT TABLE kept_structure) AS other_structure;" +
                      "SELECT count(*) FROM (TABLE kept_structure EXCEPT " + structure() +
                      ") AS lost_structure");
  if (differences != "0\n0\n0\n0") {
    throw Failure(
        "mighost and the floor did not end in the same tasks. Rows that only mighost has, rows "
        "that only the floor has, indexes and constraints that only mighost has, and that only "
        "the floor has:\n" +
        differences);
  }
  std::string digest =
      sql(target, "SELECT md5(string_agg(md5(r::text), '' ORDER BY id)) FROM (" + rows + ") AS r");
  sql(target, "DROP TABLE kept_tasks, kept_structure");
  return digest;
}

std::string Comparison::structure() const {
  return "(SELECT pg_get_indexdef(indexrelid) AS definition FROM pg_index"
         " WHERE indrelid = 'tasks'::regclass"
         " UNION ALL SELECT conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint"
         " WHERE conrelid = 'tasks'::regclass)";
}

}  // namespace mighost::bench
