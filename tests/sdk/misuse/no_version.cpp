// expect: no version: give the plugin a `version`
#include "row.inc"

struct Nameless {
  static constexpr std::string_view family = "test";
};

struct Sound : Entity<Sound> {
  void transform(const Source&, mig::output<Sound>&) {}
};

MIGHOST_PLUGIN(Nameless, Sound)
