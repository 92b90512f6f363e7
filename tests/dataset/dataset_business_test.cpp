// Turns every dirt knob of the business family up, in data that is clean otherwise, and finds
// exactly that many outcomes or notes. No database; that the oracle itself is right is what
// ./check_oracle and the end-to-end tests find out.

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "dataset.hpp"
#include "knob_tables.hpp"
#include "notifications.hpp"

namespace mighost::dataset {
namespace {

nlohmann::ordered_json predicted(const Knobs& knobs, std::uint64_t seed) {
  Dataset dataset(knobs, seed);
  Oracle oracle;
  for (const Part& part : parts()) part.generate(dataset);
  for (const Part& part : parts()) {
    if (part.predict != nullptr) part.predict(dataset, oracle);
  }
  return oracle.json();
}

Knobs clean_knobs() {
  Knobs knobs("XS");
  knobs.clean();
  return knobs;
}

std::size_t rows(const nlohmann::ordered_json& oracle, const std::string& entity,
                 const char* member, const std::string& code) {
  return oracle["entities"]["business." + entity][member].value(code, std::size_t{0});
}

struct Consequence {
  const char* knob;
  const char* entity;
  const char* member;
  const char* code;
};

constexpr Consequence consequences[] = {
    {"patient_unknown_status", "cases", "codes", "unknown_enum"},
    {"template_name_empty", "templates", "notes", "name_missing"},
    {"template_duration_bad", "templates", "codes", "out_of_range"},
    {"template_product_bad", "template_products", "codes", "missing_parent"},
    {"task_foreign_space", "tasks", "codes", "foreign_id_space"},
    {"task_orphan", "tasks", "codes", "missing_parent"},
    {"task_dangling", "tasks", "codes", "missing_parent"},
    {"task_lost_actor", "tasks", "notes", "missing_parent"},
    {"task_lost_template", "tasks", "notes", "missing_parent"},
    {"record_null_type", "messages", "notes", "type_missing"},
    {"record_unknown_type", "messages", "codes", "unknown_enum"},
    {"record_other_target", "messages", "codes", "unknown_target_type"},
    {"record_dangling", "messages", "codes", "missing_parent"},
    {"record_lost_author", "messages", "notes", "missing_parent"},
    {"record_empty_text", "messages", "notes", "text_empty"},
    {"file_size_bad", "files", "notes", "size_invalid"},
    {"file_lost_instruction", "files", "notes", "missing_parent"},
    {"file_lost_instruction", "order_files", "codes", "missing_parent"},
    {"file_lost_instruction", "case_files", "codes", "missing_parent"},
    {"file_lost_product", "order_files", "notes", "missing_parent"},
    {"parameters_bad", "files", "notes", "json_invalid"},
    {"parameters_bad", "order_files", "notes", "json_invalid"},
    {"parameters_nul", "files", "notes", "nul_replaced"},
    {"parameters_nul", "order_files", "notes", "nul_replaced"},
    {"attachment_dangling", "message_attachments", "codes", "missing_parent"},
    {"attachment_twice", "message_attachments", "codes", "unique"},
    {"comment_orphan", "treatment_discussions", "codes", "waits_for_parent"},
    {"comment_orphan", "case_messages", "codes", "missing_parent"},
    {"comment_dangling", "treatment_discussions", "codes", "missing_parent"},
    {"comment_dangling", "case_messages", "codes", "missing_parent"},
    {"comment_empty_text", "comments", "codes", "empty_text"},
    {"comment_empty_text", "treatment_discussions", "codes", "empty_text"},
    {"comment_empty_text", "case_messages", "codes", "empty_text"},
    {"comment_lost_author", "comments", "notes", "missing_parent"},
    {"comment_lost_author", "case_messages", "notes", "missing_parent"},
    {"note_empty_text", "note_comments", "codes", "empty_text"},
    {"note_empty_text", "doctor_notes", "codes", "empty_text"},
    {"note_lost_doctor", "doctor_notes", "codes", "missing_parent"},
    {"note_lost_author", "note_comments", "notes", "missing_parent"},
    {"context_bad", "system_messages", "notes", "json_invalid"},
    {"context_nul", "system_messages", "notes", "nul_replaced"},
    {"notification_lost_order", "system_messages", "notes", "missing_parent"},
    {"action_empty", "user_actions", "codes", "action_missing"},
    {"action_lost_user", "user_actions", "notes", "missing_parent"},
    {"action_lost_item", "user_actions", "notes", "missing_parent"},
    {"action_data_bad", "user_actions", "notes", "json_invalid"},
    {"action_data_nul", "user_actions", "notes", "nul_replaced"},
};

// Rows of all entities that do not arrive, and notes: a knob must have no other consequences than
// its own and those of a parent that is held back.
std::size_t quarantined(const nlohmann::ordered_json& oracle) {
  std::size_t sum = 0;
  for (const auto& entity : oracle["entities"]) sum += entity["quarantined"].get<std::size_t>();
  return sum;
}

class Turned : public testing::TestWithParam<std::string> {};

TEST_P(Turned, PlantsExactlySoMany) {
  constexpr std::size_t wanted = 7;
  Knobs knobs = clean_knobs();
  knobs.set(GetParam(), wanted);
  if (GetParam() == "comment_orphan") knobs.set("plan_orphan", 2);
  const auto oracle = predicted(knobs, 3);
  std::size_t codes = 0;
  for (const Consequence& expected : consequences) {
    if (expected.knob != GetParam()) continue;
    EXPECT_EQ(rows(oracle, expected.entity, expected.member, expected.code), wanted)
        << expected.entity << " " << expected.code;
    const std::string code = expected.code;
    const bool held = code != "waits_for_parent" && code != "empty_text";
    codes += std::string(expected.member) == "codes" && held ? wanted : 0;
  }
  const std::size_t orphan_plans = GetParam() == "comment_orphan" ? 2 : 0;
  EXPECT_EQ(quarantined(oracle), codes + orphan_plans);
}

std::vector<std::string> knobs_with_consequences() {
  std::set<std::string> names;
  for (const Consequence& consequence : consequences) names.insert(consequence.knob);
  return {names.begin(), names.end()};
}

INSTANTIATE_TEST_SUITE_P(Business, Turned, testing::ValuesIn(knobs_with_consequences()),
                         [](const auto& tested) { return tested.param; });

TEST(BusinessKnobs, EachDirtIsTried) {
  std::set<std::string> untried = {"file_bad_name", "predecessor_cycle"};  // tried below
  for (const Consequence& consequence : consequences) untried.insert(consequence.knob);
  for (const KnobSpec& spec : business_knobs()) {
    if (spec.kind == KnobKind::dirt) {
      EXPECT_TRUE(untried.contains(std::string(spec.name))) << spec.name;
    }
  }
}

TEST(BusinessKnobs, ShapesChangeValuesOnly) {
  Knobs knobs = clean_knobs();
  knobs.set("task_done_unchecked", 11);
  knobs.set("predecessor_cycle", 2);
  knobs.set("file_bad_name", 400);
  knobs.set("file_no_instruction", 1000);
  knobs.set("notifications_active", 1234);
  const auto oracle = predicted(knobs, 4);
  EXPECT_EQ(quarantined(oracle), 0U);
  EXPECT_EQ(oracle["facts"]["business.tasks.status"]["in_progress"], 11);
  EXPECT_GE(oracle["facts"]["business.template_predecessors.on_a_cycle"]["templates"], 2);
  EXPECT_EQ(rows(oracle, "case_files", "codes", "no_instruction"), 1000U);
  EXPECT_EQ(oracle["entities"]["business.system_messages"]["written"], 1234);
  EXPECT_EQ(rows(oracle, "system_messages", "codes", "not_active"), 5000U - 1234U);
}

TEST(BusinessKnobs, CleanTemplatesHaveNoCycle) {
  const auto oracle = predicted(clean_knobs(), 5);
  EXPECT_FALSE(oracle["facts"].contains("business.template_predecessors.on_a_cycle"));
}

TEST(BusinessKnobs, WithoutRoomAreRefused) {
  Knobs active = clean_knobs();
  active.set("notifications_active", 5001);
  EXPECT_THROW(predicted(active, 1), Error);
  Knobs orphans = clean_knobs();
  orphans.set("comment_orphan", 3);
  EXPECT_THROW(predicted(orphans, 1), Error);
}

TEST(Business, SmallestPresetShowsEveryCode) {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    const auto oracle = predicted(Knobs("XS"), seed);
    std::set<std::string> codes;
    std::set<std::string> notes;
    for (const auto& [name, entity] : oracle["entities"].items()) {
      if (!name.starts_with("business.")) continue;
      for (const auto& [code, count] : entity["codes"].items()) codes.insert(code);
      for (const auto& [code, count] : entity["notes"].items()) notes.insert(code);
    }
    EXPECT_EQ(codes, (std::set<std::string>{"action_missing", "empty_text", "foreign_id_space",
                                            "missing_parent", "no_instruction", "not_active",
                                            "out_of_range", "unique", "unknown_enum",
                                            "unknown_target_type", "waits_for_parent"}));
    EXPECT_EQ(notes, (std::set<std::string>{"json_invalid", "missing_parent", "name_missing",
                                            "nul_replaced", "size_invalid", "status_defaulted",
                                            "text_empty", "type_missing"}));
  }
}

// What the contexts are said to be is what they are; a megabyte is a megabyte.
TEST(Notifications, ContextsAreWhatTheyAreSaidToBe) {
  Notification notification;
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    notification.context_seed = seed;
    for (const ContextKind kind : {ContextKind::sound, ContextKind::invalid, ContextKind::nul}) {
      notification.context_kind = kind;
      const JsonText context = notification_context(notification);
      if (!context.text || context.text->empty()) continue;
      EXPECT_EQ(nlohmann::json::accept(*context.text), kind != ContextKind::invalid)
          << *context.text;
    }
  }
  notification.context_kind = ContextKind::huge;
  EXPECT_GT(notification_context(notification).text->size(), 1'000'000U);
}

TEST(Notifications, ComeOutTheSameTwice) {
  Dataset dataset(Knobs("XS"), 6);
  for (const Part& part : parts()) part.generate(dataset);
  NotificationStream first(dataset);
  NotificationStream second(dataset);
  while (const auto row = first.next()) {
    const auto again = second.next();
    ASSERT_TRUE(again);
    ASSERT_EQ(row->id, again->id);
    ASSERT_EQ(row->context_seed, again->context_seed);
    ASSERT_EQ(row->active(), again->active());
  }
  EXPECT_FALSE(second.next());
}

}  // namespace
}  // namespace mighost::dataset
