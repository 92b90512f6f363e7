// The measurements. Each adds what it found to the report, and throws when it cannot measure.
#pragma once

#include "arguments.hpp"
#include "report.hpp"
#include "support/cluster.hpp"

namespace mighost::bench {

// mighost against the floor and against pgloader, in turn.
void measure_tasks(test::Cluster& cluster, const Arguments& arguments, Report& report);

// Whether memory grows with the table.
void measure_memory(test::Cluster& cluster, const Arguments& arguments, Report& report);

// A row into a plugin and back.
void measure_boundary(const Arguments& arguments, Report& report);

// All families on the generated dataset, beside their floor.
void measure_families(test::Cluster& cluster, const Arguments& arguments, Report& report);

// What the checks before COMMIT cost, as a share of such a run.
void measure_checks(test::Cluster& cluster, const Arguments& arguments, Report& report);
// What fingerprints cost, and `mighost verify` beside psql.
void measure_verify(test::Cluster& cluster, const Arguments& arguments, Report& report);

// Replay of what had to wait, and a run over bad data beside one over clean data.
void measure_quality(test::Cluster& cluster, const Arguments& arguments, Report& report);

// Undoing a run beside the run.
void measure_rollback(test::Cluster& cluster, const Arguments& arguments, Report& report);

// Scope chunk: lanes, processes, checkpoints, memory, resume.
void measure_chunks(test::Cluster& cluster, const Arguments& arguments, Report& report);

// Whether a row costs the same in a small and in a large table.
void measure_scaling(test::Cluster& cluster, const Arguments& arguments, Report& report);

}  // namespace mighost::bench
