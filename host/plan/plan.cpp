#include "plan/plan.hpp"

#include <algorithm>
#include <set>
#include <type_traits>

#include "plan/absent_parents.hpp"
#include "plan/connection.hpp"
#include "plan/graph.hpp"
#include "plan/match_checks.hpp"
#include "plan/probe_sql.hpp"
#include "plan/query_faults.hpp"
#include "plan/schema_match.hpp"
#include "plan/selection.hpp"
#include "plan/start_check.hpp"
#include "plan/table_hint.hpp"
#include "plugin/text_checks.hpp"
#include "report/nearest.hpp"

namespace mighost {
namespace {

// target_types and identity_type point into target.columns: entities may move, but must not be
// copied.
static_assert(std::is_nothrow_move_constructible_v<PlannedEntity>);

/// Looks at both databases once for everything that the entities ask about.
class Examination {
 public:
  Examination(const std::vector<const Plugin*>& plugins, const RunConfig& config, Session& source,
              Session& target, Faults& faults)
      : plugins_(plugins), config_(config), source_(source), target_(target), faults_(faults) {}

  Plan run(const Selection& selection) {
    const auto phases = order_entities(plugins_);
    selected_ = selected_entities(plugins_, config_, selection);
    read_settings();
    check_start(plugins_, config_, selected_, plan_.settings);
    source_tables_ = table_names(source_);
    target_tables_ = table_names(target_);
    plan_.entities.reserve(selected_.size());
    for (const auto& phase : phases) find_tables(phase);
    read_all_parts(source_, sources_);
    read_all_parts(target_, targets_);
    for (const auto& phase : phases) add_phase(phase);
    for (auto& planned : plan_.entities) match_references(planned);
    check_validator_names();
    note_shared_targets();
    list_unmapped_tables();
    list_absences(selection);
    return std::move(plan_);
  }

 private:
  using Tables = std::map<std::string, std::optional<CatalogTable>>;

  const std::optional<CatalogTable>& table(Session& session, Tables& cache,
                                           const std::string& name) {
    const auto known = cache.find(name);
    if (known != cache.end()) return known->second;
    return cache.emplace(name, read_table(session, name)).first->second;
  }

  void find_tables(const std::vector<const Entity*>& phase) {
    const auto find = [](Session& session, Tables& cache, const std::string& name) {
      if (!name.empty() && cache.count(name) == 0) cache.emplace(name, find_table(session, name));
    };
    for (const Entity* entity : phase) {
      if (selected_.count(entity->name) == 0) continue;
      naming_the_busy(shown(*entity), [&] {
        find(source_, sources_, entity->source);
        find(target_, targets_, entity->target);
        for (const Reference& reference : entity->references) {
          const Entity* parent = find_entity(plugins_, reference.entity);
          if (parent == nullptr) continue;
          naming_the_busy(shown(*parent), [&] { find(target_, targets_, parent->target); });
        }
      });
    }
  }

  static void read_all_parts(Session& session, Tables& cache) {
    std::vector<CatalogTable*> found;
    for (auto& [name, table] : cache) {
      if (table) found.push_back(&*table);
    }
    naming_the_busy("one of the tables of the " + std::string(session.side()),
                    [&] { read_parts(session, found); });
    for (const auto& [name, table] : cache) {
      if (!table || !table->columns.empty() || find_table(session, name)) continue;
      throw TableBusy(Exit::preflight, "somebody alters a table: " + name + " has just gone", name,
                      "nothing was touched; run again");
    }
  }

  void read_settings() {
    for (const Plugin* plugin : plugins_) {
      plan_.settings[plugin->family] = std::make_shared<PluginSettings>(*plugin, config_);
    }
  }

  void add_phase(const std::vector<const Entity*>& phase) {
    std::vector<std::string> names;
    for (const Entity* entity : phase) {
      if (selected_.count(entity->name) == 0) continue;
      names.push_back(entity->name);
      naming_the_busy(shown(*entity), [&] { add_entity(*entity); });
    }
    if (!names.empty()) plan_.phases.push_back(std::move(names));
  }

  static std::string shown(const Entity& entity) {
    return entity.name + " (" + (entity.source.empty() ? "query" : entity.source) + " -> " +
           entity.target + ")";
  }

  static void naming_the_busy(const std::string& where, const auto& what) {
    try {
      what();
    } catch (const SqlError& refused) {
      const ServerError& error = refused.error();
      if (!error.is_busy()) throw;
      throw TableBusy(
          Exit::preflight,
          (error.is_locked() ? "a table is locked: " : "somebody alters a table: ") +
              error.safe_message(),
          where,
          error.is_locked()
              ? "nothing was touched; find the session that holds the lock in pg_locks, or raise "
                "[load] lock_timeout, and run again"
              : "nothing was touched; run again");
    }
  }

  void add_entity(const Entity& entity) {
    PlannedEntity& planned = plan_.entities.emplace_back();
    planned.entity = &entity;
    planned.config = entity_config(config_, entity.name);
    const std::size_t before = faults_.size();
    match_source(source_facts(entity), planned, faults_);
    const auto& target = table(target_, targets_, entity.target);
    if (target) {
      planned.target = *target;
      match_target(planned, faults_);
    } else {
      faults_.push_back(missing_target(entity, target_tables_));
    }
    match_validators(plugins_, config_, planned, faults_);
    list_checks(config_, asserted_, planned);
    if (faults_.size() != before) return;  // estimates and SQL of a broken entity say nothing new
    estimate(planned);
    probe_sql(planned, source_, target_, faults_, planned.remarks);
  }

  SourceFacts source_facts(const Entity& entity) {
    SourceFacts facts;
    facts.known_tables = source_tables_;
    if (!entity.source.empty()) {
      facts.table = table(source_, sources_, entity.source);
      read_from_source_.insert(
          entity.source.find('.') == std::string::npos ? "public." + entity.source : entity.source);
    }
    if (!entity.source_query.empty()) {
      try {
        facts.query = query_columns(source_, entity.source_query);
      } catch (const SqlError& refused) {
        facts.query_faults = refused_query_faults(entity, refused.error(), source_, source_tables_);
      }
    }
    return facts;
  }

  /// What the planner expects to read. Its figure for a table follows the table's present size,
  /// which the statistics by themselves do not.
  void estimate(PlannedEntity& planned) {
    const Entity& entity = *planned.entity;
    const std::string table =
        entity.source.empty() ? "" : "SELECT * FROM " + quote_relation(entity.source);
    if (!entity.source_query.empty()) use_estimate(planned, entity.source_query);
    // With both, the query yields one row for each row of the table.
    if (!table.empty()) use_estimate(planned, table);
    if (planned.source && !planned.source->has_pages) planned.expected_rows = 0;
  }

  void use_estimate(PlannedEntity& planned, const std::string& query) {
    const QueryEstimate guess = estimate_query(source_, query);
    if (guess.refused) {
      faults_.push_back({planned.entity->name,
                         "the source will not run its query: " + guess.refused->safe_message(),
                         "GRANT the source role what is missing, or correct the query"});
      return;
    }
    read_from_source_.insert(guess.tables.begin(), guess.tables.end());
    planned.expected_rows = guess.rows;
  }

  void match_references(PlannedEntity& planned) {
    for (const auto& reference : planned.entity->references) {
      const Entity* parent = find_entity(plugins_, reference.entity);
      if (parent == nullptr) continue;  // if_loaded, or order_entities has refused it
      const auto& parent_table = table(target_, targets_, parent->target);
      const CatalogTable* live = parent_table ? &*parent_table : nullptr;
      match_reference(reference, planned, *parent, live, faults_);
      if (selected_.count(parent->name) != 0) continue;
      match_read_only_parent(*parent, live, planned.entity->name + "." + reference.column, faults_);
      require_rows(*parent, live, planned.entity->name, reference);
      auto& parents = plan_.read_only_parents;
      if (std::find(parents.begin(), parents.end(), parent) == parents.end()) {
        parents.push_back(parent);
      }
    }
  }

  /// Rows that lose their parents because these were not brought yet would be lost for good where
  /// the column may be NULL, and held back by the thousand where it may not.
  void require_rows(const Entity& parent, const CatalogTable* target, const std::string& child,
                    const Reference& reference) {
    if (reference.if_loaded || target == nullptr || !target->can_select) return;
    const auto has_rows = [](Session& session, const std::string& relation) {
      return session.query("SELECT EXISTS (SELECT FROM " + relation + ")").value() == "t";
    };
    if (has_rows(target_, target->qualified())) return;
    const std::string source = parent.source.empty() ? "(" + parent.source_query + "\n) AS parents"
                                                     : quote_relation(parent.source);
    if (!has_rows(source_, source)) return;
    faults_.push_back({child + "." + reference.column,
                       "its parent " + parent.name + " is not part of this run, and " +
                           parent.target + " has no rows yet",
                       "run " + parent.name + " first (--only or --family " + parent.family +
                           "), or select it too"});
  }

  /// A validator that names an entity which its family does not have guards nothing, by mistake.
  void check_validator_names() {
    for (const Plugin* plugin : plugins_) {
      for (const auto& validator : plugin->validators) {
        if (validator.is_glob()) {
          check_glob(validator);
        } else {
          check_validator_name(validator);
        }
      }
    }
  }

  void check_glob(const Validator& validator) {
    for (const Entity* entity : all_entities(plugins_)) {
      const bool fits = matches_glob(validator.applies_to, entity->name) &&
                        validator_obstacle(validator, *entity).empty();
      if (fits) return;
    }
    add_absence(check_name(validator), " looks at nothing: no loaded entity fits its pattern " +
                                           validator.applies_to + " and has the columns it needs");
  }

  void check_validator_name(const Validator& validator) {
    if (find_entity(plugins_, validator.applies_to) != nullptr) return;
    const std::string family = validator.applies_to.substr(0, validator.applies_to.find('.'));
    const bool loaded = std::any_of(plugins_.begin(), plugins_.end(), [&](const Plugin* plugin) {
      return plugin->family == family && !plugin->entities.empty();
    });
    const std::string what = " applies to " + validator.applies_to + ", which is no loaded entity";
    if (!loaded) return add_absence(check_name(validator), what + ": it looks at nothing");
    std::vector<std::string> names;
    for (const Entity* entity : all_entities(plugins_)) names.push_back(entity->name);
    faults_.push_back({validator.applies_to,
                       "the validator " + check_name(validator) + " of plugin " +
                           plugin_title(*validator.plugin) + what,
                       nearest_hint(validator.applies_to, names)});
  }

  void note_shared_targets() {
    std::map<std::string, std::vector<PlannedEntity*>> writers;
    for (auto& planned : plan_.entities) {
      if (planned.target.oid != 0) writers[planned.target.qualified()].push_back(&planned);
    }
    for (const auto& [target, entities] : writers) {
      for (PlannedEntity* planned : entities) {
        for (const PlannedEntity* other : entities) {
          if (other == planned) continue;
          planned->remarks.push_back("writes to the same target table as " + other->entity->name);
        }
      }
    }
  }

  void list_unmapped_tables() {
    for (const auto& name : source_tables_) {
      if (read_from_source_.count(name) == 0) plan_.unmapped_source_tables.push_back(name);
    }
  }

  /// Only what this run was asked for: who selects one family knows that the others do not run.
  void list_absences(const Selection& selection) {
    const auto asked_for = [&](const Entity& entity) {
      const auto& families = selection.families;
      const bool wanted = selection.all() || std::find(families.begin(), families.end(),
                                                       entity.family) != families.end();
      return wanted && entity_config(config_, entity.name).enabled.value_or(!entity.optional);
    };
    for (const auto& [name, why] : left_out_entities(plugins_)) {
      if (!asked_for(*find_entity(plugins_, name))) continue;
      add_absence(name, " is left out: " + why);
    }
    for (const auto& [column, why] : unanswered_references(plugins_)) {
      if (selected_.count(column.substr(0, column.rfind('.'))) == 0) continue;
      add_absence(column, " stays NULL where it would refer there: " + why);
    }
  }

  void add_absence(const std::string& name, const std::string& what) {
    plan_.absences.push_back({name, name + what});
    plan_.remarks.push_back(name + what);
  }

  const std::vector<const Plugin*>& plugins_;
  const RunConfig& config_;
  Session& source_;
  Session& target_;
  Faults& faults_;
  Plan plan_;
  std::set<std::string> selected_, read_from_source_;
  std::set<const Validator*> asserted_;
  std::vector<std::string> source_tables_, target_tables_;
  Tables sources_, targets_;
};

}  // namespace

Plan examine_plan(const std::vector<const Plugin*>& plugins, const RunConfig& config,
                  const Selection& selection, Session& source, Session& target, Faults& faults) {
  const std::vector<std::string> idle = check_names_in_config(plugins, config);
  Examination examination(plugins, config, source, target, faults);
  Plan plan = examination.run(selection);
  for (const std::string& sentence : idle) {
    plan.absences.push_back({"configuration", sentence});
    plan.remarks.push_back(sentence);
  }
  std::stable_sort(faults.begin(), faults.end(),
                   [](const Fault& a, const Fault& b) { return a.where < b.where; });
  return plan;
}

Plan make_plan(const std::vector<const Plugin*>& plugins, const RunConfig& config,
               const Selection& selection, Session& source, Session& target) {
  refuse_unfit(source);
  refuse_unfit(target);
  Faults faults;
  Plan plan = examine_plan(plugins, config, selection, source, target, faults);
  throw_if_any(
      faults, Exit::preflight, "preflight refuses: plugins and databases do not fit",
      source.endpoint().shown + " -> " + target.endpoint().shown,
      "nothing was touched; if these are the databases that the plugins were written for, repair "
      "what is named above and look again with `mighost plan`");
  return plan;
}

int phase_of(const Plan& plan, const std::string& entity) {
  for (std::size_t phase = 0; phase < plan.phases.size(); ++phase) {
    for (const std::string& name : plan.phases[phase]) {
      if (name == entity) return static_cast<int>(phase) + 1;
    }
  }
  return 0;
}

}  // namespace mighost
