// A host small enough to live in a unit test: no database, no dlopen. The test includes the
// plugin's .cpp, whose types are its own, and runs rows through the C functions of the manifest, as
// the real host does.
//
//   #include "clinics.cpp"
//   #include <mighost/testing.hpp>
//   using mig::testing::bench;
//
//   TEST(Clinics, ResolvesTheDoctor) {
//     const auto got = bench{mighost_plugin_v1()}
//                          .knows("core.doctors", 7)
//                          .run<Clinics>({{.id = 1, .doctor_id = 7, .name = "North"},
//                                         {.id = 2, .doctor_id = 8, .name = "South"}});
//     EXPECT_EQ(got.row(0).text("name"), "North");
//     EXPECT_EQ(got.row(0).uuid("doctor_id"), mig::testing::key_of("core.doctors", 7));
//     EXPECT_TRUE(got.rejected(1, "missing_parent"));
//     EXPECT_TRUE(got.clean());
//   }
//
// The bench checks every rule of abi.h that it can see (outcome.violations), and lends each value
// in an allocation that is freed after its batch, so with AddressSanitizer a plugin that keeps a
// view is caught.
#pragma once

#include <mighost/testing/entity_session.hpp>

namespace mig::testing {

class bench {
 public:
  explicit bench(const mig_plugin* plugin) : plugin_(plugin) {
    if (plugin == nullptr) throw std::invalid_argument("mighost_plugin_v1 returned nothing");
  }

  /// The row of `entity` with this legacy key is in the target; its new key is key_of(entity, key).
  bench& knows(std::string_view entity, const legacy_key& key) {
    return knows(entity, key, key_of(entity, key));
  }
  template <class Key>
  bench& knows(std::string_view entity, const legacy_key& key, const Key& new_key) {
    static_assert(detail::key_part<Key>, "a new key is an int64, text or uuid");
    known_[std::string{entity}][key.text()] = {false, copy(detail::key_cell(new_key))};
    return *this;
  }
  /// The row exists but is itself quarantined or parked.
  bench& holds_back(std::string_view entity, const legacy_key& key) {
    known_[std::string{entity}][key.text()] = {true, {}};
    return *this;
  }

  /// A value of [plugins.<family>]; "order_status.3" is the entry 3 of the map order_status.
  bench& setting(std::string_view name, std::string_view text) {
    if (declared(name, MIG_SETTING_TEXT, MIG_SETTING_INTEGER, MIG_SETTING_BOOLEAN)) {
      settings_.push_back({std::string{name}, {}, std::string{text}});
      return *this;
    }
    const std::size_t dot = name.find('.');
    if (dot == name.npos || !declared(name.substr(0, dot), MIG_SETTING_MAP)) undeclared(name);
    settings_.push_back(
        {std::string{name.substr(0, dot)}, std::string{name.substr(dot + 1)}, std::string{text}});
    return *this;
  }
  template <class Scalar>
  requires std::integral<Scalar> bench& setting(std::string_view name, Scalar scalar) {
    if constexpr (std::same_as<Scalar, bool>) {
      return setting(name, scalar ? std::string_view{"true"} : std::string_view{"false"});
    } else {
      return setting(name, std::string_view{std::to_string(scalar)});
    }
  }
  bench& setting(std::string_view name, std::initializer_list<std::string_view> list) {
    if (!declared(name, MIG_SETTING_LIST)) undeclared(name);
    std::size_t index = 0;
    for (const std::string_view text : list) {
      settings_.push_back({std::string{name}, std::to_string(index++), std::string{text}});
    }
    return *this;
  }

  /// The input is cut into batches of this many rows.
  bench& batch_rows(std::uint32_t rows) {
    batch_rows_ = std::max(rows, 1u);
    return *this;
  }
  /// The run is being stopped from the start.
  bench& cancel() {
    cancelled_ = true;
    return *this;
  }

  /// Runs the rows through begin, transform, finish and end of an entity.
  template <class Entity>
  outcome run(const std::vector<detail::row_of<Entity::source>>& rows) const {
    return run_values(Entity::name, to_values<Entity::source>(rows));
  }
  /// The same for values that no row struct would hold.
  outcome run_values(std::string_view entity, const std::vector<std::vector<value>>& rows) const;

  /// Shows the rows to a validator. A row that it does not reject counts as written.
  template <class Validator>
  outcome check(const std::vector<detail::row_of<Validator::needs>>& rows) const {
    return check_values(Validator::name, to_values<Validator::needs>(rows));
  }
  outcome check_values(std::string_view validator,
                       const std::vector<std::vector<value>>& rows) const;

  /// Rows as the values of their columns.
  template <const auto& Table>
  static std::vector<std::vector<value>> to_values(const std::vector<detail::row_of<Table>>& rows) {
    std::vector<std::vector<value>> to;
    for (const auto& row : rows) {
      std::apply([&](const auto&... column) { to.push_back({to_value(row.*(column.member))...}); },
                 Table.columns);
    }
    return to;
  }

 private:
  struct given_setting {
    std::string name, key, text;
  };

  template <class... Kind>
  bool declared(std::string_view name, Kind... kinds) const {
    for (std::uint32_t i = 0; i < plugin_->n_settings; ++i) {
      const mig_setting& each = *plugin_->settings[i];
      if (detail::view(each.name) == name && ((each.kind == kinds) || ...)) return true;
    }
    return false;
  }
  [[noreturn]] static void undeclared(std::string_view name) {
    throw std::invalid_argument("the plugin declares no such setting: " + std::string{name});
  }

  /// Calls begin with the settings, which are gone afterwards.
  template <class Author>
  void* begin(const Author& author, mig_error& error) const {
    const auto strings = std::make_unique<std::vector<given_setting>>(settings_);
    std::vector<mig_setting_value> values;
    values.reserve(strings->size());
    for (const given_setting& each : *strings) {
      values.push_back({sizeof(mig_setting_value), 0, detail::str(each.name), detail::str(each.key),
                        detail::str(each.text)});
    }
    std::vector<const mig_setting_value*> pointers;
    pointers.reserve(values.size());
    for (const mig_setting_value& each : values) pointers.push_back(&each);
    const mig_settings given{sizeof given, static_cast<std::uint32_t>(pointers.size()),
                             pointers.data()};
    return author.begin(&given, &error);
  }

  /// begin, then `each_batch` for every batch, then finish and end.
  template <class Author, class Session, class Batch>
  void drive(const Author& author, Session& session, outcome& out,
             const std::vector<std::vector<value>>& rows, const Batch& each_batch) const;

  const mig_plugin* plugin_;
  parents known_;
  std::vector<given_setting> settings_;
  std::uint32_t batch_rows_ = 1024;
  bool cancelled_ = false;
};

template <class Author, class Session, class Batch>
void bench::drive(const Author& author, Session& session, outcome& out,
                  const std::vector<std::vector<value>>& rows, const Batch& each_batch) const {
  out.fates.resize(rows.size());
  mig_error error{};
  error.struct_size = sizeof error;
  error.row = UINT64_MAX;
  void* self = begin(author, error);
  out.status = self != nullptr ? MIG_OK : MIG_FAILED;
  for (std::size_t first = 0; first < rows.size() && out.status == MIG_OK; first += batch_rows_) {
    const std::size_t n = std::min<std::size_t>(batch_rows_, rows.size() - first);
    batch_memory memory;
    std::vector<mig_cell> cells;
    for (std::size_t row = first; row < first + n; ++row) {
      for (const value& each : rows[row]) cells.push_back(memory.lend(each));
    }
    mig_batch batch{};
    batch.struct_size = sizeof batch;
    batch.rows = static_cast<std::uint32_t>(n);
    batch.columns = static_cast<std::uint32_t>(rows[first].size());
    batch.first_row = first;
    batch.cells = memory.lend_cells(std::move(cells));
    out.status = each_batch(self, batch, memory, error);
    if (out.status == MIG_OK && session.aborted()) {
      out.status = MIG_FAILED;
      detail::fail(&error, "aborted: " + *session.aborted());
    }
  }
  if (out.status == MIG_OK) out.status = author.finish(self, session.services(), &error);
  if (self != nullptr) author.end(self);
  out.error = error.message;
  if (error.row != UINT64_MAX) out.error_row = error.row;
  if (out.status == MIG_FAILED && out.error.empty()) session.violation("failed without a message");
  if (out.status < MIG_OK || out.status > MIG_CANCELLED) session.violation("unknown status");
}

inline outcome bench::run_values(std::string_view entity,
                                 const std::vector<std::vector<value>>& rows) const {
  outcome out;
  for (std::uint32_t i = 0; i < plugin_->n_entities; ++i) {
    const mig_entity& each = *plugin_->entities[i];
    if (detail::view(each.name) != entity) continue;
    entity_session session(out, each, known_, cancelled_);
    drive(each, session, out, rows,
          [&](void* self, const mig_batch& batch, batch_memory& memory, mig_error& error) {
            session.begin_rows(memory, batch.first_row, batch.rows, batch.cells);
            const mig_status status = each.transform(self, &batch, session.services(), &error);
            if (status == MIG_OK && !session.aborted()) session.end_rows();
            session.end_batch();
            return status;
          });
    return out;
  }
  throw std::invalid_argument("the plugin has no entity " + std::string{entity});
}

inline outcome bench::check_values(std::string_view validator,
                                   const std::vector<std::vector<value>>& rows) const {
  outcome out;
  for (std::uint32_t i = 0; i < plugin_->n_validators; ++i) {
    const mig_validator& each = *plugin_->validators[i];
    if (detail::view(each.name) != validator) continue;
    check_session session(out, each, cancelled_);
    drive(each, session, out, rows,
          [&](void* self, const mig_batch& batch, batch_memory&, mig_error& error) {
            session.begin_batch(batch.first_row, batch.rows);
            const mig_status status = each.check(self, &batch, session.services(), &error);
            if (status == MIG_OK) session.settle();
            session.end_batch();
            return status;
          });
    return out;
  }
  throw std::invalid_argument("the plugin has no validator " + std::string{validator});
}

}  // namespace mig::testing
