// Which member of a row struct is which column. mig::from and mig::from_query describe what an
// entity reads, mig::into what it writes, mig::needs what a validator looks at. Types and
// nullability come from the members, so the manifest and the code cannot disagree.
#pragma once

#include <mighost/plugin/codec.hpp>
#include <tuple>

namespace mig {

/// What a column is besides a column; several may hold.
enum class role : std::uint8_t { key = 1, legacy = 2, natural = 4, assigned = 8, reference = 16 };

/// To how many entities one polymorphic reference may point.
inline constexpr std::size_t max_parents = 8;

/// One column and the member that holds it. Made by the functions below.
template <class Row, class T>
struct column {
  static_assert(codec<T>::known,
                "a row holds int64, double, bool, string_view, numeric, decimal, timestamptz, "
                "date, uuid, json, bytes, or std::optional of these. A row only borrows: for "
                "computed text take std::string_view and out.keep(...)");
  using row = Row;
  using type = T;
  std::string_view name;  // as in the catalog, unquoted
  T Row::*member;
  std::uint8_t roles = 0;
  std::array<std::string_view, max_parents> parents{};  // reference: "family.entity"
  std::size_t n_parents = 0;
  mig::missing policy = mig::missing::reject;
  bool late = false;
  bool if_loaded = false;

  constexpr bool is(role wanted) const { return (roles & static_cast<std::uint8_t>(wanted)) != 0; }
  constexpr column with(role added) const {
    column made = *this;
    made.roles = static_cast<std::uint8_t>(roles | static_cast<std::uint8_t>(added));
    return made;
  }
};

/// A column and nothing else.
template <class Row, class T>
constexpr column<Row, T> col(std::string_view name, T Row::*member) {
  return {name, member};
}

/// Source: a column of the legacy key. Key columns come first.
template <class Row, class T>
constexpr column<Row, T> key(std::string_view name, T Row::*member) {
  return col(name, member).with(role::key);
}

/// Target: holds the legacy key, or one column of it, in the order of the key.
template <class Row, class T>
constexpr column<Row, T> legacy(std::string_view name, T Row::*member) {
  return col(name, member).with(role::legacy);
}

/// Target: holds the new key of a row of `entity` ("family.entity"), which
/// out.resolve<"family.entity"> finds. With missing::null the member is an std::optional.
template <class Row, class T>
constexpr column<Row, T> reference(std::string_view name, T Row::*member, std::string_view entity,
                                   missing policy) {
  column<Row, T> made = col(name, member).with(role::reference);
  made.parents[0] = entity;
  made.n_parents = 1;
  made.policy = policy;
  return made;
}

/// Target: holds the new key of a row of one of several entities. Which one, the row tells:
/// out.resolve<"family.entity">, or out.resolve<"column", "family.entity"> where several columns
/// may hold a key of that entity.
template <class Row, class T, class... Entity>
constexpr column<Row, T> polymorphic(std::string_view name, T Row::*member, missing policy,
                                     Entity... entities) {
  static_assert(sizeof...(Entity) >= 2, "a reference to one entity is mig::reference");
  static_assert(sizeof...(Entity) <= max_parents, "too many entities, see mig::max_parents");
  column<Row, T> made = col(name, member).with(role::reference);
  made.parents = {std::string_view{entities}...};
  made.n_parents = sizeof...(Entity);
  made.policy = policy;
  return made;
}

/// The same reference when the entity's plugin is loaded. When it is not, a reference with
/// missing::null resolves to nothing, and with another policy this whole entity is left out; the
/// plan and the report say so. Without it, a parent that nobody provides refuses the run.
template <class Row, class T>
constexpr column<Row, T> if_loaded(column<Row, T> reference) {
  reference.if_loaded = true;
  return reference;
}

/// Like reference, but it may point to a row that comes later, of this entity or another. The host
/// writes NULL first and sets the column in a second pass, so the member is an std::optional.
template <class Row, class T>
constexpr column<Row, T> late_reference(std::string_view name, T Row::*member,
                                        std::string_view entity, missing policy) {
  column<Row, T> made = reference(name, member, entity, policy);
  made.late = true;
  return made;
}

/// Target: a column of the natural key, see natural_identity. Also of one that is more than a
/// column: mig::natural(mig::reference(...)).
template <class Row, class T>
constexpr column<Row, T> natural(std::string_view name, T Row::*member) {
  return col(name, member).with(role::natural);
}
template <class Row, class T>
constexpr column<Row, T> natural(const column<Row, T>& made) {
  return made.with(role::natural);
}

/// Target: the new key, chosen by the handler, which calls out.bind_key(...) for each row.
template <class Row, class T>
constexpr column<Row, T> assigned_identity(std::string_view name, T Row::*member) {
  return col(name, member).with(role::assigned);
}

/// Where the new key comes from when the host provides it. Made by the three functions below.
struct identity_column {
  std::string_view name;
  mig_identity from = MIG_IDENTITY_UUID5;
};

/// Target: the new key is a UUIDv5 of the entity and the legacy key. The handler does not emit it.
constexpr identity_column identity(std::string_view name) { return {name, MIG_IDENTITY_UUID5}; }

/// Target: the new key is the legacy key itself. The handler does not emit it.
constexpr identity_column kept_identity(std::string_view name) { return {name, MIG_IDENTITY_KEEP}; }

/// Target: the row is there already; the host finds it by its mig::natural columns and takes this
/// column.
constexpr identity_column natural_identity(std::string_view name) {
  return {name, MIG_IDENTITY_NATURAL};
}

/// A relation and its columns. Made by from, from_query, into and needs.
template <class Row, class... Column>
struct table {
  static_assert(std::is_default_constructible_v<Row>, "a row struct is an aggregate of columns");
  static_assert(
      std::is_trivially_destructible_v<Row>,
      "a row struct must not own memory (std::string, std::vector): its text would be gone "
      "before the host reads it. Use std::string_view and out.keep(...)");
  static_assert((std::is_base_of_v<typename Column::row, Row> && ...),
                "a column names a member of another struct");
  using row = Row;
  static constexpr std::size_t size = sizeof...(Column);
  std::string_view name;
  std::string_view query;
  identity_column identity;
  std::tuple<Column...> columns;
};

/// Source: the rows of table "schema.table".
template <class Row, class... C>
constexpr table<Row, C...> from(std::string_view relation, C... columns) {
  return {relation, {}, {}, {columns...}};
}

/// Source: the rows of a query. With a non-empty `owner` ("schema.table") the query yields exactly
/// one row for each row of that table, and the host counts. The query names its columns.
template <class Row, class... C>
constexpr table<Row, C...> from_query(std::string_view owner, std::string_view sql, C... columns) {
  return {owner, sql, {}, {columns...}};
}

/// Target: table "schema.table" with a new key that the host provides.
template <class Row, class... C>
constexpr table<Row, C...> into(std::string_view relation, identity_column key, C... columns) {
  return {relation, {}, key, {columns...}};
}

/// Target: a table whose rows nobody references, or whose key the handler assigns.
template <class Row, class... C>
constexpr table<Row, C...> into(std::string_view relation, C... columns) {
  return {relation, {}, {}, {columns...}};
}

/// The target columns that a validator looks at.
template <class Row, class... C>
constexpr table<Row, C...> needs(C... columns) {
  return {{}, {}, {}, {columns...}};
}

}  // namespace mig
