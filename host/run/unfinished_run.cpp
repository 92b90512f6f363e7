#include "run/unfinished_run.hpp"

#include "report/error.hpp"
#include "run/deferral_record.hpp"
#include "run/structure.hpp"

namespace mighost {

bool is_unfinished(Session& target, const std::string& run_id) {
  return target.query("SELECT EXISTS (SELECT FROM mighost.loads WHERE run_id = $1)", {run_id})
             .value() == "t";
}

void take_run_over(Session& target, const std::string& run_id) {
  target.query(
      "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = "
      "current_database() AND pid <> pg_backend_pid() AND application_name LIKE $1",
      {"mighost " + run_id + " %"});
  target.query("UPDATE mighost.runs SET epoch = epoch + 1 WHERE run_id = $1", {run_id});
}

void put_back_what_is_away(Session& target, const std::string& run_id) {
  auto entities = deferring_entities(target, run_id);
  // Parents first: a foreign key needs the unique index that it leads to.
  for (auto entity = entities.rbegin(); entity != entities.rend(); ++entity) {
    const DeferralPlan plan = recorded_deferral(target, run_id, *entity);
    for (const DeferredObject& object : plan.objects) {
      ServerError refused;
      if (put_back(target, object, refused)) continue;
      throw Error(Exit::failed, "cannot restore " + object.name + ": " + why_refused(refused),
                  *entity + ", " + object.table,
                  "nothing was changed; " +
                      remedy_of_refused(object, refused,
                                        "rows that came while it was away stand against it: "
                                        "correct or delete them, and roll back again"));
    }
    for (const auto& statement : plan.enable_triggers) target.execute(statement);
    forget_deferral(target, run_id, *entity);
  }
}

void check_structure_of_run(Session& target, const std::string& run_id, bool may_differ,
                            std::vector<std::string>& remarks) {
  const Rows before = target.query(
      "SELECT structure, structure_tables, structure_accepted FROM mighost.runs WHERE run_id = $1 "
      "AND structure IS NOT NULL",
      {run_id});
  if (before.empty()) return;
  may_differ = may_differ || *before.at(0, 2) == "t";
  std::vector<std::uint32_t> tables;
  const Rows oids =
      target.query("SELECT t FROM unnest($1::oid[]) AS t JOIN pg_class ON pg_class.oid = t",
                   {before.at(0, 1).value_or("{}")});
  for (const auto& row : oids.rows)
    tables.push_back(static_cast<std::uint32_t>(std::stoul(*row[0])));
  const std::string now = structure_of(target, tables);
  if (now == *before.at(0, 0)) return;
  const std::string what =
      "indexes, constraints or triggers of the run's tables are not as they were before it, "
      "somebody has altered them since: " +
      structure_changes(*before.at(0, 0), now);
  if (may_differ) return remarks.push_back(what);
  throw Error(Exit::failed, what, "run " + run_id,
              "nothing was changed; alter them back, or leave them so with --keep-changed");
}

void forget_queue(Session& target, const std::string& run_id) {
  constexpr std::size_t id_digits = 8;
  const Rows tables = target.query(
      "SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = "
      "c.relnamespace WHERE n.nspname = 'mighost' AND c.relkind = 'r' AND c.relname LIKE $1",
      {"late\\_" + run_id.substr(0, id_digits) + "\\_%"});
  for (const auto& table : tables.rows) target.execute("DROP TABLE " + *table[0]);
  for (const char* table : {"loads", "chunks", "deferred", "workers"}) {
    target.query(std::string("DELETE FROM mighost.") + table + " WHERE run_id = $1", {run_id});
  }
}

}  // namespace mighost
