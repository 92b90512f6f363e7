#include "knob_tables.hpp"

namespace mighost::dataset {

std::span<const KnobSpec> business_knobs() { return {}; }

}  // namespace mighost::dataset
