#pragma once
// The queue of a run in scope chunk: tables mighost.loads and mighost.chunks. A claim is a row lock
// that the claiming transaction holds until it ends (PostgreSQL documentation, SELECT, FOR UPDATE
// SKIP LOCKED): what the claim was for commits with it, and a claim of the dead is nobody's.
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "pg/session.hpp"

namespace mighost {

/// One run, as the process that works on it knows it.
struct RunTicket {
  std::string run_id;
  int epoch = 0;         // of mighost.runs: another one has taken the run over when it differs
  std::string worker{};  // uuid of this process
};

struct LoadState {
  std::string status;  // waiting, loading, finished, stopped
  std::uint64_t chunks = 0, chunks_done = 0;
  std::string error;
};

struct ChunkClaim {
  std::string entity, key_range;
  int number = 0;
};

/// What a chunk's transaction leaves of it.
struct ChunkDone {
  std::string snapshot, record_json;
  std::optional<std::string> keys;  // nothing: its rows tell them
  std::uint64_t rows = 0, hash = 0;
  double seconds = 0;
};

struct FinishedChunk {
  int number = 0;
  std::string key_range, snapshot, record_json;
  std::optional<std::string> keys;
  std::uint64_t rows = 0, hash = 0;
};

void open_loads(Session& session, const std::string& run_id,
                const std::vector<std::string>& entities);

std::map<std::string, LoadState> load_states(Session& session, const std::string& run_id);

/// Holds the run until the transaction ends: nobody takes it over meanwhile. Throws
/// Error{Exit::failed} when somebody has.
void hold_run(Session& session, const RunTicket& ticket);
/// Throws that Error.
[[noreturn]] void run_is_lost(const Session& session, const RunTicket& ticket);

/// The first of these entities that waits and that nobody else is about to begin.
std::optional<std::string> claim_beginning(Session& session, const std::string& run_id,
                                           const std::vector<std::string>& ready);
std::optional<ChunkClaim> claim_chunk(Session& session, const std::string& run_id);
/// An entity all of whose chunks are done.
std::optional<std::string> claim_finishing(Session& session, const std::string& run_id);
/// The run itself, to conclude it. False: somebody else does.
bool claim_conclusion(Session& session, const RunTicket& ticket);

void add_chunks(Session& session, const std::string& run_id, const std::string& entity,
                const std::vector<std::string>& key_ranges);
void load_finished(Session& session, const std::string& run_id, const std::string& entity);
/// Unless it is finished: what is there stays there. False: it is.
bool stop_load(Session& session, const std::string& run_id, const std::string& entity,
               const std::string& error);
void chunk_done(Session& session, const RunTicket& ticket, const ChunkClaim& chunk,
                const ChunkDone& done);
std::vector<FinishedChunk> finished_chunks(Session& session, const std::string& run_id,
                                           const std::string& entity);

/// Rows that the entity's table had before the run.
std::uint64_t rows_before(Session& session, const std::string& run_id, const std::string& entity);

}  // namespace mighost
