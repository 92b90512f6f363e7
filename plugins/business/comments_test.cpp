#include "business_test.hpp"

namespace business::tests {
namespace {

TEST(Comments, AndNotesShareATableAndTellApart) {
  const auto bench = business_bench().knows("core.profiles", 8);
  const outcome comment = bench.run<comments>(
      {{.id = 5, .created_at = noon, .text = " t ", .author_id = 8, .plan_id = 77}});
  const outcome note =
      bench.run<note_comments>({{.id = 5, .created_at = noon, .text = "n", .doctor_id = 42}});
  ASSERT_TRUE(comment.clean());
  ASSERT_TRUE(note.clean());
  EXPECT_EQ(comment.row(0).text("content"), " t ");
  EXPECT_EQ(comment.row(0).text("comment_type"), "treatment_discussion");
  EXPECT_EQ(comment.row(0).uuid("author_id"), key_of("core.profiles", 8));
  EXPECT_EQ(comment.row(0).integer("legacy_id"), 5);
  EXPECT_EQ(comment.row(0).text("legacy_table"), "dispatch_comment");
  EXPECT_EQ(comment.row(0).timestamp("created_at"), noon);
  EXPECT_EQ(comment.row(0).json("metadata"), R"({"plan_id":77})");
  EXPECT_EQ(note.row(0).text("comment_type"), "doctor_note");
  EXPECT_EQ(note.row(0).text("legacy_table"), "dispatch_note");
  EXPECT_TRUE(note.row(0).is_null("author_id"));
  EXPECT_EQ(note.row(0).json("metadata"), R"({"doctor_id":42})");
  EXPECT_EQ(codes_of(note), codes{});
}

TEST(Comments, TheAuthorMayBeMissing) {
  const outcome got = business_bench().run<comments>(
      {{.id = 5, .created_at = noon, .text = "t", .author_id = 9, .plan_id = 77}});
  EXPECT_TRUE(got.row(0).is_null("author_id"));
  EXPECT_EQ(codes_of(got), codes{"missing_parent"});
}

TEST(Comments, WithoutTextAreFilteredEverywhere) {
  const std::pair<std::string, std::string> empty_text{
      "empty_text", R"(btrim(text, E' \t\n\r\x0B\f\u00A0\u3000') <> '')"};
  EXPECT_EQ(filters_of<comments>()[0], empty_text);
  EXPECT_EQ(filters_of<note_comments>()[0], empty_text);
  EXPECT_EQ(filters_of<treatment_discussions>()[0], empty_text);
  EXPECT_EQ(filters_of<case_messages>()[0], empty_text);
  EXPECT_EQ(filters_of<doctor_notes>()[0], empty_text);
}

TEST(TreatmentDiscussions, NeedThePlanFirst) {
  const legacy_discussion row{.id = 5, .plan_id = 77, .created_at = noon};
  auto bench = business_bench();
  EXPECT_TRUE(orphan(bench.run<treatment_discussions>({row}), "treatment_plan_id"));
  bench.knows("clinical.treatment_plans", 77);
  EXPECT_TRUE(orphan(bench.run<treatment_discussions>({row}), "comment_id"));
  bench.knows("business.comments", 5);
  const outcome got = bench.run<treatment_discussions>({row});
  EXPECT_EQ(got.row(0).uuid("treatment_plan_id"), key_of("clinical.treatment_plans", 77));
  EXPECT_EQ(got.row(0).uuid("comment_id"), key_of("business.comments", 5));
  EXPECT_FALSE(got.row(0).boolean("is_visible_to_patient"));
  EXPECT_EQ(got.row(0).integer("legacy_comment_id"), 5);
  EXPECT_EQ(got.row(0).timestamp("created_at"), noon);
}

TEST(DoctorNotes, NeedTheDoctorsProfileFirst) {
  const legacy_doctor_note row{.id = 5, .doctor_id = 42, .created_at = noon};
  auto bench = business_bench().knows("core.doctors", 42);
  EXPECT_TRUE(orphan(bench.run<doctor_notes>({row}), "doctor_id"));
  EXPECT_TRUE(orphan(bench.run<doctor_notes>({{.id = 5}}), "doctor_id"));
  bench.knows("core.profiles", 42).knows("business.comments", 5);
  EXPECT_TRUE(orphan(bench.run<doctor_notes>({row}), "comment_id"));
  bench.knows("business.note_comments", 5);
  const outcome got = bench.run<doctor_notes>({row});
  EXPECT_EQ(got.row(0).uuid("doctor_id"), key_of("core.profiles", 42));
  EXPECT_EQ(got.row(0).uuid("comment_id"), key_of("business.note_comments", 5));
  EXPECT_EQ(got.row(0).integer("legacy_note_id"), 5);
}

legacy_case_message with_text(std::string_view text) {
  return {
      .id = 5, .created_at = noon, .text = text, .author_id = 8, .plan_id = 77, .patient_id = 31};
}

mig::testing::bench case_messages_bench() {
  return business_bench().knows("business.cases", 31).knows("core.profiles", 8);
}

TEST(CaseMessages, CarriesEverything) {
  const outcome got = case_messages_bench().run<case_messages>({with_text(" Looks GOOD? ")});
  ASSERT_TRUE(got.clean());
  EXPECT_EQ(codes_of(got), codes{});
  const auto& row = got.row(0);
  EXPECT_EQ(row.uuid("case_id"), key_of("business.cases", 31));
  EXPECT_EQ(row.uuid("sender_id"), key_of("core.profiles", 8));
  EXPECT_EQ(row.text("message_type"), "doctor_response");
  EXPECT_EQ(row.text("subject"), "Looks GOOD?");
  EXPECT_EQ(row.text("content"), " Looks GOOD? ");
  EXPECT_FALSE(row.boolean("requires_response"));
  EXPECT_EQ(row.timestamp("sent_at"), noon);
  EXPECT_EQ(row.timestamp("created_at"), noon);
  EXPECT_EQ(row.integer("legacy_record_id"), 5);
  EXPECT_EQ(row.integer("legacy_message_id"), 5);
  EXPECT_EQ(row.json("metadata"),
            R"({"derived":["message_type","subject","requires_response"],"plan_id":77})");
}

TEST(CaseMessages, TheFirstKeywordDecides) {
  const std::pair<std::string_view, std::string_view> examples[] = {
      {"I APPROVE, no question", "doctor_response"},
      {"looks good", "doctor_response"},
      {"A Question on the plan", "patient_question"},
      {"please wait", "patient_question"},
      {"really?", "patient_question"},
      {"Treatment goes on", "treatment_update"},
      {"new PLAN", "treatment_update"},
      {"a note", "clinical_note"},
      {"correction", "clinical_note"},
      {"\xE3\x81\x82", "clinical_note"}};
  for (const auto& [text, type] : examples) {
    const outcome got = case_messages_bench().run<case_messages>({with_text(text)});
    EXPECT_EQ(got.row(0).text("message_type"), type) << text;
    EXPECT_EQ(got.row(0).boolean("requires_response"), type == "patient_question") << text;
  }
}

TEST(CaseMessages, SubjectsAreFiftyCharactersNotBytes) {
  std::string text;
  for (int i = 0; i < 51; ++i) text += "\xE3\x81\x82";
  EXPECT_EQ(subject_of(text), std::string_view{text}.substr(0, 150));
  EXPECT_EQ(subject_of(std::string_view{text}.substr(0, 150)), text.substr(0, 150));
  EXPECT_EQ(subject_of(" \t short \n"), "short");
  EXPECT_EQ(subject_of(std::string(50, 'a')), std::string(50, 'a'));
  EXPECT_EQ(subject_of(std::string(51, 'a')), std::string(50, 'a'));
}

TEST(CaseMessages, NeedTheCase) {
  legacy_case_message row = with_text("t");
  row.patient_id = std::nullopt;  // the plan or its instruction is gone
  EXPECT_TRUE(orphan(case_messages_bench().run<case_messages>({row}), "case_id"));
  row.patient_id = 32;
  EXPECT_TRUE(orphan(case_messages_bench().run<case_messages>({row}), "case_id"));
  EXPECT_TRUE(
      business_bench().holds_back("business.cases", 32).run<case_messages>({row}).parked(0));
}

TEST(CustomerFeedback, TypesAndSeverities) {
  struct {
    std::string_view text, type, severity;
  } const examples[] = {
      {"I must COMPLAIN, thanks", "complaint", "high"},
      {"the tray does not fit", "quality_issue", "high"},
      {"broken, urgent", "quality_issue", "critical"},
      {"I suggest a break", "suggestion", "medium"},
      {"Thank you", "compliment", "low"},
      {"see you on Monday", "general_feedback", "low"},
      {"call immediately", "general_feedback", "critical"},
  };
  for (const auto& each : examples) {
    const outcome got = business_bench().run<customer_feedback>(
        {{.id = 5, .created_at = noon, .text = each.text, .author_id = 42}});
    ASSERT_TRUE(got.clean());
    EXPECT_EQ(got.row(0).text("feedback_type"), each.type) << each.text;
    EXPECT_EQ(got.row(0).text("severity"), each.severity) << each.text;
    EXPECT_EQ(got.row(0).text("source_type"), "comment");
    EXPECT_EQ(got.row(0).text("description"), each.text);
    EXPECT_EQ(got.row(0).json("metadata"),
              R"({"derived":["feedback_type","severity","subject"],"author_id":42})");
  }
  EXPECT_EQ(filters_of<customer_feedback>()[0].first, "not_a_doctor");
  EXPECT_EQ(filters_of<customer_feedback>()[1].first, "too_short");
  static_assert(customer_feedback::optional && customer_feedback::projection);
}

}  // namespace
}  // namespace business::tests
