#pragma once
// [source] and [target]: where to connect, without ever holding a password in the file.
#include "config/run_config.hpp"
#include "config/table_reader.hpp"

namespace mighost {

/// Reads `url` or `service` of the table. What is wrong becomes a fault of the table; no message
/// quotes the value, because it may be a password in the wrong place.
Endpoint read_endpoint(TableReader& table);

}  // namespace mighost
