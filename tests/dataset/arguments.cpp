#include "arguments.hpp"

#include <charconv>
#include <iomanip>
#include <sstream>

#include "error.hpp"
#include "knobs.hpp"

namespace mighost::dataset {

namespace {

constexpr const char* see_help = "see mighost-dataset --help";

template <class Number>
Number number_of(const std::string& text, const std::string& option) {
  Number number{};
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || stop != end) {
    throw Error("\"" + text + "\" is not a number of the kind wanted here", option, see_help);
  }
  return number;
}

std::pair<std::string, double> knob_of(const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos) {
    throw Error("\"" + text + "\" is not name=value", "--knob", "for example --knob bad_email=5");
  }
  return {text.substr(0, equals), number_of<double>(text.substr(equals + 1), "--knob")};
}

Generation generation_of(const std::string& text) {
  if (text == "older") return Generation::older;
  if (text == "newer") return Generation::newer;
  throw Error("there is no generation \"" + text + "\"", "--generation", "older or newer");
}

// The oracle says what becomes of the rows, and nothing becomes of those of the older generation.
void refuse_oracle_of_older(const Arguments& arguments) {
  if (arguments.generation == Generation::older && arguments.oracle) {
    throw Error("the older generation has no oracle: a migration refuses it",
                "--generation older --oracle", "leave out --oracle, or make the newer generation");
  }
}

const char* kind_name(KnobKind kind) {
  switch (kind) {
    case KnobKind::size:
      return "size";
    case KnobKind::shape:
      return "shape";
    case KnobKind::dirt:
      break;
  }
  return "dirt";
}

}  // namespace

Arguments parse_arguments(const std::vector<std::string>& words) {
  Arguments arguments;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& option = words[i];
    const auto value = [&]() -> const std::string& {
      if (i + 1 >= words.size()) {
        throw Error("a value is missing", option, see_help);
      }
      return words[++i];
    };
    if (option == "--help" || option == "-h") {
      arguments.help = true;
    } else if (option == "--list-knobs") {
      arguments.list_knobs = true;
    } else if (option == "--clean") {
      arguments.clean = true;
    } else if (option == "--preset") {
      arguments.preset = value();
    } else if (option == "--seed") {
      arguments.seed = number_of<std::uint64_t>(value(), option);
    } else if (option == "--generation") {
      arguments.generation = generation_of(value());
    } else if (option == "--knob") {
      arguments.knobs.push_back(knob_of(value()));
    } else if (option == "--source") {
      arguments.source = value();
    } else if (option == "--target") {
      arguments.target = value();
    } else if (option == "--oracle") {
      arguments.oracle = value();
    } else {
      throw Error("there is no option " + option, "command line", see_help);
    }
  }
  refuse_oracle_of_older(arguments);
  return arguments;
}

std::string usage() {
  return R"(mighost-dataset: a synthetic legacy database, an empty target, and the oracle of what
a migration must make of them.

usage: mighost-dataset --preset XS|S|A|N --seed N [--clean] [--knob name=value]...
                       [--generation older|newer]
                       [--source URL] [--target URL] [--oracle FILE]
       mighost-dataset --list-knobs

  --preset   size: XS (tests), S, A (August frame), N (November); default XS
  --seed     decides everything that is left to chance; default 1
  --clean    plants no dirt; a --knob beside it is still obeyed
  --knob     below 1 a share of the rows, from 1 on a number of rows; may be repeated
  --generation  older: the legacy database has the shape of May 2025, which a migration must
             refuse before it writes; not with --oracle. Default newer
  --source   legacy database: its schema public is DROPPED and filled anew
  --target   target database: its schemas public and mighost are DROPPED, public made anew, empty
  --oracle   where the expected counts go, as JSON

example: mighost-dataset --preset A --seed 7 --source "$MIGHOST_SOURCE_URL" \
             --target "$MIGHOST_TARGET_URL" --oracle build/oracle.json
)";
}

std::string knob_list() {
  std::ostringstream list;
  list << std::left << std::setw(30) << "knob" << std::setw(7) << "kind";
  for (const std::string_view preset : preset_names) {
    list << std::setw(9) << preset;
  }
  list << "meaning\n" << std::setprecision(8);
  for (const KnobSpec& spec : knob_specs()) {
    list << std::setw(30) << spec.name << std::setw(7) << kind_name(spec.kind);
    for (const double value : spec.defaults) {
      list << std::setw(9) << value;
    }
    list << spec.meaning << '\n';
  }
  return list.str();
}

}  // namespace mighost::dataset
