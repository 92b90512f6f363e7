// expect: a target column is named twice
#include "row.inc"

struct Wrong : Entity<Wrong> {
  static constexpr auto target =
      mig::into<Target>("s.u", mig::identity("text"), mig::col("text", &Target::text));
  void transform(const Source&, mig::output<Wrong>&) {}
};

MIGHOST_PLUGIN(Family, Wrong)
