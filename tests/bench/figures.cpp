#include "figures.hpp"

#include <algorithm>
#include <cstdio>
#include <stdexcept>

namespace mighost::bench {
namespace {

void require_some(const std::vector<double>& values) {
  if (values.empty()) throw std::logic_error("a figure without a value");
}

}  // namespace

double Series::median() const {
  require_some(values_);
  std::vector<double> sorted = values_;
  std::sort(sorted.begin(), sorted.end());
  const std::size_t middle = sorted.size() / 2;
  return sorted.size() % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

double Series::min() const {
  require_some(values_);
  return *std::min_element(values_.begin(), values_.end());
}

double Series::max() const {
  require_some(values_);
  return *std::max_element(values_.begin(), values_.end());
}

Series Series::scaled(double factor) const {
  Series scaled;
  for (const double value : values_) scaled.add(value * factor);
  return scaled;
}

Series ratios(const Series& numerators, const Series& denominators) {
  if (numerators.values().size() != denominators.values().size()) {
    throw std::logic_error("a round without its pair");
  }
  Series result;
  for (std::size_t i = 0; i < numerators.values().size(); ++i) {
    result.add(numerators.values()[i] / denominators.values()[i]);
  }
  return result;
}

Series rates(double rows, const Series& seconds) {
  Series result;
  for (const double each : seconds.values()) result.add(rows / each);
  return result;
}

std::string grouped(double number, int decimals) {
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", decimals, number);
  std::string result = text;
  const std::size_t first = result.front() == '-' ? 1 : 0;
  std::size_t at = std::min(result.find('.'), result.size());
  while (at > first + 3) {
    at -= 3;
    result.insert(at, ",");
  }
  return result;
}

std::string counted_rounds(std::size_t rounds) {
  return std::to_string(rounds) + (rounds == 1 ? " round" : " rounds");
}

}  // namespace mighost::bench
