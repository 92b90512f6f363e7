#include "plugin/manifest_reader.hpp"

#include <string>

#include "plugin/abi_reader.hpp"

namespace mighost {
namespace {

std::string quoted_or_index(const mig_str& name, std::uint32_t index) {
  const bool usable =
      name.data != nullptr && name.size > 0 && name.size < 200 && is_utf8({name.data, name.size});
  return usable ? std::string(name.data, name.size) : "number " + std::to_string(index + 1);
}

Column read_column(const AbiReader& reader, const mig_column& abi) {
  Column column;
  column.name = reader.required_text(abi.name, "column name");
  column.type = abi.type;
  column.nullable = abi.nullable != 0;
  if (abi.type < MIG_INT8 || abi.type > MIG_JSON) {
    reader.fault("column " + column.name + " has the unknown type " + std::to_string(abi.type),
                 "use one of the MIG_... types of abi.h, or build against this host's SDK");
  }
  if (abi.nullable > 1) reader.fault("column " + column.name + ": `nullable` is neither 0 nor 1");
  reader.reserved_zero(abi.reserved);
  return column;
}

std::vector<Column> read_columns(const AbiReader& reader, const mig_column* const* items,
                                 std::uint32_t count, const char* field) {
  std::vector<Column> columns;
  reader.each(items, count, field, [&](const mig_column& abi, std::uint32_t) {
    columns.push_back(read_column(reader, abi));
  });
  return columns;
}

Reference read_reference(const AbiReader& reader, const mig_reference& abi) {
  Reference reference;
  reference.entity = reader.required_text(abi.entity, "reference entity");
  reference.column = reader.required_text(abi.column, "reference column");
  reference.policy = abi.policy;
  reference.late = abi.late != 0;
  reference.if_loaded = abi.if_loaded != 0;
  if (abi.policy < MIG_MISSING_REJECT || abi.policy > MIG_MISSING_PARK) {
    reader.fault("the reference " + reference.column + " has the unknown policy " +
                     std::to_string(abi.policy),
                 "use MIG_MISSING_REJECT, MIG_MISSING_NULL or MIG_MISSING_PARK");
  }
  if (abi.late > 1) reader.fault("the reference " + reference.column + ": `late` is not 0 or 1");
  if (abi.if_loaded > 1) {
    reader.fault("the reference " + reference.column + ": `if_loaded` is not 0 or 1");
  }
  reader.reserved_zero(abi.reserved);
  return reference;
}

std::vector<Code> read_codes(const AbiReader& reader, const mig_code* const* items,
                             std::uint32_t count) {
  std::vector<Code> codes;
  reader.each(items, count, "codes", [&](const mig_code& abi, std::uint32_t) {
    codes.push_back({reader.required_text(abi.code, "code"), reader.text(abi.meaning, "meaning")});
    reader.reserved_zero(abi.reserved);
  });
  return codes;
}

std::vector<Assertion> read_assertions(const AbiReader& reader, const mig_assertion* const* items,
                                       std::uint32_t count) {
  std::vector<Assertion> assertions;
  reader.each(items, count, "assertions", [&](const mig_assertion& abi, std::uint32_t) {
    Assertion assertion;
    assertion.name = reader.required_text(abi.name, "assertion name");
    assertion.sql = reader.required_text(abi.sql, "assertion sql");
    assertion.meaning = reader.text(abi.meaning, "assertion meaning");
    assertion.severity = abi.severity;
    if (abi.severity < MIG_NOTE || abi.severity > MIG_ABORT) {
      reader.fault("the assertion " + assertion.name + " has the unknown severity " +
                       std::to_string(abi.severity),
                   "use MIG_NOTE, MIG_REJECT or MIG_ABORT");
    }
    assertions.push_back(std::move(assertion));
  });
  return assertions;
}

std::vector<Total> read_totals(const AbiReader& reader, const mig_total* const* items,
                               std::uint32_t count) {
  std::vector<Total> totals;
  reader.each(items, count, "totals", [&](const mig_total& item, std::uint32_t) {
    totals.push_back({reader.required_text(item.name, "total name"),
                      reader.required_text(item.source_expression, "total source_expression"),
                      reader.required_text(item.target_expression, "total target_expression")});
    reader.reserved_zero(item.reserved);
  });
  return totals;
}

void read_relations(const AbiReader& reader, const mig_entity& abi, Entity& entity) {
  entity.source = reader.text(abi.source, "source");
  entity.source_query = reader.text(abi.source_query, "source_query");
  entity.source_columns =
      read_columns(reader, abi.source_columns, abi.n_source_columns, "source_columns");
  entity.n_key = abi.n_key;
  entity.target = reader.required_text(abi.target, "target");
  entity.target_columns =
      read_columns(reader, abi.target_columns, abi.n_target_columns, "target_columns");
  entity.identity = abi.identity;
  entity.identity_column = reader.text(abi.identity_column, "identity_column");
  entity.legacy_columns = reader.texts(abi.legacy_columns, abi.n_legacy_columns, "legacy_columns");
  entity.natural_key = reader.texts(abi.natural_key, abi.n_natural_key, "natural_key");
  if (abi.identity < MIG_IDENTITY_UUID5 || abi.identity > MIG_IDENTITY_NATURAL) {
    reader.fault("unknown identity " + std::to_string(abi.identity),
                 "use one of the MIG_IDENTITY_... of abi.h");
  }
  for (const auto byte : abi.reserved) reader.reserved_zero(byte);
}

void read_lists(const AbiReader& reader, const mig_entity& abi, Entity& entity) {
  reader.each(abi.filters, abi.n_filters, "filters", [&](const mig_filter& item, std::uint32_t) {
    entity.filters.push_back({reader.required_text(item.predicate, "filter predicate"),
                              reader.required_text(item.code, "filter code"),
                              reader.text(item.meaning, "filter meaning")});
    reader.reserved_zero(item.reserved);
  });
  reader.each(abi.references, abi.n_references, "references",
              [&](const mig_reference& item, std::uint32_t) {
                entity.references.push_back(read_reference(reader, item));
              });
  entity.codes = read_codes(reader, abi.codes, abi.n_codes);
  entity.totals = read_totals(reader, abi.totals, abi.n_totals);
  entity.assertions = read_assertions(reader, abi.assertions, abi.n_assertions);
  reader.each(abi.steps, abi.n_steps, "steps", [&](const mig_step& item, std::uint32_t) {
    if (item.after > 1) reader.fault("a step's `after` is neither 0 nor 1");
    entity.steps.push_back({item.after != 0, reader.required_text(item.sql, "step sql"),
                            reader.text(item.purpose, "step purpose")});
    for (const auto byte : item.reserved) reader.reserved_zero(byte);
  });
}

Entity read_entity(const AbiReader& reader, const mig_entity& abi, const std::string& family) {
  Entity entity;
  entity.family = family;
  entity.name = family + "." + reader.required_text(abi.name, "name");
  entity.description = reader.text(abi.description, "description");
  constexpr std::uint32_t known_flags =
      MIG_ENTITY_PROJECTION | MIG_ENTITY_PARALLEL | MIG_ENTITY_OPTIONAL;
  if ((abi.flags & ~known_flags) != 0) reader.fault("unknown bits in `flags`");
  entity.projection = (abi.flags & MIG_ENTITY_PROJECTION) != 0;
  entity.parallel = (abi.flags & MIG_ENTITY_PARALLEL) != 0;
  entity.optional = (abi.flags & MIG_ENTITY_OPTIONAL) != 0;
  read_relations(reader, abi, entity);
  read_lists(reader, abi, entity);
  if (abi.begin == nullptr || abi.transform == nullptr || abi.finish == nullptr ||
      abi.end == nullptr) {
    reader.fault("one of begin, transform, finish and end is null", "give all four functions");
  }
  entity.abi = &abi;
  return entity;
}

Validator read_validator(const AbiReader& reader, const mig_validator& abi) {
  Validator validator;
  validator.name = reader.required_text(abi.name, "name");
  validator.description = reader.text(abi.description, "description");
  validator.applies_to = reader.required_text(abi.applies_to, "applies_to");
  validator.columns = read_columns(reader, abi.columns, abi.n_columns, "columns");
  validator.codes = read_codes(reader, abi.codes, abi.n_codes);
  validator.assertions = read_assertions(reader, abi.assertions, abi.n_assertions);
  if (MIG_HAS(&abi, totals) && MIG_HAS(&abi, n_totals)) {
    validator.totals = read_totals(reader, abi.totals, abi.n_totals);
  }
  if ((abi.flags & ~std::uint32_t{MIG_ENTITY_PARALLEL}) != 0) {
    reader.fault("unknown bits in `flags`", "use MIG_ENTITY_PARALLEL or 0");
  }
  validator.parallel = (abi.flags & MIG_ENTITY_PARALLEL) != 0;
  reader.reserved_zero(abi.reserved);
  if (abi.begin == nullptr || abi.check == nullptr || abi.finish == nullptr || abi.end == nullptr) {
    reader.fault("one of begin, check, finish and end is null", "give all four functions");
  }
  validator.abi = &abi;
  return validator;
}

Setting read_setting(const AbiReader& reader, const mig_setting& abi) {
  Setting setting;
  setting.name = reader.required_text(abi.name, "setting name");
  setting.default_text = reader.text(abi.default_text, "setting default_text");
  setting.help = reader.text(abi.help, "setting help");
  setting.kind = abi.kind;
  if (abi.kind < MIG_SETTING_TEXT || abi.kind > MIG_SETTING_MAP) {
    reader.fault(
        "the setting " + setting.name + " has the unknown kind " + std::to_string(abi.kind),
        "use one of the MIG_SETTING_... of abi.h");
  }
  for (const auto byte : abi.reserved) reader.reserved_zero(byte);
  return setting;
}

}  // namespace

std::string version_fault(const mig_plugin& plugin) {
  constexpr std::uint32_t up_to_versions = offsetof(mig_plugin, family);
  if (plugin.struct_size < up_to_versions) return "its description is cut off (struct_size)";
  const auto version = [](std::uint32_t major, std::uint32_t minor) {
    return std::to_string(major) + "." + std::to_string(minor);
  };
  std::string built = "it was built with the SDK " + version(plugin.abi_major, plugin.abi_minor) +
                      ", this host is " + version(MIG_ABI_MAJOR, MIG_ABI_MINOR);
  if (plugin.abi_major != MIG_ABI_MAJOR) return built;
  if (MIG_ABI_MAJOR == 0 && plugin.abi_minor != MIG_ABI_MINOR) return built;
  if (plugin.min_host_minor > MIG_ABI_MINOR) {
    return built + " and it asks for at least " + version(MIG_ABI_MAJOR, plugin.min_host_minor);
  }
  return {};
}

std::unique_ptr<Plugin> read_manifest(const mig_plugin& abi, const std::filesystem::path& file,
                                      Faults& faults) {
  auto plugin = std::make_unique<Plugin>();
  plugin->file = file;
  const AbiReader reader(file.filename().string(), faults);
  if (!reader.whole(&abi, "mig_plugin")) return plugin;
  plugin->family = reader.required_text(abi.family, "family");
  plugin->version = reader.text(abi.version, "version");
  plugin->build = reader.text(abi.build, "build");
  plugin->description = reader.text(abi.description, "description");
  reader.reserved_zero(abi.reserved);
  reader.each(abi.entities, abi.n_entities, "entities", [&](const mig_entity& item, auto index) {
    const auto inside = reader.inside("entity " + quoted_or_index(item.name, index));
    plugin->entities.push_back(read_entity(inside, item, plugin->family));
  });
  reader.each(abi.validators, abi.n_validators, "validators",
              [&](const mig_validator& item, auto index) {
                const auto inside = reader.inside("validator " + quoted_or_index(item.name, index));
                plugin->validators.push_back(read_validator(inside, item));
              });
  reader.each(abi.settings, abi.n_settings, "settings", [&](const mig_setting& item, auto) {
    plugin->settings.push_back(read_setting(reader, item));
  });
  for (auto& entity : plugin->entities) entity.plugin = plugin.get();
  for (auto& validator : plugin->validators) validator.plugin = plugin.get();
  return plugin;
}

}  // namespace mighost
