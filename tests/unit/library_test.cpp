// Looking at plugin files before anything of them runs. Loading real plugins is tested by
// tests/integration/plugin_faults_test.cpp.

#include "plugin/library.hpp"

#include <dlfcn.h>
#include <elf.h>
#include <gnu/libc-version.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>

#include "plan_samples.hpp"
#include "plugin/elf_file.hpp"

namespace mighost::test {
namespace {

namespace fs = std::filesystem;

// The C library is a shared library that is there wherever this test runs. It is found by a
// function that sanitizers do not put one of their own in front of.
std::string library_bytes() {
  Dl_info info{};
  dladdr(reinterpret_cast<void*>(&gnu_get_libc_version), &info);
  std::ifstream stream(info.dli_fname, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

class Directory {
 public:
  Directory() {
    std::string pattern = (fs::temp_directory_path() / "mighost-library-XXXXXX").string();
    path = mkdtemp(pattern.data());
  }
  ~Directory() { fs::remove_all(path); }
  Directory(const Directory&) = delete;
  Directory& operator=(const Directory&) = delete;

  void write(const std::string& name, const std::string& bytes) const {
    std::ofstream(path / name, std::ios::binary) << bytes;
  }

  fs::path path;
};

TEST(ElfFile, ReadsExportsAndNeeds) {
  const ElfFile elf = read_elf(library_bytes());
  EXPECT_EQ(elf.fault, "");
  EXPECT_NE(std::find(elf.exports.begin(), elf.exports.end(), "qsort"), elf.exports.end());
  EXPECT_FALSE(elf.needed.empty());
}

TEST(ElfFile, RefusesWhatIsNoLibrary) {
  EXPECT_TRUE(contains(read_elf("").fault, "not an ELF file"));
  EXPECT_TRUE(contains(read_elf("#!/bin/sh\necho hello world\n").fault, "not an ELF file"));
  EXPECT_TRUE(contains(read_elf(std::string("\x7F"
                                            "ELF",
                                            4))
                           .fault,
                       "not an ELF file"));
}

TEST(ElfFile, NamesTheOtherMachine) {
  const std::string bytes = library_bytes();
  const std::uint16_t other = own_machine() == EM_AARCH64 ? EM_X86_64 : EM_AARCH64;
  const std::string fault = read_elf(bytes, other).fault;
  EXPECT_TRUE(contains(fault, "AArch64")) << fault;
  EXPECT_TRUE(contains(fault, "x86-64") || own_machine() != EM_X86_64) << fault;
}

TEST(ElfFile, RefusesThirtyTwoBitsAndPrograms) {
  std::string bytes = library_bytes();
  bytes[EI_CLASS] = ELFCLASS32;
  EXPECT_TRUE(contains(read_elf(bytes).fault, "built for")) << read_elf(bytes).fault;
  bytes = library_bytes();
  bytes[EI_DATA] = bytes[EI_DATA] == ELFDATA2LSB ? ELFDATA2MSB : ELFDATA2LSB;
  EXPECT_TRUE(contains(read_elf(bytes).fault, "byte order"));
  bytes = library_bytes();
  const Elf64_Half type = ET_REL;
  std::memcpy(bytes.data() + offsetof(Elf64_Ehdr, e_type), &type, sizeof type);
  EXPECT_TRUE(contains(read_elf(bytes).fault, "not a shared library"));
}

// Cut off or scribbled over anywhere, it must be a fault or a result, and never a crash.
TEST(ElfFile, SurvivesDamage) {
  const std::string bytes = library_bytes();
  for (std::size_t size = 1; size < bytes.size(); size = size * 5 / 4 + 1) {
    EXPECT_NE(read_elf(std::string_view(bytes).substr(0, size)).fault, "") << size;
  }
  Elf64_Ehdr header;
  std::memcpy(&header, bytes.data(), sizeof header);
  unsigned state = 12345;
  const auto random = [&] { return state = state * 1664525U + 1013904223U; };
  for (int round = 0; round < 100; ++round) {
    std::string damaged = bytes;
    for (int i = 0; i < 20; ++i) {
      const std::size_t tables = header.e_shoff + random() % (header.e_shnum * sizeof(Elf64_Shdr));
      damaged[round % 2 == 0 ? tables : 16 + random() % 48] = static_cast<char>(random() >> 24U);
    }
    read_elf(damaged);
  }
}

TEST(Library, DirectoryMustBeThere) {
  const Error missing = error_of([] { load_plugins("/nowhere/plugins"); });
  EXPECT_EQ(missing.exit(), Exit::usage);
  EXPECT_TRUE(contains(missing.message(), "does not exist"));
  EXPECT_EQ(missing.where(), "/nowhere/plugins");
  EXPECT_TRUE(
      contains(error_of([] { load_plugins("/etc/passwd"); }).message(), "name a directory"));
}

TEST(Library, EmptyDirectoryIsAnError) {
  const Directory directory;
  directory.write("readme.txt", "no plugin");
  directory.write("libother.so", "no plugin either");
  EXPECT_TRUE(contains(error_of([&] { load_plugins(directory.path); }).message(), "no plugin"));
}

TEST(Library, EveryBadFileIsNamed) {
  const Directory directory;
  directory.write("a.mig.so", "not a library");
  directory.write("b.mig.so", library_bytes());
  fs::create_directory(directory.path / "c.mig.so");
  fs::create_symlink("nowhere", directory.path / "d.mig.so");
  const Error error = error_of([&] { load_plugins(directory.path); });
  EXPECT_EQ(error.exit(), Exit::usage);
  EXPECT_TRUE(contains(error.message(), "a.mig.so: it is not an ELF file")) << error.what();
  EXPECT_TRUE(contains(error.message(), "b.mig.so: it does not export mighost_plugin_v1"))
      << error.what();
  EXPECT_TRUE(contains(error.message(), "c.mig.so: it cannot be read")) << error.what();
  EXPECT_TRUE(contains(error.message(), "d.mig.so: it cannot be read")) << error.what();
}

TEST(Library, UnreadableFileIsNamed) {
  if (geteuid() == 0) GTEST_SKIP() << "root may read everything";
  const Directory directory;
  directory.write("a.mig.so", "x");
  fs::permissions(directory.path / "a.mig.so", fs::perms::none);
  EXPECT_TRUE(
      contains(error_of([&] { load_plugins(directory.path); }).message(), "cannot be read"));
}

}  // namespace
}  // namespace mighost::test
