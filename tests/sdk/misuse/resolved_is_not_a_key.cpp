// expect: resolved
#include "row.inc"

struct Wrong : Entity<Wrong> {
  void transform(const Source& row, mig::output<Wrong>& out) {
    // Under missing::reject the answer must be tested first.
    out.row(Target{.doctor_id = out.resolve<"core.doctors">(row.doctor_id), .text = row.text});
  }
};

MIGHOST_PLUGIN(Family, Wrong)
