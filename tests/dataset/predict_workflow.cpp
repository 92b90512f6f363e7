// What docs/families/business.md makes of templates, of what hangs on them, and of tasks.

#include <algorithm>

#include "business_links.hpp"
#include "business_parts.hpp"

namespace mighost::dataset {

namespace {

using Links = std::vector<TemplateLink>;

std::string_view function_word(const Template& step) {
  if (!step.function) {
    return "null";
  }
  switch (*step.function) {
    case 1:
      return "submit";
    case 2:
      return "archive";
    case 4:
      return "process";
    default:
      return "other";
  }
}

void predict_steps(const Dataset& dataset, Oracle& oracle) {
  Tally& tally = oracle.entity("business.templates");
  DecimalSum source;
  DecimalSum target;
  DecimalSum held_back;
  for (const Template& step : dataset.business.templates) {
    oracle.fates.templates.push_back(step.duration_bad ? Fate::held_back : Fate::written);
    const Decimal minutes{std::int64_t{step.duration.value_or(0)} * 60, 0};
    source.add(minutes);
    (step.duration_bad ? held_back : target).add(minutes);
    if (step.duration_bad) {
      tally.quarantined("out_of_range");
    } else {
      tally.written({{step.name_missing, "name_missing"}});
      oracle.fact("business.templates.function", function_word(step));
    }
  }
  oracle.control_total("business.templates/template minutes", source, target, held_back);
}

void predict_links(Oracle& oracle, std::string_view entity, const Links& links,
                   const std::vector<Fate>* others) {
  Tally& tally = oracle.entity(entity);
  for (const TemplateLink& link : links) {
    // Roles and groups always arrive.
    if (resolved(tally, oracle.fates.templates[link.owner]) &&
        (others == nullptr || resolved(tally, *others, link.other))) {
      tally.written();
    }
  }
}

// Templates that come back to themselves over rows that are written.
std::size_t templates_on_a_cycle(const Dataset& dataset, const Fates& fates) {
  const std::size_t count = dataset.business.templates.size();
  std::vector<std::vector<std::size_t>> next(count);
  for (const TemplateLink& link : dataset.business.template_predecessors) {
    if (fates.templates[link.owner] == Fate::written &&
        fates.templates[*link.other.row] == Fate::written) {
      next[link.owner].push_back(*link.other.row);
    }
  }
  std::size_t found = 0;
  for (std::size_t start = 0; start < count; ++start) {
    std::vector<bool> reached(count);
    std::vector<std::size_t> open = next[start];
    while (!open.empty()) {
      const std::size_t step = open.back();
      open.pop_back();
      if (!reached[step]) {
        reached[step] = true;
        open.insert(open.end(), next[step].begin(), next[step].end());
      }
    }
    found += reached[start] ? 1 : 0;
  }
  return found;
}

std::string_view task_status(const Task& task) {
  if (!task.done_at) {
    return "pending";
  }
  return task.checked ? "completed" : "in_progress";
}

}  // namespace

void predict_templates(const Dataset& dataset, Oracle& oracle) {
  const Business& business = dataset.business;
  predict_steps(dataset, oracle);
  predict_links(oracle, "business.template_products", business.template_products,
                &oracle.fates.products);
  predict_links(oracle, "business.template_edit_roles", business.template_edit_roles, nullptr);
  predict_links(oracle, "business.template_view_roles", business.template_view_roles, nullptr);
  predict_links(oracle, "business.template_view_groups", business.template_view_groups, nullptr);
  predict_links(oracle, "business.template_predecessors", business.template_predecessors,
                &oracle.fates.templates);
  const std::size_t on_a_cycle = templates_on_a_cycle(dataset, oracle.fates);
  if (on_a_cycle > 0) {
    oracle.fact("business.template_predecessors.on_a_cycle", "templates", on_a_cycle);
  }
}

void predict_tasks(const Dataset& dataset, Oracle& oracle) {
  Tally& tally = oracle.entity("business.tasks");
  Fates& fates = oracle.fates;
  fates.tasks.reserve(dataset.business.tasks.size());
  for (const Task& task : dataset.business.tasks) {
    fates.tasks.push_back(Fate::held_back);
    const bool has_instruction = task.instruction.row || task.instruction.missing_id;
    if (!has_instruction && task.basket) {
      tally.quarantined("foreign_id_space");
    } else if (resolved(tally, fates.orders, task.instruction)) {
      tally.written({{lost(fates.templates, task.template_row) || lost(fates.profiles, task.actor),
                      "missing_parent"}});
      fates.tasks.back() = Fate::written;
      oracle.fact("business.tasks.status", task_status(task));
    }
  }
}

}  // namespace mighost::dataset
