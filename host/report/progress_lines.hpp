#pragma once
// How progress reads, as pure functions: rate, percent, time left, and the lines of the live
// display.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace mighost {

/// Rows per second over the last few seconds, without nervous jumps.
class RateMeter {
 public:
  /// The rate after `rows` rows, `seconds` after the start. 0: nothing has moved for a while.
  double update(double seconds, std::uint64_t rows);

 private:
  double rate_ = 0;
  double measured_at_ = 0;
  std::uint64_t measured_rows_ = 0;
};

/// One active entity at one moment.
struct ProgressMoment {
  std::string name;
  std::uint64_t rows = 0;
  std::uint64_t expected_rows = 0;  // 0: unknown
  double rows_per_second = 0;
  double seconds = 0;  // since its start
  std::string activity;
};

/// 0 to 99 while rows are still coming; nothing when the expectation is unknown or was too low.
std::optional<unsigned> percent_done(std::uint64_t rows, std::uint64_t expected_rows);
/// Seconds left at this rate; nothing when that cannot be said.
std::optional<double> seconds_left(const ProgressMoment& moment);
/// One line per entity, columns aligned.
std::vector<std::string> progress_lines(const std::vector<ProgressMoment>& moments);

}  // namespace mighost
