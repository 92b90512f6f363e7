#pragma once
// What a shared library says of itself, read from its bytes: nothing of it runs. Every offset is
// checked, because a truncated or hostile file must end in a message and not in a crash.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mighost {

struct ElfFile {
  std::string fault;  // why it is not a shared library that this program can load; else empty
  std::vector<std::string> exports;  // dynamic symbols that it defines and shows
  std::vector<std::string> needed;   // libraries that it asks the loader for
};

/// The ELF machine number that this program was built for.
std::uint16_t own_machine();

ElfFile read_elf(std::string_view bytes, std::uint16_t machine = own_machine());

}  // namespace mighost
