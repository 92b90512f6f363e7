#pragma once
// A file that only its owner may read, for what is personal: there completely or not at all.
#include <filesystem>
#include <string>
#include <string_view>

namespace mighost {

class PrivateFile {
 public:
  /// Begins a new file beside `file`, which stays as it is until finish(). Throws
  /// Error{Exit::usage}.
  explicit PrivateFile(std::filesystem::path file);
  ~PrivateFile();
  PrivateFile(const PrivateFile&) = delete;
  PrivateFile& operator=(const PrivateFile&) = delete;

  /// Both throw Error{Exit::failed} when they cannot.
  void write(std::string_view bytes);
  void finish();

 private:
  void flush();
  [[noreturn]] void fail(int reason) const;

  const std::filesystem::path file_;
  std::filesystem::path temporary_;
  std::string buffer_;
  int descriptor_ = -1;
};

}  // namespace mighost
