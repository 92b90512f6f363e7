#include "run/retry.hpp"

#include <algorithm>
#include <thread>

#include "run/run.hpp"

namespace mighost {

std::chrono::milliseconds pause_before(unsigned attempt) {
  constexpr std::chrono::milliseconds first{100}, longest{8000};
  constexpr unsigned doublings_max = 10;
  return std::min(first * (1 << std::min(attempt, doublings_max)), longest);
}

void pause(std::chrono::milliseconds time, const std::function<bool()>& stopped) {
  constexpr std::chrono::milliseconds look_every{20};
  const auto until = std::chrono::steady_clock::now() + time;
  while (std::chrono::steady_clock::now() < until && !interrupted && !stopped()) {
    std::this_thread::sleep_for(std::min(time, look_every));
  }
}

}  // namespace mighost
