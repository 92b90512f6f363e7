// expect: a row struct must not own memory
#include "row.inc"

struct Owner {
  std::string_view text;
  std::string storage;
};

struct Wrong : Entity<Wrong> {
  static constexpr auto target = mig::into<Owner>("s.u", mig::col("text", &Owner::text));
  void transform(const Source&, mig::output<Wrong>& out) { out.row(Owner{}); }
};

MIGHOST_PLUGIN(Family, Wrong)
