// A plugin for the tests of fingerprints: one entity with a column of every type that the server
// stores in a form of its own.
#include <cstdint>
#include <mighost/plugin.hpp>
#include <optional>
#include <string_view>

namespace {

struct Sample {
  std::int64_t id;
  std::optional<mig::numeric> price, exact;
  std::optional<mig::json> facts, verbatim;
  std::optional<std::string_view> padded, bounded, kind, words;
  std::optional<double> single;
  std::optional<mig::timestamptz> at, at_millis;
  std::optional<mig::date> day;
  std::optional<mig::bytes> raw;
  std::optional<mig::uuid> token;
};

struct SampleRow {
  std::int64_t legacy_id;
  std::optional<mig::numeric> price, exact;
  std::optional<mig::json> facts, verbatim;
  std::optional<std::string_view> padded, bounded, kind, words;
  std::optional<double> single;
  std::optional<mig::timestamptz> at, at_millis;
  std::optional<mig::date> day;
  std::optional<mig::bytes> raw;
  std::optional<mig::uuid> token;
};

struct Samples {
  static constexpr std::string_view name = "samples";
  static constexpr bool parallel = true;
  static constexpr auto source =
      mig::from<Sample>("public.samples", mig::key("id", &Sample::id),
                        mig::col("price", &Sample::price), mig::col("exact", &Sample::exact),
                        mig::col("facts", &Sample::facts), mig::col("verbatim", &Sample::verbatim),
                        mig::col("padded", &Sample::padded), mig::col("bounded", &Sample::bounded),
                        mig::col("kind", &Sample::kind), mig::col("words", &Sample::words),
                        mig::col("single", &Sample::single), mig::col("at", &Sample::at),
                        mig::col("at_millis", &Sample::at_millis), mig::col("day", &Sample::day),
                        mig::col("raw", &Sample::raw), mig::col("token", &Sample::token));
  static constexpr auto target = mig::into<SampleRow>(
      "public.samples", mig::identity("id"), mig::legacy("legacy_id", &SampleRow::legacy_id),
      mig::col("price", &SampleRow::price), mig::col("exact", &SampleRow::exact),
      mig::col("facts", &SampleRow::facts), mig::col("verbatim", &SampleRow::verbatim),
      mig::col("padded", &SampleRow::padded), mig::col("bounded", &SampleRow::bounded),
      mig::col("kind", &SampleRow::kind), mig::col("words", &SampleRow::words),
      mig::col("single", &SampleRow::single), mig::col("at", &SampleRow::at),
      mig::col("at_millis", &SampleRow::at_millis), mig::col("day", &SampleRow::day),
      mig::col("raw", &SampleRow::raw), mig::col("token", &SampleRow::token));

  void transform(const Sample& row, mig::output<Samples>& out) {
    out.row(SampleRow{row.id, row.price, row.exact, row.facts, row.verbatim, row.padded,
                      row.bounded, row.kind, row.words, row.single, row.at, row.at_millis, row.day,
                      row.raw, row.token});
  }
};

struct Kinds {
  static constexpr std::string_view family = "kinds";
  static constexpr std::string_view description = "a column of every type, for fingerprints";
};

}  // namespace

MIGHOST_PLUGIN(Kinds, Samples)
