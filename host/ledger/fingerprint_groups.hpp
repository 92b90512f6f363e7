#pragma once
// What the ledger knows of the rows of one target table: the fingerprints of all runs, added up.
// Entities that write rows of one form into one table are one group, because nothing in the table
// tells them apart.
#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "ledger/fingerprints.hpp"

namespace mighost {

struct FingerprintGroup {
  std::vector<std::string> entities;
  FingerprintSubject subject;  // `entity` is the first of them
  /// Sums of all runs, with the rows that were there before; "" and every late column.
  std::map<std::string, Buckets> parts;
  std::set<std::pair<std::string, std::string>> records;  // (run, entity) that belong here
  /// Entities of other groups whose rows have their key in the same columns of the same table.
  std::vector<std::string> siblings;
  /// Rows that could not be fingerprinted because their key is NULL.
  std::int64_t rows_no_key = 0;
  /// Rows that were there before the first run that kept fingerprints.
  std::int64_t rows_before = 0;
  /// Rows that runs brought without keeping fingerprints.
  std::uint64_t rows_unknown = 0;

  std::string name() const;  // "core.orders", or several with commas between them
};

/// Rows that went and of which no fingerprint is kept, by entity.
struct Unfingerprinted {
  std::string entity;
  std::uint64_t rows = 0;
};

struct KnownFingerprints {
  std::vector<FingerprintGroup> groups;
  std::vector<Unfingerprinted> without;  // entities that stand in no group
};

/// All of them, or those of the entities named. Throws Error when the ledger is damaged or absent.
KnownFingerprints load_fingerprints(Session& target, const std::vector<std::string>& entities);

struct KeptLeaf {
  enum class Kind : std::uint8_t { own, replaced, gone, before, sibling };
  Kind kind = Kind::own;
  bool this_run = false;
  const Leaf* leaf = nullptr;
};

/// Every leaf that bears on the group's rows, in the order in which they were made.
void read_kept_leaves(Session& target, const FingerprintGroup& group, const std::string& part,
                      const std::string& this_run,
                      const std::function<void(const KeptLeaf&)>& each);

}  // namespace mighost
