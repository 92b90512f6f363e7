// The SQL files of this directory, compiled in so that the program runs from anywhere.
#pragma once

namespace mighost::dataset::sql {

extern const char* const legacy_schema;
extern const char* const legacy_keys;
extern const char* const legacy_schema_older;
extern const char* const target_schema;
extern const char* const target_families;
extern const char* const target_triggers;

}  // namespace mighost::dataset::sql
