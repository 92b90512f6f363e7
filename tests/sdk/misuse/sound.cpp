// expect: (compiles)
#include "row.inc"

struct Sound : Entity<Sound> {
  void transform(const Source& row, mig::output<Sound>& out) {
    const auto doctor = out.resolve<"core.doctors">(row.doctor_id);
    if (!doctor) return;
    if (row.text.empty()) return out.reject<"known">("text");
    out.row(Target{.doctor_id = *doctor, .text = row.text});
  }
};

MIGHOST_PLUGIN(Family, Sound)
