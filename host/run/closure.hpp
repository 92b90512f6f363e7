#pragma once
// The rows that a replay drives again: those that were chosen, what they wait for, what waits for
// any of these, and rows that went without a reference to one of them. Worked out by the server
// from the ledger, in temporary tables of the replay's transaction.
#include <map>
#include <set>
#include <string>
#include <vector>

#include "pg/session.hpp"
#include "pg/text_array.hpp"
#include "run/run.hpp"

namespace mighost {

extern const char* const closure_table;  // (entity, legacy_key, ...), quoted

struct RowName {
  std::string entity, key;
};

/// A row of the closure and why it is in it. One that is neither held nor noted is a parent that
/// somebody waits for.
struct ClosureRow {
  RowName name;
  bool held = false;       // a record holds it back
  bool duplicate = false;  // ... because another row of the source has its key
  bool noted = false;      // it went without a reference
};

class Closure {
 public:
  /// `drivable`: the entities that this replay can drive. Creates the tables and takes in what is
  /// chosen. `choice` must outlive this object.
  Closure(Session& target, std::string run_id, const ReplayChoice& choice,
          const std::vector<std::string>& drivable);

  /// Parents that the notes of rows which went name, and that nothing holds back.
  std::vector<RowName> awaited_by_notes();
  /// Parents that rows wait for after a pass, and that are not in the closure.
  std::vector<ClosureRow> asked_for();

  /// Takes in these rows with everything that hangs on them.
  void add(const std::vector<RowName>& rows);
  /// What has come in since the last call, by entity.
  std::map<std::string, std::vector<ClosureRow>> news();

  /// Marks records and notes as taken up by this run, but for the notes of the rows in `kept` (keys
  /// by entity). Returns the number of records by entity.
  std::map<std::string, std::uint64_t> take_up(
      const std::map<std::string, std::set<std::string>>& kept);

  /// Chosen rows that are left out because somebody waived them or what they wait for.
  std::uint64_t waived() const { return waived_; }
  /// Chosen rows that are left out because their key is NULL: they cannot be read by it.
  std::uint64_t keyless() const { return keyless_; }
  /// Entities of chosen rows that this replay cannot drive.
  std::vector<std::string> not_drivable();

 private:
  void read_held();
  void mark_waived();
  void choose();
  void expand(const std::string& seeds);
  bool take_in(const std::string& rows);
  std::string chosen(const std::string& row) const;
  std::string chosen_parent(const std::string& row) const;

  Session& target_;
  const std::string run_id_;
  const ReplayChoice& choice_;
  const std::string drivable_;  // as SQL
  std::uint64_t waived_ = 0, keyless_ = 0;
  bool any_waived_ = false;
  int level_ = 0;
};

}  // namespace mighost
