#pragma once
// Which live column type can carry which declared type, in both directions. The rule: nothing may
// change on the way. What would round, guess a time zone or parse is refused with the type that
// would fit.
#include <mighost/abi.h>

#include <string>

#include "pg/catalog.hpp"
#include "pg/decode.hpp"

namespace mighost {

struct SourceFit {
  bool fits = false;
  std::string select;  // SQL that yields the column in a type that the codec reads
  WireColumn wire;     // what then arrives
  std::string remark;  // of a conversion that the server makes
  std::string remedy;  // when it does not fit
};

SourceFit fit_source(const CatalogColumn& live, mig_type declared);

struct TargetFit {
  bool fits = false;
  std::string remark;
  std::string remedy;
};

TargetFit fit_target(const CatalogColumn& live, mig_type declared);

}  // namespace mighost
