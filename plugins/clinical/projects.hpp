// clinical.projects: the 3D projects, which treatment plans and brackets name.
#pragma once

#include <stdexcept>

#include "codes.hpp"

namespace clinical {

struct legacy_project {
  std::int64_t id = 0;
  mig::uuid uid{};
  mig::timestamptz created_at{};
  maybe_text name{};
  std::optional<std::int64_t> size{};  // bytes
  bool is_public = false;
  std::optional<std::int64_t> type{}, status{}, creator_id{};
};

struct project {
  std::string_view name{}, project_type{}, status{};
  mig::uuid creator_id{};
  mig::uuid file_uid{};
  std::optional<std::int64_t> file_size_bytes{};
  bool is_public = false;
  std::int64_t legacy_project_id = 0;
  mig::json metadata{};
  mig::timestamptz created_at{};
};

struct projects {
  static constexpr std::string_view name = "projects";
  static constexpr std::string_view description = "3D projects with their creator and their size";
  static constexpr bool parallel = true;

  static constexpr auto source = mig::from<legacy_project>(
      "public.dispatch_project", mig::key("id", &legacy_project::id),
      mig::col("uid", &legacy_project::uid), mig::col("created_at", &legacy_project::created_at),
      mig::col("name", &legacy_project::name), mig::col("size", &legacy_project::size),
      mig::col("public", &legacy_project::is_public), mig::col("type", &legacy_project::type),
      mig::col("status", &legacy_project::status),
      mig::col("creator_id", &legacy_project::creator_id));

  static constexpr auto target = mig::into<project>(
      "public.projects", mig::identity("id"),
      mig::legacy("legacy_project_id", &project::legacy_project_id),
      mig::reference("creator_id", &project::creator_id, "core.profiles", mig::missing::reject),
      mig::col("name", &project::name), mig::col("project_type", &project::project_type),
      mig::col("status", &project::status), mig::col("file_uid", &project::file_uid),
      mig::col("file_size_bytes", &project::file_size_bytes),
      mig::col("is_public", &project::is_public), mig::col("metadata", &project::metadata),
      mig::col("created_at", &project::created_at));

  static constexpr mig::code codes[] = {
      unknown_enum,
      name_missing,
      {"creator_missing",
       "nobody is named as the creator, and the setting 'system_user' names no stand-in"},
      {"creator_system",
       "nobody is named as the creator; the user of 'system_user' stands for him"},
      {"unknown_type", "a type that the legacy database never explained became \"other\""},
      {"size_invalid", "the size is negative and was left out"},
  };

  static constexpr mig::total totals[] = {
      {"project size", "case when size >= 0 then size end", "file_size_bytes"}};

  explicit projects(const mig::settings& settings)
      : types_(project_types, project_type_words, settings, "project_type"),
        statuses_(project_statuses, project_status_words, settings, "project_status") {
    const std::int64_t user = settings.integer("system_user", 0);
    if (user < 0) throw std::invalid_argument("setting 'system_user': a user id is positive");
    if (user > 0) system_user_ = user;
  }

  void transform(const legacy_project& row, mig::output<projects>& out) {
    const maybe_text status = row.status ? statuses_(*row.status) : std::nullopt;
    if (!status) return reject_status(row, out);
    // The target requires a creator, and no person is made up: an operator must name the stand-in.
    const auto creator_id = row.creator_id ? row.creator_id : system_user_;
    if (!creator_id) return out.reject<"creator_missing">("creator_id");
    const auto creator = out.resolve<"core.profiles">(creator_id);
    if (!creator) return;
    metadata_.clear();
    metadata_.add("type", row.type);
    project to{.name = name_or_number(row.name, "Project", row.id, out),
               .project_type = type_of(row, out),
               .status = *status,
               .creator_id = *creator,
               .file_uid = row.uid,
               .file_size_bytes = size_of(row, out),
               .is_public = row.is_public,
               .legacy_project_id = row.id,
               .created_at = row.created_at};
    if (!row.creator_id) {
      out.note<"creator_system">("creator_id");
      metadata_.add_raw("derived", R"(["creator_id"])");
    }
    to.metadata = out.keep(metadata_);
    out.row(to);
  }

 private:
  static void reject_status(const legacy_project& row, mig::output<projects>& out) {
    if (!row.status) return out.reject<"unknown_enum">("status");
    out.reject<"unknown_enum">("status", digits{*row.status});
  }

  std::string_view type_of(const legacy_project& row, mig::output<projects>& out) {
    if (const maybe_text known = row.type ? types_(*row.type) : std::nullopt) return *known;
    out.note<"unknown_type">("type");
    return project_type_unknown;
  }

  std::optional<std::int64_t> size_of(const legacy_project& row, mig::output<projects>& out) {
    if (!row.size || *row.size >= 0) return row.size;
    out.note<"size_invalid">("size", digits{*row.size});
    metadata_.add("size", row.size);
    return std::nullopt;
  }

  mig::code_map types_, statuses_;
  std::optional<std::int64_t> system_user_;
  mig::json_object metadata_;
};

}  // namespace clinical
