// expect: several references match
#include "row.inc"

struct TwoDoctors {
  mig::uuid first_id;
  mig::uuid second_id;
};

struct Wrong : Entity<Wrong> {
  static constexpr auto target = mig::into<TwoDoctors>(
      "s.u",
      mig::reference("first_id", &TwoDoctors::first_id, "core.doctors", mig::missing::reject),
      mig::reference("second_id", &TwoDoctors::second_id, "core.doctors", mig::missing::reject));
  void transform(const Source& row, mig::output<Wrong>& out) {
    (void)out.resolve<"core.doctors">(row.doctor_id);
  }
};

MIGHOST_PLUGIN(Family, Wrong)
