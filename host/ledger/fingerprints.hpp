#pragma once
// Fingerprints of the rows of one entity while they go, and how they stand in the ledger: sums by
// bucket, and leaves in chunks that are sent as they fill. What the ledger keeps is enough to
// compare the target with it later, without plugins and without the source.
#include <mighost/value.hpp>
#include <string>
#include <string_view>

#include "batch/fingerprint.hpp"
#include "batch/leaves.hpp"
#include "pg/session.hpp"
#include "plan/plan.hpp"

namespace mighost {

/// What fingerprints are of.
struct FingerprintSubject {
  std::string entity;
  std::string target;  // "schema.table"
  std::uint32_t target_oid = 0;
  FingerprintLayout layout;
};

/// Of the rows that an entity sends: its target columns in manifest order, then the identity column
/// when the host fills it.
FingerprintSubject fingerprint_subject(const PlannedEntity& planned);

class Fingerprints {
 public:
  enum class Kind { run, before };

  /// `part`: empty for whole rows, or the name of a late column.
  Fingerprints(FingerprintSubject subject, const mig::uuid& run_id, std::string part = {},
               Kind kind = Kind::run);

  const FingerprintSubject& subject() const { return subject_; }

  /// Rows as binary COPY carries them, field count first, in the columns of the layout.
  void add(std::string_view row);
  /// A row that did not stay.
  void subtract(std::string_view row);
  /// A row that stays and was changed by us; its key is what it was.
  void replace(std::string_view old_row, std::string_view new_row);

  /// Full chunks, as rows of COPY into leaves_table; to be sent and cleared by whoever sends
  /// records.
  std::string& full_chunks() { return chunks_; }
  /// Sends the rest and the sums, inside the transaction of the rows. Nothing when no row was seen.
  void store(Session& target);

 private:
  enum class LeafKind : std::uint8_t { row, replaced, gone, before };
  static const char* word(LeafKind kind);
  LeafKind own_kind() const { return kind_ == Kind::run ? LeafKind::row : LeafKind::before; }
  void add(std::string_view row, LeafKind kind);
  void leaf(LeafKind kind);
  void seal();
  std::string sums_record() const;

  FingerprintSubject subject_;
  mig::uuid run_id_;
  std::string part_;
  Kind kind_;
  RowHasher hasher_;
  Buckets buckets_;
  LeafChunk chunk_;
  LeafKind chunk_kind_;
  std::string chunks_;
  std::int64_t rows_ = 0, rows_no_key_ = 0;
  bool touched_ = false;
};

extern const char* const leaves_table;  // quoted
extern const std::vector<std::string> leaves_columns;

std::string layout_json(const FingerprintLayout& layout);
/// Throws Error{Exit::failed} when it is not one.
FingerprintLayout layout_from_json(const std::string& json);

/// "SELECT columns FROM table" in the order of the layout.
std::string rows_query(const FingerprintSubject& subject);

/// Fingerprints of all rows that a query yields in the columns of the layout; the session may be
/// inside a transaction, and memory does not grow with the rows.
void keep_rows_of_query(Session& target, const FingerprintSubject& subject, const mig::uuid& run_id,
                        const std::string& part, Fingerprints::Kind kind, const std::string& query);

/// Rows that are in the target before the first run which keeps fingerprints are somebody else's:
/// they are fingerprinted as such, so that a later row can be told from them. Nothing to do when
/// the ledger knows the entity.
void keep_rows_before(Session& target, const FingerprintSubject& subject, const mig::uuid& run_id);

}  // namespace mighost
