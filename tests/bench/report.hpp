// The result of mighost-bench: a table for people, the same as JSON for machines.
#pragma once

#include <nlohmann/json.hpp>
#include <ostream>
#include <string>
#include <vector>

#include "figures.hpp"

namespace mighost::bench {

struct Figure {
  std::string name;
  std::string unit;
  Series values;
  int decimals = 2;
};

enum class Bar { at_most, below, at_least };

// A figure held against what the design asks for.
struct Verdict {
  std::string name;
  double value = 0;
  Bar relation = Bar::at_most;
  double bar = 0;
  std::string unit;

  bool met() const;
};

class Report {
 public:
  // What follows belongs to this part.
  void begin_part(std::string name, std::string title);
  void add(Figure figure);
  void add(Verdict verdict);
  // A sentence that the reader of the figures must know.
  void remark(std::string sentence);

  void print(std::ostream& out) const;
  nlohmann::ordered_json json() const;

 private:
  struct Part {
    std::string name;
    std::string title;
    std::vector<Figure> figures;
    std::vector<Verdict> verdicts;
    std::vector<std::string> remarks;
  };
  std::vector<Part> parts_;
};

}  // namespace mighost::bench
