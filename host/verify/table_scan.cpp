#include "verify/table_scan.hpp"

#include <algorithm>

#include "pg/catalog.hpp"
#include "pg/copy_out.hpp"

namespace mighost {
namespace {

std::string renamed_to(Session& target, const FingerprintSubject& subject) {
  const auto name = target
                        .query(
                            "SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN "
                            "pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = $1::oid AND "
                            "c.relkind IN ('r', 'p')",
                            {std::to_string(subject.target_oid)})
                        .value();
  return name ? "; the table that it was is now " + *name : "";
}

}  // namespace

TableScan scan_table(Session& target, const FingerprintGroup& group, RowPicker* picker) {
  TableScan scan;
  struct Part {
    RowHasher hasher;
    Buckets* buckets;
  };
  std::vector<Part> parts;
  for (const auto& [name, kept] : group.parts) {
    RowHasher hasher(group.subject.layout, name);
    const std::size_t columns = hasher.counted().size();
    Buckets& buckets = scan.parts.emplace(name, Buckets(columns)).first->second;
    parts.push_back({std::move(hasher), &buckets});
  }
  CopyOut copy(target, rows_query(group.subject));
  for (std::string_view row; copy.next(row);) {
    ++scan.rows;
    for (Part& part : parts) {
      const RowHasher::Result result = part.hasher.read(row);
      if (result == RowHasher::Result::no_key) {
        ++scan.rows_no_key;
        break;  // it has none for the other parts either
      }
      if (result == RowHasher::Result::counted) part.buckets->add(part.hasher);
      if (picker != nullptr && &part == &parts.front()) {
        picker->see(group.subject.layout, part.hasher.key(), row);
      }
    }
  }
  return scan;
}

std::string unreadable(Session& target, const FingerprintGroup& group) {
  const FingerprintSubject& subject = group.subject;
  auto table = find_table(target, subject.target);
  if (!table) return "there is no table " + subject.target + renamed_to(target, subject);
  if (!table->can_select) return "the role may not read " + subject.target;
  if (table->row_security_active) {
    return "row-level security hides rows of " + subject.target + " from the role";
  }
  read_columns(target, {&*table});
  for (const FingerprintColumn& column : subject.layout.columns) {
    const CatalogColumn* live = table->column(column.name);
    if (live == nullptr) return subject.target + " has no column " + column.name + " any more";
    if (!column.same_type(live->base_type_oid, live->type_name)) {
      return "column " + column.name + " was " + column.type_name + " and is now " +
             live->type_name;
    }
  }
  return {};
}

}  // namespace mighost
