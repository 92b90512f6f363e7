#pragma once
// One entity of a run that is undone: its rows staged, and compared with what they were.
#include <map>
#include <mighost/value.hpp>
#include <optional>
#include <string>

#include "pg/catalog.hpp"
#include "run/rollback_report.hpp"
#include "run/staged_rows.hpp"

namespace mighost {

constexpr std::size_t rollback_keys_shown = 10;

/// What the ledger has of the entity.
struct StepToUndo {
  std::string entity, written;
  std::optional<std::string> target, layout, rows_without_key;  // nothing without fingerprints
};

struct RollbackPart {
  RolledBackEntity report;
  CatalogTable table;
  StagedRows staged;                       // rows that it brought
  StagedRows found;                        // rows of others that it set references in
  std::map<std::string, StagedRows> late;  // by late column: rows in which it set that
};

/// The sessions and what is undone through them; the ledger's is another one than the target's,
/// which is busy taking the staged rows in.
struct RollbackSessions {
  Session& target;
  Session& ledger;
  const std::string& run_id;
};

/// `name`: of the temporary tables. Throws Error{Exit::preflight} when the rows of the run cannot
/// be told from others.
RollbackPart stage_part(const RollbackSessions& sessions, const StepToUndo& step,
                        const std::string& name);

struct RowJudgement {
  bool keep_changed = false;  // they stay, and are taken out of what is undone
  bool by_value = false;      // who wrote a row last does not count
};

/// Which rows are not as they were brought, or as the run left them. Throws Error{Exit::preflight}
/// when rows share a key.
void compare_part(Session& target, RollbackPart& part, RowJudgement judgement);

/// Rows that stay are nobody's from now on: like those that were there before a first run.
void remember_what_stays(const RollbackSessions& sessions, const RollbackPart& part,
                         const mig::uuid& rollback_id);

}  // namespace mighost
