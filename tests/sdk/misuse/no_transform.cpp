// expect: an entity has void transform
#include "row.inc"

struct Wrong : Entity<Wrong> {};

MIGHOST_PLUGIN(Family, Wrong)
