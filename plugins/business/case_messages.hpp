// Comments on treatment plans seen as something else: as messages within a case, and (off) as what
// doctors think of the laboratory. What the text is taken for is a guess by keywords, and marked as
// derived (domain 3.3).
#pragma once

#include "rules.hpp"

namespace business {

struct legacy_case_message {
  std::int64_t id = 0;
  mig::timestamptz created_at{};
  std::string_view text{};
  maybe_id author_id{};
  std::int64_t plan_id = 0;
  maybe_id patient_id{};  // NULL: the plan or its instruction is gone
};

struct case_message {
  mig::uuid case_id{};
  std::optional<mig::uuid> sender_id{};
  std::string_view message_type{}, subject{}, content{};
  bool requires_response = false;
  mig::timestamptz sent_at{};
  std::int64_t legacy_record_id = 0, legacy_message_id = 0;
  mig::json metadata{};
  mig::timestamptz created_at{};
};

inline constexpr std::string_view case_messages_query = R"sql(
select c.id, c.created_at, c.text, c.author_id, c.plan_id, i.patient_id
from public.dispatch_comment c
left join public.dispatch_plan p on p.id = c.plan_id
left join public.dispatch_instruction i on i.id = p.instruction_id
)sql";

inline constexpr std::string_view patient_question = "patient_question";

/// The first that the lower text contains decides.
inline constexpr keyword case_message_types[] = {
    {"approve", "doctor_response"}, {"looks good", "doctor_response"},
    {"question", patient_question}, {"please", patient_question},
    {"?", patient_question},        {"treatment", "treatment_update"},
    {"plan", "treatment_update"},
};
inline constexpr std::string_view case_message_type_default = "clinical_note";

struct case_messages {
  static constexpr std::string_view name = "case_messages";
  static constexpr std::string_view description =
      "comments on plans as messages of the patient's case; their type is a guess by keywords";
  static constexpr bool projection = true;
  static constexpr bool parallel = true;

  static constexpr auto source = mig::from_query<legacy_case_message>(
      "public.dispatch_comment", case_messages_query, mig::key("id", &legacy_case_message::id),
      mig::col("created_at", &legacy_case_message::created_at),
      mig::col("text", &legacy_case_message::text),
      mig::col("author_id", &legacy_case_message::author_id),
      mig::col("plan_id", &legacy_case_message::plan_id),
      mig::col("patient_id", &legacy_case_message::patient_id));

  static constexpr auto target = mig::into<case_message>(
      "public.case_messages", mig::identity("id"),
      mig::legacy("legacy_message_id", &case_message::legacy_message_id),
      mig::reference("case_id", &case_message::case_id, "business.cases", mig::missing::reject),
      mig::reference("sender_id", &case_message::sender_id, "core.profiles", mig::missing::null),
      mig::col("message_type", &case_message::message_type),
      mig::col("subject", &case_message::subject), mig::col("content", &case_message::content),
      mig::col("requires_response", &case_message::requires_response),
      mig::col("sent_at", &case_message::sent_at),
      mig::col("legacy_record_id", &case_message::legacy_record_id),
      mig::col("metadata", &case_message::metadata),
      mig::col("created_at", &case_message::created_at));

  static constexpr mig::filter filters[] = {not_empty_text};

  void transform(const legacy_case_message& row, mig::output<case_messages>& out) {
    const auto belongs_to = out.resolve<"business.cases">(row.patient_id);
    if (!belongs_to) return;
    const std::string_view type =
        first_keyword(row.text, case_message_types, buffer_).value_or(case_message_type_default);
    metadata_.clear();
    metadata_.add_raw("derived", R"(["message_type","subject","requires_response"])")
        .add("plan_id", row.plan_id);
    out.row(case_message{.case_id = *belongs_to,
                         .sender_id = out.resolve<"core.profiles">(row.author_id),
                         .message_type = type,
                         .subject = subject_of(row.text),
                         .content = row.text,
                         .requires_response = type == patient_question,
                         .sent_at = row.created_at,
                         .legacy_record_id = row.id,
                         .legacy_message_id = row.id,
                         .metadata = out.keep(metadata_),
                         .created_at = row.created_at});
  }

 private:
  std::string buffer_;
  mig::json_object metadata_;
};

struct legacy_feedback {
  std::int64_t id = 0;
  mig::timestamptz created_at{};
  std::string_view text{};
  maybe_id author_id{};
};

struct feedback {
  std::string_view feedback_type{}, severity{}, source_type{}, subject{}, description{};
  std::int64_t legacy_record_id = 0;
  mig::json metadata{};
  mig::timestamptz created_at{};
};

/// One row for each comment, however many groups its author is in.
inline constexpr std::string_view customer_feedback_query = R"sql(
select c.id, c.created_at, c.text, c.author_id,
       c.author_id in (
         select m.user_id
         from public.auth_user_groups m
         join public.auth_group g on g.id = m.group_id
         where g.name = 'Doctor') as by_doctor
from public.dispatch_comment c
)sql";

inline constexpr keyword feedback_types[] = {
    {"complain", "complaint"},     {"unhappy", "complaint"},    {"disappointed", "complaint"},
    {"unacceptable", "complaint"}, {"broken", "quality_issue"}, {"defect", "quality_issue"},
    {"wrong", "quality_issue"},    {"crack", "quality_issue"},  {"fit", "quality_issue"},
    {"suggest", "suggestion"},     {"recommend", "suggestion"}, {"would be better", "suggestion"},
    {"thank", "compliment"},       {"great", "compliment"},     {"excellent", "compliment"},
    {"perfect", "compliment"},
};
inline constexpr keyword urgent_words[] = {
    {"urgent", "critical"}, {"immediately", "critical"}, {"emergency", "critical"}};

struct customer_feedback {
  static constexpr std::string_view name = "customer_feedback";
  static constexpr std::string_view description =
      "comments by doctors, sorted by keywords into complaints and praise; off, all of it derived";
  static constexpr bool projection = true;
  static constexpr bool parallel = true;
  static constexpr bool optional = true;

  static constexpr auto source = mig::from_query<legacy_feedback>(
      "public.dispatch_comment", customer_feedback_query, mig::key("id", &legacy_feedback::id),
      mig::col("created_at", &legacy_feedback::created_at),
      mig::col("text", &legacy_feedback::text), mig::col("author_id", &legacy_feedback::author_id));

  static constexpr auto target = mig::into<feedback>(
      "public.customer_feedback", mig::identity("id"),
      mig::col("feedback_type", &feedback::feedback_type),
      mig::col("severity", &feedback::severity), mig::col("source_type", &feedback::source_type),
      mig::col("subject", &feedback::subject), mig::col("description", &feedback::description),
      mig::col("legacy_record_id", &feedback::legacy_record_id),
      mig::col("metadata", &feedback::metadata), mig::col("created_at", &feedback::created_at));

  static constexpr mig::filter filters[] = {
      {"by_doctor", "not_a_doctor", "the author is not in the group Doctor"},
      {R"(char_length(btrim(text, E' \t\n\r\x0B\f\u00A0\u3000')) > 5)", "too_short",
       "five characters or fewer say nothing"}};

  void transform(const legacy_feedback& row, mig::output<customer_feedback>& out) {
    const std::string_view type =
        first_keyword(row.text, feedback_types, buffer_).value_or("general_feedback");
    metadata_.clear();
    metadata_.add_raw("derived", R"(["feedback_type","severity","subject"])")
        .add("author_id", row.author_id);
    out.row(feedback{.feedback_type = type,
                     .severity = severity(row.text, type),
                     .source_type = "comment",
                     .subject = subject_of(row.text),
                     .description = row.text,
                     .legacy_record_id = row.id,
                     .metadata = out.keep(metadata_),
                     .created_at = row.created_at});
  }

 private:
  std::string_view severity(std::string_view text, std::string_view type) {
    if (const maybe_text urgent = first_keyword(text, urgent_words, buffer_)) return *urgent;
    if (type == "complaint" || type == "quality_issue") return "high";
    return type == "suggestion" ? "medium" : "low";
  }

  std::string buffer_;
  mig::json_object metadata_;
};

}  // namespace business
