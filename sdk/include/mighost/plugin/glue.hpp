// From the classes of a plugin to mig_plugin. You do not need to read this to write a plugin.
#pragma once

#include <mighost/plugin/checks.hpp>
#include <mighost/plugin/guard.hpp>
#include <mighost/plugin/manifest.hpp>

namespace mig::detail {

template <class Plugin>
constexpr std::span<const setting> declared_settings() {
  if constexpr (requires { Plugin::settings; }) {
    return Plugin::settings;
  } else {
    return {};
  }
}

template <class A>
constexpr std::string_view description_of() {
  if constexpr (requires { A::description; }) {
    return A::description;
  } else {
    return {};
  }
}

template <class E>
constexpr std::uint32_t flags_of() {
  std::uint32_t flags = 0;
  if constexpr (requires { E::projection; }) flags |= E::projection ? MIG_ENTITY_PROJECTION : 0;
  if constexpr (requires { E::parallel; }) flags |= E::parallel ? MIG_ENTITY_PARALLEL : 0;
  if constexpr (requires { E::optional; }) flags |= E::optional ? MIG_ENTITY_OPTIONAL : 0;
  return flags;
}

template <class Plugin, class E>
struct entity_glue : entity_checks<E> {
  static void* begin(const mig_settings* given, mig_error* error) noexcept {
    return detail::begin<E>(given, declared_settings<Plugin>(), error);
  }
  static mig_status transform(void* self, const mig_batch* batch, const mig_host* host,
                              mig_error* error) noexcept {
    return each_row<E::source, output<E>>(*batch, *host, error,
                                          [self](const row_of<E::source>& row, output<E>& out) {
                                            static_cast<E*>(self)->transform(row, out);
                                          });
  }

  static constexpr mig_entity make() {
    mig_entity to{};
    to.struct_size = sizeof to;
    to.flags = flags_of<E>();
    to.name = str(E::name);
    to.description = str(description_of<E>());
    to.source = str(E::source.name);
    to.source_query = str(E::source.query);
    to.source_columns = column_list<E::source>.data();
    to.n_source_columns = column_list<E::source>.size();
    to.n_key = count_role(E::source, role::key);
    to.filters = filter_list<E>.data();
    to.n_filters = filter_list<E>.size();
    to.target = str(E::target.name);
    to.target_columns = column_list<E::target>.data();
    to.n_target_columns = column_list<E::target>.size();
    fill_identity(to);
    to.references = reference_list<E::target>.data();
    to.n_references = reference_list<E::target>.size();
    to.codes = code_list<E, E::source>.data();
    to.n_codes = code_list<E, E::source>.size();
    to.totals = total_list<E>.data();
    to.n_totals = total_list<E>.size();
    to.assertions = assertion_list<E>.data();
    to.n_assertions = assertion_list<E>.size();
    to.steps = step_list<E>.data();
    to.n_steps = step_list<E>.size();
    to.begin = &begin;
    to.transform = &transform;
    to.finish = &finish<E, mig_host>;
    to.end = &end<E>;
    return to;
  }

  static constexpr void fill_identity(mig_entity& to) {
    constexpr const auto& assigned = names<E::target, role::assigned>;
    if constexpr (assigned.size() == 1) {
      to.identity = MIG_IDENTITY_ASSIGNED;
      to.identity_column = assigned[0];
    } else {
      to.identity = E::target.identity.from;
      to.identity_column = str(E::target.identity.name);
    }
    to.legacy_columns = names<E::target, role::legacy>.data();
    to.n_legacy_columns = names<E::target, role::legacy>.size();
    to.natural_key = names<E::target, role::natural>.data();
    to.n_natural_key = names<E::target, role::natural>.size();
  }

  static constexpr mig_entity value = make();
};

template <class Plugin, class V>
struct validator_glue : validator_checks<V> {
  static void* begin(const mig_settings* given, mig_error* error) noexcept {
    return detail::begin<V>(given, declared_settings<Plugin>(), error);
  }
  static mig_status check(void* self, const mig_batch* batch, const mig_check* host,
                          mig_error* error) noexcept {
    return each_row<V::needs, verdict<V>>(*batch, *host, error,
                                          [self](const row_of<V::needs>& row, verdict<V>& verdict) {
                                            static_cast<V*>(self)->check(row, verdict);
                                          });
  }

  static constexpr mig_validator make() {
    mig_validator to{};
    to.struct_size = sizeof to;
    to.flags = flags_of<V>();
    to.name = str(V::name);
    to.description = str(description_of<V>());
    to.applies_to = str(V::applies_to);
    to.columns = column_list<V::needs>.data();
    to.n_columns = column_list<V::needs>.size();
    to.codes = code_list<V, V::needs>.data();
    to.n_codes = code_list<V, V::needs>.size();
    to.assertions = assertion_list<V>.data();
    to.n_assertions = assertion_list<V>.size();
    to.totals = total_list<V>.data();
    to.n_totals = total_list<V>.size();
    to.begin = &begin;
    to.check = &check;
    to.finish = &finish<V, mig_check>;
    to.end = &end<V>;
    return to;
  }

  static constexpr mig_validator value = make();
};

template <class... T>
constexpr std::size_t count_entities = (std::size_t{0} + ... + (entity_class<T> ? 1u : 0u));

template <class Plugin, class... T>
struct plugin_glue : plugin_checks<Plugin, T...> {
  static constexpr auto list_entities() {
    std::array<const mig_entity*, count_entities<T...>> to{};
    std::size_t i = 0;
    const auto add = [&]<class Each>(std::type_identity<Each>) {
      if constexpr (entity_class<Each>) to[i++] = &entity_glue<Plugin, Each>::value;
    };
    (add(std::type_identity<T>{}), ...);
    return to;
  }
  static constexpr auto list_validators() {
    std::array<const mig_validator*, sizeof...(T) - count_entities<T...>> to{};
    std::size_t i = 0;
    const auto add = [&]<class Each>(std::type_identity<Each>) {
      if constexpr (!entity_class<Each>) to[i++] = &validator_glue<Plugin, Each>::value;
    };
    (add(std::type_identity<T>{}), ...);
    return to;
  }
  static constexpr auto entities = list_entities();
  static constexpr auto validators = list_validators();

  static constexpr mig_plugin make(std::string_view version) {
    mig_plugin to{};
    to.struct_size = sizeof to;
    to.abi_major = MIG_ABI_MAJOR;
    to.abi_minor = MIG_ABI_MINOR;
    to.min_host_minor = MIG_ABI_MINOR;
    to.family = str(Plugin::family);
    to.version = str(version);
    to.build = str(compiler);
    to.description = str(description_of<Plugin>());
    to.entities = entities.data();
    to.n_entities = entities.size();
    to.validators = validators.data();
    to.n_validators = validators.size();
    to.settings = setting_list<Plugin>.data();
    to.n_settings = setting_list<Plugin>.size();
    return to;
  }

#if defined(__clang__)
  static constexpr std::string_view compiler = "clang " __clang_version__;
#else
  static constexpr std::string_view compiler = "g++ " __VERSION__;
#endif
};

}  // namespace mig::detail
