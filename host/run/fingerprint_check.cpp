#include "run/fingerprint_check.hpp"

#include <algorithm>
#include <cstring>

#include "report/log.hpp"
#include "report/text.hpp"
#include "run/sample_check.hpp"
#include "verify/comparison.hpp"
#include "verify/table_scan.hpp"

namespace mighost {
namespace {

constexpr const char* check_name = "fingerprints";

void note(RunReport& report, const std::string& entity, const std::string& message) {
  report.findings.push_back({check_name, entity, "mighost", "note", message, 0, {}});
}

Severity severity_for(const RunContext& run, const FingerprintGroup& group, const char* check) {
  Severity strictest = Severity::off;
  for (const std::string& entity : group.entities) {
    Severity severity = Severity::abort;
    const auto general = run.config.checks.find(check);
    if (general != run.config.checks.end()) severity = general->second;
    const auto configured = run.config.entities.find(entity);
    if (configured != run.config.entities.end()) {
      const auto own = configured->second.checks.find(check);
      if (own != configured->second.checks.end()) severity = own->second;
    }
    strictest = std::max(strictest, severity);
  }
  return strictest;
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
    const Severity severity = severity_for(run_, group, check_name);
    RowPicker picker(run_.config.verify.sample, seed());
    if (severity == Severity::off) {
      note(report_, group.name(), "off: its rows were not compared with what was sent");
      if (unreadable(run_.target, group).empty()) scan_table(run_.target, group, &picker);
      sample(group, picker.keys());
      return true;
    }
    ComparisonOptions options;
    options.this_run = run_.run_id.to_text();
    options.findings_max = std::max<std::size_t>(1, run_.config.validation.keys_shown);
    options.picker = &picker;
    const Verdict verdict = verify_group(run_.target, group, options);
    sample(group, picker.keys());
    log(LogLevel::debug, "compared with what was sent",
        {{"entity", verdict.entity}, {"seconds", one_decimal(verdict.seconds)}});
    switch (verdict.status) {
      case Verdict::Status::verified:
        return true;
      case Verdict::Status::unverified:
        return unverified(group, verdict);
      case Verdict::Status::mismatch:
        mismatch(group, verdict, severity);
        return true;
    }
    return true;
  }

  /// Other rows in every run.
  std::uint64_t seed() const {
    std::uint64_t number = 0;
    std::memcpy(&number, run_.run_id.bytes.data(), sizeof number);
    return number;
  }

  void sample(const FingerprintGroup& group, const std::vector<std::string>& keys) {
    const Severity severity = severity_for(run_, group, "sample");
    if (severity == Severity::off || keys.empty()) return;
    for (std::size_t at = 0; at < run_.plan.entities.size(); ++at) {
      const PlannedEntity& planned = run_.plan.entities[at];
      const Entity& entity = *planned.entity;
      const bool here = std::find(group.entities.begin(), group.entities.end(), entity.name) !=
                        group.entities.end();
      if (!here) continue;
      if (const std::string why = not_repeatable(entity); !why.empty()) {
        report_.findings.push_back(
            {"sample", entity.name, "mighost", "note", "not done: " + why, 0, {}});
        continue;
      }
      const auto legacy = legacy_keys_of(run_.target, entity, keys);
      if (legacy.empty()) continue;
      const Drift drift = transform_again(run_, planned, at, legacy).drift;
      if (drift.rows == 0) continue;
      const bool ours = only_of_this_run(group, run_.run_id.to_text());
      report_.findings.push_back({"sample", entity.name, "mighost",
                                  ours && severity != Severity::warn ? "veto" : "note",
                                  "of " + counted(legacy.size(), "row", "rows") +
                                      " transformed a second time, some do not come to what the "
                                      "target holds: " +
                                      drift.remark,
                                  drift.rows, drift.keys});
    }
  }

  /// What earlier runs brought without fingerprints is not this run's fault.
  bool unverified(const FingerprintGroup& group, const Verdict& verdict) {
    note(report_, verdict.entity, "UNVERIFIED: " + verdict.reason);
    return group.rows_unknown > 0 && group.rows_no_key == 0;
  }

  void mismatch(const FingerprintGroup& group, const Verdict& verdict, Severity severity) {
    const bool all_ours = only_of_this_run(group, run_.run_id.to_text());
    const bool ours = all_ours || verdict.earlier < verdict.offenders();
    Finding finding;
    finding.check = check_name;
    finding.entity = verdict.entity;
    finding.plugin = "mighost";
    finding.severity = ours && severity != Severity::warn ? "veto" : "note";
    finding.offenders = verdict.offenders();
    for (const RowDifference& row : verdict.findings) finding.keys.push_back(finding_text(row));
    finding.message = sentence(verdict, ours);
    report_.findings.push_back(std::move(finding));
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
  if (!run.config.verify.fingerprints) {
    note(report, "",
         "none were kept, as configured: mighost verify will not be able to say whether these rows "
         "have changed");
    return true;
  }
  if (!run.config.verify.at_end) {
    note(report, "", "not compared at the end, as configured; mighost verify does it");
    return true;
  }
  return FingerprintCheck(run, report).run();
}

}  // namespace mighost
