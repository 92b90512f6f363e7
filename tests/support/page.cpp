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
  command.arguments = {"bash", "-euo", "pipefail", "-c", block.text};
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

std::string missing_line(const std::string& text, const std::string& printed) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (printed.find(line) == std::string::npos) return "`" + line + "` is not in\n" + printed;
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

}  // namespace mighost::test
