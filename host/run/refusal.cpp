// Which of the server's refusals are a row's fault, and what they are called. Classes 22 and 23 are
// the data's, P0 is what triggers raise (PostgreSQL documentation, appendix A).
#include <array>
#include <utility>

#include "plugin/host_codes.hpp"
#include "run/row_loader.hpp"

namespace mighost {

std::string refusal_code(const ServerError& error) {
  static constexpr std::array<std::pair<const char*, const char*>, 11> known = {{
      {"23505", host_code::unique},
      {"23502", host_code::not_null},
      {"23514", "check"},
      {"23503", host_code::foreign_key},
      {"23P01", "exclusion"},
      {"22001", "length"},
      {"22021", "encoding"},
      {"22P05", "encoding"},
      {"22003", "numeric_range"},
      {"22008", "out_of_range"},
      {"P0001", "trigger"},
  }};
  for (const auto& [sqlstate, code] : known) {
    if (error.sqlstate == sqlstate) return code;
  }
  // A malformed binary value is our own fault, not the row's.
  if (error.sqlstate == "22P03") return {};
  const std::string family = error.sqlstate.substr(0, 2);
  if (family == "22" || family == "23") return "server";
  if (family == "P0") return "trigger";
  return {};
}

std::string refusal_message(const ServerError& error) {
  std::string text = "the server refused the row: " + error.safe_message();
  if (!error.constraint.empty()) text += ", constraint " + error.constraint;
  if (!error.column.empty()) text += ", column " + error.column;
  return text;
}

}  // namespace mighost
