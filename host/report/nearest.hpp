#pragma once
// "Did you mean ...?": the known name that a mistyped one is closest to.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mighost {

/// The known name that is at most a third of its letters away from `name`, or nothing. Case does
/// not count, nor does '-' against '_'. Of equally near names the first wins.
std::optional<std::string> nearest(std::string_view name, const std::vector<std::string>& known);

/// The remedy that goes with it: `did you mean "batch_rows"?`, or else `known: a, b, c`.
std::string nearest_hint(std::string_view name, const std::vector<std::string>& known);

}  // namespace mighost
