// What dispatch_comment and dispatch_note hold, and the links that say what it is about:
// business.comments with business.treatment_discussions, business.note_comments with
// business.doctor_notes. Comments and notes share a table and have ids of their own, so
// legacy_id alone tells nothing (domain 2.4): the new key does.
#pragma once

#include "rules.hpp"

namespace business {

struct comment {
  std::string_view content{}, comment_type{};
  std::optional<mig::uuid> author_id{};
  std::int64_t legacy_id = 0;
  std::string_view legacy_table{};
  mig::json metadata{};
  mig::timestamptz created_at{};
};

constexpr auto comment_target() {
  return mig::into<comment>(
      "public.comments", mig::identity("id"),
      mig::reference("author_id", &comment::author_id, "core.profiles", mig::missing::null),
      mig::col("content", &comment::content), mig::col("comment_type", &comment::comment_type),
      mig::col("legacy_id", &comment::legacy_id), mig::col("legacy_table", &comment::legacy_table),
      mig::col("metadata", &comment::metadata), mig::col("created_at", &comment::created_at));
}

struct legacy_comment {
  std::int64_t id = 0;
  mig::timestamptz created_at{};
  std::string_view text{};
  maybe_id author_id{};
  std::int64_t plan_id = 0;
};

struct comments {
  static constexpr std::string_view name = "comments";
  static constexpr std::string_view description =
      "comments on treatment plans, whatever becomes of the plan";
  static constexpr bool parallel = true;

  static constexpr auto source = mig::from<legacy_comment>(
      "public.dispatch_comment", mig::key("id", &legacy_comment::id),
      mig::col("created_at", &legacy_comment::created_at), mig::col("text", &legacy_comment::text),
      mig::col("author_id", &legacy_comment::author_id),
      mig::col("plan_id", &legacy_comment::plan_id));
  static constexpr auto target = comment_target();
  static constexpr mig::filter filters[] = {not_empty_text};

  void transform(const legacy_comment& row, mig::output<comments>& out) {
    metadata_.clear();
    metadata_.add("plan_id", row.plan_id);
    out.row(comment{.content = row.text,
                    .comment_type = "treatment_discussion",
                    .author_id = out.resolve<"core.profiles">(row.author_id),
                    .legacy_id = row.id,
                    .legacy_table = "dispatch_comment",
                    .metadata = out.keep(metadata_),
                    .created_at = row.created_at});
  }

 private:
  mig::json_object metadata_;
};

struct legacy_note {
  std::int64_t id = 0;
  mig::timestamptz created_at{};
  std::string_view text{};
  maybe_id author_id{}, doctor_id{};
};

struct note_comments {
  static constexpr std::string_view name = "note_comments";
  static constexpr std::string_view description = "the texts of notes about doctors";
  static constexpr bool parallel = true;

  static constexpr auto source = mig::from<legacy_note>(
      "public.dispatch_note", mig::key("id", &legacy_note::id),
      mig::col("created_at", &legacy_note::created_at), mig::col("text", &legacy_note::text),
      mig::col("author_id", &legacy_note::author_id),
      mig::col("doctor_id", &legacy_note::doctor_id));
  static constexpr auto target = comment_target();
  static constexpr mig::filter filters[] = {not_empty_text};

  void transform(const legacy_note& row, mig::output<note_comments>& out) {
    metadata_.clear();
    metadata_.add("doctor_id", row.doctor_id);
    out.row(comment{.content = row.text,
                    .comment_type = "doctor_note",
                    .author_id = out.resolve<"core.profiles">(row.author_id),
                    .legacy_id = row.id,
                    .legacy_table = "dispatch_note",
                    .metadata = out.keep(metadata_),
                    .created_at = row.created_at});
  }

 private:
  mig::json_object metadata_;
};

struct legacy_discussion {
  std::int64_t id = 0, plan_id = 0;
  mig::timestamptz created_at{};
};

struct treatment_discussion {
  mig::uuid treatment_plan_id{}, comment_id{};
  bool is_visible_to_patient = false;
  std::int64_t legacy_comment_id = 0;
  mig::timestamptz created_at{};
};

struct treatment_discussions {
  static constexpr std::string_view name = "treatment_discussions";
  static constexpr std::string_view description =
      "which comment is about which treatment plan; needs the clinical family";
  static constexpr bool projection = true;
  static constexpr bool parallel = true;

  static constexpr auto source = mig::from<legacy_discussion>(
      "public.dispatch_comment", mig::key("id", &legacy_discussion::id),
      mig::col("plan_id", &legacy_discussion::plan_id),
      mig::col("created_at", &legacy_discussion::created_at));

  static constexpr auto target = mig::into<treatment_discussion>(
      "public.treatment_discussions", mig::identity("id"),
      mig::legacy("legacy_comment_id", &treatment_discussion::legacy_comment_id),
      mig::if_loaded(mig::reference("treatment_plan_id", &treatment_discussion::treatment_plan_id,
                                    "clinical.treatment_plans", mig::missing::reject)),
      mig::reference("comment_id", &treatment_discussion::comment_id, "business.comments",
                     mig::missing::reject),
      mig::col("is_visible_to_patient", &treatment_discussion::is_visible_to_patient),
      mig::col("created_at", &treatment_discussion::created_at));

  static constexpr mig::filter filters[] = {not_empty_text};

  void transform(const legacy_discussion& row, mig::output<treatment_discussions>& out) {
    const auto plan = out.resolve<"clinical.treatment_plans">(row.plan_id);
    if (!plan) return;
    const auto text = out.resolve<"business.comments">(row.id);
    if (!text) return;
    out.row(treatment_discussion{.treatment_plan_id = *plan,
                                 .comment_id = *text,
                                 .is_visible_to_patient = false,
                                 .legacy_comment_id = row.id,
                                 .created_at = row.created_at});
  }
};

struct legacy_doctor_note {
  std::int64_t id = 0;
  maybe_id doctor_id{};
  mig::timestamptz created_at{};
};

struct doctor_note {
  mig::uuid doctor_id{}, comment_id{};
  std::int64_t legacy_note_id = 0;
  mig::timestamptz created_at{};
};

struct doctor_notes {
  static constexpr std::string_view name = "doctor_notes";
  static constexpr std::string_view description =
      "which note is about which doctor; the column refers to the doctor's profile";
  static constexpr bool projection = true;
  static constexpr bool parallel = true;

  static constexpr auto source =
      mig::from<legacy_doctor_note>("public.dispatch_note", mig::key("id", &legacy_doctor_note::id),
                                    mig::col("doctor_id", &legacy_doctor_note::doctor_id),
                                    mig::col("created_at", &legacy_doctor_note::created_at));

  static constexpr auto target = mig::into<doctor_note>(
      "public.doctor_notes", mig::identity("id"),
      mig::legacy("legacy_note_id", &doctor_note::legacy_note_id),
      mig::reference("doctor_id", &doctor_note::doctor_id, "core.profiles", mig::missing::reject),
      mig::reference("comment_id", &doctor_note::comment_id, "business.note_comments",
                     mig::missing::reject),
      mig::col("created_at", &doctor_note::created_at));

  static constexpr mig::filter filters[] = {not_empty_text};

  void transform(const legacy_doctor_note& row, mig::output<doctor_notes>& out) {
    const auto doctor = out.resolve<"core.profiles">(row.doctor_id);
    if (!doctor) return;
    const auto text = out.resolve<"business.note_comments">(row.id);
    if (!text) return;
    out.row(doctor_note{.doctor_id = *doctor,
                        .comment_id = *text,
                        .legacy_note_id = row.id,
                        .created_at = row.created_at});
  }
};

}  // namespace business
