#include "report/screen.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>

#include "report/text.hpp"

namespace mighost {
namespace {

struct Size {
  std::size_t columns = 80, rows = 24;
};

Size terminal_size(int descriptor) {
  Size size;
  winsize window{};
  if (ioctl(descriptor, TIOCGWINSZ, &window) == 0 && window.ws_col > 0 && window.ws_row > 0) {
    size.columns = window.ws_col;
    size.rows = window.ws_row;
  }
  return size;
}

// A line that fills the last column, or a block as high as the window, would scroll and could not
// be erased again.
std::vector<std::string> fitted(const std::vector<std::string>& lines, Size size) {
  const std::size_t height_max = std::max<std::size_t>(2, size.rows) - 1;
  const std::size_t shown = lines.size() <= height_max ? lines.size() : height_max - 1;
  std::vector<std::string> result;
  for (std::size_t i = 0; i < shown; ++i) {
    result.push_back(truncated(one_line(lines[i]), size.columns - 1));
  }
  if (shown < lines.size()) {
    const std::string rest = "... and " + std::to_string(lines.size() - shown) + " more";
    result.push_back(truncated(rest, size.columns - 1));
  }
  return result;
}

}  // namespace

bool is_terminal(int descriptor) {
  if (isatty(descriptor) == 0) return false;
  const char* term = std::getenv("TERM");
  return term != nullptr && *term != '\0' && std::string_view(term) != "dumb";
}

bool color_allowed(int descriptor) {
  const char* no_color = std::getenv("NO_COLOR");
  return is_terminal(descriptor) && (no_color == nullptr || *no_color == '\0');
}

bool write_fully(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = write(descriptor, text.data(), text.size());
    if (written < 0) {
      if (errno == EINTR) continue;
      return false;
    }
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

Screen& Screen::standard_error() {
  static auto* screen = new Screen(STDERR_FILENO);
  return *screen;
}

void Screen::print(std::string_view text) {
  const std::lock_guard lock(mutex_);
  if (live_.empty()) {
    write_fully(descriptor_, text);
    return;
  }
  write_fully(descriptor_, erase() + std::string(text) + paint());
}

void Screen::show(const std::vector<std::string>& lines) {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> fitting = fitted(lines, terminal_size(descriptor_));
  if (fitting == live_) return;
  // Lines are painted over each other and cleared at their ends: nothing ever goes blank in
  // between.
  std::string out;
  if (!live_.empty()) out += "\x1b[" + std::to_string(live_.size()) + "A\r";
  live_ = std::move(fitting);
  write_fully(descriptor_, out + paint() + "\x1b[J");
}

std::string Screen::erase() const { return "\x1b[" + std::to_string(live_.size()) + "A\r\x1b[J"; }

std::string Screen::paint() const {
  std::string out;
  for (const std::string& line : live_) out += line + "\x1b[K\n";
  return out;
}

}  // namespace mighost
