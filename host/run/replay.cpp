#include "run/replay.hpp"

#include <algorithm>

#include "ledger/transactions.hpp"
#include "plan/graph.hpp"
#include "plan/selection.hpp"
#include "report/error.hpp"
#include "report/log.hpp"
#include "report/nearest.hpp"
#include "run/key_lookup.hpp"

namespace mighost {
namespace {

std::vector<std::string> entity_names(const std::vector<PlannedEntity>& entities) {
  std::vector<std::string> names;
  names.reserve(entities.size());
  for (const PlannedEntity& planned : entities) names.push_back(planned.entity->name);
  return names;
}

const PlannedEntity* find_planned(const std::vector<PlannedEntity>& entities,
                                  const std::string& name) {
  for (const PlannedEntity& planned : entities) {
    if (planned.entity->name == name) return &planned;
  }
  return nullptr;
}

}  // namespace

Selection replay_selection(Session& target, const std::vector<const Plugin*>& plugins,
                           const RunConfig& config, const ReplayChoice& choice) {
  for (const std::string& name : choice.entities) {
    if (find_entity(plugins, name) != nullptr) continue;
    std::vector<std::string> known;
    for (const Entity* entity : all_entities(plugins)) known.push_back(entity->name);
    throw Error(Exit::usage, "no loaded plugin has the entity " + name, "--entity",
                nearest_hint(name, known));
  }
  const std::set<std::string> enabled = selected_entities(plugins, config, {});
  Selection selection;
  if (target.query("SELECT to_regclass('mighost.steps')").value()) {
    for (const auto& row : target.query("SELECT DISTINCT entity FROM mighost.steps").rows) {
      if (enabled.count(*row.front()) != 0) selection.only.push_back(*row.front());
    }
  }
  if (!selection.only.empty()) return selection;
  throw Error(Exit::preflight,
              "there is nothing to replay: no run of these plugins has brought rows into this "
              "target",
              config.target.shown,
              "mighost run comes first; or check [target] in the configuration");
}

Replay::Replay(RunContext& run, Plan& plan, const ReplayChoice& choice)
    : run_(run),
      plan_(plan),
      order_(entity_names(plan.entities)),
      outer_parents_(plan.read_only_parents),
      closure_(run.target, run.run_id.to_text(), choice, order_) {
  closure_.add(in_source(closure_.awaited_by_notes()));
  take_in_news();
}

const PlannedEntity* Replay::planned(const std::string& entity) const {
  const PlannedEntity* found = find_planned(plan_.entities, entity);
  return found != nullptr ? found : find_planned(idle_, entity);
}

/// Those that the source has and that no filter leaves out.
std::vector<RowName> Replay::in_source(const std::vector<RowName>& rows) {
  std::map<std::string, std::vector<std::string>> by_entity;
  for (const RowName& row : rows) {
    if (absent_.count(row.entity + " " + row.key) == 0) by_entity[row.entity].push_back(row.key);
  }
  std::vector<RowName> found;
  for (const auto& [entity, keys] : by_entity) {
    const auto there = look_up_keys(run_.source, *planned(entity), keys);
    for (const std::string& key : keys) {
      const auto row = there.find(key);
      if (row != there.end() && row->second) {
        found.push_back({entity, key});
      } else {
        absent_.insert(entity + " " + key);
      }
    }
  }
  return found;
}

/// A row that nobody has read before comes with its projections: they have the same source row, and
/// no record of theirs could tell of it.
void Replay::take_in_news() {
  for (auto news = closure_.news(); !news.empty(); news = closure_.news()) {
    std::vector<RowName> projections;
    for (const auto& [entity, rows] : news) take_in(*planned(entity), rows, projections);
    closure_.add(in_source(projections));
  }
  narrow_plan();
}

/// What is held back is read to see what becomes of it, whether filters let it through or not. The
/// others are read only when they would go, so that the books count nothing twice.
void Replay::take_in(const PlannedEntity& planned, const std::vector<ClosureRow>& rows,
                     std::vector<RowName>& projections) {
  const Entity& entity = *planned.entity;
  std::vector<std::string> keys;
  keys.reserve(rows.size());
  for (const ClosureRow& row : rows) keys.push_back(row.name.key);
  const auto there = look_up_keys(run_.source, planned, keys);
  ReplayedRows& replayed = run_.replayed[entity.name];
  const std::vector<std::string> same_source = entities_of_same_rows(entity);
  for (const ClosureRow& row : rows) {
    const auto found = there.find(row.name.key);
    const bool reads = found != there.end() && (row.held || found->second);
    if (row.held && found == there.end()) ++gone_[entity.name];
    if (row.noted && !reads) unread_[entity.name].insert(row.name.key);
    if (reads) keys_[entity.name].push_back(row.name.key);
    if (reads && !row.held && !row.noted) {
      for (const std::string& other : same_source) projections.push_back({other, row.name.key});
    }
    if (reads || row.held) touched_.insert(entity.name);
    const auto key = parse_key(entity.source_columns, entity.n_key, row.name.key);
    if (!key) continue;
    if (row.held) replayed.held.add(*key);
    if (row.duplicate) replayed.duplicates.add(*key);
    if (row.noted) replayed.noted.add(*key);
  }
}

std::vector<std::string> Replay::entities_of_same_rows(const Entity& entity) const {
  const auto keys_of = [](const Entity& of) {
    std::vector<std::string> names;
    for (std::uint32_t index = 0; index < of.n_key; ++index) {
      names.push_back(of.source_columns[index].name);
    }
    return names;
  };
  std::vector<std::string> found;
  if (entity.source.empty()) return found;
  for (const std::string& name : order_) {
    const Entity& other = *planned(name)->entity;
    const bool same = other.source == entity.source && keys_of(other) == keys_of(entity);
    if (same && name != entity.name) found.push_back(name);
  }
  return found;
}

/// Entities that are driven stand in the plan, with their keys; those that they refer to and that
/// are not driven are parents to be read from the target.
void Replay::narrow_plan() {
  std::map<std::string, PlannedEntity> all;
  for (auto* list : {&plan_.entities, &idle_}) {
    for (PlannedEntity& planned : *list) {
      const std::string name = planned.entity->name;
      all.emplace(name, std::move(planned));
    }
    list->clear();
  }
  for (const std::string& name : order_) {
    PlannedEntity& planned = all.at(name);
    const bool driven = touched_.count(name) != 0;
    if (driven) planned.only_keys = keys_[name];
    (driven ? plan_.entities : idle_).push_back(std::move(planned));
  }
  plan_.read_only_parents.clear();
  for (const PlannedEntity& planned : plan_.entities) {
    for (const Reference& reference : planned.entity->references) {
      if (find_planned(plan_.entities, reference.entity) != nullptr) continue;
      if (const PlannedEntity* idle = find_planned(idle_, reference.entity))
        refer_to(*idle->entity);
      for (const Entity* parent : outer_parents_) {
        if (parent->name == reference.entity) refer_to(*parent);
      }
    }
  }
}

void Replay::refer_to(const Entity& parent) {
  auto& parents = plan_.read_only_parents;
  if (std::find(parents.begin(), parents.end(), &parent) == parents.end()) {
    parents.push_back(&parent);
  }
}

void Replay::begin_pass() {
  ++passes_;
  std::size_t rows = 0;
  for (const auto& [entity, keys] : keys_) rows += keys.size();
  log_info("replaying", {{"pass", std::to_string(passes_)},
                         {"entities", std::to_string(touched_.size())},
                         {"rows", std::to_string(rows)}});
  run_.target.execute("SAVEPOINT mighost_pass; " + record_transaction_sql(run_.run_id.to_text()));
}

bool Replay::found_more() {
  std::vector<RowName> held, unknown;
  for (ClosureRow& row : closure_.asked_for()) {
    (row.held ? held : unknown).push_back(std::move(row.name));
  }
  std::vector<RowName> more = in_source(unknown);
  more.insert(more.end(), held.begin(), held.end());
  if (more.empty()) {
    run_.target.execute("RELEASE SAVEPOINT mighost_pass");
    return false;
  }
  run_.target.execute("ROLLBACK TO SAVEPOINT mighost_pass");
  run_.target.execute("RELEASE SAVEPOINT mighost_pass");
  run_.books.clear();
  run_.totals.clear();
  run_.late.clear();
  run_.healed.clear();
  run_.unhealed.clear();
  closure_.add(more);
  take_in_news();
  return true;
}

void Replay::finish(RunReport& report) {
  for (const auto& [entity, keys] : unread_) run_.unhealed[entity].insert(keys.begin(), keys.end());
  const auto taken = closure_.take_up(run_.unhealed);
  for (EntityReport& entity : report.entities) {
    if (const auto rows = taken.find(entity.name); rows != taken.end()) {
      entity.taken_up = rows->second;
    }
    entity.gone = gone_[entity.name];
    entity.healed = run_.healed[entity.name].size();
  }
}

void Replay::describe(RunReport& report) {
  report.replay.emplace();
  report.replay->passes = passes_;
  report.replay->waived = closure_.waived();
  report.replay->waiting =
      std::stoull(*run_.target.query("SELECT count(*) FROM mighost.held_back").value());
  const auto note = [&](const std::string& entity, const std::string& message) {
    report.findings.push_back({"replay", entity, "mighost", "note", message, 0, {}});
  };
  for (const std::string& entity : closure_.not_drivable()) {
    note(entity, "rows of " + entity + " are held back, and it is not loaded or is switched off");
  }
  if (closure_.keyless() > 0) {
    note("", std::to_string(closure_.keyless()) +
                 " rows without a legacy key cannot be read by it; a run reads them");
  }
}

}  // namespace mighost
