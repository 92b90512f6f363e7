#include "plan/probe_sql.hpp"

namespace mighost {
namespace {

struct Probe {
  const PlannedEntity& planned;
  Faults& faults;
  std::vector<std::string>& remarks;

  void operator()(Session& session, const std::string& what, const std::string& sql,
                  bool may_wait) const {
    const auto refused = refusal(session, sql);
    if (!refused) return;
    if (refused->is_busy()) throw SqlError(*refused, sql);
    const char* side = session.role() == Session::Role::source ? "source" : "target";
    const std::string text =
        std::string("the ") + side + " refuses " + what + ": " + refused->safe_message();
    if (may_wait) {
      remarks.push_back(text + "; a step may still create what it needs");
    } else {
      faults.push_back({planned.entity->name, text, "correct the SQL in the plugin"});
    }
  }
};

/// The same relation under the same name as the run reads it.
std::string relation_of(const Entity& entity) {
  const std::string from = entity.source_query.empty() ? quote_relation(entity.source)
                                                       : "(" + entity.source_query + "\n)";
  return from + " AS source_rows";
}

}  // namespace

void probe_sql(const PlannedEntity& planned, Session& source, Session& target, Faults& faults,
               std::vector<std::string>& remarks) {
  const Entity& entity = *planned.entity;
  const Probe probe{planned, faults, remarks};
  const std::string relation = relation_of(entity);
  for (const auto& filter : entity.filters) {
    probe(source, "the filter " + filter.code,
          "SELECT 1 FROM " + relation + " WHERE (" + filter.predicate + "\n)", false);
  }
  // A step that runs before may create what assertions and totals look at.
  const bool has_steps = !entity.steps.empty();
  for (const auto& [total, name, plugin] : planned.totals) {
    probe(source, "the source expression of the total " + name,
          "SELECT sum((" + total.source_expression + "\n)::numeric) FROM " + relation, false);
    probe(target, "the target expression of the total " + name,
          "SELECT sum((" + total.target_expression + "\n)::numeric) FROM " +
              planned.target.qualified(),
          has_steps);
  }
  for (const PlannedAssertion& each : planned.assertions) {
    probe(target, "the assertion " + each.check, each.assertion->sql, has_steps);
  }
}

}  // namespace mighost
