#pragma once
// Places where a test may make the program die, fail, wait or lose a connection, so that what
// happens "in the middle" is no matter of luck. What they do stands in failpoint.cpp, and that is
// linked only into programs for tests (CMake option MIGHOST_FAILPOINTS, target mighost-failpoints).
// In the program that people use the two functions below have no address: it knows no variable
// and no action, and a place costs one comparison. Not in a loop over rows, still.
#include <algorithm>
#include <array>
#include <string_view>

namespace mighost {

/// All there are. The variable MIGHOST_FAILPOINTS takes no other name, and the code neither.
inline constexpr std::array<std::string_view, 21> failpoint_names{
    "run.started",          // the transaction has begun
    "entity.beginning",     // scope chunk: before the COMMIT that begins an entity
    "entity.begun",         // scope chunk: after it
    "entity.loaded",        // scope run: the rows of an entity are in the target
    "entity.finishing",     // scope chunk: all chunks are there, the indexes are not
    "entity.restored",      // scope chunk: they are, before COMMIT
    "entity.finished",      // scope chunk: after it
    "entity.stopping",      // scope chunk: it has met an error, and the ledger does not know it yet
    "chunk.claimed",        // a chunk is locked
    "chunk.reading",        // its first batch was read
    "chunk.loaded",         // its rows are sent
    "chunk.recorded",       // so is what the ledger knows of them, before COMMIT
    "chunk.committed",      // after it
    "run.concluding",       // all entities are done
    "run.checked",          // so are all checks
    "run.committing",       // nothing but COMMIT is left
    "run.committed",        // after it
    "rollback.staged",      // rows to undo are known and compared
    "rollback.removed",     // its rows are gone from the target
    "rollback.committing",  // nothing but COMMIT is left
    "rollback.committed"    // after it
};

/// A name that the list has; another one does not compile.
class FailpointName {
 public:
  // NOLINTNEXTLINE(google-explicit-constructor): failpoint("run.started") is how it is written
  consteval FailpointName(const char* text) : text_(text) {
    if (std::find(failpoint_names.begin(), failpoint_names.end(), text_) == failpoint_names.end()) {
      throw "failpoint_names has no such name";
    }
  }
  std::string_view text() const { return text_; }

 private:
  std::string_view text_;
};

/// Takes orders in the form of the variable, instead of those that it had, while no other thread
/// comes by a failpoint. Throws Error when a name or an action in them is unknown.
[[gnu::weak]] void arm_failpoints(std::string_view orders);
/// Takes those of the variable.
[[gnu::weak]] void arm_failpoints_from_environment();
/// Does what is ordered for this place. May throw Error, or not come back.
[[gnu::weak]] void failpoint_reached(std::string_view name, int socket);

/// `socket`: of the connection that the order `lost` is about.
inline void failpoint(FailpointName name, int socket = -1) {
  if (failpoint_reached != nullptr) failpoint_reached(name.text(), socket);
}

}  // namespace mighost
