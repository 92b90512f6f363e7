#pragma once
// The last line of a summary: what happened, in words.
#include <string>

#include "report/run_report.hpp"
#include "report/text.hpp"

namespace mighost {

struct Closing {
  std::string text;
  Color color = Color::none;
};

Closing closing_words(const RunReport& report);

}  // namespace mighost
