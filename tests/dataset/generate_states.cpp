// States: a small history of flags for each instruction. Their order in time is what matters, so
// some are tied and some are out of order on purpose (D-29).

#include <algorithm>
#include <array>
#include <map>

#include "clinical_parts.hpp"
#include "core_rules.hpp"
#include "dealing.hpp"

namespace mighost::dataset {

namespace {

constexpr int treatment_active = 11;
constexpr int case_closed = 12;

State make_state(Random& random, std::size_t instruction, std::size_t step, Instant changed_at,
                 const std::vector<std::size_t>& actors) {
  State state;
  state.instruction = instruction;
  state.changed_at = changed_at;
  const bool first_code = random.chance(step % 2 == 0 ? 640 : 200);
  state.status = first_code ? treatment_active : case_closed;
  state.on = random.chance(850);
  if (!random.chance(43)) {
    state.actor = random.one_of(actors);
  }
  return state;
}

void make_states(Dataset& dataset) {
  constexpr std::array<std::uint32_t, 7> weights = {860, 80, 40, 10, 5, 3, 2};
  constexpr std::array<std::size_t, 7> counts = {0, 1, 2, 3, 4, 5, 6};
  Random random = dataset.random("states");
  const auto actors = indexes_where(dataset.users, [](const User& user) { return !user.patient; });
  const auto dealt = dealt_counts(random, dataset.instructions.size(),
                                  dataset.knobs.count("states"), weights, counts);
  const std::int64_t end = start_of(today()).micros;
  for (std::size_t instruction = 0; instruction < dealt.size(); ++instruction) {
    const Instruction& order = dataset.instructions[instruction];
    const User& user = dataset.users[dataset.patients[order.patient].user];
    Instant at = order.submitted_at.value_or(user.date_joined);
    for (std::size_t step = 0; step < dealt[instruction]; ++step) {
      at.micros += random.between(0, std::max<std::int64_t>(1, end - at.micros) / 2);
      dataset.states.push_back(make_state(random, instruction, step, at, actors));
    }
  }
  std::stable_sort(
      dataset.states.begin(), dataset.states.end(),
      [](const State& left, const State& right) { return left.changed_at < right.changed_at; });
  IdAllocator ids(dataset.random("state ids"), 1, 250);
  for (State& state : dataset.states) {
    state.id = ids.next();
  }
}

// Each state's predecessor by id among those of the same patient.
std::map<std::size_t, std::size_t> predecessors(const Dataset& dataset) {
  std::map<std::size_t, std::size_t> last_of_patient;
  std::map<std::size_t, std::size_t> before;
  for (std::size_t state = 0; state < dataset.states.size(); ++state) {
    const std::size_t patient = dataset.instructions[dataset.states[state].instruction].patient;
    const auto [last, is_first] = last_of_patient.try_emplace(patient, state);
    if (!is_first) {
      before[state] = last->second;
      last->second = state;
    }
  }
  return before;
}

void plant_state_shapes(Dataset& dataset) {
  const auto before = predecessors(dataset);
  std::vector<std::size_t> candidates;
  for (const auto& [state, predecessor] : before) {
    candidates.push_back(state);
  }
  Pool pool(dataset.random("state shapes"), candidates);
  const auto wanted = [&](std::string_view knob) {
    return std::min(candidates.size() / 3, dataset.knobs.planted(knob, dataset.states.size()));
  };
  auto& states = dataset.states;
  for (const std::size_t state : pool.take(wanted("state_tie"), "state_tie")) {
    states[state].changed_at = states[before.at(state)].changed_at;
  }
  for (const std::size_t state : pool.take(wanted("state_disorder"), "state_disorder")) {
    std::swap(states[state].changed_at, states[before.at(state)].changed_at);
  }
}

void plant_state_dirt(Dataset& dataset) {
  constexpr std::array<int, 5> codes = {13, 99, 0, 20, -1};
  Random random = dataset.random("state dirt");
  Pool pool(dataset.random("state defects"), indexes_where(dataset.states, [&](const State& state) {
              return is_sound(dataset, state.instruction);
            }));
  const auto wanted = [&dataset](std::string_view knob) {
    return dataset.knobs.planted(knob, dataset.states.size());
  };
  const auto ids = misleading_ids(gaps_in(dataset.instructions), dataset.baskets);
  for (const std::size_t state : pool.take(wanted("state_orphan"), "state_orphan")) {
    dataset.states[state].missing_instruction_id = random.one_of(ids);
  }
  std::size_t rotation = 0;
  for (const std::size_t state : pool.take(wanted("state_status"), "state_status")) {
    dataset.states[state].status = codes[rotation++ % codes.size()];
    dataset.states[state].status_unknown = true;
  }
}

}  // namespace

void generate_states(Dataset& dataset) {
  make_states(dataset);
  plant_state_shapes(dataset);
  plant_state_dirt(dataset);
}

void write_states(const Dataset& dataset, Sink& sink) {
  write_table(sink, "dispatch_state", "id, status, \"on\", changed_at, actor_id, instruction_id",
              dataset.states, [&dataset](TableWriter& writer, const State& state) {
                const int instruction_id = state.missing_instruction_id.value_or(
                    dataset.instructions[state.instruction].id);
                writer.row(state.id, state.status, state.on, state.changed_at,
                           id_of(dataset.users, state.actor), instruction_id);
              });
}

}  // namespace mighost::dataset
