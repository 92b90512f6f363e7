#include "run/deferral_record.hpp"

#include <nlohmann/json.hpp>

#include "report/error.hpp"

namespace mighost {
namespace {

using nlohmann::json;

constexpr const char* kinds[] = {"index", "unique_index", "foreign_key"};
constexpr const char* trigger_kind = "trigger";

json object_json(const DeferredObject& object) {
  return {{"kind", kinds[static_cast<std::size_t>(object.kind)]},
          {"name", object.name},
          {"table", object.table},
          {"restore", object.restore},
          {"key_expressions", object.key_expressions},
          {"predicate", object.predicate},
          {"nulls_distinct", object.nulls_distinct},
          {"columns", object.columns},
          {"parent_columns", object.parent_columns},
          {"parent", object.parent},
          {"incoming", object.incoming}};
}

DeferredObject object_from(const json& from) {
  DeferredObject object;
  for (std::size_t kind = 0; kind < std::size(kinds); ++kind) {
    if (from.at("kind") == kinds[kind]) object.kind = static_cast<DeferredObject::Kind>(kind);
  }
  object.name = from.at("name");
  object.table = from.at("table");
  object.restore = from.at("restore").get<std::vector<std::string>>();
  object.key_expressions = from.at("key_expressions").get<std::vector<std::string>>();
  object.predicate = from.at("predicate");
  object.nulls_distinct = from.at("nulls_distinct");
  object.columns = from.at("columns").get<std::vector<std::string>>();
  object.parent_columns = from.at("parent_columns").get<std::vector<std::string>>();
  object.parent = from.at("parent");
  object.incoming = from.at("incoming");
  return object;
}

}  // namespace

void record_deferral(Session& target, const std::string& run_id, const std::string& entity,
                     const DeferralPlan& plan) {
  int position = 0;
  const auto add = [&](const std::string& name, const json& object) {
    target.query(
        "INSERT INTO mighost.deferred (run_id, entity, position, name, object) VALUES ($1, $2, $3, "
        "$4, $5)",
        {run_id, entity, std::to_string(position++), name, object.dump()});
  };
  for (const DeferredObject& object : plan.objects) add(object.name, object_json(object));
  for (const std::string& enable : plan.enable_triggers) {
    add("trigger", {{"kind", trigger_kind}, {"restore", {enable}}});
  }
}

DeferralPlan recorded_deferral(Session& target, const std::string& run_id,
                               const std::string& entity) {
  DeferralPlan plan;
  const Rows rows = target.query(
      "SELECT object FROM mighost.deferred WHERE run_id = $1 AND entity = $2 ORDER BY position",
      {run_id, entity});
  try {
    for (const auto& row : rows.rows) {
      const json object = json::parse(*row[0]);
      if (object.at("kind") == trigger_kind) {
        plan.enable_triggers.push_back(object.at("restore").at(0));
      } else {
        plan.objects.push_back(object_from(object));
      }
    }
  } catch (const json::exception& fault) {
    throw Error(Exit::failed, "the ledger's record of what was taken away is damaged",
                "mighost.deferred, " + entity, "restore the ledger from a backup");
  }
  return plan;
}

std::vector<std::string> deferring_entities(Session& target, const std::string& run_id) {
  std::vector<std::string> entities;
  const Rows rows = target.query(
      "SELECT DISTINCT entity, l.position FROM mighost.deferred JOIN mighost.loads l USING "
      "(run_id, entity) WHERE run_id = $1 ORDER BY l.position DESC",
      {run_id});
  for (const auto& row : rows.rows) entities.push_back(*row[0]);
  return entities;
}

void forget_deferral(Session& target, const std::string& run_id, const std::string& entity) {
  target.query("DELETE FROM mighost.deferred WHERE run_id = $1 AND entity = $2", {run_id, entity});
}

}  // namespace mighost
