// Actions: who did what, with two generic references each.

#include <array>

#include "business_links.hpp"
#include "business_parts.hpp"
#include "id_allocator.hpp"
#include "texts.hpp"

namespace mighost::dataset {

namespace {

constexpr std::array<std::string_view, 9> verbs = {
    "login",      "upload file", " approve plan ", "change order",   "delete",
    "注文を確認", "nullify",     "none given",     "print \"label\""};
constexpr std::array<std::string_view, 3> other_models = {"office", "product", "payment"};

std::size_t rows_of(const Dataset& dataset, Model model) {
  switch (model) {
    case Model::instruction:
      return dataset.instructions.size();
    case Model::patient:
      return dataset.patients.size();
    case Model::user:
    case Model::userproxy:
      return dataset.users.size();
    case Model::task:
      return dataset.business.tasks.size();
    case Model::record:
      return dataset.business.records.size();
    case Model::file:
      return dataset.business.files.size();
    case Model::plan:
      return dataset.plans.size();
    case Model::none:
    case Model::other:
      break;
  }
  return 0;
}

Generic any_generic(Random& random, const Dataset& dataset) {
  constexpr std::array<std::uint32_t, 10> weights = {80, 250, 150, 60, 60, 120, 60, 100, 80, 40};
  Generic generic;
  generic.model = static_cast<Model>(random.weighted(weights));
  if (generic.model == Model::other) {
    generic.other_type = content_type(dataset, "dispatch", random.one_of(other_models));
    generic.row = Link::gone(static_cast<int>(random.between(1, 500)));
    return generic;
  }
  const std::size_t rows = rows_of(dataset, generic.model);
  if (rows == 0) {
    generic.model = Model::none;
  }
  // No type, but an id all the same; a type without an id.
  if (generic.model == Model::none) {
    generic.row = random.chance(200) ? Link::gone(7) : Link::none();
  } else if (!random.chance(30)) {
    generic.row = Link::to(random.below(rows));
  }
  return generic;
}

Action make_action(Random& random, const Dataset& dataset, int id) {
  Action action;
  action.id = id;
  action.action = std::string(random.one_of(verbs));
  if (!random.chance(20)) {
    action.date = Instant{start_of(today()).micros - random.between(0, 2000 * micros_per_day)};
  }
  action.item = any_generic(random, dataset);
  action.owner = any_generic(random, dataset);
  action.data = random.chance(300) ? JsonText{std::nullopt, JsonKind::empty} : healthy_json(random);
  if (!random.chance(60)) {
    action.user = Link::to(random.below(dataset.users.size()));
  }
  return action;
}

// Whether no end of it can be lost by another row's defect.
bool is_plain(const Action& action) {
  const auto plain = [](const Generic& end) {
    return end.model == Model::none || end.model == Model::other || end.model == Model::file ||
           !end.row.row;
  };
  return plain(action.item) && plain(action.owner);
}

class ActionDirt {
 public:
  explicit ActionDirt(Dataset& dataset)
      : dataset_(dataset),
        actions_(dataset.business.actions),
        random_(dataset.random("action dirt")),
        pool_(random_,
              indexes_where(actions_, [](const Action& action) { return is_plain(action); })) {}

  void plant() {
    const auto users = missing_ids(dataset_.users);
    for (const std::size_t action : take("action_lost_user")) {
      actions_[action].user = Link::gone(random_.one_of(users));
    }
    plant_lost_items();
    DirtPool rest(random_, indexes_where(actions_, [](const Action& action) {
                    return !action.user.missing_id && !action.item.row.missing_id &&
                           !action.owner.row.missing_id;
                  }));
    const auto take_rest = [&](std::string_view knob) {
      return rest.take(dataset_.knobs.planted(knob, actions_.size()), knob);
    };
    for (const std::size_t action : take_rest("action_empty")) {
      actions_[action].action = empty_text(random_);
      if (random_.chance(300)) {
        actions_[action].action.reset();
      }
      actions_[action].action_missing = true;
    }
    std::size_t rotation = random_.below(100);
    for (const std::size_t action : take_rest("action_data_bad")) {
      actions_[action].data = json_text(random_, JsonKind::invalid, rotation++);
    }
    for (const std::size_t action : take_rest("action_data_nul")) {
      actions_[action].data = json_text(random_, JsonKind::nul, rotation++);
    }
  }

 private:
  std::vector<std::size_t> take(std::string_view knob) {
    return pool_.take(dataset_.knobs.planted(knob, actions_.size()), knob);
  }

  void plant_lost_items() {
    const auto orders = missing_ids(dataset_.instructions);
    const auto patients = missing_ids(dataset_.patients);
    std::size_t rotation = 0;
    for (const std::size_t index : take("action_lost_item")) {
      Action& action = actions_[index];
      Generic& end = rotation % 2 == 0 ? action.item : action.owner;
      end = Generic{};
      end.model = rotation++ % 4 < 2 ? Model::instruction : Model::patient;
      end.row = Link::gone(random_.one_of(end.model == Model::patient ? patients : orders));
    }
  }

  Dataset& dataset_;
  std::vector<Action>& actions_;
  Random random_;
  DirtPool pool_;
};

}  // namespace

void generate_actions(Dataset& dataset) {
  Random random = dataset.random("actions");
  IdAllocator ids(dataset.random("action ids"), 1, 100);
  for (std::size_t i = 0; i < dataset.knobs.count("actions"); ++i) {
    dataset.business.actions.push_back(make_action(random, dataset, ids.next()));
  }
  ActionDirt(dataset).plant();
}

}  // namespace mighost::dataset
