#include "plugin/elf_file.hpp"

#include <elf.h>

#include <cstring>
#include <optional>

namespace mighost {
namespace {

constexpr std::uint64_t symbols_max = 1'000'000;

/// A T at `offset`, when all of it lies inside `bytes`.
template <class T>
std::optional<T> at(std::string_view bytes, std::uint64_t offset) {
  if (offset > bytes.size() || bytes.size() - offset < sizeof(T)) return std::nullopt;
  T value;
  std::memcpy(&value, bytes.data() + offset, sizeof(T));
  return value;
}

std::optional<std::string_view> content(std::string_view bytes, const Elf64_Shdr& section) {
  if (section.sh_offset > bytes.size() || bytes.size() - section.sh_offset < section.sh_size) {
    return std::nullopt;
  }
  return bytes.substr(section.sh_offset, section.sh_size);
}

std::optional<std::string> text_at(std::string_view table, std::uint64_t offset) {
  if (offset >= table.size()) return std::nullopt;
  const auto end = table.find('\0', offset);
  if (end == std::string_view::npos) return std::nullopt;
  return std::string(table.substr(offset, end - offset));
}

std::string machine_name(std::uint16_t machine) {
  switch (machine) {
    case EM_386:
      return "x86 (32 bit)";
    case EM_X86_64:
      return "x86-64";
    case EM_ARM:
      return "ARM (32 bit)";
    case EM_AARCH64:
      return "AArch64";
    case EM_RISCV:
      return "RISC-V";
    case EM_PPC64:
      return "PowerPC 64";
    case EM_S390:
      return "S/390";
    default:
      return "ELF machine " + std::to_string(machine);
  }
}

/// What is wrong with the header, or nothing.
std::string header_fault(std::string_view bytes, std::uint16_t machine) {
  if (bytes.size() < EI_NIDENT || std::memcmp(bytes.data(), ELFMAG, SELFMAG) != 0) {
    return "it is not an ELF file";
  }
  if (bytes[EI_CLASS] == ELFCLASS32) {
    const auto header = at<Elf32_Ehdr>(bytes, 0);
    const std::string name = header ? machine_name(header->e_machine) : "32 bit";
    return "it was built for " + name + ", and this program for " + machine_name(machine);
  }
  constexpr char own_order =
      __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? char{ELFDATA2LSB} : char{ELFDATA2MSB};
  if (bytes[EI_DATA] != own_order) return "it was built for a machine of the other byte order";
  const auto header = at<Elf64_Ehdr>(bytes, 0);
  if (!header || bytes[EI_CLASS] != ELFCLASS64) return "its ELF header is damaged or cut off";
  if (header->e_machine != machine) {
    return "it was built for " + machine_name(header->e_machine) + ", and this program for " +
           machine_name(machine);
  }
  if (header->e_type != ET_DYN) return "it is an ELF file, but not a shared library";
  return {};
}

bool is_exported(const Elf64_Sym& symbol) {
  const unsigned binding = ELF64_ST_BIND(symbol.st_info);
  const unsigned visibility = ELF64_ST_VISIBILITY(symbol.st_other);
  return symbol.st_shndx != SHN_UNDEF && symbol.st_name != 0 && binding != STB_LOCAL &&
         (visibility == STV_DEFAULT || visibility == STV_PROTECTED) && symbol.st_shndx != SHN_ABS;
}

bool read_symbols(std::string_view symbols, std::string_view names, ElfFile& file) {
  const std::uint64_t count = symbols.size() / sizeof(Elf64_Sym);
  if (count > symbols_max) return false;
  for (std::uint64_t i = 0; i < count; ++i) {
    const auto symbol = at<Elf64_Sym>(symbols, i * sizeof(Elf64_Sym));
    if (!symbol || !is_exported(*symbol)) continue;
    auto name = text_at(names, symbol->st_name);
    if (!name) return false;
    file.exports.push_back(std::move(*name));
  }
  return true;
}

bool read_needed(std::string_view dynamic, std::string_view names, ElfFile& file) {
  for (std::uint64_t offset = 0;; offset += sizeof(Elf64_Dyn)) {
    const auto entry = at<Elf64_Dyn>(dynamic, offset);
    if (!entry || entry->d_tag == DT_NULL) return true;
    if (entry->d_tag != DT_NEEDED) continue;
    auto name = text_at(names, entry->d_un.d_val);
    if (!name) return false;
    file.needed.push_back(std::move(*name));
  }
}

}  // namespace

std::uint16_t own_machine() {
#if defined(__x86_64__)
  return EM_X86_64;
#elif defined(__aarch64__)
  return EM_AARCH64;
#elif defined(__riscv)
  return EM_RISCV;
#elif defined(__powerpc64__)
  return EM_PPC64;
#elif defined(__s390x__)
  return EM_S390;
#else
#error "name this machine's ELF number"
#endif
}

ElfFile read_elf(std::string_view bytes, std::uint16_t machine) {
  ElfFile file;
  file.fault = header_fault(bytes, machine);
  if (!file.fault.empty()) return file;
  const auto header = *at<Elf64_Ehdr>(bytes, 0);
  const std::string damaged = "it is damaged or cut off";
  bool has_symbols = false;
  for (std::uint64_t i = 0; i < header.e_shnum; ++i) {
    const auto section = at<Elf64_Shdr>(bytes, header.e_shoff + i * sizeof(Elf64_Shdr));
    if (!section) {
      file.fault = damaged;
      return file;
    }
    if (section->sh_type != SHT_DYNSYM && section->sh_type != SHT_DYNAMIC) continue;
    const auto linked =
        at<Elf64_Shdr>(bytes, header.e_shoff + section->sh_link * sizeof(Elf64_Shdr));
    const auto body = content(bytes, *section);
    const auto names = linked ? content(bytes, *linked) : std::nullopt;
    const bool is_symbols = section->sh_type == SHT_DYNSYM;
    if (!body || !names ||
        !(is_symbols ? read_symbols(*body, *names, file) : read_needed(*body, *names, file))) {
      file.fault = damaged;
      return file;
    }
    has_symbols = has_symbols || is_symbols;
  }
  if (!has_symbols) file.fault = "it has no table of dynamic symbols (was it stripped too far?)";
  return file;
}

}  // namespace mighost
