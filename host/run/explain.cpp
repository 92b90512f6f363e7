#include "run/explain.hpp"

#include <openssl/rand.h>

#include <algorithm>
#include <atomic>

#include "batch/legacy_key.hpp"
#include "ledger/ledger.hpp"
#include "ledger/mappings.hpp"
#include "ledger/standing.hpp"
#include "pg/catalog.hpp"
#include "report/error.hpp"
#include "report/nearest.hpp"
#include "report/text.hpp"
#include "run/entity_run.hpp"
#include "run/existing_rows.hpp"
#include "run/held_keys.hpp"
#include "run/source_reader.hpp"

namespace mighost {
namespace {

std::string text(const std::optional<std::string>& value) { return value.value_or(""); }

class Explainer {
 public:
  Explainer(const std::vector<const Plugin*>& plugins, const RunConfig& config,
            const std::string& entity, const std::string& key)
      : plugins_(plugins),
        config_(config),
        source_(config.source, Session::Role::source, config.load, "mighost explain"),
        target_(config.target, Session::Role::target, config.load, "mighost explain") {
    result_.entity = entity;
    result_.key = key;
    RAND_bytes(id_.bytes.data(), static_cast<int>(id_.bytes.size()));
  }

  /// Everything in the target happens in a transaction that ends with the session.
  Explanation explain() {
    source_.begin_snapshot();
    target_.execute("BEGIN");
    create_missing_ledger();
    plan_one();
    read_source();
    read_ledger();
    read_target();
    read_fingerprint();
    if (!result_.source_rows.empty()) drive();
    target_.execute("ROLLBACK");
    return std::move(result_);
  }

 private:
  /// Before the first run there is none; like a dry run, this makes one that nobody will see.
  void create_missing_ledger() {
    const auto version = target_.query("SELECT to_regclass('mighost.version') IS NOT NULL").value();
    if (version == "t" && target_.query("SELECT max(version) FROM mighost.version").value() ==
                              std::to_string(ledger_version)) {
      return;
    }
    create_ledger(target_);
  }

  void plan_one() {
    plan_ = make_plan(plugins_, config_, {}, source_, target_);
    const auto found = std::find_if(
        plan_.entities.begin(), plan_.entities.end(),
        [&](const PlannedEntity& planned) { return planned.entity->name == result_.entity; });
    if (found == plan_.entities.end()) throw unknown_entity();
    const Entity& entity = *found->entity;
    if (!parse_key(entity.source_columns, entity.n_key, result_.key)) {
      throw Error(Exit::usage, "this can be no key of " + entity.name, one_line(result_.key),
                  "write the key columns (" + key_columns(entity) +
                      ") as the quarantine does, joined with /");
    }
    std::vector<const Entity*> parents;
    for (const Reference& reference : entity.references) {
      for (const PlannedEntity& other : plan_.entities) {
        const bool is_parent = other.entity->name == reference.entity && &other != &*found;
        const bool known = std::find(parents.begin(), parents.end(), other.entity) != parents.end();
        if (is_parent && !known) parents.push_back(other.entity);
      }
    }
    PlannedEntity only = std::move(*found);
    only.only_keys = std::vector<std::string>{result_.key};
    only.config.defer = Defer::never;
    plan_.entities.clear();
    plan_.entities.push_back(std::move(only));
    plan_.read_only_parents = parents;
    result_.target = entity.target;
  }

  Error unknown_entity() const {
    std::vector<std::string> names;
    for (const PlannedEntity& planned : plan_.entities) names.push_back(planned.entity->name);
    return {Exit::usage, "no loaded plugin brings an entity " + one_line(result_.entity),
            "mighost explain ENTITY KEY", nearest_hint(result_.entity, names)};
  }

  static std::string key_columns(const Entity& entity) {
    std::vector<std::string> names;
    for (std::uint32_t at = 0; at < entity.n_key; ++at) {
      names.push_back(entity.source_columns[at].name);
    }
    return joined(names);
  }

  const PlannedEntity& planned() const { return plan_.entities.front(); }
  const Entity& entity() const { return *planned().entity; }

  void read_source() {
    std::string columns;
    for (const Column& column : entity().source_columns) {
      columns += (columns.empty() ? "" : ", ") + quote_identifier(column.name);
    }
    const Rows rows = source_.query("SELECT " + columns + " FROM " + source_relation(planned()));
    for (const auto& row : rows.rows) {
      auto& explained = result_.source_rows.emplace_back();
      for (std::size_t at = 0; at < row.size(); ++at) {
        explained.push_back({entity().source_columns[at].name, row[at]});
      }
    }
  }

  void read_ledger() {
    const std::string common =
        "q.entity = $1 AND q.legacy_key = $2 ORDER BY r.started_at DESC, q.code";
    const Rows held = target_.query(
        "SELECT q.run_id, to_char(r.started_at, 'YYYY-MM-DD HH24:MI'), q.outcome, q.plugin, "
        "q.stage, q.code, q.column_name, q.constraint_name, q.message, q.waits_for_entity || ' ' "
        "|| q.waits_for_key, EXISTS (SELECT FROM mighost.held_back h WHERE h.run_id = q.run_id AND "
        "h.entity = q.entity AND h.legacy_key = q.legacy_key) FROM mighost.quarantine AS q JOIN "
        "mighost.runs AS r USING (run_id) WHERE " +
            common,
        {result_.entity, result_.key});
    const Rows notes = target_.query(
        "SELECT q.run_id, to_char(r.started_at, 'YYYY-MM-DD HH24:MI'), 'note', q.plugin, NULL, "
        "q.code, q.column_name, NULL, q.detail, q.waits_for_entity || ' ' || q.waits_for_key, "
        "q.taken_up_by IS NULL FROM mighost.notes AS q JOIN mighost.runs AS r USING (run_id) "
        "WHERE " +
            common,
        {result_.entity, result_.key});
    for (const Rows* rows : {&held, &notes}) {
      for (const auto& row : rows->rows) result_.on_record.push_back(record(row));
    }
    const Standing standing(target_, Standing::Detail::keys_and_codes);
    const RowFilter filter{{result_.entity}, {}, {result_.key}};
    for (const HeldRow& row : standing.rows(filter, 1).shown) {
      const bool itself = row.root_entity == result_.entity && row.root_key == result_.key;
      if (!itself) result_.root = row.root_entity + " " + row.root_key;
      if (row.waived) result_.waiver = "with what it waits for";
    }
    for (const Waiver& waiver : standing.waivers(filter, 1).shown) {
      result_.waiver = "by " + waiver.who + ", " + waiver.at + ": " + waiver.why;
    }
  }

  static ExplainedRecord record(const std::vector<std::optional<std::string>>& row) {
    return {text(row[0]), text(row[1]), text(row[2]), text(row[3]), text(row[4]),  text(row[5]),
            text(row[6]), text(row[7]), text(row[8]), text(row[9]), row[10] == "t"};
  }

  void read_target() {
    const std::string query = mapping_query(planned());
    if (query.empty()) return;
    const Rows rows = target_.query(
        "SELECT new_key, run_id FROM (" + query + ") AS m WHERE legacy_key = $1", {result_.key});
    if (rows.empty()) return;
    result_.in_target = true;
    result_.new_key = text(rows.at(0, 0));
    result_.brought_by = text(rows.at(0, 1));
  }

  /// By its legacy columns, or by its new key where the table has no others.
  void read_fingerprint() {
    std::vector<std::string> values = {result_.new_key};
    if (!entity().legacy_columns.empty() || entity().identity == MIG_IDENTITY_KEEP) {
      values = *key_parts(entity().source_columns, entity().n_key, result_.key);
    }
    if (values.front().empty() && entity().legacy_columns.empty()) return;
    const auto table = read_table(target_, entity().target);
    if (!table || !table->can_select) return;
    result_.fingerprint = fingerprint_of_row(target_, result_.entity, values);
  }

  void drive() {
    std::atomic<bool> cancelled{false};
    Progress progress(Progress::Style::none);
    RunContext run{config_, plan_, source_, target_, progress, id_, cancelled};
    run.trace = &result_.references;
    learn_keys(run);
    const EntityReport report = run_entity(run, planned(), 0);
    result_.outcome = outcome_of(report);
    result_.drift = report.remarks;
    if (!result_.in_target && report.counts.written > 0) {
      const auto key = parse_key(entity().source_columns, entity().n_key, result_.key);
      if (entity().identity == MIG_IDENTITY_UUID5) {
        result_.new_key = run.books.at(result_.entity)->computed(*key).to_text();
      }
    }
    const Rows held = target_.query(
        "SELECT NULL, NULL, outcome, plugin, stage, code, column_name, constraint_name, message, "
        "waits_for_entity || ' ' || waits_for_key, true FROM mighost.quarantine WHERE run_id = $1",
        {id_.to_text()});
    const Rows notes = target_.query(
        "SELECT NULL, NULL, 'note', plugin, NULL, code, column_name, NULL, detail, "
        "waits_for_entity || ' ' || waits_for_key, true FROM mighost.notes WHERE run_id = $1",
        {id_.to_text()});
    if (report.counts.unchanged > 0 && !held.empty()) {
      result_.outcome += "; it is in the target, but would not go today";
    }
    for (const Rows* rows : {&held, &notes}) {
      for (const auto& row : rows->rows) result_.now.push_back(record(row));
    }
    for (const auto& [code, rows] : report.codes) {
      if (report.counts.filtered > 0 && result_.now.empty()) {
        result_.now.push_back({"", "", "filtered", report.family, "", code, "", "", "", "", true});
      }
    }
  }

  void learn_keys(RunContext& run) {
    for (const Entity* parent : open_books(run)) {
      result_.remarks.push_back(parent->target + " has no rows yet: no " + parent->name +
                                " can be resolved before a run has brought it");
    }
    std::vector<std::string> outside;
    for (const Entity* parent : plan_.read_only_parents) outside.push_back(parent->name);
    load_held_keys(run, outside);
  }

  static std::string outcome_of(const EntityReport& report) {
    const Counts& c = report.counts;
    std::vector<std::string> parts;
    const std::pair<const char*, std::uint64_t> outcomes[] = {
        {"written", c.written},   {"unchanged", c.unchanged},     {"merged", c.merged},
        {"filtered", c.filtered}, {"quarantined", c.quarantined}, {"parked", c.parked}};
    for (const auto& [word, rows] : outcomes) {
      if (rows > 0) parts.push_back(c.read > 1 ? std::to_string(rows) + " " + word : word);
    }
    return joined(parts);
  }

  const std::vector<const Plugin*>& plugins_;
  const RunConfig& config_;
  Session source_, target_;
  mig::uuid id_;
  Plan plan_;
  Explanation result_;
};

}  // namespace

Explanation explain_row(const std::vector<const Plugin*>& plugins, const RunConfig& config,
                        const std::string& entity, const std::string& key) {
  return Explainer(plugins, config, entity, key).explain();
}

}  // namespace mighost
