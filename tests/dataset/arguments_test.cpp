// The command line of mighost-dataset: what goes together, and what a refusal says.

#include "arguments.hpp"

#include <gtest/gtest.h>

#include "error.hpp"

namespace mighost::dataset {
namespace {

std::string refusal_of(const std::vector<std::string>& words) {
  try {
    parse_arguments(words);
  } catch (const Error& error) {
    return std::string(error.what()) + " | " + error.where + " | " + error.next;
  }
  return "none";
}

TEST(DatasetArguments, GenerationIsNewerUnlessToldOtherwise) {
  EXPECT_EQ(parse_arguments({}).generation, Generation::newer);
  EXPECT_EQ(parse_arguments({"--generation", "newer"}).generation, Generation::newer);
  EXPECT_EQ(parse_arguments({"--generation", "older"}).generation, Generation::older);
  EXPECT_EQ(refusal_of({"--generation", "oldest"}),
            "there is no generation \"oldest\" | --generation | older or newer");
  EXPECT_EQ(refusal_of({"--generation"}),
            "a value is missing | --generation | see mighost-dataset --help");
}

TEST(DatasetArguments, OlderGenerationHasNoOracle) {
  const std::string refusal =
      "the older generation has no oracle: a migration refuses it | --generation older --oracle | "
      "leave out --oracle, or make the newer generation";
  EXPECT_EQ(refusal_of({"--generation", "older", "--oracle", "x.json"}), refusal);
  EXPECT_EQ(refusal_of({"--oracle", "x.json", "--generation", "older"}), refusal);
  EXPECT_EQ(refusal_of({"--generation", "newer", "--oracle", "x.json"}), "none");
}

}  // namespace
}  // namespace mighost::dataset
