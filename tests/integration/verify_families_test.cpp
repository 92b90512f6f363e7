// mighost verify over all families, by fingerprints and by transforming rows again.
#include <gtest/gtest.h>

#include "support/dataset.hpp"

namespace mighost::test {
namespace {

using json = nlohmann::json;

TEST(ReleaseOnlyVerifyFamilies, AreAsTheyWereBrought) {
  Migration migration(shipped_plugins());
  fill(migration, {});
  const Outcome run = migration.run({});
  ASSERT_EQ(run.exit_code, 0) << run.error;
  const std::vector<std::string> words = {"verify", "--config", migration.config_file().string(),
                                          "--json", "-"};
  std::vector<std::string> again = words;
  again.insert(again.end(), {"--plugins", shipped_plugins().string()});
  const Outcome independent = run_process(migration.command(again));
  EXPECT_EQ(independent.exit_code, 0) << independent.output << independent.error;
  const json second_look = json::parse(independent.output);
  for (const auto& entity : second_look.at("entities")) {
    for (const auto& one : entity.at("transformed_again")) {
      EXPECT_EQ(one["reason"], "") << one;
      EXPECT_EQ(one["looked_at"], one["picked"]) << one;
    }
  }
  migration.target(
      "UPDATE comments SET content = content || '.' WHERE id = (SELECT min(id::text) "
      "FROM comments)::uuid");
  const Outcome verify = run_process(migration.command(words));
  EXPECT_EQ(verify.exit_code, 4) << verify.error;
  const json verdict = json::parse(verify.output);
  for (const auto& entity : verdict.at("entities")) {
    const bool comments = entity["target"] == "public.comments";
    EXPECT_EQ(entity["status"], comments ? "MISMATCH" : "VERIFIED") << entity;
    json columns = json::array();
    for (const auto& finding : entity["findings"]) columns.push_back(finding["columns"]);
    EXPECT_EQ(columns, comments ? json::array({{"content"}}) : json::array());
  }
}

}  // namespace
}  // namespace mighost::test
