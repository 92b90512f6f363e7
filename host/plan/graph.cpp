#include "plan/graph.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "plan/plan.hpp"
#include "plugin/fault.hpp"
#include "report/nearest.hpp"

namespace mighost {
namespace {

std::string file_name(const Entity& entity) { return entity.plugin->file.filename().string(); }

/// Entities by number, with the numbers of those that must stand before each. References that are
/// late wait for nobody.
struct Graph {
  std::vector<const Entity*> entities;
  std::vector<std::vector<std::size_t>> parents;
};

void check_reference(const std::vector<const Plugin*>& plugins, const Entity& entity,
                     const Reference& reference, Faults& faults) {
  const std::string asks = entity.name + "." + reference.column + " (" + file_name(entity) + ")";
  const Entity* parent = find_entity(plugins, reference.entity);
  if (parent == nullptr) {
    if (reference.if_loaded) return;  // see absent_parents.hpp
    faults.push_back({asks, "it refers to " + reference.entity + ", which no loaded plugin has",
                      missing_entity_remedy(plugins, reference.entity)});
  } else if (parent->identity_column.empty()) {
    faults.push_back({asks,
                      "it refers to " + reference.entity + ", which declares no identity column",
                      "give " + reference.entity + " an identity column, or drop the reference"});
  }
}

Graph build(const std::vector<const Plugin*>& plugins) {
  Graph graph;
  graph.entities = all_entities(plugins);
  std::map<std::string, std::size_t> numbers;
  for (std::size_t i = 0; i < graph.entities.size(); ++i) {
    numbers.emplace(graph.entities[i]->name, i);
  }
  Faults faults;
  graph.parents.resize(graph.entities.size());
  for (std::size_t i = 0; i < graph.entities.size(); ++i) {
    for (const auto& reference : graph.entities[i]->references) {
      check_reference(plugins, *graph.entities[i], reference, faults);
      const auto parent = numbers.find(reference.entity);
      if (parent != numbers.end() && !reference.late) graph.parents[i].push_back(parent->second);
    }
  }
  throw_if_any(faults, Exit::usage, "the plugins refer to what is not there", {},
               "load the plugins that belong together, or correct the references");
  return graph;
}

/// One cycle, found by following parents among those that are left, which all have one there.
std::vector<std::size_t> find_cycle(const Graph& graph, const std::vector<bool>& left) {
  std::vector<std::size_t> path;
  std::size_t at = 0;
  while (!left[at]) ++at;
  while (std::find(path.begin(), path.end(), at) == path.end()) {
    path.push_back(at);
    for (const std::size_t parent : graph.parents[at]) {
      if (!left[parent]) continue;
      at = parent;
      break;
    }
  }
  path.erase(path.begin(), std::find(path.begin(), path.end(), at));
  return path;
}

[[noreturn]] void throw_cycle(const Graph& graph, const std::vector<std::size_t>& cycle) {
  std::string path = graph.entities[cycle.front()]->name;
  std::string columns;
  for (std::size_t i = 0; i < cycle.size(); ++i) {
    const Entity& child = *graph.entities[cycle[i]];
    const Entity& parent = *graph.entities[cycle[(i + 1) % cycle.size()]];
    path += " -> " + parent.name;
    for (const auto& reference : child.references) {
      if (reference.entity != parent.name || reference.late) continue;
      columns += "\n  " + child.name + "." + reference.column + " -> " + parent.name + " (" +
                 file_name(child) + ")";
      break;
    }
  }
  throw Error(
      Exit::usage, "the references form a cycle: " + path + columns, path,
      "declare one of these references late: it is written as NULL and set in a second pass");
}

/// Level of each entity: one more than its highest parent. Throws for a cycle.
std::vector<std::size_t> levels(const Graph& graph) {
  const std::size_t count = graph.entities.size();
  std::vector<std::size_t> level(count, 0);
  std::vector<bool> left(count, true);
  std::size_t n_left = count;
  for (bool progress = true; progress && n_left > 0;) {
    progress = false;
    for (std::size_t i = 0; i < count; ++i) {
      const auto& parents = graph.parents[i];
      const bool ready = left[i] && std::none_of(parents.begin(), parents.end(),
                                                 [&](std::size_t p) { return left[p]; });
      if (!ready) continue;
      for (const std::size_t parent : parents) level[i] = std::max(level[i], level[parent] + 1);
      left[i] = false;
      --n_left;
      progress = true;
    }
  }
  if (n_left > 0) throw_cycle(graph, find_cycle(graph, left));
  return level;
}

/// Families by number, in order of loading, and which of them must stand before which, over any
/// distance.
struct FamilyOrder {
  std::vector<std::string> families;
  std::vector<std::vector<bool>> after;  // after[a][b]: a needs b

  explicit FamilyOrder(const Graph& graph) {
    for (const Entity* entity : graph.entities) {
      if (number(entity->family) == families.size()) families.push_back(entity->family);
    }
    after.assign(families.size(), std::vector<bool>(families.size(), false));
    for (std::size_t i = 0; i < graph.entities.size(); ++i) {
      for (const std::size_t parent : graph.parents[i]) {
        const std::size_t child_family = number(graph.entities[i]->family);
        const std::size_t parent_family = number(graph.entities[parent]->family);
        if (child_family != parent_family) after[child_family][parent_family] = true;
      }
    }
    for (std::size_t via = 0; via < families.size(); ++via) {
      for (std::size_t a = 0; a < families.size(); ++a) {
        for (std::size_t b = 0; b < families.size(); ++b) {
          if (after[a][via] && after[via][b]) after[a][b] = true;
        }
      }
    }
  }

  std::size_t number(const std::string& family) const {
    return static_cast<std::size_t>(std::find(families.begin(), families.end(), family) -
                                    families.begin());
  }

  /// Groups of families that need each other, each group after what it needs. Nearly always a group
  /// is one family; when two families lean on each other, their phases alternate.
  std::vector<std::vector<std::size_t>> groups() const {
    std::vector<std::vector<std::size_t>> ordered;
    std::vector<bool> done(families.size(), false);
    for (std::size_t n_done = 0; n_done < families.size();) {
      for (std::size_t first = 0; first < families.size(); ++first) {
        if (done[first] || !is_ready(first, done)) continue;
        std::vector<std::size_t> group;
        for (std::size_t other = 0; other < families.size(); ++other) {
          const bool mutual = after[first][other] && after[other][first];
          if (other == first || mutual) group.push_back(other);
        }
        for (const std::size_t family : group) done[family] = true;
        n_done += group.size();
        ordered.push_back(std::move(group));
        break;
      }
    }
    return ordered;
  }

 private:
  bool is_ready(std::size_t family, const std::vector<bool>& done) const {
    for (std::size_t other = 0; other < families.size(); ++other) {
      if (after[family][other] && !done[other] && !after[other][family]) return false;
    }
    return true;
  }
};

/// The graph without the references that leave the group: they are satisfied by then.
Graph within(const Graph& graph, const std::set<std::string>& families) {
  Graph part;
  std::map<std::size_t, std::size_t> renumbered;
  for (std::size_t i = 0; i < graph.entities.size(); ++i) {
    if (families.count(graph.entities[i]->family) == 0) continue;
    renumbered[i] = part.entities.size();
    part.entities.push_back(graph.entities[i]);
  }
  part.parents.resize(part.entities.size());
  for (const auto& [old_number, new_number] : renumbered) {
    for (const std::size_t parent : graph.parents[old_number]) {
      const auto found = renumbered.find(parent);
      if (found != renumbered.end()) part.parents[new_number].push_back(found->second);
    }
  }
  return part;
}

}  // namespace

std::vector<const Entity*> all_entities(const std::vector<const Plugin*>& plugins) {
  std::vector<const Entity*> entities;
  for (const Plugin* plugin : plugins) {
    for (const auto& entity : plugin->entities) entities.push_back(&entity);
  }
  return entities;
}

const Entity* find_entity(const std::vector<const Plugin*>& plugins, const std::string& name) {
  for (const Entity* entity : all_entities(plugins)) {
    if (entity->name == name) return entity;
  }
  return nullptr;
}

std::string missing_entity_remedy(const std::vector<const Plugin*>& plugins,
                                  const std::string& name) {
  const std::string family = name.substr(0, name.find('.'));
  std::vector<std::string> families, siblings, names;
  for (const Plugin* plugin : plugins) {
    families.push_back(plugin->family);
    for (const auto& entity : plugin->entities) {
      names.push_back(entity.name);
      if (plugin->family == family) siblings.push_back(entity.name);
    }
  }
  const bool loaded = std::find(families.begin(), families.end(), family) != families.end();
  if (loaded) {
    std::string text = "family `" + family + "` is loaded but has no entity `" +
                       name.substr(std::min(name.size(), family.size() + 1)) + "`";
    if (const auto hint = nearest(name, siblings)) return text + "; did you mean " + *hint + "?";
    return text;
  }
  if (const auto hint = nearest(name, names)) return "did you mean " + *hint + "?";
  std::string text = "no loaded plugin provides family `" + family + "`";
  if (!plugins.empty()) {
    text += "; put " + family + ".mig.so into " + plugins.front()->file.parent_path().string();
  }
  return text;
}

std::vector<std::vector<const Entity*>> order_entities(const std::vector<const Plugin*>& plugins) {
  const Graph graph = build(plugins);
  levels(
      graph);  // refuses a cycle with its whole path, also one that runs through several families
  std::vector<std::vector<const Entity*>> phases;
  const FamilyOrder order(graph);
  for (const auto& group : order.groups()) {
    std::set<std::string> families;
    for (const std::size_t family : group) families.insert(order.families[family]);
    const Graph part = within(graph, families);
    const auto level = levels(part);
    std::map<std::pair<std::size_t, std::size_t>, std::vector<const Entity*>> by_level_and_family;
    for (std::size_t i = 0; i < part.entities.size(); ++i) {
      const std::size_t family = order.number(part.entities[i]->family);
      by_level_and_family[{level[i], family}].push_back(part.entities[i]);
    }
    for (auto& [position, entities] : by_level_and_family) phases.push_back(std::move(entities));
  }
  return phases;
}

}  // namespace mighost
