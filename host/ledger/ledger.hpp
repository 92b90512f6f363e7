#pragma once
// The ledger: schema `mighost` in the target database. The run's own record and the audit go
// through a control connection, so that a failed run leaves its explanation and nothing else; what
// belongs to the data is written by run/ inside its transaction.
#include <mighost/value.hpp>
#include <string>

#include "pg/session.hpp"
#include "report/run_report.hpp"

namespace mighost {

/// Advisory lock of a run on its target: "migh" "ost1" as numbers, so that no application meets it
/// by chance.
inline constexpr const char* target_lock_keys = "1835624296, 1869837361";

struct RunIdentity {
  mig::uuid id;
  std::string kind;  // run, replay, rollback
  std::string scope, config_digest, source_shown, target_shown;
  std::string plugins_json;  // [{family, version, sha256, file}]
  // Of scope chunk:
  std::string settings_json{}, source_identity{};
  std::string undoes{};  // of a rollback: the run
};

class Ledger {
 public:
  /// `control` must be a session of its own on the target; it is kept for the life of the ledger.
  explicit Ledger(Session control);

  /// Creates schema and tables where missing; refuses a ledger that a newer mighost wrote. Throws
  /// Error{Exit::preflight}.
  void prepare();

  /// The same for a command that reads what runs have written: a target without a ledger is
  /// refused, and nothing is created in it.
  void open_existing();

  /// Takes the target for this run: two runs into one target exclude each other. Throws
  /// Error{Exit::preflight} that names the run in progress. The lock dies with the control
  /// connection.
  void lock_target();

  /// For a run in scope chunk, whose processes share the target and exclude everybody else: the
  /// lock that lock_target() took, or one of its own. Throws Error{Exit::preflight} when somebody
  /// has it for himself. Once it is shared, nothing.
  void share_target();
  /// True when nobody shares it any more; it is taken then, as by lock_target().
  bool last_on_target();

  /// Refuses to begin anything new where a run in scope chunk has neither come to its end nor been
  /// rolled back: its indexes may be away. `plugins`: the folder, for the command that resumes it.
  /// Throws Error{Exit::preflight}.
  void refuse_unfinished(const std::string& plugins);

  /// Whoever has the target for himself knows that nobody else is at work: what still says
  /// "running" has died, but for runs that can be resumed.
  void end_the_dead();
  void run_started(const RunIdentity& run);
  /// `report` as it will be printed. Never throws: a run that failed because the server is gone
  /// cannot say so there.
  bool run_finished(const RunReport& report, int exit_code) noexcept;
  /// The same for what is no run of entities.
  bool finished(const mig::uuid& id, const std::string& kind, const std::string& status,
                int exit_code, const std::string& error, const std::string& report_json) noexcept;
  void audit(const mig::uuid& run_id, const std::string& event, const std::string& detail_json);

  Session& control() { return control_; }

 private:
  void upgrade();

  Session control_;
  bool shares_ = false;
};

/// The run's own record, with the status "running".
void record_run(Session& session, const RunIdentity& run);

/// Creates the schema, when nobody has, and the ledger's tables.
void create_ledger(Session& session);
extern const char* const ledger_tables_sql;
inline constexpr int ledger_version = 7;

}  // namespace mighost
