#include "validate/validator_instance.hpp"

#include <algorithm>

#include "plugin/foreign_code.hpp"
#include "plugin/manifest_rules.hpp"
#include "plugin/text_checks.hpp"
#include "report/log.hpp"

namespace mighost {
namespace {

// More than any check has to say of one row. Without a limit a loop would take all memory before
// its time is over.
constexpr std::size_t findings_per_row = 64;

/// The plugin's own words, which may be cut off anywhere and end with it.
std::string said(const mig_error& error) {
  const auto* end = std::find(std::begin(error.message), std::end(error.message), '\0');
  const std::string message(std::begin(error.message), end);
  return message.empty() ? "it gives no reason" : message;
}

}  // namespace

ValidatorInstance::ValidatorInstance(const Validator& validator, const Entity& entity)
    : validator_(validator), entity_(entity), title_(plugin_title(*validator.plugin)) {
  host_ = {sizeof host_, 0, this, on_report, on_log, on_cancelled};
  for (const Column& needed : validator.columns) {
    const Column* written = find_column(entity.target_columns, needed.name);
    projection.push_back(static_cast<std::size_t>(written - entity.target_columns.data()));
  }
}

void ValidatorInstance::begin(const mig_settings* settings) noexcept {
  error_ = {};
  error_.struct_size = sizeof error_;
  const ForeignCode inside(title_, entity_.name);
  self_ = validator_.abi->begin(settings, &error_);
  begun = self_ != nullptr;
  if (!begun) fault = "does not start: " + said(error_);
}

void ValidatorInstance::check(std::uint32_t rows, std::uint64_t first_row) noexcept {
  findings.clear();
  rows_ = rows;
  const mig_batch batch{sizeof batch, rows,        static_cast<std::uint32_t>(projection.size()), 0,
                        first_row,    cells.data()};
  error_ = {};
  error_.struct_size = sizeof error_;
  const ForeignCode inside(title_, entity_.name);
  judge(validator_.abi->check(self_, &batch, &host_, &error_), "failed: ");
  rows_ = 0;
}

void ValidatorInstance::finish() noexcept {
  findings.clear();
  error_ = {};
  error_.struct_size = sizeof error_;
  const ForeignCode inside(title_, entity_.name);
  judge(validator_.abi->finish(self_, &host_, &error_), "failed at the end: ");
}

void ValidatorInstance::end() noexcept {
  begun = false;
  const ForeignCode inside(title_, entity_.name);
  validator_.abi->end(self_);
}

void ValidatorInstance::judge(mig_status status, const char* when) noexcept {
  if (status == MIG_OK || (status == MIG_CANCELLED && cancelled)) return;
  if (fault.empty()) fault = when + said(error_);
}

void ValidatorInstance::on_report(void* host, const mig_issue* issue) noexcept {
  ValidatorInstance& me = of(host);
  if (me.disowned) return;
  try {
    me.report(*issue);
  } catch (...) {
    me.fault = "made the host run out of memory";
  }
}

void ValidatorInstance::report(const mig_issue& issue) {
  if (!fault.empty()) return;  // the first says enough
  const std::string code(text_of(issue.code)), column(text_of(issue.column));
  const auto& codes = validator_.codes;
  const bool declared = std::any_of(codes.begin(), codes.end(),
                                    [&](const Code& known) { return known.code == code; });
  if (issue.row >= rows_) {
    fault = "reported on a row that it was not shown";
  } else if (!declared) {
    fault = "reported " + (is_name(code) ? "the code `" + code + "`" : std::string("a code")) +
            ", which it does not declare";
  } else if (!column.empty() && find_column(validator_.columns, column) == nullptr) {
    // Only a name from the catalog may be told: the text is the plugin's, and may be anything.
    const bool known = find_column(entity_.target_columns, column) != nullptr;
    fault = "reported on " + (known ? "the column " + column : std::string("a column")) +
            ", which it was not shown";
  } else if (findings.size() >= findings_per_row * rows_) {
    fault = "reported more than " + std::to_string(findings_per_row) + " times for each row";
  } else {
    const bool known = issue.severity == MIG_NOTE || issue.severity == MIG_REJECT;
    findings.push_back({issue.row, known ? issue.severity : mig_severity{MIG_ABORT}, code, column,
                        std::string(text_of(issue.detail)), title_});
  }
}

void ValidatorInstance::on_log(void* host, mig_log_level level, mig_str message) noexcept {
  const ValidatorInstance& me = of(host);
  if (me.disowned) return;
  try {
    const LogLevel shown = level >= MIG_LOG_ERROR  ? LogLevel::error
                           : level == MIG_LOG_WARN ? LogLevel::warn
                           : level == MIG_LOG_INFO ? LogLevel::info
                                                   : LogLevel::debug;
    log(shown, text_of(message), {{"plugin", me.title_}, {"entity", me.entity_.name}});
  } catch (...) {
    return;  // a log line is not worth a run
  }
}

std::uint8_t ValidatorInstance::on_cancelled(void* host) noexcept {
  return of(host).cancelled ? 1 : 0;
}

}  // namespace mighost
