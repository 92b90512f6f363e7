#pragma once
// `mighost quarantine`: what is held back and why, from the ledger alone; export and waivers.
#include "cli/arguments.hpp"
#include "report/error.hpp"

namespace mighost {

Exit quarantine_command(const Arguments& arguments);

/// The login name of whoever runs the program; empty when the system knows none.
std::string login_name();

}  // namespace mighost
