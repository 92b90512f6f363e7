#include "support/psql_program.hpp"

#include <filesystem>

namespace mighost::test {
namespace {

std::string find() {
  namespace fs = std::filesystem;
  std::error_code missing;
  for (const auto& version : fs::directory_iterator("/usr/lib/postgresql", missing)) {
    const fs::path program = version.path() / "bin/psql";
    if (fs::exists(program, missing)) return program;
  }
  return "psql";
}

}  // namespace

const std::string& psql_program() {
  static const std::string program = find();
  return program;
}

}  // namespace mighost::test
