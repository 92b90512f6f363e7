// expect: row
#include "row.inc"

struct Rules {
  static constexpr std::string_view name = "rules";
  static constexpr std::string_view applies_to = "core.*";
  static constexpr auto needs = mig::needs<Target>(mig::col("text", &Target::text));
  void check(const Target& row, mig::verdict<Rules>& verdict) { verdict.row(row); }
};

MIGHOST_PLUGIN(Family, Rules)
