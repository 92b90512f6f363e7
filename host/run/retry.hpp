#pragma once
// Doing something again whose trouble may pass: how long to wait before it.
#include <chrono>
#include <functional>

namespace mighost {

/// 0.1 s before the first new attempt (number 0), doubled each time, 8 s at most.
std::chrono::milliseconds pause_before(unsigned attempt);

/// Waits, unless somebody presses Ctrl-C, or `stopped` says true.
void pause(
    std::chrono::milliseconds time, const std::function<bool()>& stopped = [] { return false; });

}  // namespace mighost
