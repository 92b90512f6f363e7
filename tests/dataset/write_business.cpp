// The COPY texts of the business tables; notifications stand in notifications.cpp.

#include <array>
#include <cstdio>

#include "business_links.hpp"
#include "business_parts.hpp"
#include "texts.hpp"

namespace mighost::dataset {

namespace {

using Links = std::vector<TemplateLink>;

template <class IdOfOther>
void write_links(const Dataset& dataset, Sink& sink, std::string_view table,
                 std::string_view columns, const Links& links, IdOfOther id_of_other) {
  write_table(sink, table, columns, links, [&](TableWriter& writer, const TemplateLink& link) {
    const std::optional<int> other =
        link.other.row ? std::optional<int>(id_of_other(*link.other.row)) : link.other.missing_id;
    writer.row(link.id, dataset.business.templates[link.owner].id, other);
  });
}

// Not a valid version 4, but as unique as 128 random bits are.
std::string uid_text(const File& file) {
  std::array<char, 40> text{};
  const auto high = static_cast<unsigned long long>(file.uid_high);
  const auto low = static_cast<unsigned long long>(file.uid_low);
  std::snprintf(text.data(), text.size(), "%08llx-%04llx-%04llx-%04llx-%012llx", high >> 32U,
                high >> 16U & 0xffffU, high & 0xffffU, low >> 48U, low & 0xffffffffffffULL);
  return text.data();
}

std::optional<std::string> remark_of(std::optional<std::uint64_t> seed) {
  if (!seed) {
    return std::nullopt;
  }
  Random random(*seed, "remark");
  return remark(random);
}

std::optional<int> file_product(const Dataset& dataset, const File& file) {
  return file.product.row ? named_id_of(dataset.products, file.product.row)
                          : file.product.missing_id;
}

}  // namespace

void write_templates(const Dataset& dataset, Sink& sink) {
  const Business& business = dataset.business;
  write_table(sink, "dispatch_template",
              "id, task_name, action_name, text_name, function, status, duration, category_id,"
              " course_id, predefined, read_only, extensions, alerts, separate",
              business.templates, [&dataset](TableWriter& writer, const Template& step) {
                writer.row(step.id, step.task_name, step.action_name, step.text_name, step.function,
                           step.status, step.duration,
                           named_id_of(dataset.categories, step.category),
                           named_id_of(dataset.courses, step.course), step.predefined,
                           step.read_only, step.extensions, step.alerts, step.separate);
              });
  const auto role_id = [&](std::size_t role) { return dataset.roles[role].named.id; };
  write_links(dataset, sink, "dispatch_template_products", "id, template_id, product_id",
              business.template_products,
              [&](std::size_t product) { return dataset.products[product].named.id; });
  write_links(dataset, sink, "dispatch_template_edit_roles", "id, template_id, role_id",
              business.template_edit_roles, role_id);
  write_links(dataset, sink, "dispatch_template_view_roles", "id, template_id, role_id",
              business.template_view_roles, role_id);
  write_links(dataset, sink, "dispatch_template_view_groups", "id, template_id, group_id",
              business.template_view_groups,
              [&](std::size_t group) { return dataset.groups[group].id; });
  write_links(dataset, sink, "dispatch_template_predecessors",
              "id, from_template_id, to_template_id", business.template_predecessors,
              [&](std::size_t step) { return business.templates[step].id; });
}

void write_records(const Dataset& dataset, Sink& sink) {
  const Business& business = dataset.business;
  write_table(sink, "dispatch_record",
              "id, target_id, target_type_id, type, created_at, text, author_id, group_id, public",
              business.records, [&dataset](TableWriter& writer, const Record& record) {
                writer.row(record.id, generic_id(dataset, record.target),
                           content_type_id(dataset, record.target), record.type, record.created_at,
                           record.text, id_of(dataset.users, record.author),
                           id_of(dataset.groups, record.group), record.is_public);
              });
  write_table(sink, "dispatch_record_roles", "id, record_id, role_id", business.record_roles,
              [&](TableWriter& writer, const RecordRole& row) {
                writer.row(row.id, business.records[row.record].id,
                           dataset.roles[row.role].named.id);
              });
}

void write_files(const Dataset& dataset, Sink& sink) {
  const Business& business = dataset.business;
  write_table(sink, "dispatch_file",
              "id, uid, name, ext, size, type, instruction_id, created_at, description, product_id,"
              " parameters, record_id, status",
              business.files, [&](TableWriter& writer, const File& file) {
                writer.row(file.id, uid_text(file), file.name, file.ext, file.size, file.type,
                           id_of(dataset.instructions, file.instruction), file.created_at,
                           remark_of(file.description), file_product(dataset, file),
                           file.parameters.text, id_of(business.records, file.record), file.status);
              });
  write_table(sink, "dispatch_record_attachments", "id, record_id, file_id", business.attachments,
              [&](TableWriter& writer, const Attachment& attachment) {
                writer.row(attachment.id, id_of(business.records, attachment.record),
                           id_of(business.files, attachment.file));
              });
}

void write_tasks(const Dataset& dataset, Sink& sink) {
  const Business& business = dataset.business;
  write_table(sink, "dispatch_task",
              "id, checked, file_id, template_id, done_at, text, plan_id, instruction_id, actor_id,"
              " jaw, order_id",
              business.tasks, [&](TableWriter& writer, const Task& task) {
                writer.row(task.id, task.checked, id_of(business.files, task.file),
                           id_of(business.templates, task.template_row), task.done_at,
                           remark_of(task.text), id_of(dataset.plans, task.plan),
                           id_of(dataset.instructions, task.instruction),
                           id_of(dataset.users, task.actor),
                           task.jaw < 0 ? std::nullopt : std::optional<int>(task.jaw),
                           id_of(dataset.baskets, task.basket));
              });
}

void write_comments(const Dataset& dataset, Sink& sink) {
  write_table(sink, "dispatch_comment", "id, created_at, text, author_id, plan_id",
              dataset.business.comments, [&](TableWriter& writer, const Comment& comment) {
                writer.row(comment.id, comment.created_at, comment.text,
                           id_of(dataset.users, comment.author),
                           id_of(dataset.plans, comment.plan));
              });
  write_table(sink, "dispatch_note", "id, created_at, text, author_id, doctor_id",
              dataset.business.notes, [&](TableWriter& writer, const DoctorNote& note) {
                writer.row(note.id, note.created_at, note.text, id_of(dataset.users, note.author),
                           id_of(dataset.users, note.doctor));
              });
}

void write_actions(const Dataset& dataset, Sink& sink) {
  write_table(sink, "dispatch_action",
              "id, action, date, item_id, item_type_id, owner_id, owner_type_id, data, user_id",
              dataset.business.actions, [&](TableWriter& writer, const Action& action) {
                writer.row(action.id, action.action, action.date, generic_id(dataset, action.item),
                           content_type_id(dataset, action.item), generic_id(dataset, action.owner),
                           content_type_id(dataset, action.owner), action.data.text,
                           id_of(dataset.users, action.user));
              });
}

}  // namespace mighost::dataset
