#pragma once
// What a run would do, worked out from manifests, configuration and the live catalogs before
// anything is touched.
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "config/run_config.hpp"
#include "pg/catalog.hpp"
#include "pg/decode.hpp"
#include "plugin/fault.hpp"
#include "plugin/manifest.hpp"
#include "plugin/settings.hpp"
#include "report/error.hpp"

namespace mighost {

/// Which entities the command line asks for.
struct Selection {
  std::vector<std::string> only;  // family.entity
  std::vector<std::string> families;
  bool all() const { return only.empty() && families.empty(); }
};

/// What the configuration makes of a validator at one entity; nothing: each finding has its own
/// severity.
struct PlannedValidator {
  const Validator* validator = nullptr;
  std::optional<Severity> severity;
};

/// SQL that must return no row: the entity's own, or a validator's.
struct PlannedAssertion {
  const Assertion* assertion = nullptr;
  const Plugin* plugin = nullptr;
  std::string check;   // "core.orders/prices", "contact-quality.emails/one-account-each"
  std::string entity;  // or the validator's glob
  Severity severity = Severity::abort;  // warn or abort
};

/// A control total: the entity's own, or a validator's.
struct PlannedTotal {
  Total total;
  std::string name;    // "core.orders/order price"
  std::string plugin;  // who declared it, when that is not the entity's own plugin: "audit 1.0.0"
};

struct PlannedEntity {
  const Entity* entity = nullptr;
  EntityConfig config;
  CatalogTable target;
  std::vector<CatalogColumn> source_types;  // live type of each source column, in manifest order
  std::vector<std::string> source_selects;  // SQL that yields each column in a type the codec reads
  std::vector<WireColumn> wire_columns;     // what then arrives, for RowDecoder
  std::optional<CatalogTable> source;       // when `entity->source` names one
  std::vector<const CatalogColumn*> target_types;  // into target.columns, in manifest order
  const CatalogColumn* identity_type = nullptr;    // the column that the host fills, or null
  double expected_rows = -1;                       // the server's estimate, -1: unknown
  /// Canonical texts of the legacy keys that are read (batch/legacy_key.hpp); nothing: every row.
  std::optional<std::vector<std::string>> only_keys;
  std::string key_range;  // SQL condition over the source columns; empty: every row
  std::vector<PlannedValidator> validators;
  std::vector<PlannedAssertion> assertions;
  std::vector<PlannedTotal> totals;
  std::vector<std::string> checks_off;  // validators and assertions that the configuration stops
  std::vector<std::string> remarks;  // triggers, casts, columns nobody fills though nullable, ...
};

/// What a plugin that is not loaded means: an entity that does not run, a column that stays NULL,
/// a table of the configuration that does nothing.
struct Absence {
  std::string name;  // family.entity, family.entity.column, or "configuration"
  std::string sentence;
};

/// Entities in the order they run. A phase is one level of the graph.
struct Plan {
  std::vector<PlannedEntity> entities;
  std::vector<std::vector<std::string>> phases;
  std::vector<const Entity*>
      read_only_parents;  // referenced but not selected: their rows must be in the target already
  std::map<std::string, std::shared_ptr<PluginSettings>> settings;  // by family
  std::vector<std::string> unmapped_source_tables;  // that no entity of this plan reads
  std::vector<std::string> remarks;                 // about no entity in particular
  std::vector<Absence> absences;
};

/// The entity's phase, from 1 as people count.
int phase_of(const Plan& plan, const std::string& entity);

/// Order from the declared references; throws Error{Exit::usage} with the cycle as a path, or with
/// who asked for a missing entity and which plugin would provide it. Ties are broken by the order
/// of declaration, so that plans are stable.
std::vector<std::vector<const Entity*>> order_entities(const std::vector<const Plugin*>& plugins);

/// Somebody holds a table so firmly that nobody else may look at it, or alters it while it is
/// looked at. Who can wait may try again.
class TableBusy : public Error {
 public:
  using Error::Error;
};

/// Checks everything against both live catalogs. Throws Error{Exit::preflight} listing every fault,
/// or TableBusy.
Plan make_plan(const std::vector<const Plugin*>& plugins, const RunConfig& config,
               const Selection& selection, Session& source, Session& target);

/// The same without throwing for what the catalogs say: `faults` gets it, sorted by entity. The
/// plan is only good for running when there is none. Throws for a wrong configuration or selection.
Plan examine_plan(const std::vector<const Plugin*>& plugins, const RunConfig& config,
                  const Selection& selection, Session& source, Session& target, Faults& faults);

/// `mighost plan`: for people, and as JSON.
std::string plan_text(const Plan& plan, const RunConfig& config);
std::string plan_json(const Plan& plan, const RunConfig& config);

}  // namespace mighost
