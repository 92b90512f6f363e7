#include "plan/absent_parents.hpp"

#include "plan/graph.hpp"

namespace mighost {
namespace {

/// The row cannot go without this parent.
bool is_needed(const Reference& reference) {
  return !reference.late && reference.policy != MIG_MISSING_NULL;
}

std::string absent(const std::vector<const Plugin*>& plugins, const std::string& parent) {
  return "no loaded plugin has " + parent + " (" + missing_entity_remedy(plugins, parent) + ")";
}

/// Why the entity is left out; empty when it is not.
std::string reason(const std::vector<const Plugin*>& plugins, const Entity& entity,
                   const std::map<std::string, std::string>& left_out) {
  for (const Reference& reference : entity.references) {
    if (!is_needed(reference)) continue;
    if (left_out.count(reference.entity) != 0) {
      return reference.entity + ", which it needs for " + reference.column + ", is left out";
    }
    if (reference.if_loaded && find_entity(plugins, reference.entity) == nullptr) {
      return absent(plugins, reference.entity) + ", which it needs for " + reference.column;
    }
  }
  return {};
}

}  // namespace

std::map<std::string, std::string> left_out_entities(const std::vector<const Plugin*>& plugins) {
  std::map<std::string, std::string> left_out;
  for (bool more = true; more;) {
    more = false;
    for (const Entity* entity : all_entities(plugins)) {
      if (left_out.count(entity->name) != 0) continue;
      std::string why = reason(plugins, *entity, left_out);
      if (why.empty()) continue;
      left_out.emplace(entity->name, std::move(why));
      more = true;
    }
  }
  return left_out;
}

std::map<std::string, std::string> unanswered_references(
    const std::vector<const Plugin*>& plugins) {
  std::map<std::string, std::string> unanswered;
  for (const Entity* entity : all_entities(plugins)) {
    for (const Reference& reference : entity->references) {
      if (is_needed(reference) || !reference.if_loaded) continue;
      if (find_entity(plugins, reference.entity) != nullptr) continue;
      unanswered.emplace(entity->name + "." + reference.column, absent(plugins, reference.entity));
    }
  }
  return unanswered;
}

}  // namespace mighost
