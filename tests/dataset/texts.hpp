// Synthetic texts in several scripts: names, remarks, JSON in every state of health. Nothing here
// stems from real people; every e-mail domain is under example.org.
#pragma once

#include <compare>
#include <string>
#include <string_view>

#include "model.hpp"
#include "random.hpp"

namespace mighost::dataset {

enum class Script { english, japanese, thai, arabic, european };

Script any_script(Random& random);

struct FullName {
  std::string first;
  std::string last;
  auto operator<=>(const FullName&) const = default;
};

FullName full_name(Random& random, Script script);

// Now and then blanks at the ends or doubled inside, also no-break and ideographic ones: what
// "trim, collapse" is there for. Never turns a text into an empty one.
std::string roughened(Random& random, std::string text);

// A text that counts as empty: '', blanks, or the words null and none.
std::string empty_text(Random& random);

// A remark by a doctor or technician. About one in two thousand is longer than 20,000 bytes.
std::string remark(Random& random);

// `rotation` walks through all variants of a kind, so that a few rows already show several.
JsonText json_text(Random& random, JsonKind kind, std::size_t rotation);

// What a healthy column holds: mostly '{}', some '', some real content.
JsonText healthy_json(Random& random);

}  // namespace mighost::dataset
