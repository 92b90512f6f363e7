// Templates of tasks, the steps of the lab's workflow, and the five tables that hang on them.

#include <array>

#include "business_links.hpp"
#include "business_parts.hpp"
#include "id_allocator.hpp"
#include "texts.hpp"

namespace mighost::dataset {

namespace {

constexpr std::array<std::string_view, 16> step_names = {"Submit order",
                                                         "Check scans",
                                                         "Section models",
                                                         "Setup",
                                                         "Setup approval",
                                                         "Bracket design",
                                                         "Quality check",
                                                         "Print models",
                                                         "Deposit trays",
                                                         "Pack",
                                                         "Ship",
                                                         "Archive files",
                                                         "技工指示書の確認",
                                                         "Remote designing",
                                                         "Send invoice",
                                                         "ตรวจสอบงาน"};
constexpr std::array<std::string_view, 6> action_names = {"submit",  "upload", "approve",
                                                          " check ", "null",   ""};
constexpr std::array<std::string_view, 5> extension_lists = {".stl", ".stl,.ply", ".jpg;.png", "*",
                                                             ""};

std::optional<std::string> maybe_empty(Random& random) {
  return random.chance(400) ? std::nullopt : std::optional<std::string>(empty_text(random));
}

void make_names(Random& random, Template& step, std::size_t index) {
  std::string name(step_names[index % step_names.size()]);
  name += " " + std::to_string(index / step_names.size());
  const std::string text_name = roughened(random, "Text of " + name);
  const bool named = random.chance(850);
  step.task_name =
      named ? std::optional<std::string>(roughened(random, name)) : maybe_empty(random);
  step.text_name =
      !named || random.chance(300) ? std::optional<std::string>(text_name) : maybe_empty(random);
  if (random.chance(800)) {
    step.action_name = std::string(random.one_of(action_names));
  }
}

// 1 submit, 2 archive, 4 process; others occur, and nobody knows what they mean.
std::optional<int> any_function(Random& random) {
  constexpr std::array<int, 6> functions = {4, 1, 2, 3, 7, 0};
  constexpr std::array<std::uint32_t, 6> weights = {60, 15, 10, 5, 3, 2};
  return random.chance(50) ? std::nullopt : std::optional<int>(functions[random.weighted(weights)]);
}

Template make_template(Random& random, const Dataset& dataset, int id, std::size_t index) {
  Template step;
  step.id = id;
  make_names(random, step, index);
  step.function = any_function(random);
  if (random.chance(400)) {
    step.status = static_cast<int>(random.below(5));
  }
  if (!random.chance(150)) {
    step.duration = static_cast<int>(random.between(0, 96));
  }
  if (!random.chance(100)) {
    step.category = random.below(dataset.categories.size());
  }
  if (random.chance(600)) {
    step.course = random.below(6);
  }
  step.predefined = random.chance(600);
  step.read_only = random.chance(200);
  if (random.chance(300)) {
    step.extensions = std::string(random.one_of(extension_lists));
  }
  if (random.chance(150)) {
    step.alerts = remark(random);
  }
  step.separate = random.chance(100);
  return step;
}

void plant_templates(Dataset& dataset) {
  constexpr std::array<int, 3> durations = {35'791'395, 2'147'483'647, -40'000'000};
  auto& templates = dataset.business.templates;
  Random random = dataset.random("template dirt");
  DirtPool pool(random, indexes_where(templates, [](const Template&) { return true; }));
  const auto wanted = [&](std::string_view knob) {
    return pool.take(dataset.knobs.planted(knob, templates.size()), knob);
  };
  for (const std::size_t index : wanted("template_name_empty")) {
    templates[index].task_name = maybe_empty(random);
    templates[index].text_name = maybe_empty(random);
    templates[index].name_missing = true;
  }
  std::size_t rotation = random.below(100);
  for (const std::size_t index : wanted("template_duration_bad")) {
    templates[index].duration = durations[rotation++ % durations.size()];
    templates[index].duration_bad = true;
  }
}

// Some pairs occur twice by chance; they are data as well.
std::vector<TemplateLink> make_links(Dataset& dataset, std::string_view knob, std::size_t others) {
  Random random = dataset.random(knob);
  IdAllocator ids(dataset.random(std::string(knob) + " ids"), 1, 150);
  std::vector<TemplateLink> links;
  for (std::size_t i = 0; i < dataset.knobs.count(knob); ++i) {
    TemplateLink link;
    link.id = ids.next();
    link.owner = random.below(dataset.business.templates.size());
    link.other = Link::to(random.below(others));
    links.push_back(link);
  }
  return links;
}

// Steps follow each other in the order of the templates, so there is no cycle yet.
void make_predecessors(Dataset& dataset) {
  const std::size_t count = dataset.business.templates.size();
  auto& links = dataset.business.template_predecessors;
  links = make_links(dataset, "template_predecessors", count);
  Random random = dataset.random("predecessor steps");
  for (TemplateLink& link : links) {
    link.owner = random.below(count - 1);
    const std::size_t most = std::min<std::size_t>(count - 1 - link.owner, 12);
    link.other = Link::to(link.owner + 1 + random.below(most));
  }
}

bool is_good(const Dataset& dataset, const TemplateLink& link) {
  return !dataset.business.templates[link.owner].duration_bad;
}

void plant_cycles(Dataset& dataset) {
  auto& links = dataset.business.template_predecessors;
  Random random = dataset.random("predecessor cycles");
  DirtPool pool(random, indexes_where(links, [&](const TemplateLink& link) {
                  return is_good(dataset, link) &&
                         !dataset.business.templates[*link.other.row].duration_bad;
                }));
  const std::size_t wanted = dataset.knobs.planted("predecessor_cycle", links.size());
  const auto closing = pool.take(wanted, "predecessor_cycle");
  const auto closed = pool.take(wanted, "predecessor_cycle");
  for (std::size_t i = 0; i < wanted; ++i) {
    const TemplateLink& edge = links[closed[i]];
    links[closing[i]].owner = *edge.other.row;
    // Every second one is a step that precedes itself.
    links[closing[i]].other = i % 2 == 0 ? Link::to(edge.owner) : edge.other;
  }
}

void plant_products(Dataset& dataset) {
  auto& links = dataset.business.template_products;
  Random random = dataset.random("template products dirt");
  std::vector<NamedRow> products;
  for (const Product& product : dataset.products) {
    products.push_back(product.named);
  }
  const auto ids = missing_ids(products);
  const auto candidates =
      indexes_where(links, [&](const TemplateLink& link) { return is_good(dataset, link); });
  const std::size_t wanted = dataset.knobs.planted("template_product_bad", links.size());
  for (const std::size_t index : choose(random, candidates, wanted, "template_product_bad")) {
    links[index].other = Link::gone(random.one_of(ids));
  }
}

}  // namespace

void generate_templates(Dataset& dataset) {
  Random random = dataset.random("templates");
  IdAllocator ids(dataset.random("template ids"), 1, 120);
  for (std::size_t i = 0; i < dataset.knobs.count("templates"); ++i) {
    dataset.business.templates.push_back(make_template(random, dataset, ids.next(), i));
  }
  plant_templates(dataset);
  Business& business = dataset.business;
  business.template_products = make_links(dataset, "template_products", dataset.products.size());
  business.template_edit_roles = make_links(dataset, "template_edit_roles", dataset.roles.size());
  business.template_view_roles = make_links(dataset, "template_view_roles", dataset.roles.size());
  business.template_view_groups = make_links(dataset, "template_view_groups", group_count);
  make_predecessors(dataset);
  plant_cycles(dataset);
  plant_products(dataset);
}

}  // namespace mighost::dataset
