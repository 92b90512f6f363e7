#pragma once
// What a run did, as numbers: filled by run/, printed by summary.cpp and written as JSON. Field
// names of the JSON are stable (design 7).
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace mighost {

/// Outcomes of the source rows of one entity (design 2). The books balance when read is the sum of
/// the others.
struct Counts {
  std::uint64_t read = 0, written = 0, unchanged = 0, merged = 0, filtered = 0, quarantined = 0,
                parked = 0;

  std::uint64_t settled() const {
    return written + unchanged + merged + filtered + quarantined + parked;
  }
  bool balanced() const { return read == settled(); }
  Counts& operator+=(const Counts& other);
};

using CountByCode = std::map<std::string, std::uint64_t>;

struct Finding {
  std::string check;  // assertion or built-in check
  std::string entity;
  std::string plugin;
  std::string severity;  // note, warn (it goes all the same), veto
  std::string message;
  std::uint64_t offenders = 0;
  std::vector<std::string> keys;  // the first few
  std::string code{};             // of a validator's finding
};

/// One check of one entity, and how it ended.
struct CheckReport {
  std::string check;   // "references", "plugin.validator", "family.entity/assertion"
  std::string entity;  // empty: the whole run
  /// passed, warned, vetoed, off (by configuration), skipped (nothing could be compared), faulty
  /// (it did not come to its end; the run is vetoed).
  std::string status;
  double seconds = 0;
  std::string message;  // why it was skipped or is faulty, or how it was held
};

struct EntityReport {
  std::string name;  // family.entity
  std::string family;
  int phase = 0;  // of the plan, from 1; 0: not known
  Counts counts;
  CountByCode codes;        // filtered, quarantined and parked rows by reason
  CountByCode notes;        // rows that went with a note, by code
  std::uint64_t drift = 0;  // unchanged rows whose source now says something else
  bool whole = false;       // the target table was empty before
  // Of a replay: quarantine records taken up; of these, rows that are gone from the source; rows
  // that got a reference which had been missing; rows read that the target had already and that no
  // record held back.
  std::uint64_t taken_up = 0, gone = 0, healed = 0, known = 0;
  double seconds = 0;
  std::vector<std::string>
      remarks;  // what the operator should know: ladder rungs taken, triggers disabled, ...
  // What the validators of its rows say, until it is added to the report.
  std::vector<Finding> findings{};
  std::vector<CheckReport> checks{};

  double rows_per_second() const {
    return seconds > 0 ? static_cast<double>(counts.read) / seconds : 0;
  }
};

/// Exact decimals as text; `difference` = source - target - held.
struct ControlTotal {
  std::string name;  // "core.orders/order price"
  std::string source, target, held, difference;
  bool holds = false;
};

/// What only a replay has to tell.
struct ReplayReport {
  std::uint64_t passes = 0;   // more than one: rows were found that nobody had read before
  std::uint64_t waiting = 0;  // rows of the target that are still held back
  std::uint64_t waived = 0;   // of these, left out because somebody waived them
};

/// Something that went wrong and was tried again (scope chunk).
struct RetryReport {
  std::string entity;  // empty: of the run
  int chunk = -1;      // -1: of the entity, or of the run
  int attempt = 0;
  std::string sqlstate, message, at;
};

struct RunReport {
  std::string run_id;
  std::string status;  // done, unverified, failed, vetoed, interrupted, dry-run
  std::string scope;
  std::string error;  // why it did not end well; empty otherwise
  double seconds = 0;
  bool verified = false;
  bool dry_run = false;
  std::optional<ReplayReport> replay;  // nothing: a run
  std::vector<EntityReport> entities;
  std::vector<ControlTotal> control_totals;
  std::vector<Finding> findings;
  std::vector<CheckReport> checks;
  std::vector<RetryReport> retries{};

  const char* kind() const { return replay ? "replay" : "run"; }
  Counts totals() const;
  std::size_t vetoes() const;
  std::uint64_t taken_up() const;
  std::uint64_t gone() const;
  std::uint64_t healed() const;
  std::uint64_t drift() const;
  CountByCode rejects_by_code() const;
  /// With what the validators of its rows say among what is said of the whole run.
  void add(EntityReport entity);
  /// The stable JSON of design 7, pretty-printed, ending in a newline.
  std::string to_json() const;
};

/// The table printed at the end of a run: a line per entity, totals, rejects by code, control
/// totals, findings, and a last line that says in words what happened ("nothing to do: 12,345 rows
/// unchanged").
std::string summary_table(const RunReport& report, bool color);

}  // namespace mighost
