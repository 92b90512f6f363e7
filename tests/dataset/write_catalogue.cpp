#include "core_parts.hpp"

namespace mighost::dataset {

namespace {

void write_framework(const Dataset& dataset, Sink& sink) {
  write_table(sink, "django_content_type", "id, app_label, model", dataset.content_types,
              [](TableWriter& writer, const ContentType& type) {
                writer.row(type.id, type.app_label, type.model);
              });
  write_table(sink, "auth_permission", "id, name, content_type_id, codename", dataset.permissions,
              [&dataset](TableWriter& writer, const Permission& permission) {
                writer.row(permission.id, permission.name,
                           dataset.content_types[permission.content_type].id, permission.codename);
              });
  write_table(sink, "auth_group", "id, name", dataset.groups,
              [](TableWriter& writer, const NamedRow& group) { writer.row(group.id, group.name); });
}

void write_roles(const Dataset& dataset, Sink& sink) {
  write_table(sink, "dispatch_role", "id, name, abbrev, type, \"order\", user_id, group_id",
              dataset.roles, [&dataset](TableWriter& writer, const Role& role) {
                writer.row(role.named.id, role.named.name, role.abbrev, role.type, role.order,
                           id_of(dataset.users, role.user), id_of(dataset.groups, role.group));
              });
  write_table(sink, "dispatch_role_permissions", "id, role_id, permission_id",
              dataset.role_permissions,
              [&dataset](TableWriter& writer, const RolePermission& link) {
                writer.row(link.id, dataset.roles[link.role].named.id,
                           dataset.permissions[link.permission].id);
              });
}

}  // namespace

void write_catalogue(const Dataset& dataset, Sink& sink) {
  write_framework(dataset, sink);
  write_table(sink, "dispatch_course", "id, name, type, customization, description, price, active",
              dataset.courses, [](TableWriter& writer, const Course& course) {
                writer.row(course.named.id, course.named.name, course.type,
                           course.customization.text, course.description, course.price,
                           course.active);
              });
  write_table(sink, "dispatch_product",
              "id, name, description, free, deleted, customization, type, substitute, course_id",
              dataset.products, [&dataset](TableWriter& writer, const Product& product) {
                writer.row(product.named.id, product.named.name, product.description, product.free,
                           product.deleted, product.customization.text, product.type,
                           product.substitute, named_id_of(dataset.courses, product.course));
              });
  write_table(sink, "dispatch_category", "id, name, parent_id", dataset.categories,
              [&dataset](TableWriter& writer, const Category& category) {
                writer.row(category.named.id, category.named.name,
                           named_id_of(dataset.categories, category.parent));
              });
  write_roles(dataset, sink);
}

}  // namespace mighost::dataset
