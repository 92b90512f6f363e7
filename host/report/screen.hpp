#pragma once
// The one door to standard error. Log lines and live progress both go through it, so that a log
// line never breaks the live display: it is printed above it. Each change is one write, so nothing
// flickers.
#include <cstddef>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace mighost {

class Screen {
 public:
  /// Writes to this file descriptor, which stays the caller's.
  explicit Screen(int descriptor) : descriptor_(descriptor) {}
  Screen(const Screen&) = delete;
  Screen& operator=(const Screen&) = delete;

  /// The process's standard error; never destroyed, so threads may log until the very end.
  static Screen& standard_error();

  /// Prints whole lines, above the live ones. Trouble with writing is ignored: there is nowhere
  /// left to report it. [any thread]
  void print(std::string_view text);

  /// Replaces the live lines at the bottom, cut to the terminal's size. Empty: removes them. [any
  /// thread]
  void show(const std::vector<std::string>& lines);

 private:
  std::string erase() const;
  std::string paint() const;

  const int descriptor_;
  std::mutex mutex_;
  std::vector<std::string> live_;  // as painted
};

/// Whether this file descriptor is a terminal that understands cursor movement.
bool is_terminal(int descriptor);
/// A terminal, and NO_COLOR unset (no-color.org).
bool color_allowed(int descriptor);
/// Writes everything, however many calls that takes. False, with errno set, when it cannot.
bool write_fully(int descriptor, std::string_view text);

}  // namespace mighost
