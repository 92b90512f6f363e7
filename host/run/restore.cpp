#include "run/restore.hpp"

#include <set>
#include <unordered_set>

#include "pg/copy_in.hpp"
#include "pg/copy_out.hpp"
#include "pg/decode.hpp"
#include "plugin/host_codes.hpp"
#include "report/error.hpp"
#include "report/log.hpp"
#include "report/text.hpp"
#include "run/source_reader.hpp"

namespace mighost {
namespace {

constexpr const char* offenders_table = "pg_temp.mighost_offenders";
constexpr std::size_t records_bytes_max = 1 << 20;

std::string joined_by(const std::vector<std::string>& parts, const std::string& separator) {
  std::string text;
  for (const auto& part : parts) text += (text.empty() ? "" : separator) + part;
  return text;
}

/// Among equal keys the row that came first stays, as it would have with the index in place. Rows
/// were appended to an empty table, so their physical order is the order of arrival. Lanes arrive
/// in an order that is chance: there the lowest legacy key stays, whoever was quicker.
std::string arrival(const RunContext& run, const Entity& entity, const std::string& id) {
  if (run.config.scope != "chunk") return "ctid";
  std::string order;
  for (const std::string& column : entity.legacy_columns) order += quote_identifier(column) + ", ";
  return order + id;
}

std::string duplicates_sql(const DeferredObject& index, const std::string& id,
                           const std::string& order) {
  std::string where;
  if (!index.predicate.empty()) where = "(" + index.predicate + ")";
  if (index.nulls_distinct) {
    for (const auto& expression : index.key_expressions) {
      where += (where.empty() ? "" : " AND ") + ("(" + expression + ") IS NOT NULL");
    }
  }
  return "SELECT id FROM (SELECT " + id + " AS id, row_number() OVER (PARTITION BY " +
         joined_by(index.key_expressions, ", ") + " ORDER BY " + order + ") AS nth FROM " +
         index.table + (where.empty() ? "" : " WHERE " + where) + ") AS numbered WHERE nth > 1";
}

/// MATCH SIMPLE: a key with a NULL in it references nothing.
std::string orphans_sql(const DeferredObject& key, const std::string& id) {
  std::vector<std::string> present, equal;
  for (std::size_t index = 0; index < key.columns.size(); ++index) {
    present.push_back("child." + key.columns[index] + " IS NOT NULL");
    equal.push_back("parent." + key.parent_columns[index] + " = child." + key.columns[index]);
  }
  return "SELECT child." + id + " AS id FROM " + key.table + " AS child WHERE " +
         joined_by(present, " AND ") + " AND NOT EXISTS (SELECT FROM " + key.parent +
         " AS parent WHERE " + joined_by(equal, " AND ") + ")";
}

class OffenderRemoval {
 public:
  OffenderRemoval(RunContext& run, EntityContext& context, Tally& tally)
      : run_(run), context_(context), tally_(tally) {}

  /// Returns how many rows were taken out of the target.
  std::size_t remove(const DeferredObject& object, const ServerError& error) {
    const std::string id = quote_identifier(context_.entity().identity_column);
    const bool unique = object.kind == DeferredObject::Kind::unique_index;
    run_.target.execute(std::string("CREATE TEMPORARY TABLE mighost_offenders ON COMMIT DROP AS ") +
                        (unique ? duplicates_sql(object, id, arrival(run_, context_.entity(), id))
                                : orphans_sql(object, id)));
    read_offenders();
    take_fingerprints_back(id);
    run_.target.execute("DELETE FROM " + context_.planned->target.qualified() + " USING " +
                        offenders_table + " AS offender WHERE " +
                        context_.planned->target.qualified() + "." + id + " = offender.id");
    run_.target.execute(std::string("DROP TABLE ") + offenders_table);
    const std::size_t removed = offenders_.size();
    if (removed > 0) quarantine_sources(object, error);
    return removed;
  }

 private:
  void read_offenders() {
    offenders_.clear();
    const std::string query = std::string("SELECT id FROM ") + offenders_table;
    const auto live = query_columns(run_.target, query);
    const mig_type type = identity_type();
    const RowDecoder decoder({{live[0].base_type_oid, live[0].type_type, type}});
    CopyOut copy(run_.target, query);
    mig_cell cell;
    for (std::string_view row; copy.next(row);) {
      decoder.decode(row, &cell);
      offenders_.insert(NewKey::from(cell).bytes);
    }
  }

  void take_fingerprints_back(const std::string& id) {
    if (context_.fingerprints == nullptr) return;
    CopyOut copy(run_.target, rows_query(context_.fingerprints->subject()) + " WHERE " + id +
                                  " IN (SELECT id FROM " + offenders_table + ")");
    for (std::string_view row; copy.next(row);) context_.fingerprints->subtract(row);
  }

  mig_type identity_type() const {
    const Entity& entity = context_.entity();
    if (entity.identity == MIG_IDENTITY_KEEP) return entity.source_columns[0].type;
    for (const Column& column : entity.target_columns) {
      if (column.name == entity.identity_column) return column.type;
    }
    return MIG_UUID;
  }

  /// The target row does not know its source row, so the source is read once more in the same
  /// snapshot and each row's new key is computed again. This costs a scan, and only when there are
  /// offenders.
  void quarantine_sources(const DeferredObject& object, const ServerError& error) {
    SourceReader reader(run_.source, *context_.planned, run_.config.load, run_.memory);
    std::string records;
    LegacyKey key;
    Arena arena;
    reader.read([&](const std::shared_ptr<SourceBatch>& batch) {
      for (std::uint32_t row = 0; row < batch->rows(); ++row) {
        const mig_cell* cells = batch->row(row);
        if (!read_key(cells, context_.entity().n_key, key)) continue;
        arena.reset();
        if (context_.own->state(key) != KeyBook::State::present) continue;
        // The first row of a key is the one that was loaded.
        if (offenders_.erase(NewKey::from(context_.own->new_key(key, cells, arena)).bytes) == 0)
          continue;
        quarantine(cells, key, object, error, records);
        if (records.size() >= records_bytes_max) send(records);
      }
      return true;
    });
    send(records);
    if (!offenders_.empty()) {
      // Only a chunk that was read under an earlier snapshot may have rows that are gone by now.
      const std::size_t missing = offenders_.size();
      throw Error(Exit::failed,
                  counted(missing, "row", "rows") + " that " + object.name + " refuses" +
                      (missing == 1 ? " is" : " are") +
                      " not in the source any more as read: roll the run back and run again, or "
                      "put back into the source what is gone",
                  context_.entity().name, "nothing of this step was committed");
    }
  }

  void quarantine(const mig_cell* cells, const LegacyKey& key, const DeferredObject& object,
                  const ServerError& error, std::string& records) {
    const bool unique = object.kind == DeferredObject::Kind::unique_index;
    QuarantineRecord record;
    record.legacy_key = context_.key_text(cells);
    record.plugin = context_.plugin;
    record.stage = "load";
    record.code = unique ? host_code::unique : host_code::foreign_key;
    record.constraint = object.name;
    record.sqlstate = error.sqlstate;
    record.message = unique ? "another row has the same key in " + object.name
                            : "the row's parent in " + object.parent + " does not exist";
    record.source_row = source_row_json(context_.entity().source_columns, cells);
    context_.records.quarantine(records, record);
    tally_.retract_written(record.code, context_.total_cells(cells));
    context_.own->retract(key);
    if (context_.rejects != nullptr && !context_.own->waived(key)) {
      context_.rejects->held(false, record.code, record.legacy_key);
    }
    run_.target.query(
        "DELETE FROM mighost.new_keys WHERE run_id = $1 AND entity = $2 AND legacy_key = $3",
        {run_.run_id.to_text(), context_.entity().name, record.legacy_key});
    std::set<std::string> codes;
    for (const auto& note :
         run_.target
             .query("DELETE FROM mighost.notes WHERE run_id = $1 AND entity = $2 AND "
                    "legacy_key = $3 RETURNING code",
                    {run_.run_id.to_text(), context_.entity().name, record.legacy_key})
             .rows) {
      if (!codes.insert(*note.front()).second) continue;  // rows are counted, not their notes
      auto count = tally_.notes.find(*note.front());
      if (count != tally_.notes.end() && --count->second == 0) tally_.notes.erase(count);
    }
  }

  void send(std::string& records) {
    if (records.empty()) return;
    CopyIn copy(run_.target);
    const std::string statement = copy_in_statement(quarantine_table, quarantine_columns);
    copy.begin(statement);
    copy.put(records);
    if (const auto result = copy.finish(); result.refused) {
      if (result.refused->comes_from_others()) throw SqlError(*result.refused, statement);
      throw Error(Exit::failed, "the ledger refused records: " + result.refused->safe_message(),
                  context_.entity().name, "nothing was committed");
    }
    records.clear();
  }

  RunContext& run_;
  EntityContext& context_;
  Tally& tally_;
  std::unordered_set<std::string> offenders_;
};

}  // namespace

void restore_objects(RunContext& run, EntityContext& context, const DeferralPlan& plan,
                     Tally& tally) {
  for (const DeferredObject& object : plan.objects) {
    ServerError error;
    if (put_back(run.target, object, error)) continue;
    const bool by_rows =
        (error.sqlstate == "23505" && object.kind == DeferredObject::Kind::unique_index) ||
        (error.sqlstate == "23503" && !object.incoming);
    if (by_rows) {
      const std::size_t removed = OffenderRemoval(run, context, tally).remove(object, error);
      log_info("rows quarantined that " + object.name + " refuses",
               {{"entity", context.entity().name}, {"rows", std::to_string(removed)}});
      if (removed > 0 && put_back(run.target, object, error)) continue;
    }
    throw Error(Exit::failed, "cannot restore " + object.name + ": " + why_refused(error),
                context.entity().name + ", " + object.table,
                "nothing was committed, the target is as it was; " +
                    remedy_of_refused(object, error,
                                      "set defer = \"never\" for the entity to load with it in "
                                      "place"));
  }
}

}  // namespace mighost
