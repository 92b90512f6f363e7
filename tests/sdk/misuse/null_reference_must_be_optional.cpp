// expect: needs an std::optional member
#include "row.inc"

struct Wrong : Entity<Wrong> {
  static constexpr auto target = mig::into<Target>(
      "s.u", mig::reference("doctor_id", &Target::doctor_id, "core.doctors", mig::missing::null));
  void transform(const Source&, mig::output<Wrong>&) {}
};

MIGHOST_PLUGIN(Family, Wrong)
