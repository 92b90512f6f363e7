#include "plugin/foreign_code.hpp"

#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <cstring>

#include "report/error.hpp"

namespace mighost {
namespace {

thread_local const char* plugin_now = nullptr;
thread_local const char* entity_now = nullptr;
bool ours = false;

/// A line put together without memory from the heap, which may be what is broken.
class Line {
 public:
  void add(const char* text) {
    const std::size_t room = bytes_.size() - size_, size = std::strlen(text);
    const std::size_t taken = size < room ? size : room;
    std::memcpy(bytes_.data() + size_, text, taken);
    size_ += taken;
  }
  void write() const { static_cast<void>(!::write(STDERR_FILENO, bytes_.data(), size_)); }

 private:
  std::array<char, 512> bytes_;
  std::size_t size_ = 0;
};

const char* word(int signal) {
  switch (signal) {
    case SIGSEGV:
      return "a segmentation fault (signal 11)";
    case SIGBUS:
      return "a bus error (signal 7)";
    case SIGFPE:
      return "an arithmetic error (signal 8)";
    case SIGILL:
      return "an illegal instruction (signal 4)";
    default:
      return "an abort (signal 6)";
  }
}

constexpr char nothing_more[] = "; what had not been committed is not in the target\n";

extern "C" void tell_of_crash(int signal) {
  Line line;
  line.add("mighost: ");
  line.add(word(signal));
  if (plugin_now != nullptr) {
    line.add(" in plugin ");
    line.add(plugin_now);
    line.add(", at ");
    line.add(entity_now);
  }
  line.add(nothing_more);
  line.write();
  std::raise(signal);  // SA_RESETHAND: this time it is the end
}

void end_of_program() {
  if (ours) return;
  Line line;
  line.add("mighost: ");
  line.add(plugin_now == nullptr ? "a plugin" : plugin_now);
  line.add(" ended the program");
  if (plugin_now != nullptr) {
    line.add(", at ");
    line.add(entity_now);
  }
  line.add(nothing_more);
  line.write();
  _exit(static_cast<int>(Exit::internal));
}

}  // namespace

ForeignCode::ForeignCode(const std::string& plugin, const std::string& entity) noexcept
    : plugin_before_(plugin_now), entity_before_(entity_now) {
  plugin_now = plugin.c_str();
  entity_now = entity.c_str();
}

ForeignCode::~ForeignCode() {
  plugin_now = plugin_before_;
  entity_now = entity_before_;
}

void watch_foreign_code() {
  std::atexit(end_of_program);
  // A handler that recurses without end leaves no room on its stack for ours.
  static std::array<char, 64 * 1024> stack_of_handler;
  stack_t stack{};
  stack.ss_sp = stack_of_handler.data();
  stack.ss_size = stack_of_handler.size();
  sigaltstack(&stack, nullptr);
  struct sigaction action = {};
  action.sa_handler = tell_of_crash;
  action.sa_flags = static_cast<int>(SA_RESETHAND) | SA_NODEFER | SA_ONSTACK;
  sigemptyset(&action.sa_mask);
  for (const int signal : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT}) {
    struct sigaction before = {};
    sigaction(signal, nullptr, &before);
    if (before.sa_handler == SIG_DFL) sigaction(signal, &action, nullptr);
  }
}

void end_is_ours() { ours = true; }

}  // namespace mighost
