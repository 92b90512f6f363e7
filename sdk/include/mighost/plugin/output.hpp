// What the code of a plugin may ask of the host for one row: mig::output in transform, mig::verdict
// in check, mig::logger in finish. They are handed out by the SDK and must not be stored.
#pragma once

#include <initializer_list>
#include <mighost/plugin/lookup.hpp>
#include <new>

namespace mig {

/// The parent's new key, or nothing: then the host has settled the row (quarantined or parked) and
/// there is nothing left to do for it. Always test it: `if (!doctor) return;`
template <class Key>
class [[nodiscard]] resolved {
 public:
  resolved() = default;
  explicit resolved(const Key& key) : key_(key) {}
  explicit operator bool() const noexcept { return key_.has_value(); }
  const Key& operator*() const noexcept { return *key_; }
  const Key* operator->() const noexcept { return &*key_; }

 private:
  std::optional<Key> key_;
};

/// The host's log, under the plugin's name. A message must not quote values of rows.
class logger {
 public:
  template <class Host>
  explicit logger(const Host& host) noexcept : host_(host.host), log_(host.log) {}
  void operator()(level severity, std::string_view message) const noexcept {
    log_(host_, static_cast<mig_log_level>(severity), detail::str(message));
  }

 private:
  void* host_;
  void (*log_)(void*, mig_log_level, mig_str) noexcept;
};

namespace detail {

/// reject, note, abort, log and cancelled: the same for entities and validators.
template <class Author, class Host>
class reporter {
 public:
  explicit reporter(const Host& host) noexcept : host_(host) {}
  reporter(const reporter&) = delete;
  reporter& operator=(const reporter&) = delete;

  /// Quarantines the row. `column` is the one it is about, `detail` may quote the value. Return
  /// after it: a row that was rejected is void, whatever is emitted.
  template <literal Code>
  void reject(std::string_view column = {}, std::string_view detail = {}) noexcept {
    report<Code>(MIG_REJECT, column, detail);
  }
  /// A remark beside the row; the row goes on.
  template <literal Code>
  void note(std::string_view column = {}, std::string_view detail = {}) noexcept {
    report<Code>(MIG_NOTE, column, detail);
  }
  /// Ends the run; nothing is committed.
  template <literal Code>
  void abort(std::string_view column = {}, std::string_view detail = {}) noexcept {
    report<Code>(MIG_ABORT, column, detail);
  }
  void log(level severity, std::string_view message) const noexcept {
    logger{host_}(severity, message);
  }
  /// True when the run is being stopped. Only worth asking where one row takes long; return if so.
  bool cancelled() noexcept {
    cancelled_ = cancelled_ || host_.cancelled(host_.host) != 0;
    return cancelled_;
  }

 protected:
  void send(mig_severity severity, std::string_view code, std::string_view column,
            std::string_view detail) noexcept {
    const mig_issue issue{sizeof(mig_issue), severity,    row_,       0,
                          str(code),         str(column), str(detail)};
    host_.report(host_.host, &issue);
  }

  const Host& host_;
  std::uint32_t row_ = 0;
  bool cancelled_ = false;

 private:
  template <literal Code>
  void report(mig_severity severity, std::string_view column, std::string_view detail) noexcept {
    static_assert(declares_code<Author>(Code.view()) || implies_code<Author>(Code.view()),
                  "this code is not declared: add it to `static constexpr mig::code codes[]`");
    send(severity, Code.view(), column, detail);
  }
};

}  // namespace detail

/// What transform may do with one source row. Each row ends in exactly one of row(), reject(),
/// merge_into(), or a resolve() that finds the row void.
template <class Entity>
class output : public detail::reporter<Entity, mig_host> {
 public:
  using detail::reporter<Entity, mig_host>::reporter;

  /// The target row. Text and bytes are borrowed until the batch has reached the server: they point
  /// into the source row, into keep()/buffer()/concat(), or into constants.
  template <class Row>
  void row(const Row& value) {
    static_assert(
        std::is_trivially_destructible_v<Row>,
        "a row struct must not own memory: its text would be gone before the host reads it. "
        "Use std::string_view and out.keep(...)");
    static_assert(std::is_same_v<Row, detail::row_of<Entity::target>>,
                  "row() takes the row struct that `target` was declared with");
    mig_cell* cell = this->host_.emit(this->host_.host, this->row_);
    if (cell == nullptr) throw std::bad_alloc{};
    std::apply(
        [&](const auto&... column) {
          const std::uint64_t size = (std::uint64_t{0} + ... + storage(value.*(column.member)));
          [[maybe_unused]] char* at = size != 0 ? buffer(size) : nullptr;
          (put(*cell++, value.*(column.member), at), ...);
        },
        Entity::target.columns);
  }

  /// The new key of a parent, by its entity ("core.doctors") or by the column that takes it
  /// ("primary_doctor_id"). `key` is its legacy key: int64, string_view, uuid, or std::optional of
  /// these; several for a key of several columns. Returns by the declared policy:
  ///   missing::reject, missing::park   mig::resolved<Key>; when it is empty, return
  ///   missing::null, late_reference    std::optional<Key>, to be put into the column as it is
  template <literal Name, class... Part>
  [[nodiscard]] auto resolve(const Part&... key) {
    constexpr detail::found_reference found = detail::find_reference<Entity>(Name.view());
    return resolve_as<found.matches, found.index, found.column, found.optional>(key...);
  }

  /// The same for a column that may hold keys of several entities, see mig::polymorphic.
  template <literal Column, literal Parent, class... Part>
  [[nodiscard]] auto resolve(const Part&... key) {
    constexpr detail::found_reference found =
        detail::find_reference<Entity>(Column.view(), Parent.view());
    return resolve_as<found.matches, found.index, found.column, found.optional>(key...);
  }

  /// This row is the same thing as the row with legacy key `survivor` of this entity, earlier in
  /// the stream.
  template <class... Part>
  void merge_into(const Part&... survivor) {
    static_assert((detail::key_part<Part> && ...), "a legacy key is made of int64, text or uuid");
    static_assert(sizeof...(Part) == detail::count_role(Entity::source, role::key),
                  "merge_into takes as many values as the legacy key has columns");
    const mig_cell parts[] = {detail::key_cell(survivor)...};
    this->host_.merge(this->host_.host, this->row_, parts, sizeof...(Part));
  }

  /// The new key of this row, for entities with mig::assigned_identity.
  template <class Key>
  void bind_key(const Key& new_key) {
    static_assert(detail::key_part<Key>, "a key is an int64, text or uuid");
    static_assert(detail::count_role(Entity::target, role::assigned) == 1,
                  "bind_key is for entities with mig::assigned_identity");
    const mig_cell cell = detail::key_cell(new_key);
    this->host_.bind_key(this->host_.host, this->row_, &cell);
  }

  /// `size` bytes that live until the batch has reached the server.
  char* buffer(std::uint64_t size) {
    char* bytes = this->host_.alloc(this->host_.host, size);
    if (bytes == nullptr && size != 0) throw std::bad_alloc{};
    return bytes;
  }
  /// Copies text there, and returns the copy.
  std::string_view keep(std::string_view text) { return concat({text}); }
  /// The same for a json_object or json_array.
  json keep(const detail::json_text& writer) { return {keep(writer.view())}; }
  /// Copies several texts there, one after the other.
  std::string_view concat(std::initializer_list<std::string_view> parts) {
    std::size_t size = 0;
    for (const std::string_view part : parts) size += part.size();
    if (size == 0) return {};
    char* const begin = buffer(size);
    char* at = begin;
    for (const std::string_view part : parts) {
      if (!part.empty()) std::memcpy(at, part.data(), part.size());
      at += part.size();
    }
    return {begin, size};
  }

 private:
  template <std::size_t Matches, std::uint32_t Index, std::size_t Column, bool Optional,
            class... Part>
  auto resolve_as(const Part&... key) {
    static_assert(Matches != 0,
                  "resolve<> names a parent that is not declared: add mig::reference to `target`");
    static_assert(Matches < 2,
                  "several references match: give resolve<> the name of the column, and for a "
                  "polymorphic one the entity too");
    static_assert(sizeof...(Part) > 0, "resolve<> needs the legacy key of the parent");
    static_assert((detail::key_part<Part> && ...),
                  "a legacy key is made of int64, string_view, uuid, or std::optional of these");
    if constexpr (Matches == 1 && sizeof...(Part) > 0 && (detail::key_part<Part> && ...)) {
      using Key = detail::reference_key<Entity, Column>;
      const mig_cell parts[] = {detail::key_cell(key)...};
      mig_cell answer{};
      const mig_resolution resolution =
          this->host_.resolve(this->host_.host, this->row_, Index, parts, sizeof...(Part), &answer);
      Key value{};
      if (resolution == MIG_RESOLVED && !detail::decode(answer, value)) {
        throw std::logic_error("the parent's new key has another type than the column");
      }
      if constexpr (Optional) {
        return resolution == MIG_RESOLVED ? std::optional<Key>{value} : std::nullopt;
      } else {
        return resolution == MIG_RESOLVED ? resolved<Key>{value} : resolved<Key>{};
      }
    }
  }

  template <class T>
  static constexpr std::uint64_t storage(const T& value) noexcept {
    return codec<T>::storage(value);
  }
  template <class T>
  static void put(mig_cell& cell, const T& value, char*& at) {
    cell = {};
    cell.type = codec<T>::type;
    codec<T>::put(cell, value, at);
  }
};

/// What check may say about one row.
template <class Validator>
class verdict : public detail::reporter<Validator, mig_check> {
 public:
  using detail::reporter<Validator, mig_check>::reporter;
};

}  // namespace mig
