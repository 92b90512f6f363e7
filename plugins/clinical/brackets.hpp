// clinical.brackets: the catalogue of brackets. All that is known of one is its name; what the name
// hints at is a guess, kept apart from the facts in metadata.parsed (domain 3.4).
#pragma once

#include <string>

#include "codes.hpp"

namespace clinical {

struct legacy_bracket {
  std::int64_t id = 0;
  maybe_text name{};
  std::optional<std::int64_t> project_id{}, type{};
};

struct bracket {
  std::string_view name{};
  std::int64_t legacy_bracket_id = 0;
  std::optional<std::int64_t> legacy_project_id{};
  mig::json metadata{};
};

/// What a keyword in the name of a bracket hints at. A hint has high confidence when the keyword
/// says the thing itself, and low when the thing follows from a brand or a shape.
struct hint {
  std::string_view keyword;  // in lower case
  std::string_view value;
  bool says_it = true;
};
inline constexpr hint bracket_type_hints[] = {
    {"speed", "self-ligating", false}, {"alias", "ceramic", false}, {"square", "metal", false},
    {"composite", "composite"},        {"ceramic", "ceramic"},      {"hook", "hook"},
};
inline constexpr hint tooth_position_hints[] = {
    {"canine", "canine"}, {"incisors", "incisors"}, {"molars", "molars"}};
inline constexpr hint arch_type_hints[] = {{"upper", "upper"}, {"lower", "lower"}};
inline constexpr hint both_arches = {"upper lower", "both"};
inline constexpr hint manufacturer_hints[] = {{"speed", "Speed", false}, {"alias", "Alias", false}};

struct brackets {
  static constexpr std::string_view name = "brackets";
  static constexpr std::string_view description =
      "brackets by name; what the name hints at is kept as a guess";
  static constexpr bool parallel = true;

  static constexpr auto source = mig::from<legacy_bracket>(
      "public.dispatch_bracket", mig::key("id", &legacy_bracket::id),
      mig::col("name", &legacy_bracket::name), mig::col("project_id", &legacy_bracket::project_id),
      mig::col("type", &legacy_bracket::type));

  // bracket_type is left to the target's default, 'standard': nobody knows it.
  static constexpr auto target = mig::into<bracket>(
      "public.brackets", mig::identity("id"),
      mig::legacy("legacy_bracket_id", &bracket::legacy_bracket_id),
      mig::col("name", &bracket::name), mig::col("legacy_project_id", &bracket::legacy_project_id),
      mig::col("metadata", &bracket::metadata));

  static constexpr mig::code codes[] = {name_missing};

  void transform(const legacy_bracket& row, mig::output<brackets>& out) {
    metadata_.clear();
    metadata_.add("type", row.type);
    if (const maybe_text given = trimmed(row.name)) parse(mig::ascii_lower(*given, lower_));
    out.row(bracket{.name = name_or_number(row.name, "Bracket", row.id, out),
                    .legacy_bracket_id = row.id,
                    .legacy_project_id = row.project_id,
                    .metadata = out.keep(metadata_)});
  }

 private:
  static bool has(std::string_view text, std::string_view keyword) {
    return text.find(keyword) != text.npos;
  }

  void parse(std::string_view given) {
    if (has(given, "test")) metadata_.add("is_test", true);
    parsed_.clear();
    guess_first("bracket_type", given, bracket_type_hints);
    guess_first("tooth_position", given, tooth_position_hints);
    if (has(given, "upper") && has(given, "lower")) {
      guess("arch_type", both_arches);
    } else {
      guess_first("arch_type", given, arch_type_hints);
    }
    guess_first("manufacturer", given, manufacturer_hints);
    if (!parsed_.empty()) metadata_.add("parsed", parsed_);
  }

  template <std::size_t N>
  void guess_first(std::string_view field, std::string_view given, const hint (&hints)[N]) {
    for (const hint& each : hints) {
      if (has(given, each.keyword)) return guess(field, each);
    }
  }

  void guess(std::string_view field, const hint& found) {
    guess_.clear();
    guess_.add("value", found.value)
        .add("keyword", found.keyword)
        .add("confidence", found.says_it ? "high" : "low");
    parsed_.add(field, guess_);
  }

  std::string lower_;
  mig::json_object metadata_, parsed_, guess_;
};

}  // namespace clinical
