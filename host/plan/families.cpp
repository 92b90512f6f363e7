#include "plan/families.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace mighost {
namespace {

using Reached = std::map<std::string, std::set<std::string>>;  // by family

/// The families that each refers to, however far away.
Reached reached_families(const Plan& plan) {
  std::map<std::string, std::string> family_of;
  Reached reached;
  for (const PlannedEntity& planned : plan.entities) {
    family_of[planned.entity->name] = planned.entity->family;
    reached[planned.entity->family];
  }
  for (const PlannedEntity& planned : plan.entities) {
    for (const Reference& reference : planned.entity->references) {
      const auto parent = family_of.find(reference.entity);
      if (parent != family_of.end()) reached[planned.entity->family].insert(parent->second);
    }
  }
  for (bool more = true; more;) {
    more = false;
    for (auto& [family, others] : reached) {
      const std::set<std::string> direct = others;
      for (const std::string& other : direct) {
        others.insert(reached[other].begin(), reached[other].end());
      }
      more = more || others.size() > direct.size();
    }
  }
  return reached;
}

}  // namespace

std::vector<FamilyGroup> family_groups(const Plan& plan) {
  const Reached reached = reached_families(plan);
  std::vector<std::string> waiting;  // in the order in which the plan meets them
  for (const PlannedEntity& planned : plan.entities) {
    const std::string& family = planned.entity->family;
    if (std::find(waiting.begin(), waiting.end(), family) == waiting.end())
      waiting.push_back(family);
  }
  std::set<std::string> done;
  std::vector<FamilyGroup> groups;
  while (!waiting.empty()) {
    const auto next = std::find_if(waiting.begin(), waiting.end(), [&](const std::string& family) {
      // Everything that it reaches is done, or reaches back.
      return std::all_of(reached.at(family).begin(), reached.at(family).end(),
                         [&](const std::string& other) {
                           return done.count(other) != 0 || other == family ||
                                  reached.at(other).count(family) != 0;
                         });
    });
    FamilyGroup group;
    const std::string family = *next;  // there is one: the groups themselves have no circle
    for (const std::string& other : waiting) {
      const bool both =
          reached.at(family).count(other) != 0 && reached.at(other).count(family) != 0;
      if (other == family || both) group.families.push_back(other);
    }
    for (const std::string& member : group.families) {
      done.insert(member);
      std::erase(waiting, member);
    }
    for (const PlannedEntity& planned : plan.entities) {
      const auto& members = group.families;
      if (std::find(members.begin(), members.end(), planned.entity->family) != members.end()) {
        group.entities.push_back(planned.entity->name);
      }
    }
    groups.push_back(std::move(group));
  }
  return groups;
}

Plan part_of_plan(const Plan& plan, const std::vector<std::string>& entities, bool first) {
  Plan part;
  part.phases = plan.phases;
  part.settings = plan.settings;
  if (first) part.absences = plan.absences;
  const auto inside = [&](const std::string& name) {
    return std::find(entities.begin(), entities.end(), name) != entities.end();
  };
  const auto refer_to = [&](const Entity* parent) {
    auto& parents = part.read_only_parents;
    if (std::find(parents.begin(), parents.end(), parent) == parents.end()) {
      parents.push_back(parent);
    }
  };
  for (const PlannedEntity& planned : plan.entities) {
    if (!inside(planned.entity->name)) continue;
    part.entities.push_back(planned);
    for (const Reference& reference : planned.entity->references) {
      if (inside(reference.entity)) continue;
      for (const PlannedEntity& other : plan.entities) {
        if (other.entity->name == reference.entity) refer_to(other.entity);
      }
      for (const Entity* parent : plan.read_only_parents) {
        if (parent->name == reference.entity) refer_to(parent);
      }
    }
  }
  return part;
}

}  // namespace mighost
