#pragma once
// Indexes and constraints of a target table, taken away for a load and put back exactly as they
// were, inside the same transaction. Only what can be restored from the catalogs' own definitions
// is touched; everything else stays and is said so.
#include <string>
#include <vector>

#include "pg/session.hpp"
#include "plan/plan.hpp"

namespace mighost {

/// One index (with the constraint that it backs, if any) or one foreign key.
struct DeferredObject {
  enum class Kind { index, unique_index, foreign_key };
  Kind kind = Kind::index;
  std::string name;
  std::string table;                 // quoted table that owns it
  std::string drop;                  // statement
  std::vector<std::string> restore;  // statements, in order
  // For finding the rows that make a restore fail:
  std::vector<std::string> key_expressions;  // unique index: its columns or expressions
  std::string predicate;                     // of a partial unique index
  bool nulls_distinct = true;
  std::vector<std::string> columns, parent_columns;  // foreign key
  std::string parent;                                // quoted
  bool incoming = false;  // belongs to another table that references this one
};

/// What to do with one target table.
struct DeferralPlan {
  std::vector<DeferredObject> objects;
  std::vector<std::string> kept;                               // "index x stays: reason"
  std::vector<std::string> disable_triggers, enable_triggers;  // statements
};

/// Locks the table and every other one that the plan touches, always in the same order, so that two
/// who do this never wait for each other. `mode`: "ACCESS EXCLUSIVE" to take away, "SHARE ROW
/// EXCLUSIVE" to put back. `patient`: waits up to lock_timeout; else SqlError 55P03 at once.
void lock_tables(Session& target, const std::string& own_table, const DeferralPlan& plan,
                 const std::string& mode, bool patient);

/// Executes what takes objects and triggers away.
void take_away(Session& target, const DeferralPlan& plan);
/// Puts one object back, in a savepoint. True when it stands as it was, also where somebody has put
/// it back by hand exactly so. False: the server refuses it, `error` says how. Throws SqlError when
/// that comes from others (ServerError::comes_from_others).
bool put_back(Session& target, const DeferredObject& object, ServerError& error);
/// Why put_back() was refused.
std::string why_refused(const ServerError& error);
/// What helps where the server refuses to put an object back: somebody has altered the table, or
/// rows stand against it, for which `about_rows` is the answer.
std::string remedy_of_refused(const DeferredObject& object, const ServerError& error,
                              const std::string& about_rows);
/// What of it people should know.
std::vector<std::string> deferral_remarks(const DeferralPlan& plan);

/// Reads the catalogs. `table_empty` decides about unique indexes: in a table with rows they stay.
DeferralPlan plan_deferral(Session& target, const PlannedEntity& planned, bool defer,
                           bool table_empty);

/// Foreign keys of any table to these tables, whose rows are about to be deleted. Those that cannot
/// be put back exactly stay: they are in `kept`, and those of them that would delete or change rows
/// on their own in `acting`.
struct ForeignKeysTo {
  std::vector<DeferredObject> objects;
  std::vector<std::string> kept, acting;
};
ForeignKeysTo foreign_keys_to(Session& target, const std::vector<std::uint32_t>& table_oids);
/// Throws Error{Exit::preflight} when there is one that acts.
void refuse_acting(const ForeignKeysTo& keys);

/// A relation's name as CatalogTable::qualified() writes it: format('%I') leaves the quotes out
/// where it can.
std::string fully_quoted(Session& target, const std::string& relation);

}  // namespace mighost
