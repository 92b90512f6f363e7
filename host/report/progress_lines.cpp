#include "report/progress_lines.hpp"

#include <algorithm>
#include <cmath>

#include "report/text.hpp"

namespace mighost {
namespace {

constexpr double measure_every_s = 0.5;
constexpr double memory_s = 4;        // older movement hardly counts
constexpr double standing_still = 1;  // rows per second below which nothing moves

}  // namespace

double RateMeter::update(double seconds, std::uint64_t rows) {
  const double passed = seconds - measured_at_;
  if (passed < measure_every_s) return rate_;
  const double gained = rows > measured_rows_ ? static_cast<double>(rows - measured_rows_) : 0;
  const double now = gained / passed;
  // The first measure stands alone; later ones weigh by how long they took.
  const double weight = measured_at_ > 0 ? 1 - std::exp(-passed / memory_s) : 1;
  rate_ += weight * (now - rate_);
  if (gained == 0 && rate_ < standing_still) rate_ = 0;
  measured_at_ = seconds;
  measured_rows_ = rows;
  return rate_;
}

std::optional<unsigned> percent_done(std::uint64_t rows, std::uint64_t expected_rows) {
  if (expected_rows == 0 || rows > expected_rows) return std::nullopt;
  const double share = static_cast<double>(rows) / static_cast<double>(expected_rows);
  if (rows == expected_rows) return 100;
  return std::min(99U, static_cast<unsigned>(share * 100));
}

std::optional<double> seconds_left(const ProgressMoment& moment) {
  if (moment.rows_per_second <= 0 || moment.rows >= moment.expected_rows) return std::nullopt;
  return static_cast<double>(moment.expected_rows - moment.rows) / moment.rows_per_second;
}

std::vector<std::string> progress_lines(const std::vector<ProgressMoment>& moments) {
  std::vector<std::vector<std::string>> rows;
  for (const ProgressMoment& moment : moments) {
    const auto percent = percent_done(moment.rows, moment.expected_rows);
    const auto left = seconds_left(moment);
    const bool moving = moment.rows_per_second > 0;
    // Padded to where the number will end, so that the columns stay where they are.
    std::string count = thousands(moment.rows);
    const std::size_t width = thousands(moment.expected_rows).size();
    if (count.size() < width) count.insert(0, width - count.size(), ' ');
    rows.push_back({moment.name, count + (moment.rows == 1 ? " row " : " rows"),
                    percent ? std::to_string(*percent) + " %" : "",
                    moving ? rate_text(moment.rows_per_second) + " rows/s" : "",
                    left ? "ETA " + duration_text(*left) : duration_text(moment.seconds),
                    moment.activity});
  }
  return aligned(
      rows, {Align::left, Align::right, Align::right, Align::right, Align::right, Align::left});
}

}  // namespace mighost
