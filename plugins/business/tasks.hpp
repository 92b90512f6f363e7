// business.tasks, close to a million rows, and its projection business.user_tasks.
#pragma once

#include "templates.hpp"

namespace business {

struct legacy_task {
  std::int64_t id = 0;
  bool checked = false;
  maybe_id file_id{};
  std::int64_t template_id = 0;
  maybe_time done_at{};
  maybe_text text{};
  maybe_id plan_id{}, instruction_id{}, actor_id{}, jaw{}, order_id{};
  maybe_id known_template{};  // NULL: the template is gone
  maybe_text task_name{}, text_name{};
};

struct task {
  mig::uuid order_id{};
  std::optional<mig::uuid> assigned_to{}, template_id{};
  maybe_text template_name{}, description{}, jaw_specification{};
  std::string_view status{};
  bool checked = false;
  maybe_time completed_at{};
  std::int64_t legacy_task_id = 0;
  mig::json metadata{};
};

inline constexpr std::string_view tasks_query = R"sql(
select k.id, k.checked, k.file_id, k.template_id, k.done_at, k.text, k.plan_id, k.instruction_id,
       k.actor_id, k.jaw, k.order_id, t.id as known_template, t.task_name, t.text_name
from public.dispatch_task k
left join public.dispatch_template t on t.id = k.template_id
)sql";

struct tasks {
  static constexpr std::string_view name = "tasks";
  static constexpr std::string_view description =
      "tasks of instructions; those of the other order table have no home (D-31, D-55)";
  static constexpr bool parallel = true;

  static constexpr auto source = mig::from_query<legacy_task>(
      "public.dispatch_task", tasks_query, mig::key("id", &legacy_task::id),
      mig::col("checked", &legacy_task::checked), mig::col("file_id", &legacy_task::file_id),
      mig::col("template_id", &legacy_task::template_id),
      mig::col("done_at", &legacy_task::done_at), mig::col("text", &legacy_task::text),
      mig::col("plan_id", &legacy_task::plan_id),
      mig::col("instruction_id", &legacy_task::instruction_id),
      mig::col("actor_id", &legacy_task::actor_id), mig::col("jaw", &legacy_task::jaw),
      mig::col("order_id", &legacy_task::order_id),
      mig::col("known_template", &legacy_task::known_template),
      mig::col("task_name", &legacy_task::task_name),
      mig::col("text_name", &legacy_task::text_name));

  static constexpr auto target = mig::into<task>(
      "public.tasks", mig::identity("id"), mig::legacy("legacy_task_id", &task::legacy_task_id),
      mig::reference("order_id", &task::order_id, "core.orders", mig::missing::reject),
      mig::reference("template_id", &task::template_id, "business.templates", mig::missing::null),
      mig::reference("assigned_to", &task::assigned_to, "core.profiles", mig::missing::null),
      mig::col("template_name", &task::template_name), mig::col("description", &task::description),
      mig::col("jaw_specification", &task::jaw_specification), mig::col("status", &task::status),
      mig::col("checked", &task::checked), mig::col("completed_at", &task::completed_at),
      mig::col("metadata", &task::metadata));

  static constexpr mig::code codes[] = {
      {"foreign_id_space",
       "the task belongs to a dispatch_order, whose ids are not those of instructions"}};

  static constexpr mig::assertion assertions[] = {
      {"completed-task-is-dated",
       "select id from public.tasks where legacy_task_id is not null "
       "and (status = 'completed') <> (checked and completed_at is not null)",
       "a task is completed when it is checked and has a date, and only then"}};

  explicit tasks(const mig::settings& settings) : jaws_({}, task_jaw_words, settings, "task_jaw") {}

  void transform(const legacy_task& row, mig::output<tasks>& out) {
    if (!row.instruction_id && row.order_id) {
      return out.reject<"foreign_id_space">("order_id", digits{*row.order_id});
    }
    const auto order = out.resolve<"core.orders">(row.instruction_id);
    if (!order) return;
    task to{.order_id = *order,
            .assigned_to = out.resolve<"core.profiles">(row.actor_id),
            .template_id = out.resolve<"business.templates">(row.template_id),
            .template_name = template_name_of(row, out),
            .description = row.text,
            .checked = row.checked,
            .legacy_task_id = row.id};
    if (row.jaw) to.jaw_specification = jaws_(*row.jaw);
    set_status(row, to);
    to.metadata = metadata(row, out);
    out.row(to);
  }

 private:
  static maybe_text template_name_of(const legacy_task& row, mig::output<tasks>& out) {
    if (!row.known_template) return std::nullopt;
    const maybe_text name = template_name(row.task_name, row.text_name);
    return name ? name : out.concat({"Template ", digits{row.template_id}});
  }

  /// Both flags decide (D-32): a date alone is work in progress, a check mark alone is none.
  static void set_status(const legacy_task& row, task& to) {
    if (!row.done_at) {
      to.status = "pending";
    } else if (row.checked) {
      to.status = "completed";
      to.completed_at = row.done_at;
    } else {
      to.status = "in_progress";
    }
  }

  /// Only what is there: most tasks have none of it.
  mig::json metadata(const legacy_task& row, mig::output<tasks>& out) {
    const bool open_date = row.done_at && !row.checked;
    if (!row.file_id && !row.plan_id && !row.jaw && !row.order_id && !open_date) return {"{}"};
    metadata_.clear();
    if (row.file_id) metadata_.add("file_id", *row.file_id);
    if (row.plan_id) metadata_.add("plan_id", *row.plan_id);
    if (row.jaw) metadata_.add("jaw", *row.jaw);
    if (row.order_id) metadata_.add("basket_id", *row.order_id);
    if (open_date) metadata_.add("done_at", *row.done_at);
    return out.keep(metadata_);
  }

  mig::code_map jaws_;
  mig::json_object metadata_;
};

struct legacy_user_task {
  std::int64_t id = 0;
  maybe_id actor_id{};
};

struct user_task {
  mig::uuid user_id{}, task_id{};
};

struct user_tasks {
  static constexpr std::string_view name = "user_tasks";
  static constexpr std::string_view description =
      "who works on which task; tasks.assigned_to says the same, so it is off";
  static constexpr bool projection = true;
  static constexpr bool parallel = true;
  static constexpr bool optional = true;

  static constexpr auto source =
      mig::from<legacy_user_task>("public.dispatch_task", mig::key("id", &legacy_user_task::id),
                                  mig::col("actor_id", &legacy_user_task::actor_id));

  static constexpr auto target = mig::into<user_task>(
      "public.user_tasks", mig::identity("id"),
      mig::reference("task_id", &user_task::task_id, "business.tasks", mig::missing::reject),
      mig::reference("user_id", &user_task::user_id, "core.profiles", mig::missing::reject));

  static constexpr mig::filter filters[] = {
      {"actor_id is not null", "no_actor", "nobody works on the task"}};

  void transform(const legacy_user_task& row, mig::output<user_tasks>& out) {
    const auto task = out.resolve<"business.tasks">(row.id);
    if (!task) return;
    const auto user = out.resolve<"core.profiles">(row.actor_id);
    if (!user) return;
    out.row(user_task{.user_id = *user, .task_id = *task});
  }
};

}  // namespace business
