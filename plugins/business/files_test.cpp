#include "business_test.hpp"

namespace business::tests {
namespace {

constexpr std::string_view uid = "0d9c1f4e-6f3c-4c4e-9a63-5a3b1b0c7d11";

legacy_file good_file() {
  return {.id = 70001,
          .uid = mig::uuid::parse(uid).value(),
          .name = " upper ",
          .ext = ".STL",
          .size = 1024,
          .type = 6,
          .instruction_id = 900,
          .created_at = noon,
          .description = "d",
          .product_id = 3,
          .parameters = R"({"a":1})",
          .record_id = 60001,
          .status = 2};
}

outcome run_file(const legacy_file& row) {
  return business_bench().knows("core.orders", 900).run<files>({row});
}

TEST(Files, CarriesEverything) {
  const outcome got = run_file(good_file());
  ASSERT_TRUE(got.clean());
  EXPECT_EQ(codes_of(got), codes{});
  const auto& row = got.row(0);
  EXPECT_EQ(row.text("file_uid"), uid);
  EXPECT_EQ(row.uuid("order_id"), key_of("core.orders", 900));
  EXPECT_EQ(row.text("filename"), "upper.STL");
  EXPECT_EQ(row.text("file_type"), "stl");
  EXPECT_EQ(row.integer("file_size_bytes"), 1024);
  EXPECT_EQ(row.text("mime_type"), "model/stl");
  EXPECT_EQ(row.text("storage_path"), "files/" + std::string{uid});
  EXPECT_EQ(row.timestamp("uploaded_at"), noon);
  EXPECT_EQ(row.integer("legacy_file_id"), 70001);
  EXPECT_EQ(row.json("metadata"), R"({"description":"d","type":6,"status":2,"product_id":3,)"
                                  R"("record_id":60001,"parameters":{"a":1}})");
}

TEST(Files, NamesAndExtensions) {
  const std::string id{uid};
  struct {
    maybe_text name, ext;
    std::string filename, type, mime;
  } const examples[] = {
      {"a.stl", ".stl", "a.stl", "stl", "model/stl"},
      {"a.STL", ".stl", "a.STL", "stl", "model/stl"},
      {"a.stl.stl", ".stl", "a.stl.stl", "stl", "model/stl"},
      {"a", "JPeG", "a.JPeG", "jpeg", "image/jpeg"},
      {"a.zip", "zip", "a.zip", "zip", "application/zip"},
      {"azip", "zip", "azip.zip", "zip", "application/zip"},
      {"a", ".tar.gz", "a.tar.gz", "gz", "application/octet-stream"},
      {"a", " .irk ", "a.irk", "irk", "application/octet-stream"},
      {"a.stl", {}, "a.stl", "NULL", "application/octet-stream"},
      {"a", "..", "a", "NULL", "application/octet-stream"},
      {"a", ".stl.", "a.stl.", "NULL", "application/octet-stream"},
      {{}, ".ply", id + ".ply", "ply", "model/ply"},
      {" null ", "png", id + ".png", "png", "image/png"},
      {{}, {}, id, "NULL", "application/octet-stream"},
      {"", " ", id, "NULL", "application/octet-stream"},
  };
  for (const auto& each : examples) {
    legacy_file row = good_file();
    row.name = each.name;
    row.ext = each.ext;
    const outcome got = run_file(row);
    EXPECT_EQ(got.row(0).text("filename"), each.filename);
    EXPECT_EQ(text_or_null(got.row(0), "file_type"), each.type) << each.filename;
    EXPECT_EQ(got.row(0).text("mime_type"), each.mime) << each.filename;
  }
}

TEST(Files, ASizeBelowZeroIsNoSize) {
  legacy_file row = good_file();
  row.size = 0;
  EXPECT_EQ(run_file(row).row(0).integer("file_size_bytes"), 0);
  row.size = std::nullopt;
  EXPECT_TRUE(run_file(row).row(0).is_null("file_size_bytes"));
  EXPECT_EQ(codes_of(run_file(row)), codes{});
  row.size = -1;
  const outcome got = run_file(row);
  EXPECT_TRUE(got.row(0).is_null("file_size_bytes"));
  EXPECT_EQ(codes_of(got), codes{"size_invalid"});
}

TEST(Files, NeedNoOrder) {
  legacy_file row = good_file();
  row.instruction_id = std::nullopt;
  EXPECT_EQ(codes_of(run_file(row)), codes{});
  row.instruction_id = 901;
  const outcome got = run_file(row);
  EXPECT_TRUE(got.row(0).is_null("order_id"));
  EXPECT_EQ(codes_of(got), codes{"missing_parent"});
}

TEST(Files, ParametersAreJsonWithinJson) {
  const std::pair<maybe_text, std::string_view> examples[] = {
      {std::nullopt, "{}"},
      {"", "{}"},
      {"[1]", "[1]"},
      {R"({"a":"\u0000"})", R"({"a":"\ufffd"})"},
      {"{'a': True}", R"({"_raw":"{'a': True}"})"}};
  const codes expected[] = {{}, {}, {}, {"nul_replaced"}, {"json_invalid"}};
  for (std::size_t i = 0; i < std::size(examples); ++i) {
    legacy_file row = good_file();
    row.parameters = examples[i].first;
    const outcome got = run_file(row);
    const std::string metadata = got.row(0).json("metadata");
    EXPECT_EQ(metadata.substr(metadata.find("\"parameters\":") + 13),
              std::string{examples[i].second} + "}");
    EXPECT_EQ(codes_of(got), expected[i]);
  }
}

TEST(Files, TheSettingSaysWhereTheyLie) {
  const std::string id{uid};
  auto bench = business_bench().setting("storage_path", "lab/{uid}/{uid}.bin");
  legacy_file row = good_file();
  row.instruction_id = std::nullopt;
  EXPECT_EQ(bench.run<files>({row}).row(0).text("storage_path"), "lab/" + id + "/" + id + ".bin");
  for (const char* wrong : {"lab/uid", "lab/{uid}/{name}", "lab/{uid", ""}) {
    const outcome got = business_bench().setting("storage_path", wrong).run<files>({row});
    EXPECT_EQ(got.status, MIG_FAILED) << wrong;
    EXPECT_NE(got.error.find("storage_path"), std::string::npos) << wrong;
  }
}

legacy_order_file good_order_file() {
  return {.id = 70001,
          .name = "upper",
          .ext = ".stl",
          .type = 1,
          .instruction_id = 900,
          .created_at = noon,
          .product_id = 3,
          .parameters = R"({"a":1})",
          .record_id = 60001,
          .status = 2};
}

mig::testing::bench order_files_bench() {
  return business_bench().knows("core.orders", 900).knows("business.files", 70001);
}

TEST(OrderFiles, CarriesEverything) {
  const outcome got = order_files_bench()
                          .knows("core.products", 3)
                          .knows("business.messages", 60001)
                          .run<order_files>({good_order_file()});
  ASSERT_TRUE(got.clean());
  EXPECT_EQ(codes_of(got), codes{});
  const auto& row = got.row(0);
  EXPECT_EQ(row.uuid("order_id"), key_of("core.orders", 900));
  EXPECT_EQ(row.uuid("file_id"), key_of("business.files", 70001));
  EXPECT_EQ(row.uuid("product_id"), key_of("core.products", 3));
  EXPECT_EQ(row.uuid("record_id"), key_of("business.messages", 60001));
  EXPECT_EQ(row.integer("file_type"), 1);
  EXPECT_EQ(row.integer("status"), 2);
  EXPECT_EQ(row.json("parameters"), R"({"a":1})");
  EXPECT_EQ(row.timestamp("uploaded_at"), noon);
  EXPECT_EQ(row.integer("legacy_file_id"), 70001);
  EXPECT_EQ(row.integer("legacy_instruction_id"), 900);
}

TEST(OrderFiles, Categories) {
  struct {
    maybe_text name, ext;
    maybe_id type;
    std::string_view category;
  } const examples[] = {
      {"a", ".stl", 8, "scan"},
      {"final", "PLY", 8, "scan"},
      {"a", ".jpg", 6, "image"},
      {"a_full", ".JPG", {}, "final_package"},
      {"a_full", ".jpeg", {}, "image"},
      {"Package 1", ".png", {}, "final_package"},
      {"FINALLY.gif", ".gif", {}, "final_package"},
      {{}, ".jpg", {}, "image"},
      {"a", ".pdf", 6, "document"},
      {"final", ".zip", {}, "package"},
      {"a", "rar", {}, "package"},
      {"a", ".tar", {}, "package"},
      {"a", ".dcm", 6, "scan"},
      {"a", {}, 7, "scan"},
      {"a", ".txt", 8, "image"},
      {"a.stl", {}, 2, "other"},
      {"a", ".docx", {}, "other"},
  };
  for (const auto& each : examples) {
    legacy_order_file row = good_order_file();
    row.name = each.name;
    row.ext = each.ext;
    row.type = each.type;
    const outcome got = order_files_bench().run<order_files>({row});
    EXPECT_EQ(got.row(0).text("category"), each.category)
        << each.name.value_or("NULL") << each.ext.value_or("NULL");
  }
}

TEST(OrderFiles, NeedOrderAndFileAndNothingElse) {
  legacy_order_file row = good_order_file();
  row.parameters = "x";
  EXPECT_TRUE(orphan(business_bench().run<order_files>({row}), "order_id"));
  EXPECT_TRUE(
      orphan(business_bench().knows("core.orders", 900).run<order_files>({row}), "file_id"));
  outcome got = order_files_bench().run<order_files>({row});
  EXPECT_TRUE(got.row(0).is_null("product_id"));
  EXPECT_TRUE(got.row(0).is_null("record_id"));
  EXPECT_EQ(got.row(0).json("parameters"), R"({"_raw":"x"})");
  EXPECT_TRUE(got.noted(0, "json_invalid"));
  EXPECT_TRUE(got.noted(0, "missing_parent"));
  row.product_id = row.record_id = std::nullopt;
  row.parameters = std::nullopt;
  got = order_files_bench().run<order_files>({row});
  EXPECT_EQ(codes_of(got), codes{});
  EXPECT_EQ(filters_of<order_files>()[0],
            (std::pair<std::string, std::string>{"no_instruction", "instruction_id is not null"}));
}

TEST(CaseFiles, FollowThePatientNotTheOrder) {
  const legacy_case_file row{.id = 70001, .patient_id = 31};
  auto bench = business_bench();
  EXPECT_TRUE(orphan(bench.run<case_files>({row}), "case_id"));
  EXPECT_TRUE(orphan(bench.run<case_files>({{.id = 70001}}), "case_id"));
  bench.knows("business.cases", 31);
  EXPECT_TRUE(orphan(bench.run<case_files>({row}), "file_id"));
  bench.knows("business.files", 70001);
  const outcome got = bench.run<case_files>({row});
  EXPECT_EQ(got.row(0).uuid("case_id"), key_of("business.cases", 31));
  EXPECT_EQ(got.row(0).uuid("file_id"), key_of("business.files", 70001));
}

}  // namespace
}  // namespace business::tests
