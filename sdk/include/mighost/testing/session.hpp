// The host's side of one run in a test: mig_host and mig_check, with the checks that the real host
// makes.
#pragma once

#include <algorithm>
#include <mighost/testing/batch.hpp>
#include <mighost/testing/outcome.hpp>

namespace mig::testing {

/// What the test said about a parent row.
struct parent {
  bool held_back = false;
  value new_key;
};
/// By entity, then by the text of the legacy key.
using parents = std::map<std::string, std::map<std::string, parent>, std::less<>>;

/// What entities and validators have in common: report, log, cancelled.
class session {
 public:
  session(outcome& out, const mig_code* const* codes, std::uint32_t n_codes, bool cancelled)
      : out_(out), codes_(codes), n_codes_(n_codes), cancelled_(cancelled) {}

  void violation(const std::string& text) { out_.violations.push_back(text); }
  void violation(std::uint32_t row, const std::string& text) {
    violation("row " + std::to_string(first_row_ + row) + ": " + text);
  }

  void begin_batch(std::uint64_t first_row, std::uint32_t rows) {
    first_row_ = first_row;
    rows_ = rows;
  }
  void end_batch() { rows_ = 0; }

 protected:
  /// A validator speaks of the columns that it needs; a handler of any.
  void shows(const mig_column* const* columns, std::uint32_t n_columns) {
    shows_all_ = false;
    for (std::uint32_t i = 0; i < n_columns; ++i) shown_.push_back(detail::view(columns[i]->name));
  }

  bool in_batch(std::uint32_t row, const char* what) {
    if (row < rows_) return true;
    violation(std::string{what} + " for a row that is not in the batch");
    return false;
  }
  fate& fate_of(std::uint32_t row) {
    return out_.fates[static_cast<std::size_t>(first_row_) + row];
  }
  std::size_t place(std::uint32_t row) const { return static_cast<std::size_t>(first_row_) + row; }

  void add(std::uint32_t row, mig_severity severity, std::string_view code, std::string_view column,
           std::string_view detail = {}) {
    out_.findings.push_back(
        {place(row), severity, std::string{code}, std::string{column}, std::string{detail}});
  }

  /// The first thing that holds a row back decides.
  void hold_back(std::uint32_t row, fate how) {
    fate& now = fate_of(row);
    if (now == fate::written && how == fate::rejected) {
      out_.advice.push_back("row " + std::to_string(place(row)) +
                            " was rejected after it was emitted");
    }
    if (now == fate::none || now == fate::written) now = how;
  }

  void report(const mig_issue& issue) {
    const std::string_view code = detail::view(issue.code);
    if (issue.struct_size < sizeof(mig_issue)) violation("an issue without its struct_size");
    if (!in_batch(issue.row, "an issue")) return;
    const bool declared = std::any_of(codes_, codes_ + n_codes_, [&](const mig_code* each) {
      return detail::view(each->code) == code;
    });
    if (!declared) violation(issue.row, "undeclared code " + std::string{code});
    const std::string_view column = detail::view(issue.column);
    if (!column.empty() && !may_name(column)) {
      violation(issue.row, "a finding on the column " + std::string{column} +
                               ", which the validator is not shown");
    }
    if (!valid_utf8(detail::view(issue.detail))) violation(issue.row, "a detail that is not UTF-8");
    if (issue.severity < MIG_NOTE || issue.severity > MIG_ABORT) {
      violation(issue.row, "unknown severity");
    }
    add(issue.row, issue.severity, code, detail::view(issue.column), detail::view(issue.detail));
    if (issue.severity == MIG_REJECT) hold_back(issue.row, fate::rejected);
    if (issue.severity == MIG_ABORT && !aborted_) aborted_ = std::string{code};
  }

  static session& me(void* self) noexcept { return *static_cast<session*>(self); }
  static void report(void* self, const mig_issue* issue) noexcept { me(self).report(*issue); }
  static void log(void* self, mig_log_level, mig_str message) noexcept {
    me(self).out_.log.emplace_back(detail::view(message));
  }
  static std::uint8_t cancelled(void* self) noexcept { return me(self).cancelled_ ? 1 : 0; }

 public:
  /// The code of an issue that ends the run.
  const std::optional<std::string>& aborted() const noexcept { return aborted_; }

 protected:
  outcome& out_;
  std::uint64_t first_row_ = 0;
  std::uint32_t rows_ = 0;

 private:
  bool may_name(std::string_view column) const {
    return shows_all_ || std::find(shown_.begin(), shown_.end(), column) != shown_.end();
  }

  bool shows_all_ = true;
  std::vector<std::string_view> shown_;
  const mig_code* const* codes_;
  std::uint32_t n_codes_;
  bool cancelled_;
  std::optional<std::string> aborted_;
};

class check_session : public session {
 public:
  check_session(outcome& out, const mig_validator& validator, bool cancelled)
      : session(out, validator.codes, validator.n_codes, cancelled) {
    shows(validator.columns, validator.n_columns);
    check_.struct_size = sizeof check_;
    check_.host = static_cast<session*>(this);
    check_.report = &session::report;
    check_.log = &session::log;
    check_.cancelled = &session::cancelled;
  }
  const mig_check* services() const noexcept { return &check_; }
  /// Rows that nobody rejected go on.
  void settle() {
    for (std::uint32_t row = 0; row < rows_; ++row) {
      if (fate_of(row) == fate::none) fate_of(row) = fate::written;
    }
  }

 private:
  mig_check check_{};
};

}  // namespace mig::testing
