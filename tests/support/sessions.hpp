#pragma once

// The sessions that a run has at a server: counted, ended by force, waited for.

#include <cstddef>
#include <string>

namespace mighost::test {

// Ends all sessions of a run, or of any run when no id is given, in the database of `url`; returns
// how many there were.
std::size_t terminate_sessions(const std::string& url, const std::string& run_id = {});
// Ends one of them: the n-th by name and age, counted around. False when there is none.
bool terminate_session(const std::string& url, unsigned nth, const std::string& run_id = {});
// Waits until all clients of the server but this one are gone: a backend that still works for one
// holds locks and may yet commit. Throws std::runtime_error when one stays.
void wait_for_clients_to_end(const std::string& url);

}  // namespace mighost::test
