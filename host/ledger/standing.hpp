#pragma once
// The quarantine as it stands: what is held back, what each row waits for in the end, and what has
// been waived. Read from the view mighost.held_back into temporary tables of the session, so that
// everything that is asked of it afterwards speaks of the same rows. Needs neither plugins nor the
// source. Nothing here but export_query() hands out a value of a row.
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "pg/session.hpp"

namespace mighost {

/// Which rows are meant; an empty list means every entity, code or key.
struct RowFilter {
  std::vector<std::string> entities, codes, keys;

  bool empty() const { return entities.empty() && codes.empty() && keys.empty(); }
};

/// Held back rows of one entity with one code.
struct HeldByCode {
  std::string entity, code;
  std::uint64_t open = 0, waived = 0;
};

/// The end of chains of rows that wait for each other.
struct RootCause {
  enum class State {
    held,    // it is held back itself, for a reason of its own (`code`)
    absent,  // it never came: not in the source, or left out by a filter
    circle   // it waits for a row that waits for it
  };
  std::string entity, key, code;
  State state = State::held;
  bool waived = false;
  std::vector<std::pair<std::string, std::uint64_t>> waiting;  // rows right behind it, by entity
  std::uint64_t behind = 0;                                    // rows behind those
};

struct HeldRow {
  std::string entity, key, outcome, code, column;
  std::string waits_for_entity, waits_for_key;  // empty: for nothing
  std::string root_entity, root_key;
  bool waived = false;
};

struct Waiver {
  std::string entity, key, who, why, at;
  bool in_force = false;  // the row is held back, or waited for
};

/// The first of a list, and how many more there are.
template <typename Item>
struct Page {
  std::vector<Item> shown;
  std::uint64_t more = 0;
};

class Standing {
 public:
  enum class Detail { keys_and_codes, whole_rows };

  /// Within a transaction of the session, which must outlive this. Throws SqlError.
  Standing(Session& target, Detail detail);

  /// Names that the ledger knows, for filters.
  std::vector<std::string> known_entities() const;

  std::vector<HeldByCode> by_code(const RowFilter& filter) const;
  /// Those that hold other rows back, most rows first, waived ones last: the roots of the filter's
  /// rows and the roots that the filter itself means, with everything that waits for them.
  Page<RootCause> root_causes(const RowFilter& filter, std::uint64_t limit) const;
  /// Rows with a reason of their own that nothing waits for.
  std::uint64_t alone(const RowFilter& filter) const;
  Page<HeldRow> rows(const RowFilter& filter, std::uint64_t limit) const;
  /// Codes do not count here: a waiver has none.
  Page<Waiver> waivers(const RowFilter& filter, std::uint64_t limit) const;

  /// Keys of an entity that count as waived, by themselves or by what they wait for.
  std::vector<std::string> waived_keys(const std::string& entity) const;

  /// SELECT of the filter's rows with everything that the ledger has on them, the source row
  /// included. Needs Detail::whole_rows.
  static std::string export_query(const RowFilter& filter);

 private:
  void resolve_roots();

  Session& target_;
};

/// The temporary table of Standing, for who joins it: mighost_standing (id, entity, legacy_key,
/// outcome, code, column_name, waits_for_entity, waits_for_key, node, parent, root, waived), and
/// with one line for each key that is held back or waited for, mighost_nodes (id, entity,
/// legacy_key, held).
/// The SQL condition of a filter over a table with columns entity, code and legacy_key.
std::string filter_condition(const RowFilter& filter, const std::string& alias);

}  // namespace mighost
