#include "support/page.hpp"

#include <fstream>
#include <sstream>
#include <stdexcept>

#include "support/process.hpp"

namespace mighost::test {
namespace {

constexpr const char* fence = "```";

PageBlock opened(const std::string& words, std::size_t line) {
  PageBlock block;
  block.line = line;
  std::istringstream stream(words);
  stream >> block.language;
  for (std::string word; stream >> word;) {
    const auto equals = word.find('=');
    block.options[word.substr(0, equals)] =
        equals == std::string::npos ? "" : word.substr(equals + 1);
  }
  return block;
}

std::string run_block(const PageBlock& block, const std::filesystem::path& directory,
                      const std::map<std::string, std::optional<std::string>>& environment,
                      std::string& printed) {
  Command command;
  const std::string together = block.options.count("2>&1") != 0 ? "exec 2>&1\n" : "";
  command.arguments = {"bash", "-euo", "pipefail", "-c", together + block.text};
  command.environment = environment;
  command.directory = directory;
  command.timeout = std::chrono::minutes(5);
  const Outcome outcome = run_process(command);
  printed = outcome.output + outcome.error;
  const auto wanted = block.options.find("exit");
  const int code = wanted == block.options.end() ? 0 : std::stoi(wanted->second);
  if (outcome.exit_code == code) return {};
  return "exit code " + std::to_string(outcome.exit_code) + "\n" + printed;
}

/// Without blanks at both ends, and one for each run of them.
std::string squeezed(const std::string& line) {
  std::istringstream words(line);
  std::string all;
  for (std::string word; words >> word;) all += (all.empty() ? "" : " ") + word;
  return all;
}

std::vector<std::string> squeezed_lines(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(squeezed(line));
  return lines;
}

/// What stands between the dots of a line.
std::vector<std::string> fragments_of(const std::string& line) {
  std::vector<std::string> fragments;
  std::size_t begin = 0;
  for (std::size_t end = 0; end != std::string::npos; begin = end + 3) {
    end = line.find("...", begin);
    const std::string fragment = squeezed(line.substr(begin, end - begin));
    if (!fragment.empty()) fragments.push_back(fragment);
    if (end == std::string::npos) break;
  }
  return fragments;
}

/// Where the fragments end when they stand in the line in this order from `at` on; else npos.
std::size_t end_of(const std::vector<std::string>& fragments, const std::string& line,
                   std::size_t at) {
  for (const std::string& fragment : fragments) {
    at = line.find(fragment, at);
    if (at == std::string::npos) return at;
    at += fragment.size();
  }
  return at;
}

std::string missing_line(const std::string& text, const std::string& printed) {
  const std::vector<std::string> output = squeezed_lines(printed);
  std::size_t row = 0, column = 0;
  for (const std::string& line : squeezed_lines(text)) {
    const auto fragments = fragments_of(line);
    if (fragments.empty()) continue;
    std::size_t end = std::string::npos;
    for (; row < output.size(); ++row, column = 0) {
      end = end_of(fragments, output[row], column);
      if (end != std::string::npos) break;
    }
    if (end == std::string::npos) return "`" + line + "` is not, or not there, in\n" + printed;
    column = end;
  }
  return {};
}

}  // namespace

std::vector<PageBlock> blocks_of_page(const std::filesystem::path& page) {
  std::ifstream stream(page);
  if (!stream) throw std::runtime_error("cannot read " + page.string());
  std::vector<PageBlock> blocks;
  bool inside = false;
  std::size_t number = 0;
  for (std::string line; std::getline(stream, line);) {
    ++number;
    if (line.starts_with(fence)) {
      inside = !inside;
      if (inside) blocks.push_back(opened(line.substr(std::string(fence).size()), number));
    } else if (inside) {
      blocks.back().text += line + "\n";
    }
  }
  return blocks;
}

std::string follow_page(const std::filesystem::path& page, const std::filesystem::path& directory,
                        const std::map<std::string, std::optional<std::string>>& environment) {
  std::string printed;
  bool any = false;
  for (const PageBlock& block : blocks_of_page(page)) {
    std::string trouble;
    if (const auto file = block.options.find("file"); file != block.options.end()) {
      std::ofstream(directory / file->second) << block.text;
    } else if (block.language == "sh") {
      trouble = run_block(block, directory, environment, printed);
      any = true;
    } else if (block.language == "text") {
      trouble = missing_line(block.text, printed);
    }
    if (!trouble.empty()) {
      return page.filename().string() + ":" + std::to_string(block.line) + ": " + trouble;
    }
  }
  return any ? "" : page.filename().string() + " has no commands";
}

void lay_out_tree(const std::filesystem::path& directory) {
  namespace fs = std::filesystem;
  fs::create_directory(directory / "build");
  fs::create_directory_symlink(MIGHOST_BINARY_DIR, directory / "build" / "release");
  fs::create_directory_symlink(MIGHOST_SOURCE_DIR "/config", directory / "config");
  std::ofstream(directory / "dev") << "#!/bin/sh\n"
                                      "case $1 in\n"
                                      "  db)   echo \"MIGHOST_SOURCE_URL=$MIGHOST_SOURCE_URL\"\n"
                                      "        echo \"MIGHOST_TARGET_URL=$MIGHOST_TARGET_URL\" ;;\n"
                                      "  data) shift\n"
                                      "        exec build/release/bin/mighost-dataset \"$@\" \\\n"
                                      "          --source \"$MIGHOST_SOURCE_URL\" \\\n"
                                      "          --target \"$MIGHOST_TARGET_URL\" ;;\n"
                                      "esac\n";
  fs::permissions(directory / "dev", fs::perms::owner_all);
}

}  // namespace mighost::test
