// business.templates: the steps of the laboratory's workflow.
#pragma once

#include "rules.hpp"

namespace business {

/// The template's name: what its tasks are called, else what its text is called. Nothing when it
/// has neither (D-34). Its tasks carry the same name.
inline maybe_text template_name(maybe_text task_name, maybe_text text_name) {
  const maybe_text name = trimmed(task_name);
  return name ? name : trimmed(text_name);
}

struct legacy_template {
  std::int64_t id = 0;
  maybe_text task_name{}, action_name{}, text_name{};
  maybe_id function{}, status{}, duration{}, category_id{}, course_id{};
  bool predefined = false, read_only = false;
  maybe_text extensions{}, alerts{};
  bool separate = false;
};

struct template_row {
  std::string_view name{};
  maybe_text action_name{};
  std::optional<mig::uuid> category_id{};
  std::optional<std::int64_t> estimated_duration_minutes{};
  bool is_active = false;
  std::int64_t legacy_template_id = 0;
  mig::json metadata{};
};

struct templates {
  static constexpr std::string_view name = "templates";
  static constexpr std::string_view description =
      "the steps of the workflow; hours become minutes, what has no column goes to metadata";
  static constexpr bool parallel = true;

  static constexpr auto source =
      mig::from<legacy_template>("public.dispatch_template", mig::key("id", &legacy_template::id),
                                 mig::col("task_name", &legacy_template::task_name),
                                 mig::col("action_name", &legacy_template::action_name),
                                 mig::col("text_name", &legacy_template::text_name),
                                 mig::col("function", &legacy_template::function),
                                 mig::col("status", &legacy_template::status),
                                 mig::col("duration", &legacy_template::duration),
                                 mig::col("category_id", &legacy_template::category_id),
                                 mig::col("course_id", &legacy_template::course_id),
                                 mig::col("predefined", &legacy_template::predefined),
                                 mig::col("read_only", &legacy_template::read_only),
                                 mig::col("extensions", &legacy_template::extensions),
                                 mig::col("alerts", &legacy_template::alerts),
                                 mig::col("separate", &legacy_template::separate));

  static constexpr auto target = mig::into<template_row>(
      "public.templates", mig::identity("id"),
      mig::legacy("legacy_template_id", &template_row::legacy_template_id),
      mig::reference("category_id", &template_row::category_id, "core.categories",
                     mig::missing::null),
      mig::col("name", &template_row::name), mig::col("action_name", &template_row::action_name),
      mig::col("estimated_duration_minutes", &template_row::estimated_duration_minutes),
      mig::col("is_active", &template_row::is_active),
      mig::col("metadata", &template_row::metadata));

  static constexpr mig::code codes[] = {name_missing};

  static constexpr mig::total totals[] = {
      {"template minutes", "duration::numeric * 60", "estimated_duration_minutes"}};

  explicit templates(const mig::settings& settings)
      : functions_(template_functions, template_function_words, settings, "template_function") {}

  void transform(const legacy_template& row, mig::output<templates>& out) {
    constexpr std::int64_t minutes_per_hour = 60;
    template_row to{.action_name = trimmed(row.action_name),
                    .category_id = out.resolve<"core.categories">(row.category_id),
                    .is_active = true,  // status is what the step does to an order
                    .legacy_template_id = row.id};
    if (const maybe_text given = template_name(row.task_name, row.text_name)) {
      to.name = *given;
    } else {
      out.note<"name_missing">("task_name");
      to.name = out.concat({"Template ", digits{row.id}});
    }
    if (row.duration) to.estimated_duration_minutes = *row.duration * minutes_per_hour;
    to.metadata = metadata(row, out);
    out.row(to);
  }

 private:
  mig::json metadata(const legacy_template& row, mig::output<templates>& out) {
    maybe_text function;
    if (row.function) function = functions_(*row.function).value_or(template_function_other);
    metadata_.clear();
    metadata_.add("function", function)
        .add("function_code", row.function)
        .add("sets_status", row.status)
        .add("course_id", row.course_id)
        .add("extensions", row.extensions)
        .add("alerts", row.alerts)
        .add("separate", row.separate)
        .add("predefined", row.predefined)
        .add("read_only", row.read_only);
    return out.keep(metadata_);
  }

  mig::code_map functions_;
  mig::json_object metadata_;
};

}  // namespace business
