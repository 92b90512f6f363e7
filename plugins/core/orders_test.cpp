#include "core_test.hpp"

namespace core::tests {
namespace {

constexpr std::string_view updated = "2025-06-02T10:00:00Z";

legacy_instruction good_order() {
  return {.id = 23845,
          .patient_id = 31,
          .course_id = 1,
          .status = 1,
          .doctor_id = 42,
          .office_id = 5,
          .patient_suffix = "00BB",
          .suffix = " X1 ",
          .notes = " as it is ",
          .complaint = "crowding",
          .price = number("997.00"),
          .submitted_at = at("2025-06-01T10:00:00Z"),
          .updated_at = at(updated),
          .exports = R"({"stl":true})",
          .model = 1,
          .order = 3,
          .upper_jaw_id = 70,
          .cbct = true,
          .accept_extraction = false,
          .conditions = "c"};
}

mig::testing::bench orders_bench() {
  return core_bench().knows("core.patients", 31).knows("core.doctors", 42).knows("core.offices", 5);
}

outcome run_order(const legacy_instruction& row) { return orders_bench().run<orders>({row}); }

constexpr std::string_view legacy_part =
    R"("legacy":{"model":1,"scanner":null,"order":3,"upper_jaw_id":70,"lower_jaw_id":null,)"
    R"("cbct":true,"accept_extraction":false,"comprehensive":null,"scanner_notes":null,)"
    R"("conditions":"c","objective":null}})";

TEST(Orders, CarriesEverything) {
  const outcome got = run_order(good_order());
  ASSERT_TRUE(got.clean());
  EXPECT_EQ(codes_of(got), codes{});
  const auto& row = got.row(0);
  EXPECT_EQ(row.text("order_number"), "00BB-23845");
  EXPECT_EQ(row.uuid("patient_id"), key_of("core.patients", 31));
  EXPECT_EQ(row.uuid("doctor_id"), key_of("core.doctors", 42));
  EXPECT_EQ(row.uuid("office_id"), key_of("core.offices", 5));
  EXPECT_EQ(row.text("course_type"), "main");
  EXPECT_EQ(row.text("status"), "submitted");
  EXPECT_EQ(row.text("notes"), " as it is ");
  EXPECT_EQ(row.text("complaint"), "crowding");
  EXPECT_EQ(row.numeric_text("amount"), "997.00");
  EXPECT_EQ(row.text("suffix"), "X1");
  EXPECT_EQ(row.timestamp("submitted_at"), at("2025-06-01T10:00:00Z"));
  EXPECT_TRUE(row.is_null("approved_at"));
  EXPECT_TRUE(row.is_null("shipped_at"));
  EXPECT_FALSE(row.boolean("deleted"));
  EXPECT_TRUE(row.is_null("deleted_at"));
  EXPECT_EQ(row.json("exports"), R"({"stl":true})");
  EXPECT_EQ(row.integer("legacy_instruction_id"), 23845);
  EXPECT_EQ(row.json("metadata"), "{" + std::string{legacy_part});
}

TEST(Orders, CourseCodes) {
  const std::pair<std::int64_t, std::string_view> known[] = {
      {1, "main"}, {2, "refinement"}, {3, "replacement"},
      {4, "any"},  {7, "invoice"},    {8, "merchandise"}};
  for (const auto& [id, type] : known) {
    legacy_instruction row = good_order();
    row.course_id = id;
    EXPECT_EQ(run_order(row).row(0).text("course_type"), type);
  }
  for (const std::int64_t id : {0, 5, 6, 9}) {
    legacy_instruction row = good_order();
    row.course_id = id;
    const outcome got = run_order(row);
    EXPECT_TRUE(got.rejected(0, "unknown_enum"));
    EXPECT_EQ(got.column(0, "unknown_enum"), "course_id");
  }
}

TEST(Orders, StatusCodes) {
  const std::pair<std::int64_t, std::string_view> known[] = {
      {0, "no_product"}, {1, "submitted"}, {2, "approved"}, {4, "shipped"}};
  for (const auto& [code, word] : known) {
    legacy_instruction row = good_order();
    row.status = code;
    EXPECT_EQ(run_order(row).row(0).text("status"), word);
  }
  for (const std::int64_t code : {-1, 3, 5, 6, 99}) {
    legacy_instruction row = good_order();
    row.status = code;
    const outcome got = run_order(row);
    EXPECT_TRUE(got.rejected(0, "unknown_enum")) << code;
    EXPECT_EQ(got.column(0, "unknown_enum"), "status");
    EXPECT_EQ(got.detail(0, "unknown_enum"), std::to_string(code));
  }
}

TEST(Orders, TheSettingExplainsTheInferredStatuses) {
  auto bench = orders_bench().setting("order_status.3", "in_production");
  legacy_instruction row = good_order();
  row.status = 3;
  outcome got = bench.run<orders>({row});
  EXPECT_EQ(got.row(0).text("status"), "in_production");
  EXPECT_EQ(got.row(0).timestamp("approved_at"), at(updated));
  EXPECT_TRUE(got.row(0).is_null("shipped_at"));
  row.status = 5;
  EXPECT_TRUE(bench.run<orders>({row}).rejected(0, "unknown_enum"));
  bench.setting("order_status.5", "add_plan");
  EXPECT_EQ(bench.run<orders>({row}).row(0).text("status"), "add_plan");
  row.status = 6;
  EXPECT_TRUE(bench.run<orders>({row}).rejected(0, "unknown_enum"));
}

TEST(Orders, ASettingThatCannotBeMeantEndsTheRun) {
  for (const auto& [name, word] :
       {std::pair{"order_status.3", "production"}, std::pair{"order_status.4", "cancelled"},
        std::pair{"order_status.6", "on_hold"}, std::pair{"order_status.three", "on_hold"}}) {
    const outcome got = orders_bench().setting(name, word).run<orders>({good_order()});
    EXPECT_EQ(got.status, MIG_FAILED) << name;
    EXPECT_NE(got.error.find("order_status"), std::string::npos) << got.error;
  }
}

TEST(Orders, UnknownCodesDecideBeforeTheParents) {
  legacy_instruction row = good_order();
  row.status = 3;
  row.exports = "{";
  outcome got = core_bench().run<orders>({row});
  EXPECT_EQ(codes_of(got), codes{"unknown_enum"});
  row.course_id = 5;
  got = core_bench().run<orders>({row});
  EXPECT_EQ(codes_of(got), codes{"unknown_enum"});
  EXPECT_EQ(got.column(0, "unknown_enum"), "course_id");
}

TEST(Orders, NumbersNeedNoSuffix) {
  const example suffixes[] = {{" 00BB ", "00BB-23845"}, {{}, "NOSUF-23845"},
                              {"", "NOSUF-23845"},      {" ", "NOSUF-23845"},
                              {"None", "NOSUF-23845"},  {"AB-1", "AB-1-23845"}};
  for (const example& each : suffixes) {
    legacy_instruction row = good_order();
    row.patient_suffix = each.given;
    EXPECT_EQ(run_order(row).row(0).text("order_number"), each.expected);
  }
}

TEST(Orders, AnEmptySuffixIsNull) {
  for (const maybe_text suffix : {maybe_text{}, maybe_text{""}, maybe_text{"null"}}) {
    legacy_instruction row = good_order();
    row.suffix = suffix;
    EXPECT_TRUE(run_order(row).row(0).is_null("suffix"));
  }
}

TEST(Orders, PricesAreExact) {
  for (const char* price : {"0", "0.00", "0.005", "564.63", "-1.10", "12345678901234567890.12"}) {
    legacy_instruction row = good_order();
    row.price = number(price);
    EXPECT_EQ(run_order(row).row(0).numeric_text("amount"), price);
  }
  legacy_instruction row = good_order();
  row.price = std::nullopt;
  EXPECT_TRUE(run_order(row).row(0).is_null("amount"));
}

TEST(Orders, DatesOfTheStatusAreDerived) {
  legacy_instruction row = good_order();
  row.status = 2;
  outcome got = run_order(row);
  EXPECT_EQ(got.row(0).timestamp("approved_at"), at(updated));
  EXPECT_TRUE(got.row(0).is_null("shipped_at"));
  EXPECT_EQ(got.row(0).json("metadata"),
            R"({"derived":["approved_at"],)" + std::string{legacy_part});
  row.status = 4;
  row.deleted = true;
  got = run_order(row);
  EXPECT_EQ(got.row(0).timestamp("approved_at"), at(updated));
  EXPECT_EQ(got.row(0).timestamp("shipped_at"), at(updated));
  EXPECT_EQ(got.row(0).timestamp("deleted_at"), at(updated));
  EXPECT_TRUE(got.row(0).boolean("deleted"));
  EXPECT_EQ(got.row(0).json("metadata"),
            R"({"derived":["approved_at","shipped_at","deleted_at"],)" + std::string{legacy_part});
}

TEST(Orders, WithoutAnUpdateNothingIsDerived) {
  legacy_instruction row = good_order();
  row.status = 4;
  row.deleted = true;
  row.updated_at = std::nullopt;
  const outcome got = run_order(row);
  for (const char* column : {"approved_at", "shipped_at", "deleted_at"}) {
    EXPECT_TRUE(got.row(0).is_null(column)) << column;
  }
  EXPECT_EQ(got.row(0).json("metadata"), "{" + std::string{legacy_part});
}

TEST(Orders, ExportsAreJson) {
  legacy_instruction row = good_order();
  row.exports = std::nullopt;
  EXPECT_EQ(run_order(row).row(0).json("exports"), "{}");
  row.exports = R"(["\u0000"])";
  EXPECT_EQ(run_order(row).row(0).json("exports"), R"(["\ufffd"])");
  EXPECT_EQ(codes_of(run_order(row)), codes{"nul_replaced"});
  row.exports = "[True]";
  EXPECT_EQ(run_order(row).row(0).json("exports"), R"({"_raw":"[True]"})");
  EXPECT_EQ(codes_of(run_order(row)), codes{"json_invalid"});
}

TEST(Orders, TheFirstMissingParentDecides) {
  legacy_instruction row = good_order();
  row.exports = "{";
  outcome got = core_bench().holds_back("core.doctors", 42).run<orders>({row});
  EXPECT_TRUE(got.rejected(0, "missing_parent"));
  EXPECT_EQ(got.column(0, "missing_parent"), "patient_id");
  EXPECT_EQ(codes_of(got), codes{"missing_parent"});
  got = core_bench().holds_back("core.patients", 31).run<orders>({row});
  EXPECT_TRUE(got.parked(0));
  EXPECT_EQ(codes_of(got), codes{"waits_for_parent"});
  got = core_bench().knows("core.patients", 31).run<orders>({row});
  EXPECT_EQ(got.column(0, "missing_parent"), "doctor_id");
  got = core_bench().knows("core.patients", 31).holds_back("core.doctors", 42).run<orders>({row});
  EXPECT_TRUE(got.parked(0));
  EXPECT_EQ(codes_of(got), codes{"waits_for_parent"});
}

TEST(Orders, APatientWithoutADoctorIsAMissingParent) {
  legacy_instruction row = good_order();
  row.doctor_id = std::nullopt;
  const outcome got = run_order(row);
  EXPECT_TRUE(got.rejected(0, "missing_parent"));
  EXPECT_EQ(got.column(0, "missing_parent"), "doctor_id");
}

TEST(Orders, TheOfficeMayBeMissing) {
  legacy_instruction row = good_order();
  row.office_id = std::nullopt;
  EXPECT_EQ(codes_of(run_order(row)), codes{});
  row.office_id = 6;
  const outcome got = run_order(row);
  EXPECT_TRUE(got.row(0).is_null("office_id"));
  EXPECT_EQ(codes_of(got), codes{"missing_parent"});
}

TEST(Orders, MetadataOfOneRowDoesNotReachTheNext) {
  legacy_instruction shipped = good_order();
  shipped.status = 4;
  const outcome got = orders_bench().run<orders>({shipped, good_order()});
  EXPECT_EQ(got.row(1).json("metadata"), "{" + std::string{legacy_part});
}

}  // namespace
}  // namespace core::tests
