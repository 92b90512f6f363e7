// expect: resolve<> names a parent that is not declared
#include "row.inc"

struct Wrong : Entity<Wrong> {
  void transform(const Source& row, mig::output<Wrong>& out) {
    (void)out.resolve<"core.offices">(row.doctor_id);
  }
};

MIGHOST_PLUGIN(Family, Wrong)
