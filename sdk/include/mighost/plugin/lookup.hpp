// Compile-time questions about a plugin class: is this code declared, which reference is that,
// which cells are these. You do not need to read this to write a plugin.
#pragma once

#include <concepts>
#include <mighost/plugin/table.hpp>

namespace mig::detail {

template <const auto& Table>
using row_of = typename std::remove_cvref_t<decltype(Table)>::row;

template <const auto& Table, std::size_t I>
using column_at = std::tuple_element_t<I, std::remove_cvref_t<decltype(Table.columns)>>;

template <class Table>
constexpr std::size_t count_role(const Table& table, role wanted) {
  return std::apply(
      [&](const auto&... column) {
        return (std::size_t{0} + ... + (column.is(wanted) ? std::size_t{1} : std::size_t{0}));
      },
      table.columns);
}

template <class T>
concept decimal_column = std::same_as<unwrapped_t<T>, decimal>;

/// True when a member of the row struct is a mig::decimal: then `decimal_range` is one of the
/// codes.
template <class Table>
constexpr bool has_decimal(const Table& table) {
  return std::apply(
      [](const auto&... column) {
        return (decimal_column<typename std::remove_cvref_t<decltype(column)>::type> || ...);
      },
      table.columns);
}

/// The code of a decimal that does not fit; declared by the SDK, see codec.hpp.
template <class Author>
constexpr bool implies_code(std::string_view name) {
  if (name != decimal_range) return false;
  if constexpr (requires { Author::source; }) return has_decimal(Author::source);
  if constexpr (requires { Author::needs; }) return has_decimal(Author::needs);
  return false;
}

template <class Author>
constexpr bool declares_code(std::string_view name) {
  if constexpr (requires { Author::codes; }) {
    for (const code& each : Author::codes) {
      if (each.name == name) return true;
    }
  }
  return false;
}

/// A reference of an entity: its number in mig_entity.references and the target column that holds
/// it.
struct found_reference {
  std::size_t matches = 0;
  std::uint32_t index = 0;
  std::size_t column = 0;
  bool optional = false;  // resolve gives an std::optional: NULL is a legal answer
};

/// Calls visit(column, parent, index of the reference, position of the column) for each reference.
/// A polymorphic column is a reference for each of its parents.
template <class Entity, class Visit>
constexpr void each_reference(Visit visit) {
  std::uint32_t index = 0;
  std::size_t position = 0;
  const auto each_parent = [&](const auto& column) {
    for (std::size_t i = 0; i < column.n_parents; ++i) {
      visit(column, column.parents[i], index++, position);
    }
    ++position;
  };
  std::apply([&](const auto&... column) { (each_parent(column), ...); }, Entity::target.columns);
}

/// Looks for the column first, then for the entity; with `parent`, for this pair alone.
template <class Entity>
constexpr found_reference find_reference(std::string_view name, std::string_view parent = {}) {
  found_reference by_column;
  found_reference by_entity;
  each_reference<Entity>(
      [&](const auto& column, std::string_view entity, std::uint32_t index, std::size_t position) {
        const bool optional = column.late || column.policy == missing::null;
        const bool right_parent = parent.empty() || entity == parent;
        if (column.name == name && right_parent) {
          by_column = {by_column.matches + 1, index, position, optional};
        }
        if (entity == name && parent.empty()) {
          by_entity = {by_entity.matches + 1, index, position, optional};
        }
      });
  return by_column.matches != 0 ? by_column : by_entity;
}

template <class Entity, std::size_t Column>
using reference_key = unwrapped_t<typename column_at<Entity::target, Column>::type>;

/// Reads a cell that ought to hold a T; false when it does not.
template <class T>
bool decode(const mig_cell& cell, T& value) noexcept {
  return cell.type == codec<T>::type && (cell.flags & MIG_CELL_NULL) == 0 &&
         codec<T>::get(cell, value);
}

template <class T>
concept integer_key =
    std::integral<T> && !std::same_as<T, bool> && sizeof(T) <= sizeof(std::int64_t) &&
    (std::is_signed_v<T> || sizeof(T) < sizeof(std::int64_t));

template <class T>
concept key_part = integer_key<unwrapped_t<T>> || std::same_as<unwrapped_t<T>, uuid> ||
                   std::convertible_to < const unwrapped_t<T>
&, std::string_view > ;

/// A part of a key as a cell that borrows it.
template <class T>
mig_cell key_cell(const T& part) {
  mig_cell cell{};
  if constexpr (!std::same_as<T, unwrapped_t<T>>) {
    if (part) return key_cell(*part);
    cell.flags = MIG_CELL_NULL;
    if constexpr (integer_key<unwrapped_t<T>>) {
      cell.type = MIG_INT8;
    } else {
      cell.type = std::same_as<unwrapped_t<T>, uuid> ? mig_type{MIG_UUID} : mig_type{MIG_TEXT};
    }
  } else if constexpr (integer_key<T>) {
    cell.type = MIG_INT8;
    cell.as.i64 = part;
  } else if constexpr (std::same_as<T, uuid>) {
    cell.type = MIG_UUID;
    put_view(cell, {reinterpret_cast<const char*>(part.bytes.data()), part.bytes.size()});
  } else {
    cell.type = MIG_TEXT;
    put_view(cell, part);
  }
  return cell;
}

}  // namespace mig::detail
