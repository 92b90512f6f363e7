#pragma once
#include <string>

namespace mighost::test {

// The client itself. What Debian has in the PATH is a script that looks for it and takes five times
// as long to start, which was most of what a test did while it waited for an answer.
const std::string& psql_program();

}  // namespace mighost::test
