// The manifest of a plugin as constant data, made from the static members of its classes. You do
// not need to read this to write a plugin.
#pragma once

#include <mighost/plugin/lookup.hpp>

namespace mig::detail {

constexpr mig_code raw(const code& from) {
  mig_code to{};
  to.struct_size = sizeof to;
  to.code = str(from.name);
  to.meaning = str(from.meaning);
  return to;
}

constexpr mig_filter raw(const filter& from) {
  mig_filter to{};
  to.struct_size = sizeof to;
  to.predicate = str(from.where);
  to.code = str(from.code);
  to.meaning = str(from.meaning);
  return to;
}

constexpr mig_total raw(const total& from) {
  mig_total to{};
  to.struct_size = sizeof to;
  to.name = str(from.name);
  to.source_expression = str(from.source);
  to.target_expression = str(from.target);
  return to;
}

constexpr mig_assertion raw(const assertion& from) {
  mig_assertion to{};
  to.struct_size = sizeof to;
  to.severity = from.veto ? MIG_REJECT : MIG_NOTE;
  to.name = str(from.name);
  to.sql = str(from.sql);
  to.meaning = str(from.meaning);
  return to;
}

constexpr mig_step raw(const step& from) {
  mig_step to{};
  to.struct_size = sizeof to;
  to.after = from.when == moment::after ? 1 : 0;
  to.sql = str(from.sql);
  to.purpose = str(from.purpose);
  return to;
}

constexpr mig_setting raw(const setting& from) {
  mig_setting to{};
  to.struct_size = sizeof to;
  to.kind = static_cast<mig_setting_kind>(from.kind);
  to.name = str(from.name);
  to.default_text = str(from.fallback);
  to.help = str(from.help);
  return to;
}

template <class Row, class T>
constexpr mig_column raw(const column<Row, T>& from) {
  mig_column to{};
  to.struct_size = sizeof to;
  to.type = codec<T>::type;
  to.nullable = codec<T>::nullable ? 1 : 0;
  to.name = str(from.name);
  return to;
}

template <class Row, class T>
constexpr mig_reference raw_reference(const column<Row, T>& from, std::string_view parent) {
  mig_reference to{};
  to.struct_size = sizeof to;
  to.policy = static_cast<mig_policy>(from.policy);
  to.late = from.late ? 1 : 0;
  to.if_loaded = from.if_loaded ? 1 : 0;
  to.entity = str(parent);
  to.column = str(from.name);
  return to;
}

/// The structs of one kind, and pointers to them, because growable structs cross in arrays of
/// pointers.
template <class Raw, std::size_t N>
constexpr std::array<const Raw*, N> pointers(const std::array<Raw, N>& from) {
  std::array<const Raw*, N> to{};
  for (std::size_t i = 0; i < N; ++i) to[i] = &from[i];
  return to;
}

/// A static list of an author (C array or std::array) in the structs of abi.h.
template <const auto& List>
constexpr auto raw_list() {
  std::array<decltype(raw(*std::begin(List))), std::size(List)> to{};
  for (std::size_t i = 0; i < to.size(); ++i) to[i] = raw(List[i]);
  return to;
}

/// The declared codes, and decimal_range when a decimal is read from `Table`.
template <class Author, const auto& Table>
constexpr auto raw_codes() {
  constexpr bool extra = has_decimal(Table) && !declares_code<Author>(decimal_range);
  constexpr code added{decimal_range, "a number that does not fit the plugin's decimal"};
  if constexpr (requires { Author::codes; }) {
    constexpr std::size_t n = std::size(Author::codes);
    std::array<mig_code, n + (extra ? 1 : 0)> to{};
    for (std::size_t i = 0; i < n; ++i) to[i] = raw(Author::codes[i]);
    if constexpr (extra) to[n] = raw(added);
    return to;
  } else {
    std::array<mig_code, extra ? 1 : 0> to{};
    if constexpr (extra) to[0] = raw(added);
    return to;
  }
}

template <class E>
constexpr auto raw_filters() {
  if constexpr (requires { E::filters; }) {
    return raw_list<E::filters>();
  } else {
    return std::array<mig_filter, 0>{};
  }
}

template <class E>
constexpr auto raw_totals() {
  if constexpr (requires { E::totals; }) {
    return raw_list<E::totals>();
  } else {
    return std::array<mig_total, 0>{};
  }
}

template <class E>
constexpr auto raw_assertions() {
  if constexpr (requires { E::assertions; }) {
    return raw_list<E::assertions>();
  } else {
    return std::array<mig_assertion, 0>{};
  }
}

template <class E>
constexpr auto raw_steps() {
  if constexpr (requires { E::steps; }) {
    return raw_list<E::steps>();
  } else {
    return std::array<mig_step, 0>{};
  }
}

template <class P>
constexpr auto raw_settings() {
  if constexpr (requires { P::settings; }) {
    return raw_list<P::settings>();
  } else {
    return std::array<mig_setting, 0>{};
  }
}

template <const auto& Table>
constexpr auto raw_columns() {
  return std::apply(
      [](const auto&... column) {
        return std::array<mig_column, sizeof...(column)>{raw(column)...};
      },
      Table.columns);
}

template <const auto& Table>
constexpr auto raw_references() {
  constexpr std::size_t n =
      std::apply([](const auto&... column) { return (std::size_t{0} + ... + column.n_parents); },
                 Table.columns);
  std::array<mig_reference, n> to{};
  std::size_t at = 0;
  const auto add = [&](const auto& column) {
    for (std::size_t i = 0; i < column.n_parents; ++i) {
      to[at++] = raw_reference(column, column.parents[i]);
    }
  };
  std::apply([&](const auto&... column) { (add(column), ...); }, Table.columns);
  return to;
}

/// The names of the columns with a role.
template <const auto& Table, role Wanted>
constexpr auto raw_names() {
  std::array<mig_str, count_role(Table, Wanted)> to{};
  std::size_t i = 0;
  std::apply(
      [&](const auto&... column) {
        ((column.is(Wanted) ? void(to[i++] = str(column.name)) : void()), ...);
      },
      Table.columns);
  return to;
}

// One array per list and class, with static storage, so that they can point to each other.
template <class A, const auto& Table>
inline constexpr auto codes = raw_codes<A, Table>();
template <class A, const auto& Table>
inline constexpr auto code_list = pointers(codes<A, Table>);
template <class E>
inline constexpr auto filters = raw_filters<E>();
template <class E>
inline constexpr auto filter_list = pointers(filters<E>);
template <class E>
inline constexpr auto totals = raw_totals<E>();
template <class E>
inline constexpr auto total_list = pointers(totals<E>);
template <class A>
inline constexpr auto assertions = raw_assertions<A>();
template <class A>
inline constexpr auto assertion_list = pointers(assertions<A>);
template <class E>
inline constexpr auto steps = raw_steps<E>();
template <class E>
inline constexpr auto step_list = pointers(steps<E>);
template <class P>
inline constexpr auto plugin_settings = raw_settings<P>();
template <class P>
inline constexpr auto setting_list = pointers(plugin_settings<P>);
template <const auto& Table>
inline constexpr auto columns = raw_columns<Table>();
template <const auto& Table>
inline constexpr auto column_list = pointers(columns<Table>);
template <const auto& Table>
inline constexpr auto references = raw_references<Table>();
template <const auto& Table>
inline constexpr auto reference_list = pointers(references<Table>);
template <const auto& Table, role Wanted>
inline constexpr auto names = raw_names<Table, Wanted>();

}  // namespace mig::detail
