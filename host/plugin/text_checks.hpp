#pragma once
// What the manifest's texts must look like before the host uses them as names or shows them.
#include <string_view>

namespace mighost {

/// Well-formed UTF-8 (no overlong forms, no surrogates) without NUL.
bool is_utf8(std::string_view text);

/// [a-z0-9_]+, for entities, codes and settings.
bool is_name(std::string_view text);

/// [a-z0-9_-]+, for families.
bool is_family_name(std::string_view text);

/// `pattern` matches all of `text`; '*' stands for any run of characters.
bool matches_glob(std::string_view pattern, std::string_view text);

}  // namespace mighost
