#include "arguments.hpp"

#include <charconv>

namespace mighost::bench {
namespace {

constexpr std::size_t rounds_max = 1000;
// The key of the last task must still be an int.
constexpr std::size_t rows_max = 100'000'000;

std::size_t number_of(const std::string& text, const std::string& option, std::size_t least,
                      std::size_t most) {
  std::size_t number = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || stop != end || number < least || number > most) {
    throw UsageError(option + " takes a number from " + std::to_string(least) + " to " +
                     std::to_string(most) + ", not '" + text + "'");
  }
  return number;
}

bool take_part(const std::string& word, Arguments& arguments) {
  if (word == "tasks") return arguments.tasks = true;
  if (word == "memory") return arguments.memory = true;
  if (word == "boundary") return arguments.boundary = true;
  if (word == "families") return arguments.families = true;
  if (word == "checks") return arguments.checks = true;
  if (word == "verify") return arguments.verify = true;
  if (word == "quality") return arguments.quality = true;
  if (word == "rollback") return arguments.rollback = true;
  if (word == "chunks") return arguments.chunks = true;
  if (word == "scaling") return arguments.scaling = true;
  return false;
}

bool names_no_part(const Arguments& arguments) {
  return !arguments.tasks && !arguments.memory && !arguments.boundary && !arguments.families &&
         !arguments.checks && !arguments.verify && !arguments.quality && !arguments.rollback &&
         !arguments.chunks && !arguments.scaling;
}

}  // namespace

Arguments parse_arguments(const std::vector<std::string>& words) {
  Arguments arguments;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    const auto value = [&]() -> const std::string& {
      if (i + 1 >= words.size()) throw UsageError(word + " needs a value");
      return words[++i];
    };
    if (word == "--help" || word == "-h") {
      arguments.help = true;
    } else if (word == "--rounds") {
      arguments.rounds = number_of(value(), word, 1, rounds_max);
    } else if (word == "--rows") {
      arguments.rows = number_of(value(), word, 100, rows_max);
    } else if (word == "--preset") {
      arguments.preset = value();
    } else if (word == "--json") {
      arguments.json = value();
    } else if (!take_part(word, arguments)) {
      throw UsageError("'" + word +
                       "' is neither a part (tasks, memory, boundary, families, checks, verify, " +
                       "quality, rollback, chunks, scaling) nor an option");
    }
  }
  if (names_no_part(arguments)) {
    for (const char* part : {"tasks", "memory", "boundary", "families", "checks", "verify",
                             "quality", "rollback", "chunks", "scaling"}) {
      take_part(part, arguments);
    }
  }
  return arguments;
}

std::string usage() {
  return R"(mighost-bench measures mighost against the least that the work can take, and against
pgloader, on a private PostgreSQL cluster of its own that is gone at the end.

usage: mighost-bench [tasks] [memory] [boundary] [families] [checks] [verify] [quality]
                     [rollback] [chunks] [scaling] [--rounds N] [--rows N] [--preset P]
                     [--json FILE]

  tasks      762,604 tasks, new keys for task and order, 3 indexes, 1 foreign key:
             mighost, the floor (two psql and a pipe, rows already transformed; its result is
             compared with mighost's row by row), and pgloader (rows untransformed, 1 index)
  memory     the same tasks, 100,000 and 5,000,000 of them: does memory grow with the table?
  boundary   nanoseconds for a row to cross into a plugin and back; no database
  families   all families on the generated dataset, beside the floor (the finished target tables
             copied by psql into an empty clone): rows per second by family and entity
  checks     what the checks before COMMIT take of such a run, all together and each
  verify     all families: what keeping fingerprints costs a run, what comparing at its end costs,
             and mighost verify beside psql that reads the same tables to /dev/null
  quality    all families on clean data: replay of 1,000 orders and all that hangs on them after
             they had been missing, and the rate of a run that holds back about a tenth of the
             rows, beside that of the clean run
  rollback   all families: mighost rollback beside the run that it undoes; the target's catalogs
             and rows are compared with what they were
  chunks     all families in scope chunk beside scope run and the floor: 1, 2 and 4 lanes, two
             processes, what checkpoints cost, memory settings, and how soon resume moves rows
  scaling    what a further row costs from 10,000 to 10,000,000 tasks, in scope run and chunk
             All of them when none is named.

  --rounds N  measured rounds of each part (tasks 5, memory 3, boundary 9, families 3,
              checks 3, verify 5, quality 3, rollback 3, chunks 3, scaling 3)
  --rows N    rows of tasks, and of the larger table of memory
  --preset P  size of the dataset of all parts from families on: XS, S, A or N (A)
  --json FILE every measured value and the verdicts as JSON
  --help      this text

Figures are reported, not asserted: a bar that is missed is printed as MISSED, and the exit code
is 0 all the same. It is 1 when something could not be measured.

example: mighost-bench tasks --rounds 3 --json bench.json
)";
}

}  // namespace mighost::bench
