#pragma once
// Results on stdout, and files that are there completely or not at all.
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace mighost {

/// A reader that went away (`mighost list | head`) is no error; a full disk is:
/// Error{Exit::failed}.
void print_result(std::string_view text);

/// The file of --json. Opened before the work begins, so that a bad path is told at once and not
/// after hours; it replaces the old file only when the new one is complete.
class JsonOutput {
 public:
  /// Nothing: no output is wanted. "-": stdout. Throws Error{Exit::usage}.
  explicit JsonOutput(std::optional<std::string> where);
  ~JsonOutput();
  JsonOutput(const JsonOutput&) = delete;
  JsonOutput& operator=(const JsonOutput&) = delete;

  bool wanted() const { return where_.has_value(); }
  bool on_stdout() const { return where_ == "-"; }
  /// Throws Error{Exit::failed} when it cannot.
  void write(std::string_view json);

 private:
  [[noreturn]] void fail(int reason) const;

  const std::optional<std::string> where_;
  std::filesystem::path file_, temporary_;  // `temporary_` is empty for devices and pipes
  int descriptor_ = -1;
};

}  // namespace mighost
