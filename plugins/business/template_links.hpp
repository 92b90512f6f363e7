// What a template is linked with: products, roles that may edit or see it, groups that may see it,
// and the templates that come before it. Each link keeps its legacy id (domain 3.3).
#pragma once

#include "rules.hpp"

namespace business {

/// One row of a legacy link table: the template and what it is linked with.
struct legacy_link {
  std::int64_t id = 0, template_id = 0, other_id = 0;
};

struct link {
  mig::uuid template_id{}, other_id{};
  std::int64_t legacy_id = 0;
};

template <class Entity>
void link_template(const legacy_link& row, mig::output<Entity>& out, auto resolve_other) {
  const auto linked = out.template resolve<"business.templates">(row.template_id);
  if (!linked) return;
  const auto other = resolve_other(row.other_id);
  if (!other) return;
  out.row(link{.template_id = *linked, .other_id = *other, .legacy_id = row.id});
}

constexpr auto link_source(std::string_view relation, std::string_view other) {
  return mig::from<legacy_link>(relation, mig::key("id", &legacy_link::id),
                                mig::col("template_id", &legacy_link::template_id),
                                mig::col(other, &legacy_link::other_id));
}

constexpr auto link_target(std::string_view relation, std::string_view other,
                           std::string_view parent) {
  return mig::into<link>(
      relation, mig::identity("id"), mig::legacy("legacy_id", &link::legacy_id),
      mig::reference("template_id", &link::template_id, "business.templates", mig::missing::reject),
      mig::reference(other, &link::other_id, parent, mig::missing::reject));
}

struct template_products {
  static constexpr std::string_view name = "template_products";
  static constexpr std::string_view description = "the products that a step is for (D-35)";
  static constexpr bool parallel = true;
  static constexpr auto source = link_source("public.dispatch_template_products", "product_id");
  static constexpr auto target =
      link_target("public.template_products", "product_id", "core.products");

  void transform(const legacy_link& row, mig::output<template_products>& out) {
    link_template(row, out, [&](std::int64_t id) { return out.resolve<"core.products">(id); });
  }
};

struct template_edit_roles {
  static constexpr std::string_view name = "template_edit_roles";
  static constexpr std::string_view description = "the roles that may work on a step";
  static constexpr bool parallel = true;
  static constexpr auto source = link_source("public.dispatch_template_edit_roles", "role_id");
  static constexpr auto target = link_target("public.template_edit_roles", "role_id", "core.roles");

  void transform(const legacy_link& row, mig::output<template_edit_roles>& out) {
    link_template(row, out, [&](std::int64_t id) { return out.resolve<"core.roles">(id); });
  }
};

struct template_view_roles {
  static constexpr std::string_view name = "template_view_roles";
  static constexpr std::string_view description = "the roles that may see a step";
  static constexpr bool parallel = true;
  static constexpr auto source = link_source("public.dispatch_template_view_roles", "role_id");
  static constexpr auto target = link_target("public.template_view_roles", "role_id", "core.roles");

  void transform(const legacy_link& row, mig::output<template_view_roles>& out) {
    link_template(row, out, [&](std::int64_t id) { return out.resolve<"core.roles">(id); });
  }
};

struct template_view_groups {
  static constexpr std::string_view name = "template_view_groups";
  static constexpr std::string_view description = "the groups of users that may see a step";
  static constexpr bool parallel = true;
  static constexpr auto source = link_source("public.dispatch_template_view_groups", "group_id");
  static constexpr auto target =
      link_target("public.template_view_groups", "team_id", "core.teams");

  void transform(const legacy_link& row, mig::output<template_view_groups>& out) {
    link_template(row, out, [&](std::int64_t id) { return out.resolve<"core.teams">(id); });
  }
};

struct legacy_predecessor {
  std::int64_t id = 0, from_template_id = 0, to_template_id = 0;
};

struct predecessor {
  mig::uuid from_template_id{}, to_template_id{};
  std::int64_t legacy_id = 0;
};

struct template_predecessors {
  static constexpr std::string_view name = "template_predecessors";
  static constexpr std::string_view description =
      "which step comes before which; cycles are data, and reported (D-36)";
  static constexpr bool parallel = true;

  static constexpr auto source = mig::from<legacy_predecessor>(
      "public.dispatch_template_predecessors", mig::key("id", &legacy_predecessor::id),
      mig::col("from_template_id", &legacy_predecessor::from_template_id),
      mig::col("to_template_id", &legacy_predecessor::to_template_id));

  static constexpr auto target =
      mig::into<predecessor>("public.template_predecessors", mig::identity("id"),
                             mig::legacy("legacy_id", &predecessor::legacy_id),
                             mig::reference("from_template_id", &predecessor::from_template_id,
                                            "business.templates", mig::missing::reject),
                             mig::reference("to_template_id", &predecessor::to_template_id,
                                            "business.templates", mig::missing::reject));

  static constexpr mig::assertion assertions[] = {
      {"template-predecessor-cycle",
       "with recursive reach (first_id, last_id) as ("
       "select from_template_id, to_template_id from public.template_predecessors union "
       "select r.first_id, p.to_template_id from reach r "
       "join public.template_predecessors p on p.from_template_id = r.last_id) "
       "select first_id from reach where first_id = last_id order by first_id",
       "no step comes before itself", false}};

  void transform(const legacy_predecessor& row, mig::output<template_predecessors>& out) {
    const auto before = out.resolve<"from_template_id">(row.from_template_id);
    if (!before) return;
    const auto after = out.resolve<"to_template_id">(row.to_template_id);
    if (!after) return;
    out.row(
        predecessor{.from_template_id = *before, .to_template_id = *after, .legacy_id = row.id});
  }
};

}  // namespace business
