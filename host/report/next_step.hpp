#pragma once
// Commands of this program that a message names as the next step, as they may be pasted into a
// shell.
#include <string>
#include <string_view>

namespace mighost {

/// "mighost WORDS --config FILE". Without a file, as for a database that no configuration names,
/// there is nothing to add.
std::string next_command(std::string_view words, const std::string& config_file);

/// "mighost resume RUN --plugins DIR --config FILE". Without a folder people put theirs.
std::string next_resume(const std::string& run_id, const std::string& plugins,
                        const std::string& config_file);

}  // namespace mighost
