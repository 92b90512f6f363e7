#pragma once
// Small plugins, entities and catalogs for the tests of plugin/ and plan/.

#include <initializer_list>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "pg/catalog.hpp"
#include "pg/oids.hpp"
#include "plan/plan.hpp"
#include "plugin/manifest.hpp"
#include "support/contains.hpp"

namespace mighost::test {

inline Reference reference(std::string column, std::string entity, bool late = false) {
  Reference made;
  made.column = std::move(column);
  made.entity = std::move(entity);
  made.late = late;
  return made;
}

// The functions of a plugin that starts and ends, and does nothing between.
inline const mig_entity* startable() {
  static const mig_entity functions = [] {
    mig_entity made{};
    made.struct_size = sizeof made;
    made.begin = [](const mig_settings*, mig_error*) noexcept -> void* {
      static char instance;
      return &instance;
    };
    made.end = [](void*) noexcept {};
    return made;
  }();
  return &functions;
}

// An entity `family.name` with an int key `id`, a uuid identity and the given references.
inline Entity entity(const std::string& family, const std::string& name,
                     std::initializer_list<Reference> references = {}) {
  Entity made;
  made.family = family;
  made.name = family + "." + name;
  made.source = "public.legacy_" + name;
  made.source_columns = {{"id", MIG_INT8, false}, {"name", MIG_TEXT, true}};
  made.n_key = 1;
  made.target = "public." + name;
  made.target_columns = {{"name", MIG_TEXT, true}};
  made.identity = MIG_IDENTITY_UUID5;
  made.identity_column = "id";
  made.abi = startable();
  for (const auto& item : references) {
    made.references.push_back(item);
    made.target_columns.push_back({item.column, MIG_UUID, item.late});
  }
  return made;
}

// Owns a plugin whose entities point back to it.
inline std::unique_ptr<Plugin> plugin(const std::string& family, std::vector<Entity> entities) {
  auto made = std::make_unique<Plugin>();
  made->file = "/plugins/" + family + ".mig.so";
  made->family = family;
  made->version = "1.0.0";
  made->entities = std::move(entities);
  for (auto& item : made->entities) item.plugin = made.get();
  return made;
}

inline std::vector<std::vector<std::string>> names(
    const std::vector<std::vector<const Entity*>>& phases) {
  std::vector<std::vector<std::string>> made;
  for (const auto& phase : phases) {
    auto& list = made.emplace_back();
    for (const Entity* item : phase) list.push_back(item->name);
  }
  return made;
}

inline CatalogColumn live(std::string name, std::uint32_t type, std::string type_name,
                          bool not_null = false) {
  CatalogColumn made;
  made.name = std::move(name);
  made.type_oid = type;
  made.base_type_oid = type;
  made.type_name = std::move(type_name);
  made.not_null = not_null;
  return made;
}

inline CatalogColumn enumeration(std::string name) {
  CatalogColumn made = live(std::move(name), 90001, "gender");
  made.type_type = made.base_type_type = 'e';
  return made;
}

// A table that the role owns and may do everything with; its first column is the primary key.
inline CatalogTable live_table(std::string name, std::vector<CatalogColumn> columns) {
  CatalogTable made;
  made.schema = "public";
  made.name = std::move(name);
  made.oid = 4711;
  made.owned = made.can_select = made.can_insert = made.can_update = true;
  made.columns = std::move(columns);
  CatalogIndex primary;
  primary.name = made.name + "_pkey";
  primary.unique = primary.primary = primary.proves_key = true;
  primary.columns = {made.columns.front().name};
  made.indexes.push_back(primary);
  return made;
}

// What `work` throws, or an Error that says that it threw nothing.
template <class Work>
Error error_of(Work work) {
  try {
    work();
  } catch (const Error& error) {
    return error;
  }
  return {Exit::done, "nothing was thrown"};
}

}  // namespace mighost::test
