// The family `bench`: the task-shaped load that mighost is measured with. Every task gets a new key
// and finds the new key of its order; codes become an enum. sql/ready.sql says the same in SQL.
#include <mighost/plugin.hpp>

namespace {

struct LegacyInstruction {
  std::int64_t id = 0;
  std::optional<std::string_view> notes;
};

struct Order {
  std::optional<std::string_view> notes;
  std::int64_t legacy_instruction_id = 0;
};

struct Orders {
  static constexpr std::string_view name = "orders";
  static constexpr std::string_view description = "the parents of the tasks";
  static constexpr bool parallel = true;
  static constexpr auto source = mig::from<LegacyInstruction>(
      "public.legacy_instruction", mig::key("id", &LegacyInstruction::id),
      mig::col("notes", &LegacyInstruction::notes));
  static constexpr auto target =
      mig::into<Order>("public.orders", mig::identity("id"),
                       mig::legacy("legacy_instruction_id", &Order::legacy_instruction_id),
                       mig::col("notes", &Order::notes));

  void transform(const LegacyInstruction& row, mig::output<Orders>& out) {
    out.row(Order{.notes = row.notes, .legacy_instruction_id = row.id});
  }
};

struct LegacyTask {
  std::int64_t id = 0;
  bool checked = false;
  std::optional<std::int64_t> file_id;
  std::int64_t template_id = 0;
  std::optional<mig::timestamptz> done_at;
  std::optional<std::string_view> text;
  std::optional<std::int64_t> plan_id;
  std::optional<std::int64_t> instruction_id;
  std::optional<std::int64_t> actor_id;
  std::optional<std::int64_t> jaw;
};

struct Task {
  mig::uuid order_id;
  std::int64_t legacy_template_id = 0;
  std::optional<std::string_view> description;
  std::optional<std::string_view> jaw_specification;
  std::string_view status;
  bool checked = false;
  std::optional<mig::timestamptz> completed_at;
  std::optional<std::int64_t> legacy_file_id;
  std::optional<std::int64_t> legacy_plan_id;
  std::optional<std::int64_t> legacy_actor_id;
  std::int64_t legacy_task_id = 0;
};

struct Tasks {
  static constexpr std::string_view name = "tasks";
  static constexpr std::string_view description = "the load that is measured";
  static constexpr bool parallel = true;
  static constexpr auto source = mig::from<LegacyTask>(
      "public.legacy_task", mig::key("id", &LegacyTask::id),
      mig::col("checked", &LegacyTask::checked), mig::col("file_id", &LegacyTask::file_id),
      mig::col("template_id", &LegacyTask::template_id), mig::col("done_at", &LegacyTask::done_at),
      mig::col("text", &LegacyTask::text), mig::col("plan_id", &LegacyTask::plan_id),
      mig::col("instruction_id", &LegacyTask::instruction_id),
      mig::col("actor_id", &LegacyTask::actor_id), mig::col("jaw", &LegacyTask::jaw));
  static constexpr auto target = mig::into<Task>(
      "public.tasks", mig::identity("id"),
      mig::reference("order_id", &Task::order_id, "bench.orders", mig::missing::reject),
      mig::col("legacy_template_id", &Task::legacy_template_id),
      mig::col("description", &Task::description),
      mig::col("jaw_specification", &Task::jaw_specification), mig::col("status", &Task::status),
      mig::col("checked", &Task::checked), mig::col("completed_at", &Task::completed_at),
      mig::col("legacy_file_id", &Task::legacy_file_id),
      mig::col("legacy_plan_id", &Task::legacy_plan_id),
      mig::col("legacy_actor_id", &Task::legacy_actor_id),
      mig::legacy("legacy_task_id", &Task::legacy_task_id));
  static constexpr mig::code codes[] = {{"unknown_enum", "the jaw is neither 1 nor 2"}};

  void transform(const LegacyTask& row, mig::output<Tasks>& out) {
    if (row.jaw && *row.jaw != 1 && *row.jaw != 2) return out.reject<"unknown_enum">("jaw");
    const auto order = out.resolve<"bench.orders">(row.instruction_id);
    if (!order) return;
    out.row(Task{.order_id = *order,
                 .legacy_template_id = row.template_id,
                 .description = row.text,
                 .jaw_specification = jaw_specification(row.jaw),
                 .status = status(row),
                 .checked = row.checked,
                 .completed_at = row.done_at,
                 .legacy_file_id = row.file_id,
                 .legacy_plan_id = row.plan_id,
                 .legacy_actor_id = row.actor_id,
                 .legacy_task_id = row.id});
  }

 private:
  static std::optional<std::string_view> jaw_specification(std::optional<std::int64_t> jaw) {
    if (!jaw) return std::nullopt;
    return *jaw == 1 ? "upper" : "lower";
  }
  static std::string_view status(const LegacyTask& row) {
    if (row.checked) return "completed";
    return row.done_at ? "in_progress" : "pending";
  }
};

struct Bench {
  static constexpr std::string_view family = "bench";
  static constexpr std::string_view description = "what mighost-bench moves";
};

}  // namespace

MIGHOST_PLUGIN(Bench, Orders, Tasks)
