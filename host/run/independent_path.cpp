#include "run/independent_path.hpp"

#include <openssl/rand.h>

#include <algorithm>
#include <set>

#include "run/held_keys.hpp"
#include "run/sample_check.hpp"

namespace mighost {
namespace {

constexpr std::size_t findings_max = 1000;

Plan planned_for(const std::vector<const Plugin*>& plugins, const RunConfig& config,
                 Session& source, Session& target) {
  source.begin_snapshot();
  return make_plan(plugins, config, {}, source, target);
}

mig::uuid random_id() {
  mig::uuid id;
  RAND_bytes(id.bytes.data(), static_cast<int>(id.bytes.size()));
  return id;
}

std::string key_text_sql(const Entity& entity) {
  const auto& keys =
      entity.legacy_columns.empty() ? comparison_keys(entity) : entity.legacy_columns;
  std::string text;
  for (const auto& key : keys) {
    text += (text.empty() ? "" : " || '/' || ") + ("t." + quote_identifier(key)) + "::text";
  }
  return text;
}

std::string same_row_sql(const Entity& entity) {
  std::string on;
  for (const auto& key : comparison_keys(entity)) {
    const std::string column = quote_identifier(key);
    on += (on.empty() ? "t." : " AND t.") + column + " = s." + column;
  }
  return on;
}

}  // namespace

IndependentPath::IndependentPath(const std::vector<const Plugin*>& plugins, const RunConfig& config,
                                 Session& target)
    : source_(config.source, Session::Role::source, config.load, "mighost verify"),
      plan_(planned_for(plugins, config, source_, target)),
      id_(random_id()),
      run_{config, plan_, source_, target, progress_, id_, cancelled_} {
  open_books();
}

const PlannedEntity* IndependentPath::planned(const std::string& entity) const {
  const auto found =
      std::find_if(plan_.entities.begin(), plan_.entities.end(),
                   [&](const PlannedEntity& one) { return one.entity->name == entity; });
  return found == plan_.entities.end() ? nullptr : &*found;
}

/// Of every entity that another one refers to.
void IndependentPath::open_books() {
  std::set<const Entity*> parents(plan_.read_only_parents.begin(), plan_.read_only_parents.end());
  for (const PlannedEntity& child : plan_.entities) {
    for (const Reference& reference : child.entity->references) {
      if (const PlannedEntity* parent = planned(reference.entity)) parents.insert(parent->entity);
    }
  }
  std::vector<std::string> names;
  for (const Entity* parent : parents) {
    auto book = std::make_unique<KeyBook>(*parent, run_.config.identity_namespace);
    load_parent_keys(run_, *parent, *book);
    run_.books.emplace(parent->name, std::move(book));
    names.push_back(parent->name);
  }
  load_held_keys(run_, names);
}

std::optional<FingerprintSubject> IndependentPath::subject(const std::string& entity) const {
  const PlannedEntity* found = planned(entity);
  if (found == nullptr) return std::nullopt;
  return fingerprint_subject(*found);
}

SourceComparison IndependentPath::look(const std::string& entity,
                                       const std::vector<std::string>& picked, bool values) {
  SourceComparison result;
  result.entity = entity;
  const PlannedEntity* found = planned(entity);
  if (found == nullptr) {
    result.reason = "no loaded plugin brings it, or it is switched off";
    return result;
  }
  result.reason = not_repeatable(*found->entity);
  if (!result.reason.empty()) return result;
  const auto keys = legacy_keys_of(run_.target, *found->entity, picked);
  result.picked = keys.size();
  if (keys.empty()) return result;
  const auto position = static_cast<std::size_t>(found - plan_.entities.data());
  const SecondLook look = transform_again(
      run_, *found, position, keys,
      [&](const std::string& comparison) { find_differences(*found, comparison, values, result); });
  result.refused = look.refused;
  result.looked = look.drift.compared + look.refused;
  result.differ = look.drift.rows;
  return result;
}

/// Late references are set in a second pass, so they are not in the comparison table.
void IndependentPath::find_differences(const PlannedEntity& planned, const std::string& comparison,
                                       bool values, SourceComparison& result) {
  const Entity& entity = *planned.entity;
  std::vector<std::string> names;
  std::string list, any;
  for (std::size_t index = 0; index < entity.target_columns.size(); ++index) {
    const std::string& name = entity.target_columns[index].name;
    const bool late = std::any_of(
        entity.references.begin(), entity.references.end(),
        [&](const Reference& reference) { return reference.late && reference.column == name; });
    if (late) continue;
    const std::string cast = planned.target_types[index]->type_name == "json" ? "::jsonb" : "";
    const std::string column = quote_identifier(name);
    const std::string differs =
        "(t." + column + cast + " IS DISTINCT FROM s." + column + cast + ")";
    list += ", " + differs;
    list += values ? ", t." + column + "::text, s." + column + "::text" : ", NULL, NULL";
    any += (any.empty() ? "" : " OR ") + differs;
    names.push_back(name);
  }
  if (names.empty()) return;
  const Rows rows = run_.target.query("SELECT " + key_text_sql(entity) + list + " FROM " +
                                      comparison + " AS s JOIN " + planned.target.qualified() +
                                      " AS t ON " + same_row_sql(entity) + " WHERE " + any +
                                      " ORDER BY 1 LIMIT " + std::to_string(findings_max));
  for (const auto& row : rows.rows) {
    SourceDifference& finding = result.findings.emplace_back();
    finding.key = row.front().value_or("");
    for (std::size_t index = 0; index < names.size(); ++index) {
      const std::size_t at = 1 + 3 * index;
      if (row[at] != "t") continue;
      finding.columns.push_back(names[index]);
      if (values) finding.values.push_back({names[index], row[at + 1], row[at + 2]});
    }
  }
}

}  // namespace mighost
