#include "verify/row_fingerprint.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

#include "ledger/fingerprint_groups.hpp"
#include "pg/copy_out.hpp"

namespace mighost {
namespace {

using Values = std::vector<std::string>;

std::string typed(const FingerprintColumn& column, const std::string& value) {
  return quote_literal(value) + "::" + column.type_name;
}

std::string where_key(const FingerprintLayout& layout, const Values& key) {
  std::string where;
  for (std::size_t index = 0; index < key.size(); ++index) {
    const FingerprintColumn& column = layout.columns[layout.key[index]];
    where += (index == 0 ? " WHERE " : " AND ") + quote_identifier(column.name) + " = " +
             typed(column, key[index]);
  }
  return where;
}

/// A row that has nothing but the key: its hash is known though the row may be gone.
std::string only_key(const FingerprintLayout& layout, const Values& key) {
  std::string list;
  for (std::uint32_t position = 0; position < layout.columns.size(); ++position) {
    const auto at = std::find(layout.key.begin(), layout.key.end(), position);
    list +=
        (list.empty() ? "SELECT " : ", ") +
        (at == layout.key.end() ? "NULL"
                                : typed(layout.columns[position],
                                        key[static_cast<std::size_t>(at - layout.key.begin())]));
  }
  return list;
}

std::uint64_t key_hash(Session& target, const FingerprintLayout& layout, const Values& key) {
  RowHasher hasher(layout);
  std::uint64_t hash = 0;
  CopyOut copy(target, only_key(layout, key));
  for (std::string_view row; copy.next(row);) {
    if (hasher.read(row) != RowHasher::Result::no_key) hash = hasher.key().hash;
  }
  return hash;
}

/// The last word of the ledger.
std::optional<std::uint64_t> kept_fingerprint(Session& target, const FingerprintGroup& group,
                                              const std::string& part, std::uint64_t key) {
  std::optional<std::uint64_t> kept;
  read_kept_leaves(target, group, part, {}, [&](const KeptLeaf& leaf) {
    if (leaf.leaf->key.hash != key) return;
    if (leaf.kind == KeptLeaf::Kind::own || leaf.kind == KeptLeaf::Kind::replaced) {
      kept = leaf.leaf->fingerprint;
    } else {
      kept.reset();  // taken back, or somebody else's
    }
  });
  return kept;
}

std::optional<std::uint64_t> found_fingerprint(Session& target, const FingerprintGroup& group,
                                               const std::string& part, const Values& key) {
  RowHasher hasher(group.subject.layout, part);
  std::optional<std::uint64_t> found;
  CopyOut copy(target, rows_query(group.subject) + where_key(group.subject.layout, key));
  for (std::string_view row; copy.next(row);) {
    if (hasher.read(row) == RowHasher::Result::counted) found = hasher.fingerprint();
  }
  return found;
}

}  // namespace

bool RowFingerprint::matches() const {
  return std::all_of(parts.begin(), parts.end(),
                     [](const Part& part) { return part.kept == part.found; });
}

std::optional<RowFingerprint> fingerprint_of_row(Session& target, const std::string& entity,
                                                 const Values& key) {
  std::optional<RowFingerprint> result;
  for (const FingerprintGroup& group : load_fingerprints(target, {entity}).groups) {
    const FingerprintLayout& layout = group.subject.layout;
    if (layout.key.empty() || layout.key.size() != key.size()) continue;
    const std::uint64_t hash = key_hash(target, layout, key);
    RowFingerprint row;
    row.bucket = bucket_of(hash);
    for (const auto& [part, sums] : group.parts) {  // whole rows come first: "" sorts so
      row.parts.push_back({part, kept_fingerprint(target, group, part, hash),
                           found_fingerprint(target, group, part, key)});
    }
    // Columns may have come or gone between runs: the form in which the row was brought counts.
    if (!result || row.kept()) result = std::move(row);
  }
  return result;
}

std::string word(const RowFingerprint& fingerprint) {
  if (!fingerprint.kept()) return "none kept";
  if (!fingerprint.parts.front().found) return "missing";
  return fingerprint.matches() ? "matches" : "differs";
}

std::string hex(std::uint64_t fingerprint) {
  std::array<char, 17> text{};
  std::snprintf(text.data(), text.size(), "%016llx", static_cast<unsigned long long>(fingerprint));
  return text.data();
}

}  // namespace mighost
