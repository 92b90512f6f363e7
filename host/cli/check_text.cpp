#include "cli/check_text.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "report/text.hpp"

namespace mighost {
namespace {

Color color_of(const std::string& status) {
  if (status == "PASS") return Color::green;
  return status == "WARN" ? Color::yellow : Color::red;
}

std::uint64_t number_of(const std::vector<CheckLine>& lines, const std::string& status) {
  const auto number = std::count_if(lines.begin(), lines.end(),
                                    [&](const CheckLine& line) { return line.status == status; });
  return static_cast<std::uint64_t>(number);
}

std::string closing(const std::vector<CheckLine>& lines, bool color) {
  const std::uint64_t failed = number_of(lines, "FAIL"), warned = number_of(lines, "WARN");
  const std::string counts =
      counted(lines.size(), "check", "checks") + ": " + thousands(number_of(lines, "PASS")) +
      " passed, " + counted(warned, "warning", "warnings") + ", " + thousands(failed) + " failed.";
  const bool stands = any_failed(lines);
  return counts + " " +
         colored(stands ? "A run would be refused." : "Nothing stands against a run.",
                 stands ? Color::red : Color::green, color);
}

}  // namespace

// A status that nobody knows counts against the run: a check must never pass by accident.
bool any_failed(const std::vector<CheckLine>& lines) {
  return std::any_of(lines.begin(), lines.end(), [](const CheckLine& line) {
    return line.status != "PASS" && line.status != "WARN";
  });
}

std::string check_text(const std::vector<CheckLine>& lines, bool color) {
  std::vector<std::vector<std::string>> rows;
  for (const CheckLine& line : lines) {
    rows.push_back({colored(one_line(line.status), color_of(line.status), color),
                    one_line(line.name), one_line(line.message)});
    if (!line.remedy.empty()) rows.push_back({"", "", "next: " + one_line(line.remedy)});
  }
  std::string text;
  for (const std::string& line : aligned(rows, {Align::left, Align::left, Align::left})) {
    text += line + "\n";
  }
  return text + (lines.empty() ? "" : "\n") + closing(lines, color) + "\n";
}

std::string check_json(const std::vector<CheckLine>& lines) {
  using json = nlohmann::ordered_json;
  json checks = json::array();
  for (const CheckLine& line : lines) {
    json one;
    one["status"] = line.status;
    one["name"] = line.name;
    one["message"] = line.message;
    one["remedy"] = line.remedy;
    checks.push_back(one);
  }
  json object;
  object["passed"] = !any_failed(lines);
  object["checks"] = checks;
  return object.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

}  // namespace mighost
