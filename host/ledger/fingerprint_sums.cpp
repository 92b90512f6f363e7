#include "ledger/fingerprint_sums.hpp"

#include <map>
#include <vector>

#include "ledger/fingerprints.hpp"
#include "pg/bytea.hpp"

namespace mighost {
namespace {

struct PartSum {
  std::string record;  // the one that stays
  Buckets buckets;
  std::int64_t rows = 0, rows_no_key = 0;
};

}  // namespace

void join_fingerprint_sums(Session& target, const std::string& run_id, const std::string& entity) {
  const Rows records = target.query(
      "SELECT record, part, layout, rows, rows_no_key, buckets FROM mighost.fingerprints "
      "WHERE run_id = $1 AND entity = $2 AND kind = 'run' ORDER BY record",
      {run_id, entity});
  if (records.size() < 2) return;
  std::map<std::string, PartSum> sums;
  for (const auto& row : records.rows) {
    const std::string& part = *row[1];
    auto sum = sums.find(part);
    if (sum == sums.end()) {
      const RowHasher hasher(layout_from_json(*row[2]), part);
      sum = sums.emplace(part, PartSum{*row[0], Buckets(hasher.counted().size())}).first;
    }
    sum->second.buckets.add_encoded(bytes_of_bytea(*row[5]));
    sum->second.rows += std::stoll(*row[3]);
    sum->second.rows_no_key += std::stoll(*row[4]);
  }
  for (const auto& [part, sum] : sums) {
    target.query(
        "DELETE FROM mighost.fingerprints WHERE run_id = $1 AND entity = $2 AND kind = 'run' AND "
        "part = $3 AND record <> $4",
        {run_id, entity, part, sum.record});
    target.query(
        "UPDATE mighost.fingerprints SET buckets = $2, rows = $3, rows_no_key = $4 WHERE record = "
        "$1",
        {sum.record, bytea_text(sum.buckets.encode()), std::to_string(sum.rows),
         std::to_string(sum.rows_no_key)});
  }
}

}  // namespace mighost
