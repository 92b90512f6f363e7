// 3D projects and the treatment plans that are linked to them. The business tables hang tasks and
// comments on the plans.

#include <array>

#include "clinical_parts.hpp"
#include "dealing.hpp"
#include "texts.hpp"

namespace mighost::dataset {

namespace {

constexpr int treatment_plan_type = 3;

std::string any_uid(Random& random) {
  constexpr std::string_view hex = "0123456789abcdef";
  std::string uid = random.characters(hex, 8);
  uid += '-' + random.characters(hex, 4);
  uid += "-4" + random.characters(hex, 3);
  uid += '-' + random.characters("89ab", 1);
  uid += random.characters(hex, 3);
  uid += '-' + random.characters(hex, 12);
  return uid;
}

// From some kilobytes to some hundred megabytes, each doubling as likely as its neighbours; 0 and
// NULL are sizes of their own.
std::optional<std::int64_t> any_project_size(Random& random) {
  constexpr std::array<std::uint32_t, 15> doublings = {1,  2,  3, 5, 7, 9, 11, 12,
                                                       12, 11, 9, 7, 5, 3, 1};
  const std::size_t doubling = random.weighted(doublings);
  const std::int64_t size = random.between(10'240, 20'479) << doubling;
  if (random.chance(20)) {
    return random.chance(500) ? std::nullopt : std::optional<std::int64_t>(0);
  }
  return size;
}

Project make_project(Random& random, int id, Instant created_at) {
  constexpr std::array<std::string_view, 6> names = {
      "Setup", "Lower arch scan",   "上顎セットアップ", "Aligner design",
      "TP#",   "Simulation (final)"};
  constexpr std::array<int, 4> types = {treatment_plan_type, 0, 10, 11};
  constexpr std::array<std::uint32_t, 4> type_weights = {52, 24, 14, 10};
  Project project;
  project.id = id;
  project.uid = any_uid(random);
  project.created_at = created_at;
  project.name = std::string(random.one_of(names)) + " " + std::to_string(id);
  project.name = roughened(random, project.name);
  project.size = any_project_size(random);
  project.is_public = random.chance(60);
  project.type = types[random.weighted(type_weights)];
  project.status = random.below(5000) == 0 ? 2 : 0;
  return project;
}

// Technicians make most projects, the rest of the staff some.
std::vector<std::size_t> makers(const Dataset& dataset) {
  auto users = indexes_where(dataset.users, [](const User& user) {
    return user.groups.test(group_technician) || user.is_staff || user.is_superuser;
  });
  if (users.empty()) {
    throw Error("nobody could have made the projects", "knobs technicians, users", "raise them");
  }
  return users;
}

void make_projects(Dataset& dataset) {
  Random random = dataset.random("projects");
  IdAllocator ids(dataset.random("project ids"), 12, 400);
  const auto users = makers(dataset);
  const std::size_t count = dataset.knobs.count("projects");
  for (std::size_t i = 0; i < count; ++i) {
    const Instant created_at = time_of_row(random, i, count);
    Project project = make_project(random, ids.next(), created_at);
    project.creator = random.one_of(users);
    dataset.projects.push_back(std::move(project));
  }
  if (count > 1) {
    dataset.projects[1].status = 2;  // rare as it is, the smallest preset shows it
  }
}

void plant_project_dirt(Dataset& dataset) {
  Random random = dataset.random("project dirt");
  const auto any = [](const Project&) { return true; };
  const auto wanted = [&dataset](std::string_view knob) {
    return dataset.knobs.planted(knob, dataset.projects.size());
  };
  Pool pool(dataset.random("project defects"), indexes_where(dataset.projects, any));
  constexpr std::array<std::optional<int>, 4> statuses = {1, std::nullopt, 9, -1};
  std::size_t rotation = random.below(100);
  for (const std::size_t project : pool.take(wanted("project_status"), "project_status")) {
    dataset.projects[project].status = statuses[rotation++ % statuses.size()];
    dataset.projects[project].status_unknown = true;
  }
  for (const std::size_t project : pool.take(wanted("project_creator"), "project_creator")) {
    dataset.projects[project].creator.reset();
  }
  constexpr std::array<std::optional<int>, 4> types = {7, std::nullopt, 1, 12};
  for (const std::size_t project : pool.take(wanted("project_type"), "project_type")) {
    dataset.projects[project].type = types[rotation++ % types.size()];
    dataset.projects[project].type_unknown = true;
  }
  for (const std::size_t project : pool.take(wanted("project_size"), "project_size")) {
    dataset.projects[project].size = -random.between(1, 5'000'000'000);
    dataset.projects[project].size_bad = true;
  }
  for (const std::size_t project : pool.take(wanted("project_name"), "project_name")) {
    dataset.projects[project].name = random.chance(900) ? "" : empty_text(random);
    dataset.projects[project].name_missing = true;
  }
}

Plan make_plan(Random& random, int id, std::size_t instruction, int number) {
  constexpr std::array<std::string_view, 6> names = {"Initial setup",   "Revision",
                                                     "Final",           "治療計画",
                                                     "Doctor's choice", "Plan B \\ \"wide\" arch"};
  Plan plan;
  plan.id = id;
  plan.instruction = instruction;
  plan.number = number;
  plan.original = number == 1;
  plan.name = roughened(random, std::string(random.one_of(names)));
  if (random.chance(400)) {
    plan.notes = random.chance(200) ? std::string() : remark(random);
  }
  return plan;
}

// About 1.45 plans for an instruction. A revision may stay in the project of the plan before it:
// one project may have many plans.
void make_plans(Dataset& dataset) {
  constexpr std::array<std::uint32_t, 6> weights = {200, 450, 200, 90, 40, 20};
  constexpr std::array<std::size_t, 6> counts = {0, 1, 2, 3, 4, 7};
  Random random = dataset.random("plans");
  IdAllocator ids(dataset.random("plan ids"), 3, 150);
  const std::size_t total = dataset.knobs.count("plans");
  const auto projects = indexes_where(
      dataset.projects, [](const Project& project) { return project.type == treatment_plan_type; });
  if (total > 0 && projects.empty()) {
    throw Error("there are plans and no projects for them", "knob projects", "raise it");
  }
  const auto dealt = dealt_counts(random, dataset.instructions.size(), total, weights, counts);
  for (std::size_t instruction = 0; instruction < dealt.size(); ++instruction) {
    for (std::size_t i = 0; i < dealt[instruction]; ++i) {
      const std::size_t place = dataset.plans.size();
      Plan plan = make_plan(random, ids.next(), instruction, static_cast<int>(i + 1));
      plan.project = projects[place * projects.size() / total];
      if (i > 0 && random.chance(60)) {
        plan.project = dataset.plans.back().project;
      }
      dataset.plans.push_back(std::move(plan));
    }
  }
}

// What is odd and yet legal: numbers below 1 and none, plans of which nobody knows whether they
// are the original.
void plant_plan_shapes(Dataset& dataset) {
  constexpr std::array<std::optional<int>, 3> numbers = {std::nullopt, 0, -2};
  const auto any = [](const Plan&) { return true; };
  Pool pool(dataset.random("plan shapes"), indexes_where(dataset.plans, any));
  const auto wanted = [&dataset](std::string_view knob) {
    return std::min(dataset.plans.size() / 4, dataset.knobs.planted(knob, dataset.plans.size()));
  };
  std::size_t rotation = 0;
  for (const std::size_t plan : pool.take(wanted("plan_number"), "plan_number")) {
    dataset.plans[plan].number = numbers[rotation++ % numbers.size()];
  }
  for (const std::size_t plan : pool.take(wanted("plan_original"), "plan_original")) {
    dataset.plans[plan].original.reset();
  }
}

void plant_plan_dirt(Dataset& dataset) {
  Random random = dataset.random("plan dirt");
  const auto any = [](const Plan&) { return true; };
  const auto wanted = [&dataset](std::string_view knob) {
    return dataset.knobs.planted(knob, dataset.plans.size());
  };
  Pool pool(dataset.random("plan defects"), indexes_where(dataset.plans, any));
  const auto instructions = misleading_ids(gaps_in(dataset.instructions), dataset.patients);
  for (const std::size_t plan : pool.take(wanted("plan_orphan"), "plan_orphan")) {
    dataset.plans[plan].missing_instruction_id = random.one_of(instructions);
  }
  const auto projects = misleading_ids(gaps_in(dataset.projects), dataset.plans);
  for (const std::size_t plan : pool.take(wanted("plan_lost_project"), "plan_lost_project")) {
    dataset.plans[plan].missing_project_id = random.one_of(projects);
  }
  for (const std::size_t plan : pool.take(wanted("plan_name"), "plan_name")) {
    dataset.plans[plan].name =
        random.chance(500) ? std::nullopt : std::optional<std::string>(empty_text(random));
    dataset.plans[plan].name_missing = true;
  }
}

}  // namespace

void generate_projects(Dataset& dataset) {
  make_projects(dataset);
  make_plans(dataset);
  plant_project_dirt(dataset);
  plant_plan_shapes(dataset);
  plant_plan_dirt(dataset);
}

void write_projects(const Dataset& dataset, Sink& sink) {
  write_table(sink, "dispatch_project",
              "id, uid, created_at, name, size, public, type, status, creator_id", dataset.projects,
              [&dataset](TableWriter& writer, const Project& project) {
                writer.row(project.id, project.uid, project.created_at, project.name, project.size,
                           project.is_public, project.type, project.status,
                           id_of(dataset.users, project.creator));
              });
  write_table(
      sink, "dispatch_plan", "id, instruction_id, project_id, notes, number, name, original",
      dataset.plans, [&dataset](TableWriter& writer, const Plan& plan) {
        const int instruction_id =
            plan.missing_instruction_id.value_or(dataset.instructions[plan.instruction].id);
        const int project_id = plan.missing_project_id.value_or(dataset.projects[plan.project].id);
        writer.row(plan.id, instruction_id, project_id, plan.notes, plan.number, plan.name,
                   plan.original);
      });
}

}  // namespace mighost::dataset
