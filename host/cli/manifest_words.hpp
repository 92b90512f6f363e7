#pragma once
// The manifest's numbers as words, the same in every output.
#include <mighost/abi.h>

#include <string_view>

namespace mighost {

std::string_view identity_word(mig_identity identity);
std::string_view policy_word(mig_policy policy);
std::string_view severity_word(mig_severity severity);
std::string_view setting_kind_word(mig_setting_kind kind);

}  // namespace mighost
