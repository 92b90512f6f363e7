// Holds the tree to its house rules: which way the directories of the host may include, and how a
// file looks. Each rule is a function over text, so that the tests below can also show it bad text.

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace {

namespace fs = std::filesystem;

constexpr std::size_t line_length_max = 100;
constexpr std::size_t file_lines_max = 500;

// The order in which data flows. A directory includes itself and what stands before it.
const std::vector<std::string> host_order = {"report", "config", "plugin",   "pg",
                                             "plan",   "batch",  "validate", "ledger",
                                             "verify", "run",    "lanes",    "cli"};
const std::set<std::string> code_extensions = {".cpp", ".hpp", ".h", ".c"};
const std::set<std::string> code_directories = {"host", "sdk", "plugins", "tests"};

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

// Characters, not bytes: a continuation byte of UTF-8 does not count.
std::size_t length_of(std::string_view line) {
  const auto starts = [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U; };
  return static_cast<std::size_t>(std::count_if(line.begin(), line.end(), starts));
}

bool is_word_character(char character) {
  return character == '_' || std::isalnum(static_cast<unsigned char>(character)) != 0;
}

bool has_word(std::string_view line, std::string_view word) {
  for (auto at = line.find(word); at != std::string_view::npos; at = line.find(word, at + 1)) {
    const auto end = at + word.size();
    const bool starts = at == 0 || !is_word_character(line[at - 1]);
    const bool ends = end == line.size() || !is_word_character(line[end]);
    if (starts && ends) return true;
  }
  return false;
}

// Written in halves, so that this file obeys its own rules.
const std::vector<std::string> banned_words = {
    "TO"
    "DO",
    "FIX"
    "ME",
    "sr"
    "c",
    "ds"
    "t"};

std::vector<std::string> appearance_problems(const std::string& path, const std::string& text) {
  std::vector<std::string> problems;
  const auto lines = lines_of(text);
  const auto report = [&](std::size_t index, const std::string& what) {
    problems.push_back(path + ":" + std::to_string(index + 1) + ": " + what);
  };
  for (std::size_t index = 0; index < lines.size(); ++index) {
    const auto& line = lines[index];
    if (length_of(line) > line_length_max) report(index, "longer than 100 characters");
    if (line.find('\t') != std::string::npos) report(index, "a tab");
    for (const auto& word : banned_words) {
      if (has_word(line, word)) report(index, "the word " + word);
    }
  }
  if (lines.size() > file_lines_max) {
    problems.push_back(path + ": " + std::to_string(lines.size()) + " lines, 500 at most");
  }
  return problems;
}

struct Include {
  std::size_t line;
  std::string path;
  bool quoted;
};

std::vector<Include> includes_of(const std::string& text) {
  static const std::regex pattern(R"re(^\s*#\s*include\s*([<"])([^>"]+)[>"].*)re");
  std::vector<Include> includes;
  const auto lines = lines_of(text);
  for (std::size_t index = 0; index < lines.size(); ++index) {
    std::smatch match;
    if (std::regex_match(lines[index], match, pattern)) {
      includes.push_back({index + 1, match[2], match[1] == "\""});
    }
  }
  return includes;
}

// Where a directory stands in the flow; past the end when it is not in it.
std::size_t place_of(const std::string& directory) {
  const auto found = std::find(host_order.begin(), host_order.end(), directory);
  return static_cast<std::size_t>(std::distance(host_order.begin(), found));
}

// `path` begins with host/, sdk/, plugins/ or tests/.
std::vector<std::string> include_problems(const std::string& path, const std::string& text) {
  std::vector<std::string> problems;
  const fs::path file(path);
  const std::string part = file.begin()->string();
  if (part == "tests") return problems;
  const bool in_host = part == "host";
  const bool in_directory = std::distance(file.begin(), file.end()) > 2;
  const std::string own = in_host && in_directory ? std::next(file.begin())->string() : "";
  if (!own.empty() && place_of(own) == host_order.size()) {
    problems.push_back(path + ": the directory " + own + " has no place in the order of the host");
    return problems;
  }
  // main.cpp comes last and may include everything; sdk and plugins come before the host.
  for (const auto& include : includes_of(text)) {
    const fs::path included(include.path);
    const std::string first = included.begin()->string();
    const std::string where = path + ":" + std::to_string(include.line) + ": ";
    if (include.path.find("..") != std::string::npos) {
      problems.push_back(where + "includes through ..");
    }
    const bool names_host = included.has_parent_path() && place_of(first) < host_order.size();
    if (!names_host) continue;
    if (!in_host && include.quoted) {
      problems.push_back(where + part + " must not know the host's " + include.path);
    }
    if (!own.empty() && place_of(first) > place_of(own)) {
      problems.push_back(where + own + " must not include " + include.path);
    }
  }
  return problems;
}

// Copies of released headers stay as they were released.
bool is_frozen(const std::string& path) {
  static const std::regex pattern(R"(^tests/abi/v[^/]*/.*)");
  return std::regex_match(path, pattern);
}

std::vector<std::string> code_files(const fs::path& root) {
  std::vector<std::string> files;
  for (const auto& directory : code_directories) {
    if (!fs::exists(root / directory)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(root / directory)) {
      const std::string path = fs::relative(entry.path(), root).generic_string();
      const bool is_code = code_extensions.contains(entry.path().extension().string());
      if (entry.is_regular_file() && is_code && !is_frozen(path)) files.push_back(path);
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::string read_file(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

std::string joined(const std::vector<std::string>& problems) {
  std::string text;
  for (const auto& problem : problems) text += "\n  " + problem;
  return text;
}

using Problems = std::vector<std::string> (*)(const std::string&, const std::string&);

std::vector<std::string> problems_of_tree(const fs::path& root, Problems rule) {
  std::vector<std::string> problems;
  for (const auto& path : code_files(root)) {
    const auto found = rule(path, read_file(root / path));
    problems.insert(problems.end(), found.begin(), found.end());
  }
  return problems;
}

TEST(Tidy, TreeLooksAsAgreed) {
  ASSERT_FALSE(code_files(MIGHOST_SOURCE_DIR).empty());
  const auto problems = problems_of_tree(MIGHOST_SOURCE_DIR, appearance_problems);
  EXPECT_TRUE(problems.empty()) << joined(problems);
}

TEST(Tidy, IncludesFollowTheFlow) {
  const auto problems = problems_of_tree(MIGHOST_SOURCE_DIR, include_problems);
  EXPECT_TRUE(problems.empty()) << joined(problems);
}

TEST(Tidy, RefusesLongLines) {
  const std::string longest(100, 'x');
  EXPECT_TRUE(appearance_problems("host/pg/a.cpp", longest + "\n").empty());
  EXPECT_EQ(appearance_problems("host/pg/a.cpp", "\n" + longest + "x\n"),
            std::vector<std::string>{"host/pg/a.cpp:2: longer than 100 characters"});
}

TEST(Tidy, CountsCharactersNotBytes) {
  std::string line;
  for (int count = 0; count < 100; ++count) line += "\xC3\xA9";
  EXPECT_TRUE(appearance_problems("a.cpp", line).empty());
  EXPECT_EQ(appearance_problems("a.cpp", line + "e").size(), 1U);
}

TEST(Tidy, RefusesTabs) { EXPECT_EQ(appearance_problems("a.cpp", "\tint a;\n").size(), 1U); }

TEST(Tidy, RefusesBannedWords) {
  for (const auto& word : banned_words) {
    EXPECT_EQ(appearance_problems("a.cpp", "int " + word + " = 1;\n").size(), 1U) << word;
    EXPECT_EQ(appearance_problems("a.cpp", word).size(), 1U) << word;
    EXPECT_EQ(appearance_problems("a.cpp", "(" + word + ")").size(), 1U) << word;
    EXPECT_TRUE(appearance_problems("a.cpp", "int my_" + word + "x;\n").empty()) << word;
    EXPECT_EQ(appearance_problems("a.cpp", "x" + word + " " + word).size(), 1U) << word;
  }
}

TEST(Tidy, RefusesLongFiles) {
  std::string text;
  for (std::size_t line = 0; line < file_lines_max; ++line) text += "int a;\n";
  EXPECT_TRUE(appearance_problems("a.cpp", text).empty());
  EXPECT_EQ(appearance_problems("a.cpp", text + "int a;\n").size(), 1U);
}

TEST(Tidy, RefusesIncludesAgainstTheFlow) {
  const std::string text = "#include <vector>\n\n#include \"run/lane.hpp\"\n";
  EXPECT_EQ(include_problems("host/pg/copy.cpp", text),
            std::vector<std::string>{"host/pg/copy.cpp:3: pg must not include run/lane.hpp"});
  EXPECT_EQ(include_problems("host/pg/deep/copy.cpp", text).size(), 1U);
  EXPECT_EQ(include_problems("host/pg/copy.cpp", "  #  include <cli/a.hpp> // why\n").size(), 1U);
  EXPECT_TRUE(include_problems("host/run/a.cpp", text).empty());
  EXPECT_TRUE(include_problems("host/cli/a.cpp", text).empty());
  EXPECT_TRUE(include_problems("host/main.cpp", text).empty());
}

TEST(Tidy, EveryDirectoryIncludesWhatStandsBeforeIt) {
  for (std::size_t own = 0; own < host_order.size(); ++own) {
    for (std::size_t other = 0; other < host_order.size(); ++other) {
      const std::string path = "host/" + host_order[own] + "/a.cpp";
      const std::string text = "#include \"" + host_order[other] + "/b.hpp\"\n";
      EXPECT_EQ(include_problems(path, text).empty(), other <= own) << path << ' ' << text;
    }
  }
}

TEST(Tidy, RefusesWaysAroundTheFlow) {
  EXPECT_EQ(include_problems("host/pg/a.cpp", "#include \"../pg/b.hpp\"\n").size(), 1U);
  EXPECT_EQ(include_problems("host/misc/a.cpp", "").size(), 1U);
  EXPECT_EQ(include_problems("plugins/core/a.cpp", "#include \"plan/graph.hpp\"\n").size(), 1U);
  EXPECT_EQ(include_problems("sdk/include/mighost/a.hpp", "#include \"pg/a.hpp\"\n").size(), 1U);
  EXPECT_TRUE(include_problems("tests/unit/a_test.cpp", "#include \"run/a.hpp\"\n").empty());
  EXPECT_TRUE(include_problems("plugins/core/a.cpp", "#include <mighost/plugin.hpp>\n").empty());
}

TEST(Tidy, LeavesFrozenCopiesAlone) {
  EXPECT_TRUE(is_frozen("tests/abi/v1.0/abi.h"));
  EXPECT_FALSE(is_frozen("tests/abi/layout_test.cpp"));
}

TEST(Tidy, FindsProblemsInFilesOfATree) {
  const fs::path root = fs::path(testing::TempDir()) / "mighost-tidy-test";
  fs::remove_all(root);
  fs::create_directories(root / "host/pg");
  std::ofstream(root / "host/pg/bad.hpp") << "#include \"cli/a.hpp\"\n\tint a;\n";
  EXPECT_EQ(code_files(root), std::vector<std::string>{"host/pg/bad.hpp"});
  EXPECT_EQ(problems_of_tree(root, appearance_problems).size(), 1U);
  EXPECT_EQ(problems_of_tree(root, include_problems).size(), 1U);
  fs::remove_all(root);
}

}  // namespace
