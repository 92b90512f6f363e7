#pragma once
// The host's own copy of a plugin's manifest (abi.h): owned strings, checked once, so that nothing
// beyond this directory reads ABI structs. The meaning of every field stands in abi.h.
#include <mighost/abi.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace mighost {

struct Column {
  std::string name;
  mig_type type = MIG_TYPE_INVALID;
  bool nullable = false;
};

struct Reference {
  std::string entity;  // family.entity
  std::string column;  // target column
  mig_policy policy = MIG_MISSING_REJECT;
  bool late = false;
  bool if_loaded = false;  // the parent's plugin may be absent
};

struct Code {
  std::string code, meaning;
};
struct Filter {
  std::string predicate, code, meaning;
};
struct Total {
  std::string name, source_expression, target_expression;
};
struct Assertion {
  std::string name, sql, meaning;
  mig_severity severity = MIG_ABORT;
};
struct Step {
  bool after = false;
  std::string sql, purpose;
};
struct Setting {
  std::string name, default_text, help;
  mig_setting_kind kind = MIG_SETTING_TEXT;
};

struct Plugin;

struct Entity {
  std::string name;  // family.entity
  std::string family;
  std::string description;
  std::string source;        // "schema.table", may be empty with a query
  std::string source_query;  // may be empty
  std::vector<Column> source_columns;
  std::uint32_t n_key = 0;
  std::vector<Filter> filters;
  std::string target;  // "schema.table"
  std::vector<Column> target_columns;
  mig_identity identity = MIG_IDENTITY_UUID5;
  std::string identity_column;
  std::vector<std::string> legacy_columns, natural_key;
  std::vector<Reference> references;
  std::vector<Code> codes;
  std::vector<Total> totals;
  std::vector<Assertion> assertions;
  std::vector<Step> steps;
  bool projection = false, parallel = false, optional = false;
  const mig_entity* abi = nullptr;  // the functions; lives as long as the process
  const Plugin* plugin = nullptr;
};

/// The host adds the identity column to the row, which the handler does not emit.
bool host_fills_identity(const Entity& entity);
/// The target columns of a row as it is sent: the declared ones, then the identity column if the
/// host fills it.
std::vector<std::string> sent_columns(const Entity& entity);

struct Validator {
  std::string name, description;
  std::string applies_to;  // family.entity, or a glob
  std::vector<Column> columns;
  std::vector<Code> codes;
  std::vector<Assertion> assertions;
  std::vector<Total> totals;
  bool parallel = false;
  const mig_validator* abi = nullptr;
  const Plugin* plugin = nullptr;

  bool is_glob() const { return applies_to.find('*') != std::string::npos; }
};

struct Plugin {
  std::filesystem::path file;
  std::string sha256;  // of the file
  std::string family, version, build, description;
  std::vector<Entity> entities;
  std::vector<Validator> validators;
  std::vector<Setting> settings;
};

/// "core 0.9.0": how findings and logs name a plugin.
std::string plugin_title(const Plugin& plugin);

// Checks by the names that the configuration and the report give them.
std::string check_name(const Validator& validator);                             // plugin.validator
std::string check_name(const Validator& validator, const std::string& inside);  // ... /assertion
std::string check_name(const Entity& entity, const std::string& inside);        // entity/assertion

/// What a plugin says, as text.
inline std::string_view text_of(mig_str text) { return {text.data, text.size}; }

/// The type's name in abi.h without the prefix, in lower case: "int8", "timestamptz".
std::string_view type_name(mig_type type);

}  // namespace mighost
