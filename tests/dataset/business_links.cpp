#include "business_links.hpp"

#include <algorithm>
#include <array>

namespace mighost::dataset {

std::optional<Fate> fate_of(const std::vector<Fate>& fates, const Link& link) {
  if (link.row) {
    return fates[*link.row];
  }
  return link.missing_id ? std::optional(Fate::missing) : std::nullopt;
}

bool resolved(Tally& tally, const std::vector<Fate>& fates, const Link& link) {
  return resolved(tally, fate_of(fates, link).value_or(Fate::missing));
}

bool lost(const std::vector<Fate>& fates, const Link& link) { return lost(fate_of(fates, link)); }

std::size_t content_type(const Dataset& dataset, std::string_view app_label,
                         std::string_view model) {
  const auto found = std::find_if(
      dataset.content_types.begin(), dataset.content_types.end(),
      [&](const ContentType& type) { return type.app_label == app_label && type.model == model; });
  return static_cast<std::size_t>(found - dataset.content_types.begin());
}

std::optional<int> content_type_id(const Dataset& dataset, const Generic& generic) {
  constexpr std::array<std::string_view, 9> names = {
      "", "instruction", "patient", "user", "userproxy", "task", "record", "file", "plan"};
  if (generic.model == Model::none) {
    return generic.gone_type;
  }
  if (generic.model == Model::other) {
    return dataset.content_types[*generic.other_type].id;
  }
  const std::string_view app = generic.model == Model::user ? "auth" : "dispatch";
  const std::string_view name = names[static_cast<std::size_t>(generic.model)];
  return dataset.content_types[content_type(dataset, app, name)].id;
}

std::optional<int> generic_id(const Dataset& dataset, const Generic& generic) {
  switch (generic.model) {
    case Model::instruction:
      return id_of(dataset.instructions, generic.row);
    case Model::patient:
      return id_of(dataset.patients, generic.row);
    case Model::user:
    case Model::userproxy:
      return id_of(dataset.users, generic.row);
    case Model::task:
      return id_of(dataset.business.tasks, generic.row);
    case Model::record:
      return id_of(dataset.business.records, generic.row);
    case Model::file:
      return id_of(dataset.business.files, generic.row);
    case Model::plan:
      return id_of(dataset.plans, generic.row);
    case Model::none:
    case Model::other:
      break;
  }
  return generic.row.missing_id;
}

std::optional<Fate> generic_fate(const Fates& fates, const Generic& generic) {
  switch (generic.model) {
    case Model::instruction:
      return fate_of(fates.orders, generic.row);
    case Model::patient:
      return fate_of(fates.patients, generic.row);
    case Model::user:
    case Model::userproxy:
      return fate_of(fates.profiles, generic.row);
    case Model::task:
      return fate_of(fates.tasks, generic.row);
    case Model::record:
      return fate_of(fates.messages, generic.row);
    case Model::file:
      return fate_of(fates.files, generic.row);
    case Model::plan:
      return fate_of(fates.plans, generic.row);
    case Model::none:
    case Model::other:
      break;
  }
  return std::nullopt;
}

std::vector<int> gaps_between(std::vector<int> ids) {
  // A jump leaves thousands of free ids; some of each gap will do.
  constexpr int most_of_a_gap = 40;
  std::sort(ids.begin(), ids.end());
  std::vector<int> gaps;
  int next = 1;
  for (const int id : ids) {
    for (int i = 0; i < most_of_a_gap && next < id; ++i) {
      gaps.push_back(next++);
    }
    next = id + 1;
  }
  if (gaps.empty()) {
    gaps.push_back(next);
  }
  return gaps;
}

bool is_sound(const Dataset& dataset, const Instruction& order) {
  const Patient& patient = dataset.patients[order.patient];
  const bool course_known = !dataset.courses[order.course].unknown;
  return !order.planted && !order.missing_patient_id && course_known && patient.doctor &&
         !patient.planted && !patient.sex_unknown && !patient.status_unknown;
}

DirtPool::DirtPool(Random& random, std::vector<std::size_t> candidates)
    : left_(std::move(candidates)) {
  random.shuffle(left_);
}

std::vector<std::size_t> DirtPool::take(std::size_t count, std::string_view knob) {
  if (count > left_.size()) {
    throw Error("only " + std::to_string(left_.size()) + " rows are left for " +
                    std::to_string(count) + " defects",
                "knob " + std::string(knob), "lower this knob or use a larger preset");
  }
  const auto begin = left_.end() - static_cast<std::ptrdiff_t>(count);
  std::vector<std::size_t> taken(begin, left_.end());
  left_.erase(begin, left_.end());
  return taken;
}

Instant time_of(const Instruction& order) {
  if (order.submitted_at) {
    return *order.submitted_at;
  }
  return {start_of(today()).micros - micros_per_day};
}

Instant later(Random& random, Instant begin, std::int64_t days) {
  const std::int64_t at = begin.micros + random.between(0, days * micros_per_day);
  return {std::min(at, start_of(today()).micros)};
}

std::vector<std::size_t> staff(const Dataset& dataset) {
  auto users = indexes_where(dataset.users, [](const User& user) {
    return !user.patient &&
           (user.groups.test(group_technician) || user.groups.test(group_administrator) ||
            user.groups.test(group_master) || user.is_staff);
  });
  if (users.empty()) {
    users.push_back(0);
  }
  return users;
}

}  // namespace mighost::dataset
