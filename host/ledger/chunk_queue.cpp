#include "ledger/chunk_queue.hpp"

#include "pg/bytea.hpp"
#include "pg/text_array.hpp"
#include "report/error.hpp"
#include "report/next_step.hpp"

namespace mighost {
void open_loads(Session& session, const std::string& run_id,
                const std::vector<std::string>& entities) {
  for (std::size_t position = 0; position < entities.size(); ++position) {
    session.query(
        "INSERT INTO mighost.loads (run_id, entity, position, status) "
        "VALUES ($1, $2, $3, 'waiting')",
        {run_id, entities[position], std::to_string(position)});
  }
}

std::map<std::string, LoadState> load_states(Session& session, const std::string& run_id) {
  std::map<std::string, LoadState> states;
  const Rows rows = session.query(
      "SELECT l.entity, l.status, count(c.number), count(c.number) FILTER (WHERE c.status = "
      "'done'), coalesce(l.error, '') FROM mighost.loads l LEFT JOIN mighost.chunks c USING "
      "(run_id, entity) WHERE l.run_id = $1 GROUP BY l.entity, l.status, l.error",
      {run_id});
  for (const auto& row : rows.rows) {
    states[*row[0]] = {*row[1], std::stoull(*row[2]), std::stoull(*row[3]), *row[4]};
  }
  return states;
}

void hold_run(Session& session, const RunTicket& ticket) {
  const Rows held = session.query(
      "SELECT 1 FROM mighost.runs WHERE run_id = $1 AND epoch = $2 AND status = 'running' "
      "FOR SHARE",
      {ticket.run_id, std::to_string(ticket.epoch)});
  if (held.empty()) run_is_lost(session, ticket);
}

void run_is_lost(const Session& session, const RunTicket& ticket) {
  throw Error(Exit::failed, "somebody else has taken the run over, or has ended it",
              "run " + ticket.run_id,
              next_command("status", session.endpoint().file) + " tells who works on it");
}

std::optional<std::string> claim_beginning(Session& session, const std::string& run_id,
                                           const std::vector<std::string>& ready) {
  if (ready.empty()) return std::nullopt;
  return session
      .query(
          "SELECT entity FROM mighost.loads WHERE run_id = $1 AND status = 'waiting' AND "
          "entity = ANY ($2::text[]) ORDER BY position LIMIT 1 FOR UPDATE SKIP LOCKED",
          {run_id, text_array(ready)})
      .value();
}

std::optional<ChunkClaim> claim_chunk(Session& session, const std::string& run_id) {
  const Rows rows = session.query(
      "SELECT c.entity, c.key_range, c.number FROM mighost.chunks c JOIN mighost.loads l USING "
      "(run_id, entity) WHERE run_id = $1 AND c.status = 'open' AND l.status = 'loading' "
      "ORDER BY l.position, c.number LIMIT 1 FOR UPDATE OF c SKIP LOCKED",
      {run_id});
  if (rows.empty()) return std::nullopt;
  return ChunkClaim{*rows.at(0, 0), *rows.at(0, 1), std::stoi(*rows.at(0, 2))};
}

std::optional<std::string> claim_finishing(Session& session, const std::string& run_id) {
  return session
      .query(
          "SELECT entity FROM mighost.loads l WHERE run_id = $1 AND status = 'loading' AND NOT "
          "EXISTS (SELECT FROM mighost.chunks c WHERE c.run_id = l.run_id AND c.entity = l.entity "
          "AND c.status = 'open') ORDER BY position LIMIT 1 FOR UPDATE SKIP LOCKED",
          {run_id})
      .value();
}

bool claim_conclusion(Session& session, const RunTicket& ticket) {
  return !session
              .query(
                  "SELECT 1 FROM mighost.runs WHERE run_id = $1 AND epoch = $2 AND status = "
                  "'running' FOR UPDATE SKIP LOCKED",
                  {ticket.run_id, std::to_string(ticket.epoch)})
              .empty();
}

void add_chunks(Session& session, const std::string& run_id, const std::string& entity,
                const std::vector<std::string>& key_ranges) {
  for (std::size_t number = 0; number < key_ranges.size(); ++number) {
    session.query(
        "INSERT INTO mighost.chunks (run_id, entity, number, key_range) VALUES ($1, $2, $3, $4)",
        {run_id, entity, std::to_string(number), key_ranges[number]});
  }
}

void load_finished(Session& session, const std::string& run_id, const std::string& entity) {
  session.query(
      "UPDATE mighost.loads SET status = 'finished', error = NULL WHERE run_id = $1 AND entity = "
      "$2",
      {run_id, entity});
}

bool stop_load(Session& session, const std::string& run_id, const std::string& entity,
               const std::string& error) {
  const Rows stopped = session.query(
      "UPDATE mighost.loads SET status = 'stopped', error = coalesce(error, $3) WHERE run_id = $1 "
      "AND entity = $2 AND status <> 'finished' RETURNING 1",
      {run_id, entity, error});
  return !stopped.empty();
}

void chunk_done(Session& session, const RunTicket& ticket, const ChunkClaim& chunk,
                const ChunkDone& done) {
  session.query(
      "UPDATE mighost.chunks SET status = 'done', worker = $4, snapshot = $5, record = $6, "
      "keys = $7, rows = $8, hash = $9, seconds = $10, done_at = clock_timestamp() "
      "WHERE run_id = $1 AND entity = $2 AND number = $3",
      {ticket.run_id, chunk.entity, std::to_string(chunk.number), ticket.worker, done.snapshot,
       done.record_json, done.keys ? std::optional(bytea_text(*done.keys)) : std::nullopt,
       std::to_string(done.rows), std::to_string(static_cast<std::int64_t>(done.hash)),
       std::to_string(done.seconds)});
}

std::vector<FinishedChunk> finished_chunks(Session& session, const std::string& run_id,
                                           const std::string& entity) {
  std::vector<FinishedChunk> chunks;
  const Rows rows = session.query(
      "SELECT number, key_range, coalesce(snapshot, ''), record, keys, rows, hash "
      "FROM mighost.chunks WHERE run_id = $1 AND entity = $2 AND status = 'done' ORDER BY number",
      {run_id, entity});
  for (const auto& row : rows.rows) {
    chunks.push_back({std::stoi(*row[0]), *row[1], *row[2], *row[3],
                      row[4] ? std::optional(bytes_of_bytea(*row[4])) : std::nullopt,
                      std::stoull(*row[5]), static_cast<std::uint64_t>(std::stoll(*row[6]))});
  }
  return chunks;
}

std::uint64_t rows_before(Session& session, const std::string& run_id, const std::string& entity) {
  const auto rows = session
                        .query(
                            "SELECT rows_before FROM mighost.loads WHERE run_id = $1 AND entity = "
                            "$2",
                            {run_id, entity})
                        .value();
  return rows ? std::stoull(*rows) : 0;
}

}  // namespace mighost
