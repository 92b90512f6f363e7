// business.messages, what is attached to them, and business.team_communications: all that
// dispatch_record holds. messages is the single home of a record (domain 9.8, D-49).
#pragma once

#include "rules.hpp"

namespace business {

struct legacy_record {
  std::int64_t id = 0, target_id = 0;
  maybe_text target_type{};  // "app_label.model"
  maybe_id type{};
  mig::timestamptz created_at{};
  maybe_text text{};
  maybe_id author_id{}, group_id{};
  std::optional<bool> is_public{};
};

struct message {
  std::string_view message_type{}, content{};
  std::optional<mig::uuid> sender_id{};
  std::string_view recipient_type{};
  mig::uuid recipient_id{};
  std::int64_t legacy_record_id = 0;
  mig::json metadata{};
  mig::timestamptz created_at{};
};

/// Content types by what they say, because their ids differ between environments (D-56).
inline constexpr std::string_view messages_query = R"sql(
select r.id, r.target_id, t.app_label || '.' || t.model as target_type, r.type, r.created_at,
       r.text, r.author_id, r.group_id, r.public as is_public
from public.dispatch_record r
left join public.django_content_type t on t.id = r.target_type_id
)sql";

struct messages {
  static constexpr std::string_view name = "messages";
  static constexpr std::string_view description =
      "records about a patient or a user, whom the content type tells apart";
  static constexpr bool parallel = true;

  static constexpr auto source = mig::from_query<legacy_record>(
      "public.dispatch_record", messages_query, mig::key("id", &legacy_record::id),
      mig::col("target_id", &legacy_record::target_id),
      mig::col("target_type", &legacy_record::target_type), mig::col("type", &legacy_record::type),
      mig::col("created_at", &legacy_record::created_at), mig::col("text", &legacy_record::text),
      mig::col("author_id", &legacy_record::author_id),
      mig::col("group_id", &legacy_record::group_id),
      mig::col("is_public", &legacy_record::is_public));

  static constexpr auto target = mig::into<message>(
      "public.messages", mig::identity("id"),
      mig::legacy("legacy_record_id", &message::legacy_record_id),
      mig::polymorphic("recipient_id", &message::recipient_id, mig::missing::reject,
                       "core.patients", "core.profiles"),
      mig::reference("sender_id", &message::sender_id, "core.profiles", mig::missing::null),
      mig::col("message_type", &message::message_type), mig::col("content", &message::content),
      mig::col("recipient_type", &message::recipient_type),
      mig::col("metadata", &message::metadata), mig::col("created_at", &message::created_at));

  static constexpr mig::code codes[] = {
      unknown_enum,
      {"unknown_target_type", "the record is about a thing that is neither a patient nor a user"},
      {"type_missing", "the record has no type, so the message is a general one"},
      {"text_empty", "the record has no text, so the message has an empty one"}};

  static constexpr mig::assertion assertions[] = {
      {"recipient-is-there",
       "select m.id from public.messages m "
       "left join public.patients p on m.recipient_type = 'patient' and p.id = m.recipient_id "
       "left join public.profiles u on m.recipient_type = 'user' and u.id = m.recipient_id "
       "where m.legacy_record_id is not null and p.id is null and u.id is null",
       "a message goes to a patient or a profile that exists; no foreign key says so"}};

  explicit messages(const mig::settings& settings)
      : types_(record_types, record_type_words, settings, "record_type") {}

  void transform(const legacy_record& row, mig::output<messages>& out) {
    const auto type = row.type ? types_(*row.type) : record_type_default;
    if (!type) return out.reject<"unknown_enum">("type", digits{*row.type});
    const bool patient = row.target_type == "dispatch.patient";
    const bool user = row.target_type == "auth.user" || row.target_type == "dispatch.userproxy";
    if (!patient && !user) {
      return out.reject<"unknown_target_type">("target_type_id", row.target_type.value_or("NULL"));
    }
    const auto recipient = patient ? out.resolve<"recipient_id", "core.patients">(row.target_id)
                                   : out.resolve<"recipient_id", "core.profiles">(row.target_id);
    if (!recipient) return;
    if (!row.type) out.note<"type_missing">("type");
    out.row(message{.message_type = *type,
                    .content = content(row, out),
                    .sender_id = out.resolve<"sender_id">(row.author_id),
                    .recipient_type = patient ? "patient" : "user",
                    .recipient_id = *recipient,
                    .legacy_record_id = row.id,
                    .metadata = metadata(row, out),
                    .created_at = row.created_at});
  }

 private:
  static std::string_view content(const legacy_record& row, mig::output<messages>& out) {
    if (row.text && !mig::is_blank(*row.text)) return *row.text;
    out.note<"text_empty">("text");
    return "";
  }

  mig::json metadata(const legacy_record& row, mig::output<messages>& out) {
    metadata_.clear();
    metadata_.add("type", row.type).add("public", row.is_public).add("group_id", row.group_id);
    return out.keep(metadata_);
  }

  mig::code_map types_;
  mig::json_object metadata_;
};

struct legacy_attachment {
  std::int64_t id = 0, record_id = 0, file_id = 0;
};

struct message_attachment {
  mig::uuid message_id{}, file_id{};
  std::int64_t legacy_attachment_id = 0, legacy_record_id = 0, legacy_file_id = 0;
};

struct message_attachments {
  static constexpr std::string_view name = "message_attachments";
  static constexpr std::string_view description = "which file hangs on which message (D-48)";
  static constexpr bool parallel = true;

  static constexpr auto source = mig::from<legacy_attachment>(
      "public.dispatch_record_attachments", mig::key("id", &legacy_attachment::id),
      mig::col("record_id", &legacy_attachment::record_id),
      mig::col("file_id", &legacy_attachment::file_id));

  static constexpr auto target = mig::into<message_attachment>(
      "public.message_attachments", mig::identity("id"),
      mig::legacy("legacy_attachment_id", &message_attachment::legacy_attachment_id),
      mig::reference("message_id", &message_attachment::message_id, "business.messages",
                     mig::missing::reject),
      mig::reference("file_id", &message_attachment::file_id, "business.files",
                     mig::missing::reject),
      mig::col("legacy_record_id", &message_attachment::legacy_record_id),
      mig::col("legacy_file_id", &message_attachment::legacy_file_id));

  void transform(const legacy_attachment& row, mig::output<message_attachments>& out) {
    const auto hangs_on = out.resolve<"business.messages">(row.record_id);
    if (!hangs_on) return;
    const auto file = out.resolve<"business.files">(row.file_id);
    if (!file) return;
    out.row(message_attachment{.message_id = *hangs_on,
                               .file_id = *file,
                               .legacy_attachment_id = row.id,
                               .legacy_record_id = row.record_id,
                               .legacy_file_id = row.file_id});
  }
};

struct legacy_team_record {
  std::int64_t id = 0;
  mig::timestamptz created_at{};
  maybe_text text{};
  maybe_id author_id{}, group_id{};
  std::optional<bool> is_public{};
};

struct team_communication {
  std::string_view communication_type{};
  maybe_text body{};
  std::optional<mig::uuid> author_id{}, team_id{};
  std::int64_t legacy_record_id = 0;
  mig::json metadata{};
  mig::timestamptz created_at{};
};

struct team_communications {
  static constexpr std::string_view name = "team_communications";
  static constexpr std::string_view description =
      "records of type 6 once more, beside their message; off, and marked as derived";
  static constexpr bool projection = true;
  static constexpr bool parallel = true;
  static constexpr bool optional = true;

  static constexpr auto source = mig::from<legacy_team_record>(
      "public.dispatch_record", mig::key("id", &legacy_team_record::id),
      mig::col("created_at", &legacy_team_record::created_at),
      mig::col("text", &legacy_team_record::text),
      mig::col("author_id", &legacy_team_record::author_id),
      mig::col("group_id", &legacy_team_record::group_id),
      mig::col("public", &legacy_team_record::is_public));

  static constexpr auto target = mig::into<team_communication>(
      "public.team_communications", mig::identity("id"),
      mig::legacy("legacy_record_id", &team_communication::legacy_record_id),
      mig::reference("author_id", &team_communication::author_id, "core.profiles",
                     mig::missing::null),
      mig::reference("team_id", &team_communication::team_id, "core.teams", mig::missing::null),
      mig::col("communication_type", &team_communication::communication_type),
      mig::col("body", &team_communication::body),
      mig::col("metadata", &team_communication::metadata),
      mig::col("created_at", &team_communication::created_at));

  static constexpr mig::filter filters[] = {
      {"type = 6", "other_type", "the record is no communication about a patient"}};

  void transform(const legacy_team_record& row, mig::output<team_communications>& out) {
    metadata_.clear();
    metadata_.add_raw("derived", R"(["communication_type"])").add("public", row.is_public);
    out.row(team_communication{.communication_type = "patient_communication",
                               .body = row.text,
                               .author_id = out.resolve<"core.profiles">(row.author_id),
                               .team_id = out.resolve<"core.teams">(row.group_id),
                               .legacy_record_id = row.id,
                               .metadata = out.keep(metadata_),
                               .created_at = row.created_at});
  }

 private:
  mig::json_object metadata_;
};

}  // namespace business
