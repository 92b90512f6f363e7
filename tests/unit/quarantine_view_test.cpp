// How the quarantine is told to people and to programs.
#include "cli/quarantine_view.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace mighost {
namespace {

RootCause doctor() {
  RootCause cause;
  cause.entity = "core.doctors";
  cause.key = "4711";
  cause.code = "no_office";
  cause.waiting = {{"core.offers", 17}};
  cause.behind = 203;
  return cause;
}

bool has_line(const std::string& text, const std::string& line) {
  return ("\n" + text).find("\n" + line + "\n") != std::string::npos;
}

TEST(QuarantineView, NamesTheRootAndWhatWaitsForIt) {
  QuarantineView view;
  view.by_code = {{"core.doctors", "no_office", 1, 0}, {"core.offers", "waits_for_parent", 220, 0}};
  view.causes.shown = {doctor()};
  const std::string text = quarantine_text(view, false);
  EXPECT_TRUE(has_line(text,
                       "  17 core.offers and 203 rows behind them wait for core.doctors 4711 "
                       "(no_office)"))
      << text;
  EXPECT_TRUE(has_line(text, "221 rows are held back: 221 open.")) << text;
  EXPECT_EQ(text.find("waived"), std::string::npos) << text;
  EXPECT_EQ(text.find("absent"), std::string::npos) << text;
}

TEST(QuarantineView, TellsRootsThatNeverCameAndCircles) {
  QuarantineView view;
  view.by_code = {{"a.b", "waits_for_parent", 1, 1}};
  RootCause absent{"a.p", "1", "", RootCause::State::absent, false, {{"a.b", 1}}, 0};
  RootCause circle{
      "a.b", "2", "missing_parent", RootCause::State::circle, true, {{"a.b", 1}, {"a.c", 1}}, 1};
  view.causes.shown = {absent, circle};
  view.causes.more = 1200;
  view.alone = 1;
  const std::string text = quarantine_text(view, false);
  EXPECT_TRUE(has_line(text, "  1 a.b waits for a.p 1 (absent)")) << text;
  EXPECT_TRUE(has_line(text,
                       "  1 a.b, 1 a.c and 1 row behind them wait for a.b 2 (missing_parent), "
                       "which waits for one of them, waived"))
      << text;
  EXPECT_TRUE(has_line(text, "  and 1,200 more (--limit 0 shows all)")) << text;
  EXPECT_TRUE(has_line(text, "  1 row has a reason of its own, and nothing waits for it")) << text;
  EXPECT_NE(text.find("(absent: no such row has come"), std::string::npos) << text;
  EXPECT_TRUE(has_line(text, "2 rows are held back: 1 open and 1 waived.")) << text;
}

TEST(QuarantineView, SaysWhenThereIsNothing) {
  QuarantineView view;
  EXPECT_EQ(quarantine_text(view, false), "No row is held back.\n");
  view.filtered = true;
  EXPECT_EQ(quarantine_text(view, false), "No row that is held back matches.\n");
}

TEST(QuarantineView, NoTextFromElsewhereSteersTheTerminal) {
  QuarantineView view;
  view.filtered = true;
  const std::string evil = "k\n\x1b[2J";
  RootCause cause = doctor();
  cause.key = cause.code = evil;
  view.by_code = {{evil, evil, 1, 0}};
  view.causes.shown = {cause};
  view.rows.shown = {{evil, evil, evil, evil, evil, evil, evil, evil, evil, false}};
  view.waivers.shown = {{evil, evil, evil, evil, evil, false}};
  const std::string text = quarantine_text(view, false);
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_EQ(text.find("k\n"), std::string::npos);
}

TEST(QuarantineView, JsonHasStableNames) {
  QuarantineView view;
  view.by_code = {{"core.doctors", "no_office", 1, 0},
                  {"core.offers", "waits_for_parent", 200, 20}};
  view.causes.shown = {doctor()};
  view.causes.more = 2;
  view.waived = 3;
  const auto json = nlohmann::json::parse(quarantine_json(view));
  EXPECT_EQ(json["open"], 201);
  EXPECT_EQ(json["waived"], 20);
  const nlohmann::json cause = {{"entity", "core.doctors"},
                                {"key", "4711"},
                                {"state", "held"},
                                {"code", "no_office"},
                                {"waived", false},
                                {"rows", 220},
                                {"waiting", {{{"entity", "core.offers"}, {"rows", 17}}}},
                                {"behind", 203}};
  EXPECT_EQ(json["root_causes"], nlohmann::json::array({cause}));
  EXPECT_EQ(json["root_causes_more"], 2);
  EXPECT_EQ(json["waivers_recorded"], 3);
  EXPECT_FALSE(json.contains("waivers_withdrawn"));
  EXPECT_FALSE(json.contains("rows")) << "rows are listed when a filter selects some";
}

}  // namespace
}  // namespace mighost
