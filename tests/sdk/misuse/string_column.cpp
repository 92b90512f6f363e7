// expect: A row only borrows
#include "row.inc"

struct Owner {
  std::string text;
};

constexpr auto column = mig::col("text", &Owner::text);
