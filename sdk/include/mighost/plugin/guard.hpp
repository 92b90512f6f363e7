// Where C++ meets the ABI: exceptions become mig_error here and nowhere else, and a batch of cells
// becomes rows. You do not need to read this to write a plugin.
#pragma once

#include <exception>
#include <memory>
#include <mighost/plugin/output.hpp>
#include <mighost/plugin/settings.hpp>

namespace mig::detail {

/// `message` must not quote values of a row; what() of the author's exceptions falls under the same
/// rule.
inline void fail(mig_error* error, std::string_view message) noexcept {
  if (error == nullptr) return;
  std::size_t size = std::min(message.size(), sizeof error->message - 1);
  // Not in the middle of a UTF-8 character.
  while (size < message.size() && size > 0 && (message[size] & '\xC0') == '\x80') --size;
  std::memcpy(error->message, message.data(), size);
  error->message[size] = '\0';
  error->code = MIG_FAILED;
  error->row = UINT64_MAX;
}

/// The only place where an exception meets the ABI. `body` returns a mig_status.
template <class Body>
mig_status guard(mig_error* error, Body&& body) noexcept {
  try {
    return body();
  } catch (const std::bad_alloc&) {
    fail(error, "out of memory");
  } catch (const std::exception& thrown) {
    fail(error, thrown.what());
  } catch (...) {
    fail(error, "an exception that is not a std::exception");
  }
  return MIG_FAILED;
}

/// Makes the instance, with the settings if its constructor wants them.
template <class Author>
void* begin(const mig_settings* given, std::span<const setting> declared,
            mig_error* error) noexcept {
  Author* self = nullptr;
  guard(error, [&] {
    if constexpr (std::is_constructible_v<Author, const settings&>) {
      self = std::make_unique<Author>(settings{given, declared}).release();
    } else {
      static_assert(std::is_default_constructible_v<Author>,
                    "the constructor takes nothing or a const mig::settings&");
      self = std::make_unique<Author>().release();
    }
    return mig_status{MIG_OK};
  });
  return self;
}

template <class Author>
void end(void* self) noexcept {
  delete static_cast<Author*>(self);
}

/// finish() and finish(const mig::logger&) are both optional.
template <class Author, class Host>
mig_status finish(void* self, const Host* host, mig_error* error) noexcept {
  return guard(error, [&] {
    if constexpr (requires(Author & author, const logger& log) { author.finish(log); }) {
      static_cast<Author*>(self)->finish(logger{*host});
    } else if constexpr (requires(Author & author) { author.finish(); }) {
      static_cast<Author*>(self)->finish();
    }
    return mig_status{MIG_OK};
  });
}

[[noreturn]] inline void broken_cell(std::string_view column, const char* what) {
  throw std::logic_error("the host broke the contract: column " + std::string{column} + what);
}

/// Reads one cell. False: a decimal that does not fit.
template <class T>
bool read_cell(const mig_cell& cell, std::string_view column, T& value) {
  if ((cell.flags & MIG_CELL_NULL) != 0) {
    if constexpr (!codec<T>::nullable) broken_cell(column, " is NULL and was declared not null");
    return true;
  }
  if (cell.type != codec<T>::type) broken_cell(column, " has another type than declared");
  if (codec<T>::get(cell, value)) return true;
  if constexpr (!decimal_column<T>) broken_cell(column, " has a wrong size");
  return false;
}

/// The row of one line of cells, or the name of the column whose decimal does not fit.
template <const auto& Table>
std::string_view read_row(const mig_cell* cell, row_of<Table>& row) {
  std::string_view misfit;
  const auto read = [&](const auto& column) {
    if (read_cell(*cell++, column.name, row.*(column.member))) return true;
    misfit = column.name;
    return false;
  };
  std::apply([&](const auto&... column) { (void)(read(column) && ...); }, Table.columns);
  return misfit;
}

/// The batch loop's hold on an output or verdict, which authors see only row by row.
template <class Port>
class access : public Port {
 public:
  using Port::Port;
  Port& port() noexcept { return *this; }
  void at(std::uint32_t row) noexcept { this->row_ = row; }
  bool stopped() const noexcept { return this->cancelled_; }
  void reject_decimal(std::string_view column) noexcept {
    this->send(MIG_REJECT, decimal_range, column, {});
  }
};

/// How often a batch asks whether the run is being stopped.
inline constexpr std::uint32_t rows_between_polls = 256;

/// The loop over a batch, for `call` = transform or check. A throw names the row that it came from.
template <const auto& Table, class Port, class Host, class Call>
mig_status each_row(const mig_batch& batch, const Host& host, mig_error* error,
                    Call&& call) noexcept {
  std::uint32_t row = 0;
  bool in_row = false;
  const mig_status status = guard(error, [&]() -> mig_status {
    constexpr std::uint32_t columns = std::remove_cvref_t<decltype(Table)>::size;
    if (batch.columns != columns) {
      throw std::logic_error("the host broke the contract: another number of columns");
    }
    access<Port> port{host};
    in_row = true;
    for (; row < batch.rows; ++row) {
      if (row % rows_between_polls == 0 && port.cancelled()) return MIG_CANCELLED;
      port.at(row);
      row_of<Table> value{};
      const std::string_view misfit =
          read_row<Table>(batch.cells + std::size_t{row} * columns, value);
      if (misfit.empty()) {
        call(std::as_const(value), port.port());
      } else {
        port.reject_decimal(misfit);
      }
      if (port.stopped()) return MIG_CANCELLED;
    }
    return MIG_OK;
  });
  if (status == MIG_FAILED && in_row && error != nullptr) error->row = batch.first_row + row;
  return status;
}

}  // namespace mig::detail
