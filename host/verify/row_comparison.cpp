#include "verify/row_comparison.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <unordered_map>

#include "pg/copy_out.hpp"
#include "verify/changed_columns.hpp"

namespace mighost {
namespace {

constexpr std::int64_t rows_at_a_time = 1'000'000;
constexpr std::size_t suspects_max = 20'000;  // rows whose hashes are kept until the scan's end
constexpr std::size_t gone_or_extra_max = 1'000'000;

using Hashes = std::vector<std::uint64_t>;

/// What the ledger says of one key.
struct Expected {
  std::uint64_t key = 0, fingerprint = 0;
  std::uint64_t found = 0;  // of the row that differs
  KeptLeaf::Kind kind = KeptLeaf::Kind::own;
  bool this_run = false;
  enum class State : std::uint8_t { missing, same, differs } state = State::missing;
};

struct Suspect {
  Hashes hashes;
  std::string key;
};

class Pass {
 public:
  Pass(Session& target, const FingerprintGroup& group, const std::string& part,
       const std::string& this_run, const std::vector<bool>& buckets, std::size_t findings_max,
       const std::set<std::uint64_t>& known, DifferingRows& result)
      : target_(target),
        group_(group),
        part_(part),
        this_run_(this_run),
        buckets_(buckets),
        findings_max_(findings_max),
        known_(known),
        result_(result),
        hasher_(group.subject.layout, part),
        scanned_(hasher_.counted().size()) {}

  void run() {
    load_leaves();
    scan();
    settle();
    if (missing_ > 0 && result_.findings.size() < findings_max_) name_missing();
    judge_buckets();
  }

 private:
  bool concerned(std::uint64_t key) const { return buckets_[bucket_of(key)]; }

  void load_leaves() {
    read_kept_leaves(target_, group_, part_, this_run_, [&](const KeptLeaf& kept) {
      if (!concerned(kept.leaf->key.hash)) return;
      Expected expected;
      expected.key = kept.leaf->key.hash;
      expected.fingerprint = kept.leaf->fingerprint;
      expected.kind = kept.kind;
      expected.this_run = kept.this_run;
      expected_.push_back(expected);
    });
    std::stable_sort(expected_.begin(), expected_.end(),
                     [](const Expected& a, const Expected& b) { return a.key < b.key; });
    std::size_t kept = 0;
    for (std::size_t at = 0; at < expected_.size();) {
      const std::size_t first = at;
      while (at < expected_.size() && expected_[at].key == expected_[first].key) ++at;
      if (const auto last = last_word(first, at)) expected_[kept++] = *last;
    }
    expected_.resize(kept);
  }

  /// What all leaves of one key come to; nothing when the row is gone.
  std::optional<Expected> last_word(std::size_t first, std::size_t end) {
    std::optional<Expected> word;
    for (std::size_t at = first; at < end; ++at) {
      Expected& next = expected_[at];
      if (next.kind == KeptLeaf::Kind::gone) {
        word.reset();
        continue;
      }
      // A row that somebody deleted came again: the sums hold it twice.
      const bool in_sums = word && word->kind != KeptLeaf::Kind::sibling;
      if (in_sums && next.kind != KeptLeaf::Kind::replaced) {
        Twice& twice = twice_[bucket_of(next.key)];
        ++twice.rows;
        twice.sum += word->fingerprint;
        disturbed_[bucket_of(next.key)] = true;
      }
      if (next.kind == KeptLeaf::Kind::replaced) next.kind = KeptLeaf::Kind::own;
      word = next;
    }
    return word;
  }

  Expected* find(std::uint64_t key) {
    const auto found =
        std::lower_bound(expected_.begin(), expected_.end(), key,
                         [](const Expected& one, std::uint64_t k) { return one.key < k; });
    return found != expected_.end() && found->key == key ? &*found : nullptr;
  }

  void scan() {
    CopyOut copy(target_, rows_query(group_.subject));
    for (std::string_view row; copy.next(row);) {
      if (hasher_.read(row) != RowHasher::Result::counted || !concerned(hasher_.key().hash)) {
        continue;
      }
      Expected* expected = find(hasher_.key().hash);
      if (expected == nullptr) {
        extra(key_text(group_.subject.layout, hasher_.key()), hasher_.key().hash);
      } else if (expected->kind != KeptLeaf::Kind::sibling) {
        seen(*expected);
      }
    }
  }

  void seen(Expected& expected) {
    const bool same = hasher_.fingerprint() == expected.fingerprint;
    const std::string key = key_text(group_.subject.layout, hasher_.key());
    switch (expected.state) {
      case Expected::State::missing:
        scanned_.add(hasher_);
        expected.state = same ? Expected::State::same : Expected::State::differs;
        if (!same) suspect(expected, key);
        return;
      case Expected::State::same:
        return extra(key, expected.key);
      case Expected::State::differs:
        // Two rows of one key: the one that is as it was brought is the row, the other one came.
        if (same) replace_suspect(expected);
        return extra(key, expected.key);
    }
  }

  void suspect(Expected& expected, const std::string& key) {
    expected.found = hasher_.fingerprint();
    if (suspects_.size() < suspects_max) suspects_[expected.key] = {hasher_.hashes(), key};
  }

  void replace_suspect(Expected& expected) {
    expected.state = Expected::State::same;
    const auto wrong = suspects_.find(expected.key);
    if (wrong == suspects_.end()) {
      disturbed_[bucket_of(expected.key)] = true;  // its sums hold the wrong one of the two
      return;
    }
    scanned_.add(hasher_);
    scanned_.subtract(expected.key, wrong->second.hashes);
    suspects_.erase(wrong);
  }

  void extra(const std::string& key, std::uint64_t hash) {
    if (known_.contains(hash)) return;
    remember(hash);
    RowDifference finding;
    finding.kind = part_.empty() ? RowDifference::Kind::extra : RowDifference::Kind::changed;
    finding.key = key;
    if (!part_.empty()) finding.columns = {part_};
    ++(part_.empty() ? result_.extra : result_.changed);
    ++result_.earlier;  // no run says that it brought it
    add(std::move(finding));
  }

  void remember(std::uint64_t hash) {
    if (result_.gone_or_extra.size() < gone_or_extra_max) result_.gone_or_extra.insert(hash);
  }

  void add(RowDifference finding) {
    if (result_.findings.size() < findings_max_) result_.findings.push_back(std::move(finding));
  }

  void settle() {
    std::map<std::size_t, std::vector<const Expected*>> changed;
    for (const Expected& expected : expected_) {
      const std::size_t bucket = bucket_of(expected.key);
      if (expected.state == Expected::State::same || known_.contains(expected.key)) {
        if (known_.contains(expected.key)) differs_[bucket] = disturbed_[bucket] = true;
        continue;
      }
      if (expected.kind == KeptLeaf::Kind::sibling) continue;
      if (expected.kind == KeptLeaf::Kind::before) {
        differs_[bucket] = disturbed_[bucket] =
            true;  // what others do with their rows is their affair
        continue;
      }
      differs_[bucket] = true;
      if (!expected.this_run) ++result_.earlier;
      if (expected.state == Expected::State::differs) {
        ++result_.changed;
        changed[bucket].push_back(&expected);
        continue;
      }
      ++missing_;
      disturbed_[bucket] = true;
      if (part_.empty()) {
        ++result_.missing;
        remember(expected.key);
      } else {
        ++result_.changed;
      }
    }
    for (const auto& [bucket, rows] : changed) tell_columns(bucket, rows);
  }

  Hashes column_differences(std::size_t bucket) const {
    const Buckets& kept = group_.parts.at(part_);
    Hashes differences(hasher_.counted().size());
    for (std::size_t column = 0; column < differences.size(); ++column) {
      differences[column] = kept.column_sum(bucket, column) - scanned_.column_sum(bucket, column);
    }
    return differences;
  }

  void tell_columns(std::size_t bucket, const std::vector<const Expected*>& rows) {
    Hashes differences;
    for (const Expected* row : rows) differences.push_back(row->fingerprint - row->found);
    std::vector<ChangedColumns> told(rows.size(), {{}, false});
    if (!disturbed_[bucket]) told = changed_columns(differences, column_differences(bucket));
    for (std::size_t index = 0; index < rows.size(); ++index) {
      const auto suspect = suspects_.find(rows[index]->key);
      if (suspect == suspects_.end()) continue;
      RowDifference finding;
      finding.key = suspect->second.key;
      finding.this_run = rows[index]->this_run;
      finding.columns_certain = told[index].certain;
      for (const std::size_t column : told[index].columns) {
        const std::uint32_t position = hasher_.counted()[column];
        finding.columns.push_back(group_.subject.layout.columns[position].name);
      }
      add(std::move(finding));
    }
  }

  /// Their keys stand in the leaves only.
  void name_missing() {
    read_kept_leaves(target_, group_, part_, this_run_, [&](const KeptLeaf& kept) {
      if (kept.kind == KeptLeaf::Kind::gone || !concerned(kept.leaf->key.hash)) return;
      Expected* expected = find(kept.leaf->key.hash);
      if (expected == nullptr || expected->kind != KeptLeaf::Kind::own ||
          expected->state != Expected::State::missing || known_.contains(expected->key)) {
        return;
      }
      expected->state = Expected::State::same;  // named once, though it may have several leaves
      RowDifference finding;
      finding.kind = part_.empty() ? RowDifference::Kind::missing : RowDifference::Kind::changed;
      if (!part_.empty()) finding.columns = {part_};
      finding.key = key_text(group_.subject.layout, kept.leaf->key);
      finding.this_run = expected->this_run;
      add(std::move(finding));
    });
  }

  void judge_buckets() {
    const Buckets& kept = group_.parts.at(part_);
    for (std::size_t bucket = 0; bucket < bucket_count; ++bucket) {
      if (!buckets_[bucket] || differs_[bucket]) continue;
      const auto twice = twice_.find(bucket);
      bool same = kept.same(bucket, scanned_);
      if (twice != twice_.end()) {
        same = kept.rows(bucket) == scanned_.rows(bucket) + twice->second.rows &&
               kept.row_sum(bucket) == scanned_.row_sum(bucket) + twice->second.sum;
      } else if (disturbed_[bucket]) {
        continue;
      }
      if (!same) ++result_.damaged_buckets;
    }
  }

  struct Twice {
    std::int64_t rows = 0;
    std::uint64_t sum = 0;
  };

  Session& target_;
  const FingerprintGroup& group_;
  const std::string& part_;
  const std::string& this_run_;
  const std::vector<bool>& buckets_;
  const std::size_t findings_max_;
  const std::set<std::uint64_t>& known_;
  DifferingRows& result_;
  RowHasher hasher_;
  Buckets scanned_;  // without the rows that are extra
  std::vector<Expected> expected_;
  std::unordered_map<std::uint64_t, Suspect> suspects_;
  std::vector<bool> differs_ = std::vector<bool>(bucket_count);
  std::vector<bool> disturbed_ = std::vector<bool>(bucket_count);
  std::map<std::size_t, Twice> twice_;
  std::uint64_t missing_ = 0;
};

}  // namespace

DifferingRows compare_rows(Session& target, const FingerprintGroup& group, const std::string& part,
                           const std::vector<std::size_t>& buckets, const std::string& this_run,
                           std::size_t findings_max, const std::set<std::uint64_t>& known) {
  DifferingRows result;
  const Buckets& kept = group.parts.at(part);
  for (std::size_t at = 0; at < buckets.size();) {
    std::vector<bool> chosen(bucket_count);
    std::int64_t rows = 0;
    for (; at < buckets.size() && (rows == 0 || rows < rows_at_a_time); ++at) {
      chosen[buckets[at]] = true;
      rows += std::max<std::int64_t>(1, kept.rows(buckets[at]));
    }
    Pass(target, group, part, this_run, chosen, findings_max, known, result).run();
  }
  return result;
}

}  // namespace mighost
