#include "validate/sequences.hpp"

#include <algorithm>

namespace mighost {
namespace {

// A column owns a sequence (serial: 'a', identity: 'i'), or its default draws from one.
constexpr const char* sequences_sql = R"sql(
SELECT a.attname, format('%I.%I', n.nspname, s.relname), q.seqincrement > 0,
       has_sequence_privilege(s.oid, 'SELECT'), has_sequence_privilege(s.oid, 'UPDATE'),
       used.relation
  FROM (SELECT d.refobjid AS relation, d.objid AS sequence, d.refobjsubid AS attnum
          FROM pg_depend d
         WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass
           AND d.refobjid = ANY ($1::oid[]) AND d.refobjsubid > 0 AND d.deptype IN ('a', 'i')
        UNION
        SELECT ad.adrelid, d.refobjid, ad.adnum FROM pg_attrdef ad
          JOIN pg_depend d ON d.classid = 'pg_attrdef'::regclass AND d.objid = ad.oid
           AND d.refclassid = 'pg_class'::regclass
         WHERE ad.adrelid = ANY ($1::oid[])) AS used
  JOIN pg_class s ON s.oid = used.sequence AND s.relkind = 'S'
  JOIN pg_namespace n ON n.oid = s.relnamespace
  JOIN pg_sequence q ON q.seqrelid = s.oid
  JOIN pg_attribute a ON a.attrelid = used.relation AND a.attnum = used.attnum
   AND NOT a.attisdropped
 WHERE a.atttypid IN ('int2'::regtype, 'int4'::regtype, 'int8'::regtype, 'numeric'::regtype)
 ORDER BY 1, 2)sql";

bool writes(const Entity& entity, const std::string& column) {
  const auto& columns = entity.target_columns;
  return column == entity.identity_column ||
         std::any_of(columns.begin(), columns.end(),
                     [&](const Column& declared) { return declared.name == column; });
}

/// The value of the column that the sequence has to have passed.
std::string outermost(const ColumnSequence& numbering) {
  return std::string("(SELECT ") + (numbering.ascending ? "max(" : "min(") +
         quote_identifier(numbering.column) + ") FROM " + numbering.planned->target.qualified() +
         ")";
}

}  // namespace

std::vector<ColumnSequence> column_sequences(const Plan& plan, Session& target) {
  std::string oids;
  for (const PlannedEntity& planned : plan.entities) {
    oids += (oids.empty() ? "{" : ",") + std::to_string(planned.target.oid);
  }
  if (oids.empty()) return {};
  const Rows rows = target.query(sequences_sql, {oids + "}"});
  const auto yes = [](const std::optional<std::string>& value) { return value == "t"; };
  std::vector<ColumnSequence> sequences;
  for (const PlannedEntity& planned : plan.entities) {
    for (const auto& row : rows.rows) {
      if (*row.at(5) != std::to_string(planned.target.oid)) continue;
      sequences.push_back({&planned, *row.at(0), *row.at(1), yes(row.at(2)), yes(row.at(3)),
                           yes(row.at(4)), writes(*planned.entity, *row.at(0))});
    }
  }
  return sequences;
}

std::string can_be_set(const ColumnSequence& numbering) {
  if (!numbering.written || !numbering.ascending || !numbering.may_read || !numbering.may_set)
    return "false";
  return outermost(numbering) + " <= (SELECT seqmax FROM pg_sequence WHERE seqrelid = " +
         quote_literal(numbering.sequence) + "::regclass)";
}

Looked check_sequences(const std::vector<ColumnSequence>& sequences, const PlannedEntity& planned,
                       bool whole, bool advanced, Session& target) {
  Looked looked;
  for (const ColumnSequence& numbering : sequences) {
    if (numbering.planned != &planned) continue;
    if (!numbering.written && !whole) continue;
    if (!numbering.may_read) {
      looked.troubles.push_back({"the role may not read sequence " + numbering.sequence +
                                 " of column " + numbering.column +
                                 ": GRANT SELECT, UPDATE on it to the role"});
      continue;
    }
    const std::string next =
        "(CASE WHEN is_called THEN last_value::numeric + (SELECT seqincrement FROM pg_sequence "
        "WHERE seqrelid = " +
        quote_literal(numbering.sequence) + "::regclass) ELSE last_value END)";
    const std::string left = advanced ? "" : " AND (" + can_be_set(numbering) + ") IS NOT TRUE";
    const auto behind = target
                            .query("SELECT coalesce(" + outermost(numbering) +
                                   (numbering.ascending ? " >= " : " <= ") + next + left +
                                   ", false) FROM " + numbering.sequence)
                            .value();
    if (behind != "t") continue;
    looked.troubles.push_back({"sequence " + numbering.sequence +
                               " will draw numbers that rows have already in column " +
                               numbering.column});
  }
  return looked;
}

}  // namespace mighost
