#include "clinical_test.hpp"

namespace clinical::tests {
namespace {

/// The metadata of a bracket with this name.
std::string metadata_of(std::string_view name) {
  const outcome got = clinical_bench().run<brackets>({{.id = 8, .name = name, .type = 2}});
  return got.row(0).json("metadata");
}

std::string parsed(std::string_view guesses) {
  return R"({"type":2,"parsed":{)" + std::string{guesses} + "}}";
}

TEST(Brackets, CarriesWhatIsKnown) {
  const outcome got = clinical_bench().run<brackets>(
      {{.id = 8, .name = " Mini  X-9 ", .project_id = 135, .type = 2}, {.id = 9, .name = "U7"}});
  ASSERT_TRUE(got.clean());
  EXPECT_EQ(codes_of(got), codes{});
  EXPECT_EQ(got.row(0).text("name"), "Mini  X-9");
  EXPECT_EQ(got.row(0).integer("legacy_bracket_id"), 8);
  EXPECT_EQ(got.row(0).integer("legacy_project_id"), 135);
  EXPECT_EQ(got.row(0).json("metadata"), R"({"type":2})");
  EXPECT_TRUE(got.row(1).is_null("legacy_project_id"));
  EXPECT_EQ(got.row(1).json("metadata"), R"({"type":null})");
}

TEST(Brackets, GuessesStayOutOfTheColumns) {
  for (const auto& column : mig::detail::columns<brackets::target>) {
    const std::string_view name = mig::detail::view(column.name);
    for (const std::string_view guess :
         {"bracket_type", "material", "tooth_position", "arch_type", "manufacturer"}) {
      EXPECT_NE(name, guess);
    }
  }
}

TEST(Brackets, WithoutANameTheNumberStandsAndIsNotParsed) {
  for (const maybe_text name :
       {maybe_text{}, maybe_text{""}, maybe_text{" "}, maybe_text{"null"}}) {
    const outcome got = clinical_bench().run<brackets>({{.id = 8, .name = name}});
    EXPECT_EQ(got.row(0).text("name"), "Bracket 8");
    EXPECT_EQ(codes_of(got), codes{"name_missing"});
    EXPECT_EQ(got.row(0).json("metadata"), R"({"type":null})");
  }
}

TEST(Brackets, TestsAreMarked) {
  for (const char* name : {"test", "MyTest 4", "latest"}) {
    EXPECT_EQ(metadata_of(name), R"({"type":2,"is_test":true})") << name;
  }
  EXPECT_EQ(metadata_of("tes t"), R"({"type":2})");
}

TEST(Brackets, BrandsAndShapesAreWeakHints) {
  EXPECT_EQ(metadata_of("SPEED 22"),
            parsed(R"("bracket_type":{"value":"self-ligating","keyword":"speed",)"
                   R"("confidence":"low"},"manufacturer":{"value":"Speed","keyword":"speed",)"
                   R"("confidence":"low"})"));
  EXPECT_EQ(metadata_of("Alias"),
            parsed(R"("bracket_type":{"value":"ceramic","keyword":"alias","confidence":"low"},)"
                   R"("manufacturer":{"value":"Alias","keyword":"alias","confidence":"low"})"));
  EXPECT_EQ(metadata_of("square"),
            parsed(R"("bracket_type":{"value":"metal","keyword":"square","confidence":"low"})"));
}

TEST(Brackets, WordsForTheThingItselfAreStrongHints) {
  for (const std::string word : {"composite", "ceramic", "hook"}) {
    EXPECT_EQ(metadata_of("New " + word + "s"),
              parsed(R"("bracket_type":{"value":")" + word + R"(","keyword":")" + word +
                     R"(","confidence":"high"})"));
  }
  for (const std::string word : {"canine", "incisors", "molars"}) {
    EXPECT_EQ(metadata_of(word), parsed(R"("tooth_position":{"value":")" + word +
                                        R"(","keyword":")" + word + R"(","confidence":"high"})"));
  }
}

TEST(Brackets, TheFirstKeywordOfTheTableWins) {
  EXPECT_NE(metadata_of("hook for Speed").find(R"("value":"self-ligating")"), std::string::npos);
  EXPECT_NE(metadata_of("ceramic composite").find(R"("value":"composite")"), std::string::npos);
  EXPECT_NE(metadata_of("molars and canine").find(R"("value":"canine")"), std::string::npos);
  EXPECT_NE(metadata_of("alias speed").find(R"("manufacturer":{"value":"Speed")"),
            std::string::npos);
}

TEST(Brackets, ArchesMayBeBoth) {
  EXPECT_EQ(metadata_of("Upper"),
            parsed(R"("arch_type":{"value":"upper","keyword":"upper","confidence":"high"})"));
  EXPECT_EQ(metadata_of("lower"),
            parsed(R"("arch_type":{"value":"lower","keyword":"lower","confidence":"high"})"));
  EXPECT_EQ(metadata_of("lower/upper"),
            parsed(R"("arch_type":{"value":"both","keyword":"upper lower","confidence":"high"})"));
}

TEST(Brackets, GuessesOfOneRowDoNotReachTheNext) {
  const outcome got = clinical_bench().run<brackets>(
      {{.id = 1, .name = "test speed upper"}, {.id = 2, .name = "x"}});
  EXPECT_EQ(got.row(1).json("metadata"), R"({"type":null})");
}

}  // namespace
}  // namespace clinical::tests
