#pragma once
// The faults of one configuration file, told together: whoever repairs it wants the whole list.
// Each reads `file:line:column: what; next`.
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace mighost {

class ConfigFaults {
 public:
  explicit ConfigFaults(std::filesystem::path file) : file_(std::move(file)) {}

  /// "run.toml:3:7".
  std::string place(std::uint32_t line, std::uint32_t column) const;
  void add(std::uint32_t line, std::uint32_t column, const std::string& what,
           const std::string& next);
  /// Throws Error{Exit::usage} with all of them, in the order of the file; does nothing without
  /// any.
  void throw_if_any() const;

 private:
  struct One {
    std::uint32_t line, column;
    std::string text;
  };

  std::filesystem::path file_;
  std::vector<One> faults_;
};

}  // namespace mighost
