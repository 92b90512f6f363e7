#include "clinical_test.hpp"

namespace clinical::tests {
namespace {

legacy_event good_event() {
  return {.id = 17,
          .name = " Visit  booked ",
          .created_at = at("2023-01-02T03:04:05Z"),
          .patient_id = 90};
}

outcome run_event(const legacy_event& row) {
  return clinical_bench().knows("core.patients", 90).run<patient_events>({row});
}

TEST(PatientEvents, CarriesEverything) {
  const outcome got = run_event(good_event());
  ASSERT_TRUE(got.clean());
  EXPECT_EQ(codes_of(got), codes{});
  EXPECT_EQ(got.row(0).uuid("patient_id"), key_of("core.patients", 90));
  EXPECT_EQ(got.row(0).text("event_type"), "Visit  booked");
  EXPECT_EQ(got.row(0).timestamp("created_at"), at("2023-01-02T03:04:05Z"));
  EXPECT_EQ(got.row(0).integer("legacy_event_id"), 17);
}

TEST(PatientEvents, WhatHappenedDecidesFirst) {
  for (const maybe_text name :
       {maybe_text{}, maybe_text{""}, maybe_text{" \t"}, maybe_text{"NULL"}}) {
    legacy_event event = good_event();
    event.name = name;
    event.created_at = std::nullopt;
    const outcome got = clinical_bench().run<patient_events>({event});
    EXPECT_TRUE(got.rejected(0, "event_type_missing"));
    EXPECT_EQ(codes_of(got), codes{"event_type_missing"});
  }
}

TEST(PatientEvents, NoDateIsMadeUp) {
  legacy_event event = good_event();
  event.created_at = std::nullopt;
  const outcome got = clinical_bench().run<patient_events>({event});
  EXPECT_TRUE(got.rejected(0, "created_at_missing"));
  EXPECT_EQ(codes_of(got), codes{"created_at_missing"});
}

TEST(PatientEvents, ThePatientMustBeThere) {
  EXPECT_TRUE(clinical_bench().run<patient_events>({good_event()}).rejected(0, "missing_parent"));
  EXPECT_TRUE(clinical_bench()
                  .holds_back("core.patients", 90)
                  .run<patient_events>({good_event()})
                  .parked(0));
}

}  // namespace
}  // namespace clinical::tests
