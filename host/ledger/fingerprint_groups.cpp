#include "ledger/fingerprint_groups.hpp"

#include <algorithm>

#include "pg/bytea.hpp"
#include "pg/copy_out.hpp"
#include "pg/wire.hpp"
#include "report/error.hpp"

namespace mighost {
namespace {

std::string array_literal(const std::vector<std::string>& names) {
  std::string list;
  for (const auto& name : names) list += (list.empty() ? "" : ", ") + quote_literal(name);
  return "ARRAY[" + list + "]::text[]";
}

Buckets& part_of(FingerprintGroup& group, const std::string& part) {
  const auto found = group.parts.find(part);
  if (found != group.parts.end()) return found->second;
  const RowHasher hasher(group.subject.layout, part);
  return group.parts.emplace(part, Buckets(hasher.counted().size())).first->second;
}

FingerprintGroup& group_of(KnownFingerprints& known, const FingerprintSubject& subject) {
  for (FingerprintGroup& group : known.groups) {
    if (group.subject.target == subject.target && group.subject.layout == subject.layout) {
      return group;
    }
  }
  FingerprintGroup& group = known.groups.emplace_back();
  group.subject = subject;
  part_of(group, "");
  for (const FingerprintColumn& column : subject.layout.columns) {
    if (column.late) part_of(group, column.name);
  }
  return group;
}

void add_name(std::vector<std::string>& names, const std::string& name) {
  if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
}

std::vector<std::string> key_names(const FingerprintLayout& layout) {
  std::vector<std::string> names;
  for (const std::uint32_t position : layout.key) names.push_back(layout.columns[position].name);
  return names;
}

void read_sums(Session& target, KnownFingerprints& known) {
  const Rows records = target.query(
      "SELECT run_id, entity, part, target, target_oid, layout, rows_no_key, buckets, "
      "kind, rows "
      "FROM mighost.fingerprints ORDER BY record");
  for (const auto& record : records.rows) {
    FingerprintSubject subject{*record[1], *record[3],
                               static_cast<std::uint32_t>(std::stoul(*record[4])),
                               layout_from_json(*record[5])};
    FingerprintGroup& group = group_of(known, subject);
    group.subject.target_oid = subject.target_oid;
    add_name(group.entities, subject.entity);
    group.records.emplace(*record[0], subject.entity);
    const bool before = *record[8] == "before";
    if (!before) group.rows_no_key += std::stoll(*record[6]);
    if (before && record[2]->empty()) group.rows_before += std::stoll(*record[9]);
    part_of(group, *record[2]).add_encoded(bytes_of_bytea(*record[7]));
  }
}

void find_siblings(KnownFingerprints& known) {
  for (FingerprintGroup& group : known.groups) {
    for (const FingerprintGroup& other : known.groups) {
      if (&other == &group || other.subject.target != group.subject.target) continue;
      if (key_names(other.subject.layout) != key_names(group.subject.layout)) continue;
      for (const auto& entity : other.entities) add_name(group.siblings, entity);
    }
  }
}

void count_unknown_rows(Session& target, KnownFingerprints& known) {
  const Rows rows = target.query(
      "SELECT s.entity, sum(s.written) FROM mighost.steps s WHERE s.written > 0 AND NOT EXISTS "
      "(SELECT FROM mighost.fingerprints f WHERE f.run_id = s.run_id AND f.entity = s.entity "
      "AND f.kind = 'run' AND f.part = '') GROUP BY s.entity ORDER BY s.entity");
  for (const auto& row : rows.rows) {
    const std::uint64_t count = std::stoull(*row[1]);
    bool found = false;
    for (FingerprintGroup& group : known.groups) {
      if (std::find(group.entities.begin(), group.entities.end(), *row[0]) ==
          group.entities.end()) {
        continue;
      }
      group.rows_unknown += count;
      found = true;
    }
    if (!found) known.without.push_back({*row[0], count});
  }
}

void keep_only(KnownFingerprints& known, const std::vector<std::string>& entities) {
  if (entities.empty()) return;
  const auto wanted = [&](const std::string& name) {
    return std::find(entities.begin(), entities.end(), name) != entities.end();
  };
  std::erase_if(known.groups, [&](const FingerprintGroup& group) {
    return std::none_of(group.entities.begin(), group.entities.end(), wanted);
  });
  std::erase_if(known.without, [&](const Unfingerprinted& one) { return !wanted(one.entity); });
}

}  // namespace

std::string FingerprintGroup::name() const {
  std::string names;
  for (const auto& entity : entities) names += (names.empty() ? "" : ", ") + entity;
  return names;
}

KnownFingerprints load_fingerprints(Session& target, const std::vector<std::string>& entities) {
  if (!target.query("SELECT to_regclass('mighost.fingerprints')").value()) {
    throw Error(Exit::unverified, "the target has no fingerprints to be compared with",
                target.endpoint().shown + ", schema mighost",
                "run mighost into this target with [verify] fingerprints = true");
  }
  KnownFingerprints known;
  read_sums(target, known);
  find_siblings(known);
  count_unknown_rows(target, known);
  keep_only(known, entities);
  return known;
}

void read_kept_leaves(Session& target, const FingerprintGroup& group, const std::string& part,
                      const std::string& this_run,
                      const std::function<void(const KeptLeaf&)>& each) {
  std::vector<std::string> entities = group.entities;
  for (const auto& sibling : group.siblings) add_name(entities, sibling);
  CopyOut copy(target,
               "SELECT run_id::text, entity, kind, leaves FROM mighost.fingerprint_leaves "
               "WHERE part = " +
                   quote_literal(part) + " AND entity = ANY (" + array_literal(entities) +
                   ") ORDER BY chunk");
  const bool integer_key = group.subject.layout.integer_key();
  for (std::string_view row; copy.next(row);) {
    std::string_view fields[4];
    row.remove_prefix(2);
    for (auto& field : fields) {
      const auto size = static_cast<std::size_t>(wire::get<std::int32_t>(row.data()));
      field = row.substr(4, size);
      row.remove_prefix(4 + size);
    }
    const std::string run(fields[0]), entity(fields[1]);
    KeptLeaf kept;
    kept.this_run = run == this_run;
    const bool own = group.records.contains({run, entity});
    if (fields[2] == "gone") {
      kept.kind = KeptLeaf::Kind::gone;
    } else if (!own) {
      kept.kind = KeptLeaf::Kind::sibling;
    } else {
      kept.kind = fields[2] == "row"        ? KeptLeaf::Kind::own
                  : fields[2] == "replaced" ? KeptLeaf::Kind::replaced
                                            : KeptLeaf::Kind::before;
    }
    read_leaves(fields[3], integer_key, [&](const Leaf& leaf) {
      kept.leaf = &leaf;
      each(kept);
    });
  }
}

}  // namespace mighost
