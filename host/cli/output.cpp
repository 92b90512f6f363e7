#include "cli/output.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "report/error.hpp"
#include "report/screen.hpp"

namespace mighost {
namespace {

namespace fs = std::filesystem;

std::string reason_text(int reason) { return std::generic_category().message(reason); }

Error cannot_open(const std::string& what, const std::string& where) {
  return {Exit::usage, what, where,
          "give --json a file in a directory that exists and is writable"};
}

}  // namespace

void print_result(std::string_view text) {
  if (write_fully(STDOUT_FILENO, text) || errno == EPIPE) return;
  throw Error(Exit::failed, "the result cannot be written: " + reason_text(errno),
              "standard output", "make room, or send the output elsewhere");
}

JsonOutput::JsonOutput(std::optional<std::string> where) : where_(std::move(where)) {
  if (!wanted() || on_stdout()) return;
  std::error_code error;
  // Through symbolic links to the file that they mean: the link must survive.
  file_ = fs::weakly_canonical(*where_, error);
  if (error) file_ = *where_;
  const fs::file_status status = fs::status(file_, error);
  if (fs::is_directory(status)) throw cannot_open("the file of --json is a directory", *where_);
  const bool replace = !fs::exists(status) || fs::is_regular_file(status);
  if (replace) {
    temporary_ = file_;
    temporary_ += "." + std::to_string(getpid()) + ".tmp";
    descriptor_ = open(temporary_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  } else {
    descriptor_ = open(file_.c_str(), O_WRONLY | O_CLOEXEC);
  }
  if (descriptor_ < 0) {
    const int reason = errno;
    temporary_.clear();
    throw cannot_open("the file of --json cannot be written: " + reason_text(reason), *where_);
  }
}

JsonOutput::~JsonOutput() {
  if (descriptor_ >= 0) close(descriptor_);
  std::error_code ignored;
  if (!temporary_.empty()) fs::remove(temporary_, ignored);
}

void JsonOutput::write(std::string_view json) {
  if (!wanted()) return;
  if (on_stdout()) {
    print_result(json);
    return;
  }
  if (!write_fully(descriptor_, json) && !(temporary_.empty() && errno == EPIPE)) fail(errno);
  if (temporary_.empty()) return;
  if (fsync(descriptor_) != 0) fail(errno);
  std::error_code error;
  fs::rename(temporary_, file_, error);
  if (error) fail(error.value());
  temporary_.clear();
}

void JsonOutput::fail(int reason) const {
  throw Error(Exit::failed, "the file of --json cannot be written: " + reason_text(reason), *where_,
              "what the command did stands as it was reported; make room for the file");
}

}  // namespace mighost
