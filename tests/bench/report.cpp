#include "report.hpp"

#include <algorithm>
#include <iomanip>

namespace mighost::bench {
namespace {

const char* sign_of(Bar relation) {
  switch (relation) {
    case Bar::at_most:
      return "<=";
    case Bar::below:
      return "<";
    case Bar::at_least:
      break;
  }
  return ">=";
}

constexpr int number_width = 13;

void print_figures(std::ostream& out, const std::vector<Figure>& figures, int name_width) {
  if (figures.empty()) return;
  out << std::left << std::setw(name_width) << "" << std::right << std::setw(number_width)
      << "median" << std::setw(number_width) << "min" << std::setw(number_width) << "max" << '\n';
  for (const Figure& figure : figures) {
    out << "  " << std::left << std::setw(name_width - 2) << figure.name << std::right;
    for (const double value : {figure.values.median(), figure.values.min(), figure.values.max()}) {
      out << std::setw(number_width) << grouped(value, figure.decimals);
    }
    out << "  " << figure.unit << '\n';
  }
}

std::string two_decimals(double value) { return grouped(value, 2); }

}  // namespace

bool Verdict::met() const {
  switch (relation) {
    case Bar::at_most:
      return value <= bar;
    case Bar::below:
      return value < bar;
    case Bar::at_least:
      break;
  }
  return value >= bar;
}

void Report::begin_part(std::string name, std::string title) {
  parts_.push_back({std::move(name), std::move(title), {}, {}, {}});
}

void Report::add(Figure figure) { parts_.back().figures.push_back(std::move(figure)); }

void Report::add(Verdict verdict) { parts_.back().verdicts.push_back(std::move(verdict)); }

void Report::remark(std::string sentence) { parts_.back().remarks.push_back(std::move(sentence)); }

void Report::print(std::ostream& out) const {
  std::size_t longest = 0;
  for (const Part& part : parts_) {
    for (const Figure& figure : part.figures) longest = std::max(longest, figure.name.size());
    for (const Verdict& verdict : part.verdicts) longest = std::max(longest, verdict.name.size());
  }
  const int name_width = static_cast<int>(longest) + 4;
  for (const Part& part : parts_) {
    out << part.name << ": " << part.title << '\n';
    print_figures(out, part.figures, name_width);
    for (const Verdict& verdict : part.verdicts) {
      out << "  " << std::left << std::setw(name_width - 2) << verdict.name << std::right
          << std::setw(number_width) << two_decimals(verdict.value) << "  "
          << sign_of(verdict.relation) << ' ' << two_decimals(verdict.bar)
          << (verdict.unit.empty() ? "" : " ") << verdict.unit
          << (verdict.met() ? "  ok" : "  MISSED") << '\n';
    }
    for (const std::string& sentence : part.remarks) out << "  note: " << sentence << '\n';
    out << '\n';
  }
}

nlohmann::ordered_json Report::json() const {
  auto parts = nlohmann::ordered_json::array();
  for (const Part& part : parts_) {
    nlohmann::ordered_json object{{"part", part.name}, {"title", part.title}};
    object["figures"] = nlohmann::ordered_json::array();
    for (const Figure& figure : part.figures) {
      object["figures"].push_back({{"name", figure.name},
                                   {"unit", figure.unit},
                                   {"median", figure.values.median()},
                                   {"min", figure.values.min()},
                                   {"max", figure.values.max()},
                                   {"values", figure.values.values()}});
    }
    object["verdicts"] = nlohmann::ordered_json::array();
    for (const Verdict& verdict : part.verdicts) {
      object["verdicts"].push_back({{"name", verdict.name},
                                    {"value", verdict.value},
                                    {"relation", sign_of(verdict.relation)},
                                    {"bar", verdict.bar},
                                    {"unit", verdict.unit},
                                    {"met", verdict.met()}});
    }
    object["remarks"] = part.remarks;
    parts.push_back(std::move(object));
  }
  return {{"parts", std::move(parts)}};
}

}  // namespace mighost::bench
