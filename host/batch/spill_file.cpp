#include "batch/spill_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <system_error>

#include "report/error.hpp"

namespace mighost {
namespace {

constexpr std::size_t spill_piece_bytes = 64 * 1024;

[[noreturn]] void spill_failed(const std::string& what, int code, const std::string& directory) {
  throw Error(Exit::failed, what + ": " + std::generic_category().message(code), directory,
              "free space there, set TMPDIR to a directory that has more, or raise [load] memory, "
              "of which a quarter is for keys");
}

}  // namespace

SpillFile::SpillFile() {
  const char* given = std::getenv("TMPDIR");
  directory_ = given != nullptr && *given != '\0' ? given : "/tmp";
  std::string path = directory_ + "/mighost-keys-XXXXXX";
  file_ = mkostemp(path.data(), O_CLOEXEC);
  if (file_ < 0) {
    spill_failed("no temporary file can be made for keys that do not fit in memory", errno,
                 directory_);
  }
  unlink(path.c_str());
}

SpillFile::~SpillFile() { close(file_); }

void SpillFile::append(std::string_view bytes) {
  pending_ += bytes;
  if (pending_.size() >= spill_piece_bytes) write_pending();
}

void SpillFile::flush() {
  write_pending();
  pending_ = {};
}

void SpillFile::write_pending() {
  for (std::size_t done = 0; done < pending_.size();) {
    const ssize_t count = ::write(file_, pending_.data() + done, pending_.size() - done);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) {
      spill_failed("keys that do not fit in memory cannot be written to a temporary file",
                   count < 0 ? errno : ENOSPC, directory_);
    }
    done += static_cast<std::size_t>(count);
  }
  written_ += pending_.size();
  pending_.clear();
}

void SpillFile::read(std::uint64_t at, char* into, std::size_t size) const {
  while (size > 0) {
    const ssize_t count = ::pread(file_, into, size, static_cast<off_t>(at));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) {
      spill_failed("keys cannot be read back from a temporary file", count < 0 ? errno : EIO,
                   directory_);
    }
    into += count;
    at += static_cast<std::uint64_t>(count);
    size -= static_cast<std::size_t>(count);
  }
}

}  // namespace mighost
