// What became of the rows that a test gave to an entity or validator.
#pragma once

#include <cstdio>
#include <map>
#include <mighost/testing/values.hpp>

namespace mig::testing {

enum class fate : std::uint8_t { none, written, rejected, parked, merged };

struct finding {
  std::uint64_t row;  // place in the input
  mig_severity severity;
  std::string code;
  std::string column;
  std::string detail;
};

/// One target row. Every accessor throws when there is no such column, when it has another type,
/// and (but for is_null) when it is NULL.
class record {
 public:
  record(std::vector<std::string> names, std::vector<value> values)
      : names_(std::move(names)), values_(std::move(values)) {}

  bool is_null(std::string_view column) const { return at(column).null; }
  std::string text(std::string_view column) const { return get(column, MIG_TEXT).bytes; }
  std::string json(std::string_view column) const { return get(column, MIG_JSON).bytes; }
  std::string bytes(std::string_view column) const { return get(column, MIG_BYTES).bytes; }
  std::int64_t integer(std::string_view column) const { return get(column, MIG_INT8).integer; }
  double real(std::string_view column) const { return get(column, MIG_FLOAT8).real; }
  bool boolean(std::string_view column) const { return get(column, MIG_BOOL).integer != 0; }
  std::string numeric_text(std::string_view column) const {
    return numeric{get(column, MIG_NUMERIC).bytes}.to_text();
  }
  timestamptz timestamp(std::string_view column) const {
    return {get(column, MIG_TIMESTAMPTZ).integer};
  }
  mig::date date(std::string_view column) const {
    return {static_cast<std::int32_t>(get(column, MIG_DATE).integer)};
  }
  mig::uuid uuid(std::string_view column) const {
    const value& found = get(column, MIG_UUID);
    mig::uuid to;
    std::memcpy(to.bytes.data(), found.bytes.data(), to.bytes.size());
    return to;
  }

 private:
  const value& at(std::string_view column) const {
    for (std::size_t i = 0; i < names_.size(); ++i) {
      if (names_[i] == column) return values_[i];
    }
    throw std::logic_error("no such target column: " + std::string{column});
  }
  const value& get(std::string_view column, mig_type type) const {
    const value& found = at(column);
    if (found.null) throw std::logic_error(std::string{column} + " is NULL");
    if (found.type != type) throw std::logic_error(std::string{column} + " has another type");
    return found;
  }

  std::vector<std::string> names_;
  std::vector<value> values_;
};

/// Rows are asked for by their place in the input. Unless the run succeeded without a violation of
/// the contract, every question about a row throws, so that a test cannot pass by accident.
class outcome {
 public:
  mig_status status = MIG_OK;
  std::string error;
  std::optional<std::uint64_t> error_row;
  std::vector<std::string> violations;  // rules of abi.h that the plugin broke
  std::vector<std::string> advice;      // legal, but surely not meant
  std::vector<finding> findings;
  std::vector<std::string> log;

  /// True when the run succeeded and no rule was broken; otherwise says on stderr what was.
  bool clean() const {
    if (status != MIG_OK) std::fprintf(stderr, "status %d: %s\n", status, error.c_str());
    for (const std::string& each : violations)
      std::fprintf(stderr, "violation: %s\n", each.c_str());
    return status == MIG_OK && violations.empty();
  }

  std::size_t size() const noexcept { return fates.size(); }
  std::size_t count(fate wanted) const {
    require_sound();
    return static_cast<std::size_t>(std::count(fates.begin(), fates.end(), wanted));
  }
  bool written(std::size_t row) const { return fate_of(row) == fate::written; }
  bool parked(std::size_t row) const { return fate_of(row) == fate::parked; }
  bool merged(std::size_t row) const { return fate_of(row) == fate::merged; }
  bool rejected(std::size_t row) const { return fate_of(row) == fate::rejected; }
  bool rejected(std::size_t row, std::string_view code) const {
    return rejected(row) && find(row, MIG_REJECT, code) != nullptr;
  }
  bool noted(std::size_t row, std::string_view code) const {
    require_sound();
    return find(row, MIG_NOTE, code) != nullptr;
  }
  /// The detail of the rejection or note with this code.
  std::string detail(std::size_t row, std::string_view code) const {
    return need(row, code).detail;
  }
  /// The column that it is about.
  std::string column(std::size_t row, std::string_view code) const {
    return need(row, code).column;
  }
  /// The legacy key of the row that this one was merged into.
  std::string survivor(std::size_t row) const {
    require_sound();
    return survivors.at(row);
  }
  /// The legacy key that a late reference of this row waits for; empty: none.
  std::string late(std::size_t row, std::string_view column) const {
    require_sound();
    const auto found = late_keys.find({row, std::string{column}});
    return found == late_keys.end() ? std::string{} : found->second;
  }
  /// The target row. Throws when the row did not arrive.
  const record& row(std::size_t row) const {
    if (!written(row)) throw std::logic_error("row " + std::to_string(row) + " was not written");
    return records.at(row);
  }

  // Filled by the bench.
  std::vector<fate> fates;
  std::map<std::size_t, record> records;
  std::map<std::size_t, std::string> survivors;
  std::map<std::size_t, std::string> bound_keys;
  std::map<std::pair<std::size_t, std::string>, std::string> late_keys;

 private:
  fate fate_of(std::size_t row) const {
    require_sound();
    return fates.at(row);
  }
  const finding* find(std::size_t row, mig_severity severity, std::string_view code) const {
    for (const finding& each : findings) {
      if (each.row == row && each.severity == severity && each.code == code) return &each;
    }
    return nullptr;
  }
  const finding& need(std::size_t row, std::string_view code) const {
    require_sound();
    for (const mig_severity severity : {MIG_REJECT, MIG_NOTE}) {
      if (const finding* found = find(row, severity, code)) return *found;
    }
    throw std::logic_error("row " + std::to_string(row) + " has no finding " + std::string{code});
  }
  void require_sound() const {
    if (status != MIG_OK) throw std::logic_error("the run failed: " + error);
    if (!violations.empty()) throw std::logic_error("the contract was broken: " + violations[0]);
  }
};

}  // namespace mig::testing
