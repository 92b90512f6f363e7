#pragma once

// A page of docs/ whose code is built and run: its fenced blocks, in order. What stands behind the
// language says what to do with a block:
//   ```cpp file=x.cpp     is written to the file x.cpp (any language)
//   ```sh                 is run; `exit=4` says how it must end; `2>&1`: what it prints and what it
//                         complains of stand in the order in which they came, else the second last
//   ```text               each of its lines must stand in what the command before it printed, in
//                         this order, on a line that may be longer; how many blanks there are does
//                         not count, and `...` stands for anything
// Other blocks are for reading only.

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace mighost::test {

struct PageBlock {
  std::string language;
  std::map<std::string, std::string> options;
  std::string text;
  std::size_t line = 0;  // of its fence
};

std::vector<PageBlock> blocks_of_page(const std::filesystem::path& page);

// Does what the page says, in `directory`. Returns what went otherwise, with the line of the page;
// empty when nothing did. Without a command in it the page has not been followed, and that is told.
std::string follow_page(const std::filesystem::path& page, const std::filesystem::path& directory,
                        const std::map<std::string, std::optional<std::string>>& environment);

// A directory that looks like the tree to the page's commands. `./dev` gives what it gives a
// reader, but of this test's databases.
void lay_out_tree(const std::filesystem::path& directory);

}  // namespace mighost::test
