// Which shape the legacy database has (domain 1.2).
#pragma once

namespace mighost::dataset {

enum class Generation {
  newer,  // what the families migrate
  older,  // the clone of May 2025, for tests of the preflight
};

}  // namespace mighost::dataset
