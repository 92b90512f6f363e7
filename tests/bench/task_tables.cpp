#include "task_tables.hpp"

#include "figures.hpp"

namespace mighost::bench {
namespace {

// Throws Failure unless the only entity of the run wrote all of its rows.
void require_written(const Migration& migration, const std::string& entity, std::size_t rows) {
  for (const auto& each : migration.report.at("entities")) {
    if (each.at("name") == entity && each.at("written") == rows && each.at("read") == rows) return;
  }
  throw Failure("mighost did not write all " + grouped(static_cast<double>(rows)) + " rows of " +
                entity + "; its report:\n" + migration.report.dump(2));
}

}  // namespace

TaskTables::TaskTables(test::Cluster& cluster, const std::string& name)
    : cluster_(cluster), source_name_(name + "_source"), target_name_(name + "_target") {
  cluster_.create_database(source_name_);
  cluster_.create_database(target_name_);
  databases_ = {cluster_.url(source_name_), cluster_.url(target_name_)};
}

TaskTables::~TaskTables() {
  try {
    cluster_.drop_database(source_name_);
    cluster_.drop_database(target_name_);
  } catch (const std::exception& error) {
    say(error.what());
  }
}

void TaskTables::fill(std::size_t rows) {
  say("filling the source with " + grouped(static_cast<double>(rows)) + " tasks");
  rows_ = rows;
  sql_file(databases_.source_url, "source.sql",
           {{"rows", std::to_string(rows)}, {"orders", std::to_string(order_rows)}});
  sql_file(databases_.target_url, "target.sql");
  require_written(migrate(databases_, MIGHOST_BENCH_PLUGINS_DIR, {"--only", "bench.orders"}),
                  "bench.orders", order_rows);
  sql(databases_.target_url, "VACUUM (ANALYZE) orders");
  empty_target();
}

void TaskTables::empty_target() const {
  sql(databases_.target_url,
      "SET client_min_messages = warning;"
      "TRUNCATE tasks;"
      "DROP TABLE IF EXISTS legacy_task;"
      "DROP SCHEMA IF EXISTS mighost CASCADE;"
      "CHECKPOINT");
}

Migration TaskTables::migrate_tasks(const std::string& more_config) const {
  Migration migration = migrate(databases_, MIGHOST_BENCH_PLUGINS_DIR, {"--only", "bench.tasks"},
                                without_comparing + more_config);
  require_written(migration, "bench.tasks", rows_);
  return migration;
}

}  // namespace mighost::bench
