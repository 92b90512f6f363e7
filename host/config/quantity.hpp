#pragma once
// Sizes and durations as the configuration writes them: "8MiB", "30s". The unit is never guessed.
#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace mighost {

/// "512B", "64KiB", "8MiB", "1GiB"; blanks before the unit are allowed. Nothing when it is none of
/// these.
std::optional<std::uint64_t> parse_size(std::string_view text);
/// "250ms", "30s", "5min", "2h", and "0" without a unit.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);

}  // namespace mighost
