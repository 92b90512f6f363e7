#include "verify/comparison.hpp"

#include <algorithm>
#include <chrono>
#include <numeric>
#include <set>

#include "pg/catalog.hpp"
#include "report/text.hpp"
#include "verify/row_comparison.hpp"
#include "verify/table_scan.hpp"

namespace mighost {
namespace {

std::vector<std::size_t> differing_buckets(const Buckets& kept, const Buckets& scanned) {
  std::vector<std::size_t> differing;
  for (std::size_t bucket = 0; bucket < bucket_count; ++bucket) {
    if (!kept.same(bucket, scanned)) differing.push_back(bucket);
  }
  return differing;
}

std::uint64_t at_least_zero(std::int64_t number) {
  return number < 0 ? 0 : static_cast<std::uint64_t>(number);
}

class GroupComparison {
 public:
  GroupComparison(Session& target, const FingerprintGroup& group, const ComparisonOptions& options)
      : target_(target), group_(group), options_(options) {
    verdict_.entity = group.name();
    verdict_.target = group.subject.target;
    verdict_.unverified = group.rows_unknown + at_least_zero(group.rows_no_key);
  }

  Verdict run() {
    verdict_.reason = unreadable(target_, group_);
    if (!verdict_.reason.empty()) {
      verdict_.status = Verdict::Status::unverified;
      return verdict_;
    }
    scanned_ = scan_table(target_, group_, options_.picker);
    verdict_.rows = at_least_zero(group_.parts.at("").rows() - group_.rows_before);
    verdict_.others = scanned_.rows_no_key;
    verdict_.before = at_least_zero(group_.rows_before);
    compare();
    settle();
    return verdict_;
  }

 private:
  void compare() {
    for (const auto& [part, kept] : group_.parts) {  // whole rows come first: "" sorts so
      auto buckets = differing_buckets(kept, scanned_.parts.at(part));
      if (part.empty() && may_hide_duplicates()) {
        buckets.resize(bucket_count);
        std::iota(buckets.begin(), buckets.end(), std::size_t{0});
      }
      if (buckets.empty()) continue;
      const DifferingRows rows = compare_rows(target_, group_, part, buckets, options_.this_run,
                                              options_.findings_max, gone_or_extra_);
      verdict_.changed += rows.changed;
      verdict_.missing += rows.missing;
      verdict_.extra += rows.extra;
      verdict_.earlier += rows.earlier;
      verdict_.damaged += rows.damaged_buckets;
      if (part.empty()) gone_or_extra_ = rows.gone_or_extra;
      for (const RowDifference& finding : rows.findings) add(finding);
    }
  }

  /// The sums hold a row twice that somebody had deleted and a later run brought again; where no
  /// index forbids it, a second copy of it would fit them. Only the leaves tell.
  bool may_hide_duplicates() {
    if (group_.records.size() < 2) return false;
    const auto table = read_table(target_, group_.subject.target);
    std::vector<std::string> key;
    for (const std::uint32_t position : group_.subject.layout.key) {
      key.push_back(group_.subject.layout.columns[position].name);
    }
    return !table || !table->has_unique_key(key);
  }

  /// A row whose late column changed too is one row.
  void add(const RowDifference& finding) {
    const auto same = std::find_if(verdict_.findings.begin(), verdict_.findings.end(),
                                   [&](const RowDifference& one) {
                                     return finding.kind == RowDifference::Kind::changed &&
                                            one.kind == finding.kind && one.key == finding.key;
                                   });
    if (same != verdict_.findings.end()) {
      same->columns.insert(same->columns.end(), finding.columns.begin(), finding.columns.end());
      --verdict_.changed;
      if (!finding.this_run && verdict_.earlier > 0) --verdict_.earlier;
    } else if (verdict_.findings.size() < options_.findings_max) {
      verdict_.findings.push_back(finding);
    }
  }

  void settle() {
    excuse_unknown_rows();
    if (options_.allow_new_rows) {
      verdict_.earlier -= std::min(verdict_.earlier, verdict_.extra);
      verdict_.added = std::exchange(verdict_.extra, 0);
      drop_extra_findings();
    }
    if (verdict_.offenders() > 0) {
      verdict_.status = Verdict::Status::mismatch;
      verdict_.reason = offenders_text(verdict_);
    } else if (verdict_.damaged > 0) {
      verdict_.status = Verdict::Status::mismatch;
      verdict_.reason = "the ledger's sums do not fit its own leaves in " +
                        counted(verdict_.damaged, "bucket", "buckets") +
                        ": mighost.fingerprints was changed";
    } else if (verdict_.unverified > 0) {
      verdict_.status = Verdict::Status::unverified;
      verdict_.reason = unknown_text();
    }
  }

  /// Rows brought without fingerprints look like rows that nobody brought.
  void excuse_unknown_rows() {
    if (group_.rows_unknown == 0) return;
    const std::uint64_t excused = std::min(verdict_.extra, group_.rows_unknown);
    verdict_.extra -= excused;
    verdict_.earlier -= std::min(verdict_.earlier, excused);
    drop_extra_findings();  // which of them they are cannot be told
  }

  void drop_extra_findings() {
    std::erase_if(verdict_.findings, [](const RowDifference& finding) {
      return finding.kind == RowDifference::Kind::extra;
    });
  }

  std::string unknown_text() const {
    std::string text;
    if (group_.rows_unknown > 0) {
      text = counted(group_.rows_unknown, "row", "rows") +
             " came with a run that kept no "
             "fingerprints";
    }
    if (group_.rows_no_key > 0) {
      text += (text.empty() ? "" : "; ") +
              counted(at_least_zero(group_.rows_no_key), "row", "rows") + " came without a key";
    }
    return text;
  }

  Session& target_;
  const FingerprintGroup& group_;
  const ComparisonOptions& options_;
  Verdict verdict_;
  TableScan scanned_;
  std::set<std::uint64_t> gone_or_extra_;
};

}  // namespace

Verdict verify_group(Session& target, const FingerprintGroup& group,
                     const ComparisonOptions& options) {
  const auto started = std::chrono::steady_clock::now();
  Verdict verdict = GroupComparison(target, group, options).run();
  verdict.seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
  return verdict;
}

Verdict unverified(const Unfingerprinted& entity) {
  Verdict verdict;
  verdict.entity = entity.entity;
  verdict.status = Verdict::Status::unverified;
  verdict.unverified = entity.rows;
  verdict.reason = counted(entity.rows, "row", "rows") +
                   " came with a run that kept no "
                   "fingerprints";
  return verdict;
}

std::string offenders_text(const Verdict& verdict) {
  std::string text;
  const auto add = [&](std::uint64_t rows, const std::string& what) {
    if (rows == 0) return;
    text += (text.empty() ? "" : ", ") + counted(rows, "row", "rows") + " " + what;
  };
  add(verdict.changed, "changed");
  add(verdict.missing, "missing");
  add(verdict.extra, "that no run brought");
  return text;
}

std::string word(Verdict::Status status) {
  switch (status) {
    case Verdict::Status::verified:
      return "VERIFIED";
    case Verdict::Status::mismatch:
      return "MISMATCH";
    case Verdict::Status::unverified:
      return "UNVERIFIED";
  }
  return {};
}

std::string word(RowDifference::Kind kind) {
  switch (kind) {
    case RowDifference::Kind::changed:
      return "changed";
    case RowDifference::Kind::missing:
      return "missing";
    case RowDifference::Kind::extra:
      return "extra";
  }
  return {};
}

}  // namespace mighost
