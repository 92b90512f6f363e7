// Holds the generator to its promises that need no database: the same seed gives the same bytes,
// --clean plants nothing, the smallest preset shows every code. That the oracle is right is what
// ./check_oracle and the end-to-end tests find out.

#include "dataset.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "id_allocator.hpp"
#include "loader.hpp"

namespace mighost::dataset {
namespace {

struct Made {
  std::string fingerprint;
  nlohmann::ordered_json oracle;
};

Made make(Knobs knobs, std::uint64_t seed) {
  Dataset dataset(std::move(knobs), seed);
  Loader loader(nullptr);
  Oracle oracle;
  for (const Part& part : parts()) {
    part.generate(dataset);
  }
  for (const Part& part : parts()) {
    if (part.write != nullptr) part.write(dataset, loader);
    if (part.predict != nullptr) part.predict(dataset, oracle);
  }
  return {loader.fingerprint(), oracle.json()};
}

// The codes or notes of the core family; the other families have tests of their own.
std::set<std::string> all_keys(const nlohmann::ordered_json& oracle, const char* member) {
  std::set<std::string> keys;
  for (const auto& [name, entity] : oracle["entities"].items()) {
    if (!name.starts_with("core.")) continue;
    for (const auto& [key, rows] : entity[member].items()) keys.insert(key);
  }
  return keys;
}

TEST(Dataset, SameSeedSameBytes) {
  const Made first = make(Knobs("S"), 11);
  const Made second = make(Knobs("S"), 11);
  const Made other = make(Knobs("S"), 12);
  EXPECT_EQ(first.fingerprint, second.fingerprint);
  EXPECT_EQ(first.oracle, second.oracle);
  EXPECT_NE(first.fingerprint, other.fingerprint);
}

// Every compiler and every build has to come to these bytes. Whoever changes the data on purpose
// puts the new value here; whoever did not has drawn two random numbers in one expression.
TEST(Dataset, SameBytesEverywhere) {
  EXPECT_EQ(make(Knobs("XS"), 1).fingerprint, "de2e9b6916f6ea0f");
}

TEST(Dataset, SmallestPresetShowsEveryCode) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const Made made = make(Knobs("XS"), seed);
    EXPECT_EQ(all_keys(made.oracle, "codes"),
              (std::set<std::string>{"link_incomplete", "missing_parent", "numeric_rounding",
                                     "tax_rate_ambiguous", "tax_rate_range", "unknown_enum",
                                     "waits_for_parent"}));
    EXPECT_EQ(all_keys(made.oracle, "notes"),
              (std::set<std::string>{"birthdate_range", "email_invalid", "json_invalid",
                                     "missing_parent", "name_missing", "nul_replaced",
                                     "patient_record_missing", "phone_invalid", "suffix_missing"}));
  }
}

// A preset without the bulk of its largest tables, which a test could only wait for.
Knobs shortened(std::string_view preset) {
  Knobs knobs(preset);
  knobs.set("tasks", 20'000);
  knobs.set("files", 20'000);
  knobs.set("attachments", 400);
  knobs.set("notifications", 10'000);
  knobs.set("notifications_active", 0.39);
  return knobs;
}

// Notes that healthy rows carry: the shape is legal, and the rule says that it is remarked on.
bool is_legal(const std::string& entity, const std::string& note) {
  return entity == "business.cases" && note == "status_defaulted";
}

TEST(Dataset, CleanLosesNothing) {
  for (const std::string_view preset : preset_names) {
    Knobs knobs = shortened(preset);
    knobs.clean();
    const Made made = make(std::move(knobs), 3);
    for (const auto& [name, entity] : made.oracle["entities"].items()) {
      EXPECT_EQ(entity["quarantined"], 0) << name;
      EXPECT_EQ(entity["parked"], 0) << name;
      for (const auto& [note, rows] : entity["notes"].items()) {
        EXPECT_TRUE(is_legal(name, note)) << name << " " << note;
      }
    }
  }
}

TEST(Dataset, BooksBalance) {
  const Made made = make(shortened("A"), 5);
  for (const auto& [name, entity] : made.oracle["entities"].items()) {
    std::size_t ended = 0;
    for (const char* outcome : {"written", "merged", "filtered", "quarantined", "parked"}) {
      ended += entity[outcome].get<std::size_t>();
    }
    EXPECT_EQ(entity["read"], ended) << name;
  }
}

TEST(Dataset, KnobWithoutRoomIsRefused) {
  Knobs knobs("XS");
  knobs.set("order_unknown_status", 100'000);
  EXPECT_THROW(make(knobs, 1), Error);
  EXPECT_THROW(knobs.set("no_such_knob", 1), Error);
  EXPECT_THROW(knobs.set("users", 0.5), Error);
}

TEST(Random, IsTheSameEverywhere) {
  Random random(1, "golden");
  const std::vector<std::uint32_t> drawn = {random.below(1000), random.below(1000),
                                            random.below(1000), random.below(1000)};
  EXPECT_EQ(drawn, (std::vector<std::uint32_t>{933, 500, 578, 685}));
}

TEST(Values, TextsAreExact) {
  EXPECT_EQ(to_text(Decimal{102'500, 4}), "10.2500");
  EXPECT_EQ(to_text(Decimal{-5, 3}), "-0.005");
  EXPECT_EQ(to_text(Instant{-1}), "1969-12-31 23:59:59.999999+00");
  DecimalSum sum;
  sum.add({1'005, 3});
  sum.add({2, 0});
  sum.add({500'000, 4});
  EXPECT_EQ(sum.text(), "53.005");
}

class Recorder : public Sink {
 public:
  void begin(std::string_view, std::string_view) override {}
  void data(std::string_view bytes) override { bytes_ += bytes; }
  void end(std::size_t rows) override { rows_ = rows; }

  std::string bytes_;
  std::size_t rows_ = 0;
};

TEST(TableWriter, EscapesForCopy) {
  Recorder recorder;
  TableWriter writer(recorder, "t", "a, b, c, d");
  writer.row("tab\t back\\slash\r\n", std::nullopt, true, -7);
  EXPECT_THROW(writer.row(1), Error);
  writer.finish();
  EXPECT_EQ(recorder.bytes_, "tab\\t back\\\\slash\\r\\n\t\\N\tt\t-7\n");
  EXPECT_EQ(recorder.rows_, 1U);
}

TEST(IdAllocator, LeavesGapsAndRemembersThem) {
  IdAllocator ids(Random(1, "ids"), 1, 200);
  std::set<int> given;
  for (int i = 0; i < 1000; ++i) given.insert(ids.next());
  EXPECT_EQ(given.size(), 1000U);
  EXPECT_EQ(given.size() + ids.unused().size(), static_cast<std::size_t>(*given.rbegin()));
  EXPECT_GT(ids.unused().size(), 150U);
  EXPECT_LT(ids.unused().size(), 350U);
}

}  // namespace
}  // namespace mighost::dataset
