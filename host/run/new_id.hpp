#pragma once
#include <mighost/value.hpp>

namespace mighost {

/// A random id for a run: UUID version 4 (RFC 9562 section 5.4).
mig::uuid random_id();

}  // namespace mighost
