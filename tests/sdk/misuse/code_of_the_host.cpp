// expect: a code of the host
#include "row.inc"

struct Wrong : Entity<Wrong> {
  static constexpr mig::code codes[] = {{"missing_parent", "mine"}};
  void transform(const Source&, mig::output<Wrong>&) {}
};

MIGHOST_PLUGIN(Family, Wrong)
