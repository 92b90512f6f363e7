#include "run/retry.hpp"

#include <algorithm>
#include <mighost/value.hpp>
#include <thread>

#include "report/log.hpp"

namespace mighost {
namespace {

std::string time_now() {
  using namespace std::chrono;
  constexpr seconds from_1970_to_2000{946'684'800};
  const auto since_1970 = system_clock::now().time_since_epoch();
  return mig::timestamptz{duration_cast<microseconds>(since_1970 - from_1970_to_2000).count()}
      .to_text();
}

}  // namespace

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

RunResult retried(RunResult result, const RunConfig& config, const std::string& what,
                  const std::function<RunResult()>& attempt,
                  const std::function<std::string(const Error&)>& no_server) {
  const auto begun = std::chrono::steady_clock::now();
  const double first_s = result.report.seconds;
  std::vector<RetryReport> retries;
  while (result.may_pass && retries.size() < config.chunks.retries.value_or(0) && !interrupted) {
    const std::string why = result.report.error.substr(0, result.report.error.find('\n'));
    log_warn(what + ": " + why, {});
    const auto number = static_cast<unsigned>(retries.size());
    retries.push_back({"", -1, static_cast<int>(number) + 1, result.sqlstate, why, time_now()});
    pause(pause_before(number));
    try {
      result = attempt();
    } catch (const Error& error) {
      // The server is not back yet.
      if (error.exit() != Exit::preflight) throw;
      result.report.error = no_server(error);
      result.sqlstate.clear();
    } catch (const SqlError& refused) {
      // It went again while the attempt made its plan, or does not want it any more.
      result.report.error = no_server({Exit::failed, refused.told()});
      result.sqlstate = refused.error().sqlstate;
      result.may_pass = refused.error().may_pass();
    }
  }
  if (!retries.empty()) {
    const std::chrono::duration<double> since = std::chrono::steady_clock::now() - begun;
    result.report.seconds = first_s + since.count();
  }
  result.report.retries = std::move(retries);
  return result;
}

}  // namespace mighost
