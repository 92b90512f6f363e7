#pragma once
// COPY (query) TO STDOUT in a text format: the server writes the file, piece by piece, in whatever
// way it has written such files for decades.
#include <functional>
#include <string>
#include <string_view>

#include "pg/session.hpp"

namespace mighost {

/// `options` is what stands behind TO STDOUT, for example "(FORMAT csv, HEADER)". Every piece is
/// one line with its end. Throws SqlError; an exception of `take` leaves the session unusable.
/// Returns how many pieces there were.
std::uint64_t copy_text(Session& session, const std::string& query, const std::string& options,
                        const std::function<void(std::string_view)>& take);

}  // namespace mighost
