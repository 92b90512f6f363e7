// expect: a legacy key is made of int64, string_view, uuid
#include "row.inc"

struct Wrong : Entity<Wrong> {
  void transform(const Source&, mig::output<Wrong>& out) { (void)out.resolve<"core.doctors">(1.5); }
};

MIGHOST_PLUGIN(Family, Wrong)
