// Mistakes in a plugin class that the compiler can name. You do not need to read this to write a
// plugin.
#pragma once

#include <mighost/plugin/code_map.hpp>
#include <mighost/plugin/output.hpp>
#include <mighost/plugin/settings.hpp>

namespace mig::detail {

template <class T>
concept entity_class = requires {
  T::source;
  T::target;
};

template <class T>
concept validator_class = requires {
  T::applies_to;
  T::needs;
};

constexpr bool word(std::string_view text, bool dash) {
  for (const char c : text) {
    const bool fine = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    if (!fine && !(dash && c == '-')) return false;
  }
  return !text.empty();
}

/// Codes that the host reports itself.
inline constexpr std::string_view host_codes[] = {
    "missing_parent", "waits_for_parent", "unique",  "not_null", "check",
    "foreign_key",    "exclusion",        "length",  "encoding", "out_of_range",
    "numeric_range",  "numeric_rounding", "trigger", "server",   "suppressed_by_trigger",
    "no_match",       "duplicate_key"};

template <class Author>
constexpr bool codes_are_words() {
  if constexpr (requires { Author::codes; }) {
    for (const code& each : Author::codes) {
      if (!word(each.name, false)) return false;
    }
  }
  return true;
}

template <class Author>
constexpr bool codes_are_unique() {
  if constexpr (requires { Author::codes; }) {
    for (std::size_t i = 0; i < std::size(Author::codes); ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        if (Author::codes[i].name == Author::codes[j].name) return false;
      }
    }
  }
  return true;
}

template <class Table>
constexpr bool columns_are_unique(const Table& table) {
  return std::apply(
      [&](const auto&... column) {
        const std::string_view all[] = {table.identity.name, column.name...};
        for (std::size_t i = 0; i < std::size(all); ++i) {
          for (std::size_t j = 0; j < i; ++j) {
            if (all[i] == all[j]) return false;
          }
        }
        return true;
      },
      table.columns);
}

/// Every column has a name; an identity without a name is no identity.
template <class Table>
constexpr bool columns_are_named(const Table& table) {
  return std::apply([](const auto&... column) { return (!column.name.empty() && ...); },
                    table.columns);
}

template <class Table>
constexpr bool keys_lead(const Table& table) {
  bool plain = false;
  bool lead = true;
  const auto visit = [&](bool key) {
    if (key && plain) lead = false;
    if (!key) plain = true;
  };
  std::apply([&](const auto&... column) { (visit(column.is(role::key)), ...); }, table.columns);
  return lead;
}

template <class Table>
constexpr bool all_plain_but_keys(const Table& table) {
  constexpr auto key = static_cast<std::uint8_t>(role::key);
  return std::apply([](const auto&... column) { return (((column.roles & ~key) == 0) && ...); },
                    table.columns);
}

/// No column that is `Wanted` has an optional member.
template <role Wanted, class Table>
constexpr bool not_null(const Table& table) {
  return std::apply(
      [](const auto&... column) {
        return ((!column.is(Wanted) ||
                 !codec<typename std::remove_cvref_t<decltype(column)>::type>::nullable) &&
                ...);
      },
      table.columns);
}

template <class Table>
constexpr bool null_references_are_optional(const Table& table) {
  return std::apply(
      [](const auto&... column) {
        return ((!column.is(role::reference) || (column.policy != missing::null && !column.late) ||
                 codec<typename std::remove_cvref_t<decltype(column)>::type>::nullable) &&
                ...);
      },
      table.columns);
}

template <class Author>
struct author_checks {
  static_assert(
      requires { Author::name; }, "`static constexpr std::string_view name` is missing");
  static_assert(codes_are_words<Author>(), "a code is made of a-z, 0-9 and _");
  static_assert(codes_are_unique<Author>(), "a code is declared twice");
  static_assert(
      [] {
        for (const std::string_view host_code : host_codes) {
          if (declares_code<Author>(host_code)) return false;
        }
        return true;
      }(),
      "a code of the host (missing_parent, unique, ...) must not be declared again");
};

template <class E>
struct entity_checks : author_checks<E> {
  static_assert(word(E::name, false), "the name of an entity is made of a-z, 0-9 and _");
  static_assert(
      requires(E e, const row_of<E::source>& row, output<E>& out) { e.transform(row, out); },
      "an entity has void transform(const Source&, mig::output<Entity>&)");
  static constexpr std::size_t keys = count_role(E::source, role::key);
  static_assert(keys > 0, "the source has no mig::key: the legacy key is needed");
  static_assert(keys_lead(E::source), "mig::key columns come before all others");
  static_assert(not_null<role::key>(E::source), "a column of the legacy key is not null");
  static_assert(columns_are_named(E::source) && columns_are_named(E::target),
                "a column has no name");
  static_assert(columns_are_unique(E::source), "a source column is named twice");
  static_assert(columns_are_unique(E::target), "a target column is named twice");
  static_assert(all_plain_but_keys(E::source), "source columns are mig::key or mig::col");
  static_assert(count_role(E::target, role::key) == 0,
                "mig::key is for the source; the target has mig::identity and mig::legacy");
  static constexpr std::size_t legacies = count_role(E::target, role::legacy);
  static_assert(legacies == 0 || legacies == keys,
                "as many mig::legacy columns as mig::key columns");
  static constexpr std::size_t assigned = count_role(E::target, role::assigned);
  static_assert(assigned <= 1, "a new key is one column");
  static_assert(assigned == 0 || E::target.identity.name.empty(), "two columns for the new key");
  static_assert((E::target.identity.from == MIG_IDENTITY_NATURAL) ==
                    (count_role(E::target, role::natural) != 0),
                "mig::natural columns and mig::natural_identity go together");
  static_assert(E::target.identity.from != MIG_IDENTITY_KEEP || keys == 1,
                "mig::kept_identity needs a legacy key of one column");
  static_assert(
      null_references_are_optional(E::target),
      "a reference that may be NULL (missing::null or late) needs an std::optional member");
  static_assert(!E::target.name.empty(), "the target has no name");
  static_assert(!E::source.name.empty() || !E::source.query.empty(), "the source has no name");
};

template <class V>
struct validator_checks : author_checks<V> {
  static_assert(
      validator_class<V>,
      "a class has either `source` and `target` (entity) or `applies_to` and `needs` (validator)");
  static_assert(word(V::name, true), "the name of a validator is made of a-z, 0-9, _ and -");
  static_assert(
      requires(V v, const row_of<V::needs>& row, verdict<V>& say) { v.check(row, say); },
      "a validator has void check(const Row&, mig::verdict<Validator>&)");
  static_assert(all_plain_but_keys(V::needs) && count_role(V::needs, role::key) == 0,
                "a validator needs mig::col columns");
  static_assert(columns_are_unique(V::needs), "a column is named twice");
  static_assert(
      [] {
        if constexpr (requires { V::totals; }) {
          return std::string_view{V::applies_to}.find('*') == std::string_view::npos;
        } else {
          return true;
        }
      }(),
      "a control total is of one entity: `applies_to` must not be a glob");
};

template <class Plugin, class... T>
struct plugin_checks {
  static_assert(
      requires { Plugin::family; },
      "the first argument of MIGHOST_PLUGIN is a struct with `family`, not an entity");
  static_assert(word(Plugin::family, true), "the family is made of a-z, 0-9, _ and -");
  static_assert(
      [] {
        const std::string_view all[] = {"", T::name...};
        for (std::size_t i = 0; i < std::size(all); ++i) {
          for (std::size_t j = 0; j < i; ++j) {
            if (all[i] == all[j]) return false;
          }
        }
        return true;
      }(),
      "two classes of the plugin have the same name");
};

}  // namespace mig::detail
