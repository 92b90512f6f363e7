// What docs/families/clinical.md makes of states: two views of the same rows.

#include <algorithm>
#include <tuple>

#include "clinical_parts.hpp"

namespace mighost::dataset {

namespace {

std::string_view word_of(const State& state) {
  return state.status == 11 ? "treatment_active" : "case_closed";
}

// The word of the nearest row before each state in its patient's line, or "null". A state of an
// instruction that does not exist stands in no line.
std::vector<std::string_view> previous_words(const Dataset& dataset) {
  std::vector<std::size_t> line;
  for (std::size_t state = 0; state < dataset.states.size(); ++state) {
    const State& row = dataset.states[state];
    if (!row.missing_instruction_id && !dataset.instructions[row.instruction].missing_patient_id &&
        !row.status_unknown) {
      line.push_back(state);
    }
  }
  const auto patient = [&dataset](std::size_t state) {
    return dataset.instructions[dataset.states[state].instruction].patient;
  };
  std::sort(line.begin(), line.end(), [&](std::size_t left, std::size_t right) {
    const State& one = dataset.states[left];
    const State& other = dataset.states[right];
    return std::tuple(patient(left), one.changed_at, one.id) <
           std::tuple(patient(right), other.changed_at, other.id);
  });
  std::vector<std::string_view> words(dataset.states.size(), "null");
  for (std::size_t i = 1; i < line.size(); ++i) {
    if (patient(line[i - 1]) == patient(line[i])) {
      words[line[i]] = word_of(dataset.states[line[i - 1]]);
    }
  }
  return words;
}

Fate case_of(const Dataset& dataset, const Fates& fates, const State& state) {
  const Instruction& order = dataset.instructions[state.instruction];
  return state.missing_instruction_id || order.missing_patient_id ? Fate::missing
                                                                  : fates.cases[order.patient];
}

Note actor_lost(const Fates& fates, const State& state) {
  return {state.actor && lost(fates.profiles[*state.actor]), "missing_parent"};
}

void predict_case_states(const Dataset& dataset, Oracle& oracle) {
  Tally& tally = oracle.entity("clinical.case_states");
  const auto previous = previous_words(dataset);
  for (std::size_t i = 0; i < dataset.states.size(); ++i) {
    const State& state = dataset.states[i];
    if (state.status_unknown) {
      tally.quarantined("unknown_enum");
    } else if (resolved(tally, case_of(dataset, oracle.fates, state))) {
      tally.written({actor_lost(oracle.fates, state)});
      oracle.fact("clinical.case_states.current_state", word_of(state));
      oracle.fact("clinical.case_states.previous_state", previous[i]);
    }
  }
}

void predict_order_states(const Dataset& dataset, Oracle& oracle) {
  Tally& tally = oracle.entity("clinical.order_states");
  DecimalSum source;
  DecimalSum target;
  DecimalSum held_back;
  for (const State& state : dataset.states) {
    const Fate order =
        state.missing_instruction_id ? Fate::missing : oracle.fates.orders[state.instruction];
    bool arrives = false;
    if (state.status_unknown) {
      tally.quarantined("unknown_enum");
    } else if (resolved(tally, order)) {
      arrives = true;
      tally.written({actor_lost(oracle.fates, state)});
      oracle.fact("clinical.order_states.status_name",
                  state.status == 11 ? "review_approval" : "processing");
    }
    const Decimal on{state.on ? 1 : 0, 0};
    source.add(on);
    (arrives ? target : held_back).add(on);
  }
  oracle.control_total("clinical.order_states/states that are on", source, target, held_back);
}

}  // namespace

void predict_states(const Dataset& dataset, Oracle& oracle) {
  predict_case_states(dataset, oracle);
  predict_order_states(dataset, oracle);
}

}  // namespace mighost::dataset
