// Tasks: the largest table but for notifications. Each instruction goes through some dozens of
// steps; one member of staff does most of them.

#include <algorithm>
#include <array>

#include "business_links.hpp"
#include "business_parts.hpp"
#include "id_allocator.hpp"

namespace mighost::dataset {

namespace {

// How many tasks each instruction has: exactly `total` together, in shares from one to five.
std::vector<std::size_t> tasks_per_order(Random& random, std::size_t orders, std::size_t total) {
  std::vector<std::size_t> counts(orders);
  std::size_t shares = 0;
  for (std::size_t& count : counts) {
    count = 1 + random.below(5);
    shares += count;
  }
  std::size_t given = 0;
  std::size_t seen = 0;
  for (std::size_t& count : counts) {
    seen += count;
    const std::size_t until = total * seen / shares;
    count = until - given;
    given = until;
  }
  return counts;
}

class TaskMaker {
 public:
  explicit TaskMaker(Dataset& dataset)
      : dataset_(dataset), random_(dataset.random("tasks")), staff_(staff(dataset)) {
    files_.resize(dataset.instructions.size());
    plans_.resize(dataset.instructions.size());
    const Business& business = dataset.business;
    for (std::size_t i = 0; i < business.files.size(); ++i) {
      if (business.files[i].instruction.row) {
        files_[*business.files[i].instruction.row].push_back(static_cast<std::uint32_t>(i));
      }
    }
    for (std::size_t i = 0; i < dataset.plans.size(); ++i) {
      if (!dataset.plans[i].missing_instruction_id) {
        plans_[dataset.plans[i].instruction].push_back(static_cast<std::uint32_t>(i));
      }
    }
  }

  Task make(int id, std::size_t order, std::size_t step) {
    Task task;
    task.id = id;
    task.instruction = Link::to(order);
    task.template_row = Link::to(template_at(step));
    make_progress(task, order);
    task.actor = Link::to(random_.chance(590) ? staff_.front() : random_.one_of(staff_));
    if (!files_[order].empty() && random_.chance(120)) {
      task.file = random_.one_of(files_[order]);
    }
    if (!plans_[order].empty() && random_.chance(200)) {
      task.plan = random_.one_of(plans_[order]);
    }
    if (random_.chance(150)) {
      task.text = static_cast<std::uint32_t>(random_.next() >> 32U);
    }
    constexpr std::array<std::int8_t, 6> jaws = {-1, 1, 2, 3, 0, 9};
    constexpr std::array<std::uint32_t, 6> jaw_weights = {500, 200, 200, 90, 9, 1};
    task.jaw = jaws[random_.weighted(jaw_weights)];
    // An instruction and a basket: the instruction decides.
    if (!dataset_.baskets.empty() && random_.below(2000) == 0) {
      task.basket = random_.below(dataset_.baskets.size());
    }
    return task;
  }

 private:
  std::size_t template_at(std::size_t step) {
    const std::size_t templates = dataset_.business.templates.size();
    const std::size_t jump = random_.below(5);
    return (step * 4 + jump) % templates;
  }

  // 85 % are checked and dated; what deviates from that is planted.
  void make_progress(Task& task, std::size_t order) {
    task.checked = random_.chance(850);
    if (task.checked) {
      task.done_at = later(random_, time_of(dataset_.instructions[order]), 60);
    }
  }

  Dataset& dataset_;
  Random random_;
  const std::vector<std::size_t> staff_;
  std::vector<std::vector<std::uint32_t>> files_, plans_;
};

class TaskDirt {
 public:
  explicit TaskDirt(Dataset& dataset)
      : dataset_(dataset), tasks_(dataset.business.tasks), random_(dataset.random("task dirt")) {}

  void plant() {
    plant_shapes();
    DirtPool pool(random_, indexes_where(tasks_, [this](const Task& task) {
                    return is_sound(dataset_, dataset_.instructions[*task.instruction.row]) &&
                           !dataset_.business.templates[*task.template_row.row].duration_bad;
                  }));
    plant_orphans(pool);
    plant_lost(pool);
  }

 private:
  std::size_t wanted(std::string_view knob) const {
    return dataset_.knobs.planted(knob, tasks_.size());
  }

  // Nothing is lost or remarked because of these; checked and done_at are each kept as they are.
  void plant_shapes() {
    const auto checked = [](const Task& task) { return task.checked; };
    DirtPool pool(random_, indexes_where(tasks_, checked));
    for (const std::size_t task : pool.take(wanted("task_done_unchecked"), "task_done_unchecked")) {
      tasks_[task].checked = false;
    }
    for (const std::size_t task :
         pool.take(wanted("task_checked_undated"), "task_checked_undated")) {
      tasks_[task].done_at.reset();
    }
    DirtPool any(random_, indexes_where(tasks_, [](const Task&) { return true; }));
    for (const std::size_t task : any.take(wanted("task_no_actor"), "task_no_actor")) {
      tasks_[task].actor = Link::none();
    }
  }

  void plant_orphans(DirtPool& pool) {
    if (wanted("task_foreign_space") > 0 && dataset_.baskets.empty()) {
      throw Error("there is no basket for a task", "knob task_foreign_space", "raise baskets");
    }
    const auto orphan = [this](std::size_t task) {
      tasks_[task].instruction = Link::none();
      tasks_[task].plan.reset();
      tasks_[task].file.reset();
      tasks_[task].basket.reset();
    };
    for (const std::size_t task : pool.take(wanted("task_foreign_space"), "task_foreign_space")) {
      orphan(task);
      tasks_[task].basket = random_.below(dataset_.baskets.size());
    }
    for (const std::size_t task : pool.take(wanted("task_orphan"), "task_orphan")) {
      orphan(task);
    }
    const auto ids = missing_ids(dataset_.instructions);
    for (const std::size_t task : pool.take(wanted("task_dangling"), "task_dangling")) {
      orphan(task);
      tasks_[task].instruction = Link::gone(random_.one_of(ids));
    }
  }

  void plant_lost(DirtPool& pool) {
    const auto users = missing_ids(dataset_.users);
    for (const std::size_t task : pool.take(wanted("task_lost_actor"), "task_lost_actor")) {
      tasks_[task].actor = Link::gone(random_.one_of(users));
    }
    const auto templates = missing_ids(dataset_.business.templates);
    for (const std::size_t task : pool.take(wanted("task_lost_template"), "task_lost_template")) {
      tasks_[task].template_row = Link::gone(random_.one_of(templates));
    }
  }

  Dataset& dataset_;
  std::vector<Task>& tasks_;
  Random random_;
};

}  // namespace

void generate_tasks(Dataset& dataset) {
  Random random = dataset.random("tasks per order");
  IdAllocator ids(dataset.random("task ids"), 1, 120);
  const std::size_t total = dataset.knobs.count("tasks");
  const auto counts = tasks_per_order(random, dataset.instructions.size(), total);
  TaskMaker maker(dataset);
  dataset.business.tasks.reserve(total);
  for (std::size_t order = 0; order < counts.size(); ++order) {
    for (std::size_t step = 0; step < counts[order]; ++step) {
      dataset.business.tasks.push_back(maker.make(ids.next(), order, step));
    }
  }
  TaskDirt(dataset).plant();
}

}  // namespace mighost::dataset
