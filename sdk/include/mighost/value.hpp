// The values that rows are made of: exact numbers, instants and days, UUIDs, JSON, text. Everything
// here stands alone: no host, no database, nothing but the standard library. A data problem is
// never an exception: what can fail returns std::optional or a status. Only running out of memory
// throws.
#pragma once

#include "mighost/value/decimal.hpp"
#include "mighost/value/digits.hpp"
#include "mighost/value/json.hpp"
#include "mighost/value/text.hpp"
#include "mighost/value/time.hpp"
#include "mighost/value/uuid.hpp"
