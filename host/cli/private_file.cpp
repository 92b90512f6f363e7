#include "cli/private_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "report/error.hpp"
#include "report/screen.hpp"

namespace mighost {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t buffer_bytes_max = 256 << 10;

std::string system_message(int reason) { return std::generic_category().message(reason); }

}  // namespace

PrivateFile::PrivateFile(fs::path file) : file_(std::move(file)) {
  std::error_code error;
  const fs::file_status status = fs::status(file_, error);
  if (fs::exists(status) && !fs::is_regular_file(status)) {
    throw Error(Exit::usage, "the file to export to is there and is no file", file_.string(),
                "name a file that does not exist yet");
  }
  temporary_ = file_;
  temporary_ += "." + std::to_string(getpid()) + ".tmp";
  descriptor_ = open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (descriptor_ >= 0) return;
  const int reason = errno;
  temporary_.clear();
  throw Error(Exit::usage, "the file to export to cannot be written: " + system_message(reason),
              file_.string(), "name a file in a directory that exists and is writable");
}

PrivateFile::~PrivateFile() {
  if (descriptor_ >= 0) close(descriptor_);
  std::error_code ignored;
  if (!temporary_.empty()) fs::remove(temporary_, ignored);
}

void PrivateFile::write(std::string_view bytes) {
  buffer_ += bytes;
  if (buffer_.size() >= buffer_bytes_max) flush();
}

void PrivateFile::flush() {
  if (!write_fully(descriptor_, buffer_)) fail(errno);
  buffer_.clear();
}

void PrivateFile::finish() {
  flush();
  if (fsync(descriptor_) != 0) fail(errno);
  std::error_code error;
  fs::rename(temporary_, file_, error);
  if (error) fail(error.value());
  temporary_.clear();
}

void PrivateFile::fail(int reason) const {
  throw Error(Exit::failed, "the file to export to cannot be written: " + system_message(reason),
              file_.string(), "nothing of it was kept; make room, and export again");
}

}  // namespace mighost
