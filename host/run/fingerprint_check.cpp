#include "run/fingerprint_check.hpp"

#include <algorithm>
#include <chrono>
#include <cstring>

#include "config/severity.hpp"
#include "report/text.hpp"
#include "run/sample_check.hpp"
#include "verify/comparison.hpp"
#include "verify/table_scan.hpp"

namespace mighost {
namespace {

constexpr const char* fingerprints_check = "fingerprints";

void note(RunReport& report, const std::string& entity, const std::string& message) {
  report.findings.push_back({fingerprints_check, entity, "mighost", "note", message, 0, {}});
}

/// The strictest of the entities that share the table: nothing tells their rows apart.
Severity severity_for(const RunContext& run, const FingerprintGroup& group, const char* check) {
  Severity strictest = Severity::off;
  for (const std::string& entity : group.entities) {
    strictest = std::max(strictest, severity_of(run.config, entity, check, Severity::abort));
  }
  return strictest;
}

/// `ours`: this run is to blame. What earlier runs brought is never its fault.
const char* word_for(bool ours, Severity severity) {
  if (!ours) return "note";
  return severity == Severity::warn ? "warn" : "veto";
}

const char* status_for(const std::string& severity) {
  return severity == "veto" ? "vetoed" : "warned";
}

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// Nobody else can have touched these rows: they all came with this run, into an empty table.
bool only_of_this_run(const FingerprintGroup& group, const std::string& run_id) {
  return group.rows_before == 0 && group.rows_unknown == 0 && group.siblings.empty() &&
         std::all_of(group.records.begin(), group.records.end(),
                     [&](const auto& record) { return record.first == run_id; });
}

std::string finding_text(const RowDifference& finding) {
  std::string text = finding.key;
  if (finding.kind != RowDifference::Kind::changed) return text + " (" + word(finding.kind) + ")";
  if (finding.columns.empty()) return text;
  return text + " (" + joined(finding.columns) +
         (finding.columns_certain ? ")" : ", some of them)");
}

class FingerprintCheck {
 public:
  FingerprintCheck(RunContext& run, RunReport& report) : run_(run), report_(report) {}

  bool run() {
    std::vector<std::string> written;
    for (const EntityReport& entity : report_.entities) {
      if (entity.counts.written > 0) written.push_back(entity.name);
    }
    if (written.empty()) return true;
    const KnownFingerprints known = load_fingerprints(run_.target, written);
    bool compared = true;
    for (const FingerprintGroup& group : known.groups) compared = check(group) && compared;
    return compared;
  }

 private:
  bool check(const FingerprintGroup& group) {
    const Severity severity = severity_for(run_, group, fingerprints_check);
    RowPicker picker(run_.config.verify.sample, seed());
    if (severity == Severity::off) {
      note(report_, group.name(), "off: its rows were not compared with what was sent");
      report_.checks.push_back({fingerprints_check, group.name(), "off", 0, {}});
      const bool picks = sampled(group) && unreadable(run_.target, group).empty();
      if (picks) scan_table(run_.target, group, &picker);
      sample(group, picker.keys());
      return true;
    }
    ComparisonOptions options;
    options.this_run = run_.run_id.to_text();
    options.findings_max = std::max<std::size_t>(1, run_.config.validation.keys_shown);
    options.picker = &picker;
    const Verdict verdict = verify_group(run_.target, group, options);
    sample(group, picker.keys());
    CheckReport done{fingerprints_check, group.name(), "passed", verdict.seconds, {}};
    bool compared = true;
    switch (verdict.status) {
      case Verdict::Status::verified:
        break;
      case Verdict::Status::unverified:
        compared = unverified(group, verdict);
        done.status = "skipped";
        done.message = verdict.reason;
        break;
      case Verdict::Status::mismatch:
        done.status = status_for(mismatch(group, verdict, severity));
        break;
    }
    report_.checks.push_back(std::move(done));
    return compared;
  }

  bool sampled(const FingerprintGroup& group) const {
    return run_.config.verify.sample > 0 && severity_for(run_, group, "sample") != Severity::off;
  }

  /// Other rows in every run.
  std::uint64_t seed() const {
    std::uint64_t number = 0;
    std::memcpy(&number, run_.run_id.bytes.data(), sizeof number);
    return number;
  }

  void sample(const FingerprintGroup& group, const std::vector<std::string>& keys) {
    for (std::size_t at = 0; at < run_.plan.entities.size(); ++at) {
      const std::string& entity = run_.plan.entities[at].entity->name;
      const bool here =
          std::find(group.entities.begin(), group.entities.end(), entity) != group.entities.end();
      if (here) report_.checks.push_back(sample(group, at, keys));
    }
  }

  CheckReport sample(const FingerprintGroup& group, std::size_t position,
                     const std::vector<std::string>& keys) {
    const auto started = std::chrono::steady_clock::now();
    const PlannedEntity& planned = run_.plan.entities[position];
    const Entity& entity = *planned.entity;
    const Severity severity = severity_of(run_.config, entity.name, "sample", Severity::abort);
    CheckReport done{"sample", entity.name, "passed", 0, {}};
    if (severity == Severity::off || run_.config.verify.sample == 0) {
      done.status = "off";
      return done;
    }
    done.message = not_repeatable(entity);
    const auto legacy = done.message.empty() ? legacy_keys_of(run_.target, entity, keys)
                                             : std::vector<std::string>{};
    if (legacy.empty()) {
      done.status = "skipped";
      if (done.message.empty()) done.message = "no row of it was picked";
      return done;
    }
    const Drift drift = transform_again(run_, planned, position, legacy).drift;
    if (drift.rows > 0) {
      const bool ours = only_of_this_run(group, run_.run_id.to_text()) &&
                        run_.moved_sources.count(entity.name) == 0;
      const std::string found = word_for(ours, severity);
      report_.findings.push_back({"sample", entity.name, "mighost", found,
                                  "of " + counted(legacy.size(), "row", "rows") +
                                      " transformed a second time, some do not come to what the "
                                      "target holds: " +
                                      drift.remark,
                                  drift.rows, drift.keys});
      done.status = status_for(found);
    }
    done.seconds = seconds_since(started);
    return done;
  }

  /// What earlier runs brought without fingerprints is not this run's fault.
  bool unverified(const FingerprintGroup& group, const Verdict& verdict) {
    note(report_, verdict.entity, "UNVERIFIED: " + verdict.reason);
    return group.rows_unknown > 0 && group.rows_no_key == 0;
  }

  std::string mismatch(const FingerprintGroup& group, const Verdict& verdict, Severity severity) {
    const bool all_ours = only_of_this_run(group, run_.run_id.to_text());
    const bool ours = all_ours || verdict.earlier < verdict.offenders();
    Finding finding;
    finding.check = fingerprints_check;
    finding.entity = verdict.entity;
    finding.plugin = "mighost";
    finding.severity = word_for(ours, severity);
    finding.offenders = verdict.offenders();
    for (const RowDifference& row : verdict.findings) finding.keys.push_back(finding_text(row));
    finding.message = sentence(verdict, ours);
    report_.findings.push_back(finding);
    return finding.severity;
  }

  static std::string sentence(const Verdict& verdict, bool ours) {
    if (verdict.offenders() == 0) return verdict.reason;
    if (!ours) {
      return verdict.target + " has changed since earlier runs: " + verdict.reason +
             "; mighost verify tells more";
    }
    return verdict.target + " does not hold what was sent: " + verdict.reason +
           ". A trigger or a rule of the table changes rows: set triggers = \"disable\" for the "
           "entity, or fingerprints and sample = \"warn\" in its checks";
  }

  RunContext& run_;
  RunReport& report_;
};

}  // namespace

bool check_fingerprints(RunContext& run, RunReport& report) {
  const auto both_off = [&report] {
    for (const char* check : {fingerprints_check, "sample"}) {
      report.checks.push_back({check, "", "off", 0, {}});
    }
  };
  if (!run.config.verify.fingerprints) {
    both_off();
    note(report, "",
         "none were kept, as configured: mighost verify will not be able to say whether these rows "
         "have changed");
    return true;
  }
  if (!run.config.verify.at_end) {
    both_off();
    note(report, "", "not compared at the end, as configured; mighost verify does it");
    return true;
  }
  return FingerprintCheck(run, report).run();
}

}  // namespace mighost
