// What the clinical family meets in rows of the core tables: the teeth and reasons of jaws, and
// the abbreviations by which technicians' roles are told apart.

#include <array>

#include "clinical_parts.hpp"
#include "clinical_rules.hpp"
#include "core_rules.hpp"
#include "dealing.hpp"
#include "texts.hpp"

namespace mighost::dataset {

namespace {

// Sixteen characters fit into the column, so that is the longest that a wrong text can be.
constexpr std::array<std::string_view, 9> bad_teeth = {
    "",  "0101",      "0000000000000002", "000000000000000x", "000000000000000 ",
    "1", "UR7654321", "111111111111111",  "000000000000000\n"};

// Only jaws whose order goes: a defect is seen then, and is the only one.
Pool sound_jaws(const Dataset& dataset) {
  const auto owners = jaw_owners(dataset);
  std::vector<std::size_t> jaws;
  for (std::size_t jaw = 0; jaw < owners.size(); ++jaw) {
    if (owners[jaw].namings > 0 && is_sound(dataset, owners[jaw].instruction)) {
      jaws.push_back(jaw);
    }
  }
  return {dataset.random("jaw defects"), std::move(jaws)};
}

void plant_jaws(Dataset& dataset) {
  constexpr std::array<int, 4> reasons = {4, 0, 9, -1};
  Random random = dataset.random("jaw dirt");
  Pool pool = sound_jaws(dataset);
  std::size_t rotation = random.below(100);
  const auto wanted = [&dataset](std::string_view knob) {
    return dataset.knobs.planted(knob, dataset.jaws.size());
  };
  for (const std::size_t jaw : pool.take(wanted("jaw_reason"), "jaw_reason")) {
    dataset.jaws[jaw].reason = reasons[rotation++ % reasons.size()];
    dataset.jaws[jaw].reason_unknown = true;
  }
  for (const std::size_t index : pool.take(wanted("jaw_teeth"), "jaw_teeth")) {
    Jaw& jaw = dataset.jaws[index];
    const std::size_t which = rotation % 3;
    jaw.bond_bad = which != 1;
    jaw.extract_bad = which != 0;
    const std::string bad(bad_teeth[rotation++ % bad_teeth.size()]);
    (jaw.bond_bad ? jaw.bond_teeth : jaw.extract_teeth) = bad;
    if (jaw.bond_bad && jaw.extract_bad) {
      jaw.extract_teeth = std::string(bad_teeth[rotation % bad_teeth.size()]);
    }
  }
}

struct Abbreviation {
  std::string_view text;
  std::string_view type;
};

constexpr std::array<Abbreviation, 17> abbreviations = {{
    {"DT", "designing"},
    {"MT", "manufacturing"},
    {"ST", "sectioning"},
    {"RT", "remote"},
    {" Insp ", "quality_control"},
    {"Supervisor", "master"},
    {"IDB", "sectioning"},
    {"DTR", "remote"},
    {"RMT", "remote"},
    {"dt-2", "designing"},
    {"DT 1", "designing"},
    {"mt3", "manufacturing"},
    {"\u00A0ST.", "sectioning"},
    {"idb/2", "sectioning"},
    {"ST日本", "sectioning"},
    {"SUPERVISOR (night)", "master"},
    {"insp", "quality_control"},
}};

constexpr std::array<std::optional<std::string_view>, 9> unclassified = {
    "Stefan", "", std::nullopt, "DTX", "1DT", " ", "Super", "InspDT", "-ST"};

void plant_abbreviations(Dataset& dataset, const std::vector<std::size_t>& roles) {
  for (std::size_t i = 0; i < roles.size(); ++i) {
    const Abbreviation& abbreviation = abbreviations[i % abbreviations.size()];
    dataset.roles[roles[i]].abbrev = std::string(abbreviation.text);
    dataset.roles[roles[i]].technician_type = abbreviation.type;
  }
  Pool pool(dataset.random("role abbreviations"), roles);
  std::size_t rotation = dataset.random("role dirt").below(100);
  for (const std::size_t role :
       pool.take(dataset.knobs.planted("role_unclassified", roles.size()), "role_unclassified")) {
    const auto& text = unclassified[rotation++ % unclassified.size()];
    dataset.roles[role].abbrev = text ? std::optional<std::string>(*text) : std::nullopt;
    dataset.roles[role].technician_type = {};
  }
}

// Some technicians have a role of their own, one of them two; and some roles of technicians belong
// to somebody who is none.
void plant_role_users(Dataset& dataset, const std::vector<std::size_t>& roles) {
  const auto technicians = indexes_where(
      dataset.users, [](const User& user) { return user.groups.test(group_technician); });
  const auto strangers = indexes_where(dataset.users, [](const User& user) {
    return !user.groups.test(group_technician) && !user.patient;
  });
  Pool pool(dataset.random("role users"), roles);
  const std::size_t own = std::min(technicians.size() * 2 / 3 + 1, roles.size() / 4);
  const auto owned = pool.take(technicians.empty() ? 0 : own, "roles");
  for (std::size_t i = 0; i < owned.size(); ++i) {
    const std::size_t turn = i + 1 == owned.size() ? 0 : i;
    dataset.roles[owned[i]].user = technicians[turn % technicians.size()];
  }
  Random random = dataset.random("role strangers");
  const std::size_t wanted = dataset.knobs.planted("role_stranger", roles.size());
  for (const std::size_t role : pool.take(strangers.empty() ? 0 : wanted, "role_stranger")) {
    dataset.roles[role].user = random.one_of(strangers);
  }
}

}  // namespace

void plant_clinical_dirt(Dataset& dataset) {
  plant_jaws(dataset);
  const auto roles = indexes_where(
      dataset.roles, [](const Role& role) { return role.group == std::size_t{group_technician}; });
  plant_abbreviations(dataset, roles);
  plant_role_users(dataset, roles);
}

}  // namespace mighost::dataset
