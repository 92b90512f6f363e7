// expect: this code is not declared
#include "row.inc"

struct Wrong : Entity<Wrong> {
  void transform(const Source&, mig::output<Wrong>& out) { out.reject<"unknown">(); }
};

MIGHOST_PLUGIN(Family, Wrong)
