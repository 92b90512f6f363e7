#include "business_test.hpp"

namespace business::tests {
namespace {

legacy_record good_record() {
  return {.id = 60001,
          .target_id = 31,
          .target_type = "dispatch.patient",
          .type = 6,
          .created_at = noon,
          .text = " as it is ",
          .author_id = 8,
          .group_id = 11,
          .is_public = false};
}

mig::testing::bench messages_bench() {
  return business_bench()
      .knows("core.patients", 31)
      .knows("core.profiles", 8)
      .knows("core.profiles", 32);
}

outcome run_record(const legacy_record& row) { return messages_bench().run<messages>({row}); }

TEST(Messages, CarriesEverything) {
  const outcome got = run_record(good_record());
  ASSERT_TRUE(got.clean());
  EXPECT_EQ(codes_of(got), codes{});
  const auto& row = got.row(0);
  EXPECT_EQ(row.text("message_type"), "patient_communication");
  EXPECT_EQ(row.text("content"), " as it is ");
  EXPECT_EQ(row.uuid("sender_id"), key_of("core.profiles", 8));
  EXPECT_EQ(row.text("recipient_type"), "patient");
  EXPECT_EQ(row.uuid("recipient_id"), key_of("core.patients", 31));
  EXPECT_EQ(row.integer("legacy_record_id"), 60001);
  EXPECT_EQ(row.timestamp("created_at"), noon);
  EXPECT_EQ(row.json("metadata"), R"({"type":6,"public":false,"group_id":11})");
}

TEST(Messages, TypeCodes) {
  const std::pair<std::int64_t, std::string_view> known[] = {{3, "user_communication"},
                                                             {5, "clinical_note"},
                                                             {6, "patient_communication"},
                                                             {8, "status_update"}};
  legacy_record row = good_record();
  for (const auto& [code, word] : known) {
    row.type = code;
    EXPECT_EQ(run_record(row).row(0).text("message_type"), word);
  }
  for (const std::int64_t code : {0, 1, 11, 58}) {
    row.type = code;
    const outcome got = run_record(row);
    EXPECT_EQ(codes_of(got), codes{"unknown_enum"});
    EXPECT_EQ(got.column(0, "unknown_enum"), "type");
  }
  const auto general = messages_bench().setting("record_type.58", "general");
  EXPECT_EQ(general.run<messages>({row}).row(0).text("message_type"), "general");
}

TEST(Messages, ANullTypeIsAGeneralMessage) {
  legacy_record row = good_record();
  row.type = std::nullopt;
  const outcome got = run_record(row);
  EXPECT_EQ(got.row(0).text("message_type"), "general");
  EXPECT_EQ(codes_of(got), codes{"type_missing"});
}

TEST(Messages, UsersAndTheirProxiesAreProfiles) {
  for (const char* type : {"auth.user", "dispatch.userproxy"}) {
    legacy_record row = good_record();
    row.target_type = type;
    row.target_id = 32;
    const outcome got = run_record(row);
    EXPECT_EQ(got.row(0).text("recipient_type"), "user");
    EXPECT_EQ(got.row(0).uuid("recipient_id"), key_of("core.profiles", 32));
  }
}

TEST(Messages, OtherTargetsAreUnknown) {
  for (const maybe_text type : {maybe_text{}, maybe_text{"dispatch.instruction"},
                                maybe_text{"auth.patient"}, maybe_text{"patient"}}) {
    legacy_record row = good_record();
    row.target_type = type;
    row.type = std::nullopt;
    const outcome got = run_record(row);
    EXPECT_TRUE(got.rejected(0, "unknown_target_type"));
    EXPECT_EQ(codes_of(got), codes{"unknown_target_type"});
    EXPECT_EQ(got.column(0, "unknown_target_type"), "target_type_id");
  }
}

TEST(Messages, TheTypeDecidesBeforeTheTarget) {
  legacy_record row = good_record();
  row.type = 7;
  row.target_type = std::nullopt;
  EXPECT_EQ(codes_of(run_record(row)), codes{"unknown_enum"});
}

TEST(Messages, DanglingTargetsAreOrphans) {
  legacy_record row = good_record();
  row.type = std::nullopt;
  row.text = "";
  row.target_id = 8;  // a profile, not a patient
  EXPECT_TRUE(orphan(run_record(row), "recipient_id"));
  row.target_type = "auth.user";
  row.target_id = 31;  // a patient, not a profile
  EXPECT_TRUE(orphan(run_record(row), "recipient_id"));
  EXPECT_TRUE(business_bench().holds_back("core.profiles", 31).run<messages>({row}).parked(0));
}

TEST(Messages, WithoutTextAreEmpty) {
  for (const maybe_text text : {maybe_text{}, maybe_text{""}, maybe_text{" \t\xC2\xA0"}}) {
    legacy_record row = good_record();
    row.text = text;
    const outcome got = run_record(row);
    EXPECT_EQ(got.row(0).text("content"), "");
    EXPECT_EQ(codes_of(got), codes{"text_empty"});
  }
  legacy_record row = good_record();
  row.text = "None";  // said by somebody
  EXPECT_EQ(run_record(row).row(0).text("content"), "None");
}

TEST(Messages, TheSenderMayBeMissing) {
  legacy_record row = good_record();
  row.author_id = std::nullopt;
  EXPECT_EQ(codes_of(run_record(row)), codes{});
  row.author_id = 9;
  const outcome got = run_record(row);
  EXPECT_TRUE(got.row(0).is_null("sender_id"));
  EXPECT_EQ(codes_of(got), codes{"missing_parent"});
}

TEST(MessageAttachments, NeedTheMessageFirst) {
  const legacy_attachment row{.id = 4, .record_id = 60001, .file_id = 70001};
  auto bench = business_bench();
  EXPECT_TRUE(orphan(bench.run<message_attachments>({row}), "message_id"));
  bench.knows("business.messages", 60001);
  EXPECT_TRUE(orphan(bench.run<message_attachments>({row}), "file_id"));
  bench.knows("business.files", 70001);
  const outcome got = bench.run<message_attachments>({row});
  EXPECT_EQ(got.row(0).uuid("message_id"), key_of("business.messages", 60001));
  EXPECT_EQ(got.row(0).uuid("file_id"), key_of("business.files", 70001));
  EXPECT_EQ(got.row(0).integer("legacy_attachment_id"), 4);
  EXPECT_EQ(got.row(0).integer("legacy_record_id"), 60001);
  EXPECT_EQ(got.row(0).integer("legacy_file_id"), 70001);
}

TEST(TeamCommunications, AreACopyThatSaysSo) {
  const outcome got =
      business_bench()
          .knows("core.teams", 11)
          .run<team_communications>(
              {{.id = 60001, .created_at = noon, .text = "t", .author_id = 8, .group_id = 11},
               {.id = 60002, .created_at = noon, .is_public = true}});
  ASSERT_TRUE(got.clean());
  EXPECT_EQ(got.row(0).text("communication_type"), "patient_communication");
  EXPECT_EQ(got.row(0).text("body"), "t");
  EXPECT_EQ(got.row(0).uuid("team_id"), key_of("core.teams", 11));
  EXPECT_TRUE(got.row(0).is_null("author_id"));
  EXPECT_EQ(codes_of(got), codes{"missing_parent"});
  EXPECT_TRUE(got.row(1).is_null("body"));
  EXPECT_EQ(got.row(1).json("metadata"), R"({"derived":["communication_type"],"public":true})");
  EXPECT_EQ(filters_of<team_communications>()[0].second, "type = 6");
  static_assert(team_communications::optional && team_communications::projection);
}

}  // namespace
}  // namespace business::tests
