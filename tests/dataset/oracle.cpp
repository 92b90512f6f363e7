#include "oracle.hpp"

#include <algorithm>

namespace mighost::dataset {

void Tally::count(std::size_t& outcome) {
  ++read_;
  ++outcome;
}

void Tally::count(Counts& counts, std::string_view code) { ++counts[std::string(code)]; }

void Tally::written(std::initializer_list<Note> notes) {
  count(written_);
  for (const Note& note : notes) {
    if (note.applies) {
      count(notes_, note.code);
    }
  }
}

void Tally::filtered(std::string_view code) {
  count(filtered_);
  count(codes_, code);
}

void Tally::quarantined(std::string_view code) {
  count(quarantined_);
  count(codes_, code);
}

void Tally::parked() {
  count(parked_);
  count(codes_, "waits_for_parent");
}

nlohmann::ordered_json Tally::json() const {
  return {{"read", read_},
          {"written", written_},
          {"merged", merged_},
          {"filtered", filtered_},
          {"quarantined", quarantined_},
          {"parked", parked_},
          {"codes", codes_},
          {"notes", notes_}};
}

Tally& Oracle::entity(std::string_view name) {
  const auto found = std::find_if(entities_.begin(), entities_.end(),
                                  [name](const auto& entry) { return entry.first == name; });
  if (found != entities_.end()) {
    return found->second;
  }
  return entities_.emplace_back(std::string(name), Tally{}).second;
}

void Oracle::control_total(std::string_view name, const DecimalSum& source,
                           const DecimalSum& target, const DecimalSum& held_back) {
  control_totals_[std::string(name)] = {
      {"source", source.text()}, {"target", target.text()}, {"held_back", held_back.text()}};
}

void Oracle::fact(std::string_view name, std::string_view value, std::size_t rows) {
  facts_[std::string(name)][std::string(value)] += rows;
}

nlohmann::ordered_json Oracle::json() const {
  nlohmann::ordered_json entities = nlohmann::ordered_json::object();
  for (const auto& [name, tally] : entities_) {
    entities[name] = tally.json();
  }
  return {{"entities", entities}, {"control_totals", control_totals_}, {"facts", facts_}};
}

}  // namespace mighost::dataset
