#include "clinical_test.hpp"

namespace clinical::tests {
namespace {

constexpr std::string_view bonded = "0111110000011110";
constexpr std::string_view extracted = "0000100000000000";

legacy_jaw good_jaw() {
  return {.id = 77,
          .bond_teeth = bonded,
          .extract_teeth = extracted,
          .reason = 1,
          .product_id = 4,
          .labial = true,
          .namings = 1,
          .instruction_id = 31,
          .is_upper = false};
}

mig::testing::bench jaws_bench() {
  return clinical_bench().knows("core.orders", 31).knows("core.products", 4);
}

outcome run_jaw(const legacy_jaw& row) { return jaws_bench().run<jaws>({row}); }

TEST(Jaws, CarriesEverything) {
  const outcome got = run_jaw(good_jaw());
  ASSERT_TRUE(got.clean());
  EXPECT_EQ(codes_of(got), codes{});
  const auto& row = got.row(0);
  EXPECT_EQ(row.uuid("order_id"), key_of("core.orders", 31));
  EXPECT_EQ(row.uuid("product_id"), key_of("core.products", 4));
  EXPECT_EQ(row.text("jaw_type"), "lower");
  EXPECT_TRUE(row.boolean("labial"));
  EXPECT_EQ(row.text("bond_teeth"), bonded);
  EXPECT_EQ(row.text("extract_teeth"), extracted);
  EXPECT_EQ(row.text("replacement_reason"), "breakage");
  EXPECT_EQ(row.integer("legacy_jaw_id"), 77);
  EXPECT_EQ(row.json("metadata"), R"({"reason":1})");
}

TEST(Jaws, WhatIsNullStaysNull) {
  legacy_jaw jaw = good_jaw();
  jaw.reason = jaw.product_id = std::nullopt;
  jaw.labial = std::nullopt;
  jaw.is_upper = true;
  const outcome got = run_jaw(jaw);
  EXPECT_EQ(codes_of(got), codes{});
  EXPECT_EQ(got.row(0).text("jaw_type"), "upper");
  for (const char* column : {"product_id", "labial", "replacement_reason"}) {
    EXPECT_TRUE(got.row(0).is_null(column)) << column;
  }
  EXPECT_EQ(got.row(0).json("metadata"), R"({"reason":null})");
}

TEST(Jaws, WithoutAnInstructionAJawIsAnOrphan) {
  legacy_jaw jaw = good_jaw();
  jaw.namings = 0;
  jaw.instruction_id = std::nullopt;
  jaw.is_upper = std::nullopt;
  jaw.reason = 9;  // decides later
  const outcome got = run_jaw(jaw);
  EXPECT_TRUE(got.rejected(0, "orphan"));
  EXPECT_EQ(codes_of(got), codes{"orphan"});
}

TEST(Jaws, SeveralOwnersAreNotedAndTheFirstIsTaken) {
  legacy_jaw jaw = good_jaw();
  jaw.namings = 2;
  const outcome got = run_jaw(jaw);
  EXPECT_EQ(codes_of(got), codes{"ambiguous_parent"});
  EXPECT_EQ(got.row(0).uuid("order_id"), key_of("core.orders", 31));
  EXPECT_EQ(got.row(0).json("metadata"), R"({"reason":1,"owners":2})");
}

TEST(Jaws, NoOtherOwnerIsTried) {
  legacy_jaw jaw = good_jaw();
  jaw.namings = 2;
  const outcome held = clinical_bench().holds_back("core.orders", 31).run<jaws>({jaw});
  EXPECT_TRUE(held.parked(0));
  EXPECT_EQ(codes_of(held), codes{"waits_for_parent"});
  const outcome gone = clinical_bench().run<jaws>({jaw});
  EXPECT_TRUE(gone.rejected(0, "missing_parent"));
  EXPECT_EQ(codes_of(gone), codes{"missing_parent"});
}

TEST(Jaws, AProductThatIsGoneIsNoted) {
  const outcome got = clinical_bench().knows("core.orders", 31).run<jaws>({good_jaw()});
  EXPECT_TRUE(got.row(0).is_null("product_id"));
  EXPECT_EQ(codes_of(got), codes{"missing_parent"});
}

TEST(Jaws, ReasonCodes) {
  const std::pair<std::int64_t, std::string_view> known[] = {
      {1, "breakage"}, {2, "other"}, {3, "complete"}};
  for (const auto& [code, word] : known) {
    legacy_jaw jaw = good_jaw();
    jaw.reason = code;
    EXPECT_EQ(run_jaw(jaw).row(0).text("replacement_reason"), word);
  }
  for (const std::int64_t code : {-1, 0, 4}) {
    legacy_jaw jaw = good_jaw();
    jaw.reason = code;
    const outcome got = clinical_bench().run<jaws>({jaw});  // decides before the parents
    EXPECT_EQ(codes_of(got), codes{"unknown_enum"});
    EXPECT_TRUE(got.rejected(0, "unknown_enum"));
    EXPECT_EQ(got.column(0, "unknown_enum"), "reason");
    EXPECT_EQ(got.detail(0, "unknown_enum"), std::to_string(code));
  }
}

TEST(Jaws, TheSettingSettlesTheDisputedReasons) {
  auto bench = jaws_bench().setting("jaw_reason.2", "complete").setting("jaw_reason.3", "");
  legacy_jaw jaw = good_jaw();
  jaw.reason = 2;
  EXPECT_EQ(bench.run<jaws>({jaw}).row(0).text("replacement_reason"), "complete");
  jaw.reason = 3;
  EXPECT_TRUE(bench.run<jaws>({jaw}).rejected(0, "unknown_enum"));
  jaw.reason = 1;
  EXPECT_EQ(bench.run<jaws>({jaw}).row(0).text("replacement_reason"), "breakage");
}

TEST(Jaws, ASettingThatCannotBeMeantEndsTheRun) {
  expect_refused(jaws_bench().setting("jaw_reason.2", "lost").run<jaws>({good_jaw()}),
                 "jaw_reason");
  expect_refused(jaws_bench().setting("jaw_reason.two", "other").run<jaws>({good_jaw()}),
                 "jaw_reason");
}

TEST(Jaws, TeethAreSixteenBits) {
  for (const std::string_view text :
       {"", "011111000001111", "01111100000111100", "0111110000011112", "011111000001111 "}) {
    legacy_jaw jaw = good_jaw();
    jaw.bond_teeth = text;
    const outcome got = run_jaw(jaw);
    EXPECT_TRUE(got.row(0).is_null("bond_teeth")) << text;
    EXPECT_EQ(got.row(0).text("extract_teeth"), extracted);
    EXPECT_EQ(codes_of(got), codes{"teeth_invalid"});
    EXPECT_EQ(got.column(0, "teeth_invalid"), "bond_teeth");
    EXPECT_EQ(got.row(0).json("metadata"),
              R"({"reason":1,"bond_teeth":")" + std::string{text} + "\"}");
  }
}

TEST(Jaws, OneNoteForTeethAndRawTextsOfBoth) {
  legacy_jaw jaw = good_jaw();
  jaw.namings = 3;
  jaw.bond_teeth = "x";
  jaw.extract_teeth = "y";
  const outcome got = jaws_bench().run<jaws>({jaw, good_jaw()});
  EXPECT_EQ(codes_of(got), (codes{"ambiguous_parent", "teeth_invalid"}));
  EXPECT_EQ(got.row(0).json("metadata"),
            R"({"reason":1,"owners":3,"bond_teeth":"x","extract_teeth":"y"})");
  EXPECT_EQ(got.row(1).json("metadata"), R"({"reason":1})");
}

}  // namespace
}  // namespace clinical::tests
