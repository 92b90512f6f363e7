#pragma once
// MIG_IDENTITY_NATURAL: rows that are in the target already and are found by a natural key. Their
// keys are read once, before the source is.
#include <string>
#include <unordered_map>

#include "batch/key_book.hpp"
#include "pg/catalog.hpp"
#include "pg/session.hpp"

namespace mighost {

/// The type of a key that the target has already: nobody declares it, its column tells.
mig_type key_type(const CatalogColumn& column);

class NaturalKeys {
 public:
  /// Reads natural key and identity of every row of the entity's target. Memory grows with that
  /// table. Throws Error{Exit::preflight} when two rows share a natural key: then it identifies
  /// nothing.
  NaturalKeys(Session& target, const Entity& entity);

  /// The new key of the row whose natural key columns are among these emitted cells; null when
  /// there is none.
  const NewKey* find(const mig_cell* target_cells) const;

 private:
  std::vector<std::size_t> columns_;  // index of each natural key column among the target columns
  std::unordered_map<std::string, NewKey> keys_;
};

}  // namespace mighost
