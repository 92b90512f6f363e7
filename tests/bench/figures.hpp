// What was measured, round by round, and what can be said about it.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace mighost::bench {

// The values of one thing, one for each round.
class Series {
 public:
  Series() = default;
  explicit Series(std::vector<double> values) : values_(std::move(values)) {}

  void add(double value) { values_.push_back(value); }
  const std::vector<double>& values() const { return values_; }

  double median() const;
  double min() const;
  double max() const;
  // How far apart the rounds lie, as a share of the median.
  double spread() const { return (max() - min()) / median(); }

  Series scaled(double factor) const;

 private:
  std::vector<double> values_;
};

// Round by round: both values of a pair were measured within seconds of each other, so what slows
// the machine down for a while slows both.
Series ratios(const Series& numerators, const Series& denominators);

// The rate at which each round dealt with that many rows.
Series rates(double rows, const Series& seconds);

// 762604 -> "762,604"
std::string grouped(double number, int decimals = 0);

// "1 round", "5 rounds"
std::string counted_rounds(std::size_t rounds);

inline constexpr double mebibyte = 1024.0 * 1024.0;

}  // namespace mighost::bench
