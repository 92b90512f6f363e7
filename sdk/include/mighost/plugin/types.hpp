// The words of the manifest as C++ values. Every field is a plain constant that a plugin author
// writes once in a class; glue.hpp turns them into the structs of abi.h.
#pragma once

#include <mighost/abi.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <mighost/value.hpp>
#include <string_view>
#include <utility>

namespace mig {

/// A json or jsonb column. The text is UTF-8 and valid JSON; the host checks neither while it
/// copies.
struct json {
  std::string_view text;
};

/// A bytea column.
struct bytes {
  std::string_view data;
};

/// A code that an entity or validator may report: `static constexpr mig::code codes[] = {...}`.
struct code {
  std::string_view name;  // [a-z0-9_]+
  std::string_view meaning;
};

/// Source rows for which `where` is not true are left out, and counted under `code`.
struct filter {
  std::string_view where;  // SQL over the source columns
  std::string_view code;
  std::string_view meaning;
};

/// A sum that must survive: sum(source) over the rows read equals sum(target) over the rows written
/// plus what was held back.
struct total {
  std::string_view name;
  std::string_view source;  // SQL scalar over the source columns
  std::string_view target;  // SQL scalar over the columns of the target table
};

/// SQL that must return no row. Runs in the shared transaction before the commit, which it vetoes
/// unless `veto` is false. The first column that it returns is shown, so it must not be personal
/// data.
struct assertion {
  std::string_view name;
  std::string_view sql;
  std::string_view meaning;
  bool veto = true;
};

enum class moment : std::uint8_t { before, after };

/// SQL run in the shared transaction before or after the load of the entity. `plan` prints it.
struct step {
  moment when = moment::after;
  std::string_view sql;
  std::string_view purpose;
};

enum class kind : mig_setting_kind {
  text = MIG_SETTING_TEXT,
  integer = MIG_SETTING_INTEGER,
  boolean = MIG_SETTING_BOOLEAN,
  list = MIG_SETTING_LIST,
  map = MIG_SETTING_MAP
};

/// A setting in [plugins.<family>] of the configuration.
struct setting {
  std::string_view name;
  mig::kind kind = mig::kind::text;
  std::string_view fallback;  // the default, written as the configuration would; informative
  std::string_view help;
};

/// What happens to a row whose parent is missing. See mig_policy.
enum class missing : mig_policy {
  reject = MIG_MISSING_REJECT,
  null = MIG_MISSING_NULL,
  park = MIG_MISSING_PARK
};

enum class level : mig_log_level {
  debug = MIG_LOG_DEBUG,
  info = MIG_LOG_INFO,
  warn = MIG_LOG_WARN,
  error = MIG_LOG_ERROR
};

/// A string as a template argument: out.reject<"tax_rate_range">(...).
template <std::size_t N>
struct literal {
  char text[N]{};
  constexpr literal(const char (&s)[N]) {
    for (std::size_t i = 0; i < N; ++i) text[i] = s[i];
  }
  constexpr std::string_view view() const { return {text, N - 1}; }
};

namespace detail {

constexpr mig_str str(std::string_view text) noexcept { return {text.data(), text.size()}; }
constexpr std::string_view view(mig_str text) noexcept { return {text.data, text.size}; }

}  // namespace detail
}  // namespace mig
