// The command line of mighost-bench.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace mighost::bench {

struct Arguments {
  bool tasks = false;
  bool memory = false;
  bool boundary = false;
  bool families = false;
  bool checks = false;
  bool verify = false;
  bool quality = false;
  bool rollback = false;
  bool chunks = false;
  bool scaling = false;
  std::optional<std::size_t> rounds;
  std::optional<std::size_t> rows;
  std::string preset = "A";
  std::optional<std::filesystem::path> json;
  bool help = false;

  bool needs_database() const {
    return tasks || memory || families || checks || verify || quality || rollback || chunks ||
           scaling;
  }
};

class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// `words` is argv without the program's name. Throws UsageError.
Arguments parse_arguments(const std::vector<std::string>& words);

std::string usage();

}  // namespace mighost::bench
