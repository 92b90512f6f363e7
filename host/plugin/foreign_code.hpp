#pragma once
// Whose code a thread is in, so that a plugin that crashes or ends the process does not do so
// unnamed.
#include <string>

namespace mighost {

/// While it lives, the calling thread is inside that plugin, for that entity. Both must outlive it.
class ForeignCode {
 public:
  ForeignCode(const std::string& plugin, const std::string& entity) noexcept;
  ~ForeignCode();
  ForeignCode(const ForeignCode&) = delete;
  ForeignCode& operator=(const ForeignCode&) = delete;

 private:
  const char *plugin_before_, *entity_before_;
};

/// From now on a crash is told to standard error, with whose code it was in, before the process
/// dies of its signal; and exit() is the end with Exit::internal, until end_is_ours(). What a
/// sanitizer has put in place stays. [once, before threads]
void watch_foreign_code();
void end_is_ours();

}  // namespace mighost
