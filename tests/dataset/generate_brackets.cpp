// Brackets, whose names hint at what they are, and events, which name a user and sometimes mean a
// patient.

#include <array>

#include "clinical_parts.hpp"
#include "dealing.hpp"
#include "texts.hpp"

namespace mighost::dataset {

namespace {

struct NamePart {
  std::string_view text;
  std::string_view value;
  std::string_view manufacturer = {};
};

// By falling precedence: a name with two of them is of the first one's type.
constexpr std::array<NamePart, 6> bracket_types = {{{"Speed", "self-ligating", "Speed"},
                                                    {"ALIAS", "ceramic", "Alias"},
                                                    {"square", "metal"},
                                                    {"Composite", "composite"},
                                                    {"ceramic", "ceramic"},
                                                    {"Hook", "hook"}}};
constexpr std::array<NamePart, 3> teeth = {
    {{"canine", "canine"}, {"Incisors", "incisors"}, {"MOLARS", "molars"}}};
constexpr std::array<NamePart, 4> arches = {
    {{"upper", "upper"}, {"Lower", "lower"}, {"lower/Upper", "both"}, {"UPPER and lower", "both"}}};

// Names are put together so that no keyword appears by chance.
std::string any_name(Random& random, Bracket& bracket) {
  constexpr std::array<std::uint32_t, 7> weights = {387, 234, 312, 186, 40, 157, 260};
  std::string name;
  const auto add = [&name](std::string_view text) {
    if (!name.empty()) {
      name += ' ';
    }
    name += text;
  };
  const std::size_t type = random.weighted(weights);
  const bool second = random.chance(60);
  // The weaker keyword stands first in the text: precedence is not the order of appearance.
  if (second && type + 1 < bracket_types.size()) {
    add(bracket_types[bracket_types.size() - 1].text);
  }
  if (type < bracket_types.size()) {
    add(bracket_types[type].text);
    bracket.hints.bracket_type = bracket_types[type].value;
    bracket.hints.manufacturer = bracket_types[type].manufacturer;
  }
  if (random.chance(300)) {
    const NamePart& arch = random.one_of(arches);
    add(arch.text);
    bracket.hints.arch_type = arch.value;
  }
  if (random.chance(350)) {
    const NamePart& tooth = random.one_of(teeth);
    add(tooth.text);
    bracket.hints.tooth_position = tooth.value;
  }
  if (random.chance(187)) {
    add("test");
    bracket.is_test = true;
  }
  constexpr std::array<std::string_view, 5> ends = {"v2", "0.022", "ブラケット", "(copy)", "#"};
  add(random.one_of(ends));
  return name + std::to_string(bracket.id);
}

void make_brackets(Dataset& dataset) {
  Random random = dataset.random("brackets");
  IdAllocator ids(dataset.random("bracket ids"), 1, 130);
  for (std::size_t i = 0; i < dataset.knobs.count("brackets"); ++i) {
    Bracket bracket;
    bracket.id = ids.next();
    bracket.name = roughened(random, any_name(random, bracket));
    if (!dataset.projects.empty() && random.chance(800)) {
      bracket.project = random.below(dataset.projects.size());
    }
    if (random.chance(700)) {
      bracket.type = static_cast<int>(random.below(4));
    }
    dataset.brackets.push_back(std::move(bracket));
  }
  Pool pool(dataset.random("bracket defects"),
            indexes_where(dataset.brackets, [](const Bracket&) { return true; }));
  const std::size_t wanted = dataset.knobs.planted("bracket_name", dataset.brackets.size());
  for (const std::size_t index : pool.take(wanted, "bracket_name")) {
    Bracket& bracket = dataset.brackets[index];
    bracket.name =
        random.chance(500) ? std::nullopt : std::optional<std::string>(empty_text(random));
    bracket.name_missing = true;
    bracket.is_test = false;
    bracket.hints = {};
  }
}

void make_events(Dataset& dataset) {
  constexpr std::array<std::string_view, 6> names = {"Login", "Consent signed", "Plan viewed",
                                                     "予約",  "Scan  uploaded", "Photo \"added\""};
  Random random = dataset.random("events");
  IdAllocator ids(dataset.random("event ids"), 1, 200);
  const std::size_t count = dataset.knobs.count("events");
  for (std::size_t i = 0; i < count; ++i) {
    Event event;
    event.id = ids.next();
    event.name = roughened(random, std::string(random.one_of(names)));
    event.created_at = time_of_row(random, i, count);
    event.user = dataset.patients[random.below(dataset.patients.size())].user;
    dataset.events.push_back(std::move(event));
  }
}

// Whoever is no patient, and nobody.
void plant_other_users(Dataset& dataset, Pool& pool) {
  Random random = dataset.random("events of others");
  const auto others = indexes_where(dataset.users, [](const User& user) { return !user.patient; });
  const std::size_t wanted = dataset.knobs.planted("event_no_patient", dataset.events.size());
  for (const std::size_t event : pool.take(wanted, "event_no_patient")) {
    dataset.events[event].user.reset();
    if (random.chance(700)) {
      dataset.events[event].user = random.one_of(others);
    }
  }
}

void plant_event_dirt(Dataset& dataset) {
  Random random = dataset.random("event dirt");
  Pool pool(dataset.random("event defects"), indexes_where(dataset.events, [&](const Event& event) {
              return !dataset.patients[*dataset.users[*event.user].patient].sex_unknown;
            }));
  const auto wanted = [&dataset](std::string_view knob) {
    return dataset.knobs.planted(knob, dataset.events.size());
  };
  plant_other_users(dataset, pool);
  for (const std::size_t event : pool.take(wanted("event_name"), "event_name")) {
    dataset.events[event].name =
        random.chance(500) ? std::nullopt : std::optional<std::string>(empty_text(random));
    dataset.events[event].name_missing = true;
  }
  for (const std::size_t event : pool.take(wanted("event_undated"), "event_undated")) {
    dataset.events[event].created_at.reset();
  }
}

}  // namespace

void generate_brackets(Dataset& dataset) {
  make_brackets(dataset);
  make_events(dataset);
  plant_event_dirt(dataset);
}

void write_brackets(const Dataset& dataset, Sink& sink) {
  write_table(sink, "dispatch_bracket", "id, name, project_id, type", dataset.brackets,
              [&dataset](TableWriter& writer, const Bracket& bracket) {
                writer.row(bracket.id, bracket.name, id_of(dataset.projects, bracket.project),
                           bracket.type);
              });
  write_table(sink, "dispatch_event", "id, name, created_at, user_id", dataset.events,
              [&dataset](TableWriter& writer, const Event& event) {
                writer.row(event.id, event.name, event.created_at,
                           id_of(dataset.users, event.user));
              });
}

}  // namespace mighost::dataset
