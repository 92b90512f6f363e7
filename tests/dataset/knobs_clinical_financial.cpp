#include "knob_tables.hpp"

namespace mighost::dataset {

std::span<const KnobSpec> clinical_financial_knobs() { return {}; }

}  // namespace mighost::dataset
