#pragma once
// One chunk, one transaction: its rows, their quarantine records, notes and fingerprints, its
// counts and key set, and that it is done.
#include "lanes/crew.hpp"
#include "lanes/parent_books.hpp"

namespace mighost {

/// Inside the transaction that has claimed the chunk. Throws Error, SqlError; nothing of the chunk
/// then stays.
void load_chunk(Crew& crew, ParentBooks& books, RunContext& run, const ChunkClaim& chunk,
                const std::string& snapshot);

}  // namespace mighost
