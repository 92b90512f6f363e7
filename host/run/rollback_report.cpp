#include "run/rollback_report.hpp"

#include <nlohmann/json.hpp>

namespace mighost {

std::string rollback_json(const RollbackReport& report) {
  nlohmann::ordered_json json;
  json["rollback_id"] = report.rollback_id;
  json["run_id"] = report.run_id;
  json["kind"] = report.kind;
  json["status"] = report.status;
  json["whole"] = report.whole;
  json["seconds"] = report.seconds;
  json["entities"] = nlohmann::ordered_json::array();
  for (const RolledBackEntity& entity : report.entities) {
    json["entities"].push_back({{"name", entity.name},
                                {"target", entity.target},
                                {"removed", entity.removed},
                                {"unset", entity.unset},
                                {"changed", entity.changed},
                                {"updated_only", entity.updated_only},
                                {"kept", entity.kept},
                                {"gone", entity.gone},
                                {"changed_keys", entity.changed_keys},
                                {"gone_keys", entity.gone_keys}});
  }
  json["obstacles"] = nlohmann::ordered_json::array();
  for (const RollbackObstacle& obstacle : report.obstacles) {
    json["obstacles"].push_back(
        {{"message", obstacle.sentence}, {"rows", obstacle.rows}, {"keys", obstacle.keys}});
  }
  json["remarks"] = report.remarks;
  return json.dump(2) + "\n";
}

}  // namespace mighost
