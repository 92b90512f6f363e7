// expect: row() takes the row struct that `target` was declared with
#include "row.inc"

struct Wrong : Entity<Wrong> {
  void transform(const Source& row, mig::output<Wrong>& out) { out.row(row); }
};

MIGHOST_PLUGIN(Family, Wrong)
