#pragma once
// The one exception that host code throws for trouble that ends a command. It always has three
// parts: what happened, where, and what to do next. main() turns it into a message and an exit
// code. Rows are never errors.
#include <exception>
#include <string>

namespace mighost {

/// Exit codes of the program (design 7).
enum class Exit : int {
  done = 0,         // done and verified
  usage = 1,        // usage or configuration
  preflight = 2,    // cannot connect, or preflight refuses
  failed = 3,       // failed; the message says what was committed
  vetoed = 4,       // vetoed by validation, nothing committed
  unverified = 5,   // committed, but a check could not run
  interrupted = 6,  // stopped by a signal
  internal = 7      // our bug
};

class Error : public std::exception {
 public:
  Error(Exit exit, std::string what, std::string where = {}, std::string next = {})
      : exit_(exit), what_(std::move(what)), where_(std::move(where)), next_(std::move(next)) {
    text_ = what_;
    if (!where_.empty()) text_ += "\n  where: " + where_;
    if (!next_.empty()) text_ += "\n  next:  " + next_;
  }

  Exit exit() const noexcept { return exit_; }
  const std::string& message() const noexcept { return what_; }
  const std::string& where() const noexcept { return where_; }
  const std::string& next() const noexcept { return next_; }
  /// All three parts, one per line.
  const char* what() const noexcept override { return text_.c_str(); }

 private:
  Exit exit_;
  std::string what_, where_, next_, text_;
};

}  // namespace mighost
