// expect: mig::key columns come before all others
#include "row.inc"

struct Wrong : Entity<Wrong> {
  static constexpr auto source =
      mig::from<Source>("s.t", mig::col("text", &Source::text), mig::key("id", &Source::id));
  void transform(const Source&, mig::output<Wrong>&) {}
};

MIGHOST_PLUGIN(Family, Wrong)
