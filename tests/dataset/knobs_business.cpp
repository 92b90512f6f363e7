#include "knob_tables.hpp"

namespace mighost::dataset {

namespace {

using enum KnobKind;

// Sizes of the domain notes 8.1, rates of 8.4. What a single knob of 8.4 stands for in several
// ways is one knob for each way here, because each way ends differently.
constexpr KnobSpec specs[] = {
    {"templates", size, all(169), 0, "dispatch_template rows"},
    {"template_products", size, all(183), 0, "dispatch_template_products rows"},
    {"template_edit_roles", size, all(659), 0, "dispatch_template_edit_roles rows"},
    {"template_view_roles", size, all(1111), 0, "dispatch_template_view_roles rows"},
    {"template_view_groups", size, all(199), 0, "dispatch_template_view_groups rows"},
    {"template_predecessors", size, all(191), 0, "dispatch_template_predecessors rows"},
    {"tasks", size, {8000, 80'000, 768'962, 953'224}, 0, "dispatch_task rows"},
    {"records", size, {700, 7000, 60'976, 70'742}, 0, "dispatch_record rows"},
    {"record_roles", size, {20, 200, 1500, 1700}, 0, "dispatch_record_roles rows, unmapped"},
    {"files", size, {3300, 33'000, 294'818, 327'771}, 0, "dispatch_file rows"},
    {"attachments", size, {90, 900, 8703, 8919}, 0, "dispatch_record_attachments rows"},
    {"comments", size, {160, 1600, 15'074, 16'312}, 0, "dispatch_comment rows"},
    {"notes", size, {60, 300, 963, 963}, 0, "dispatch_note rows"},
    {"actions", size, {150, 1500, 12'000, 12'000}, 0, "dispatch_action rows"},
    {"notifications", size, {5000, 60'000, 100'000, 5'600'000}, 0, "dispatch_notification rows"},

    {"notifications_active",
     shape,
     {0.39, 0.39, 0.39, 2'191'123},
     1,
     "notifications sent and send"},
    {"context_huge", shape, all(1), 1, "active notifications with a context over 1 MB"},
    {"file_no_instruction", shape, all(0.503), 1, "files without an instruction"},
    {"file_with_record", shape, all(0.03), 1, "files that belong to a record"},
    {"task_done_unchecked", shape, all(0.02), 1, "tasks with done_at that are not checked"},
    {"task_checked_undated", shape, all(0.03), 1, "tasks that are checked without done_at"},
    {"task_no_actor", shape, all(0.15), 1, "tasks without an actor"},
    {"comment_no_author", shape, all(0.05), 1, "comments without an author"},

    {"template_name_empty", dirt, all(0.02), 2, "templates with an empty task and text name"},
    {"template_duration_bad", dirt, {1, 1, 0, 0}, 1, "templates whose minutes do not fit an int"},
    {"template_product_bad", dirt, all(5), 1, "template_products rows of unknown products"},
    {"predecessor_cycle", dirt, all(2), 1, "template_predecessors rows that close a cycle"},
    {"task_foreign_space", dirt, all(0.0075), 1, "tasks of a basket, without an instruction"},
    {"task_orphan", dirt, all(0.0004), 1, "tasks with neither instruction nor basket"},
    {"task_dangling", dirt, all(0.0004), 1, "tasks whose instruction does not exist"},
    {"task_lost_actor", dirt, all(0.0003), 1, "tasks whose actor does not exist"},
    {"task_lost_template", dirt, all(0.0001), 1, "tasks whose template does not exist"},
    {"record_null_type", dirt, all(0.0002), 1, "records without a type"},
    {"record_unknown_type", dirt, all(0.0002), 1, "records with type 0, 1, 2, 4, 7 or 9"},
    {"record_other_target", dirt, all(0.0003), 3, "records of another target type, or of none"},
    {"record_dangling", dirt, all(0.0006), 2, "records whose target does not exist"},
    {"record_lost_author", dirt, all(0.0003), 1, "records whose author does not exist"},
    {"record_empty_text", dirt, all(0.002), 2, "records with a blank text"},
    {"file_bad_name", dirt, all(0.01), 6, "files with an odd name or extension"},
    {"file_size_bad", dirt, all(0.0002), 1, "files with a negative size"},
    {"file_lost_instruction", dirt, all(0.00005), 1, "files whose instruction does not exist"},
    {"file_lost_product", dirt, all(0.0001), 1, "files of orders whose product does not exist"},
    {"parameters_bad", dirt, all(0.001), 1, "files of orders with broken JSON parameters"},
    {"parameters_nul", dirt, all(0.0001), 1, "files of orders with \\u0000 in the parameters"},
    {"attachment_dangling", dirt, all(0.001), 2, "attachments whose record or file is gone"},
    {"attachment_twice", dirt, all(0.0005), 1, "attachments that repeat another one's pair"},
    {"comment_orphan", dirt, all(0.0039), 1, "comments on plans without an instruction"},
    {"comment_dangling", dirt, all(0.0002), 1, "comments whose plan does not exist"},
    {"comment_empty_text", dirt, all(0.01), 2, "comments with a blank text"},
    {"comment_lost_author", dirt, all(0.016), 1, "comments whose author does not exist"},
    {"note_empty_text", dirt, all(0.01), 1, "notes with a blank text"},
    {"note_lost_doctor", dirt, all(0.001), 1, "notes without a doctor, or of one who is gone"},
    {"note_lost_author", dirt, all(0.002), 1, "notes whose author does not exist"},
    {"context_bad", dirt, all(0.0002), 1, "active notifications with broken JSON"},
    {"context_nul", dirt, all(0.0001), 1, "active notifications with \\u0000 in the JSON"},
    {"notification_lost_order", dirt, all(0.0005), 1, "active notifications of unknown orders"},
    {"action_empty", dirt, all(0.002), 1, "actions with an empty action"},
    {"action_lost_user", dirt, all(0.002), 1, "actions whose user does not exist"},
    {"action_lost_item", dirt, all(0.002), 2, "actions whose item or owner does not exist"},
    {"action_data_bad", dirt, all(0.002), 1, "actions with broken JSON data"},
    {"action_data_nul", dirt, all(0.0005), 1, "actions with \\u0000 in the data"},
};

}  // namespace

std::span<const KnobSpec> business_knobs() { return specs; }

}  // namespace mighost::dataset
