#pragma once
// Doing something again whose trouble may pass: how long to wait before it.
#include <chrono>
#include <functional>
#include <string>

#include "run/run.hpp"

namespace mighost {

/// 0.1 s before the first new attempt (number 0), doubled each time, 8 s at most.
std::chrono::milliseconds pause_before(unsigned attempt);

/// Waits, unless somebody presses Ctrl-C, or `stopped` says true.
void pause(
    std::chrono::milliseconds time, const std::function<bool()>& stopped = [] { return false; });

/// `result`, or that of the attempts after it, which are told in its report: as many as
/// [transaction] retries allows, and as long as what ended the last one may pass. `what`: for the
/// log. `no_server`: an attempt found none to begin at; why, as the report tells it.
RunResult retried(RunResult result, const RunConfig& config, const std::string& what,
                  const std::function<RunResult()>& attempt,
                  const std::function<std::string(const Error&)>& no_server);

}  // namespace mighost
