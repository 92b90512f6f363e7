#pragma once
// A temporary file that has no name and goes with the process, for what does not fit in memory.
// It is made in TMPDIR, readable by its owner alone while it had a name.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace mighost {

class SpillFile {
 public:
  /// Throws Error when there can be no such file.
  SpillFile();
  ~SpillFile();
  SpillFile(const SpillFile&) = delete;
  SpillFile& operator=(const SpillFile&) = delete;

  /// Throws Error when the disk is full. [one thread]
  void append(std::string_view bytes);
  /// After the last append, before the first read.
  void flush();
  std::uint64_t size() const { return written_ + pending_.size(); }

  /// Fills `into`. Throws Error. [any thread]
  void read(std::uint64_t at, char* into, std::size_t size) const;

 private:
  void write_pending();

  std::string directory_;
  int file_ = -1;
  std::uint64_t written_ = 0;
  std::string pending_;
};

}  // namespace mighost
