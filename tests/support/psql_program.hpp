#pragma once
#include <string>

namespace mighost::test {

// The client itself. What Debian has in the PATH is a script that looks for it, and takes five
// times as long to start (psql --version: 60 against 11 ms).
const std::string& psql_program();

}  // namespace mighost::test
