#include "run/reject_meter.hpp"

#include <algorithm>
#include <cmath>

#include "report/error.hpp"
#include "report/text.hpp"

namespace mighost {
namespace {

constexpr const char* the_run = "the run";

bool limits(const RejectBudget& budget) {
  return budget.rows || budget.share || budget.abort_on_reject.value_or(false);
}

/// Most rows first.
std::string codes_text(const CountByCode& codes) {
  std::vector<std::pair<std::string, std::uint64_t>> sorted(codes.begin(), codes.end());
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  std::vector<std::string> parts;
  parts.reserve(sorted.size());
  for (const auto& [code, rows] : sorted) parts.push_back(thousands(rows) + " " + one_line(code));
  return joined(parts);
}

/// 0.005 -> "0.5%", as it is written in the configuration.
std::string percent(double share) {
  std::string text = std::to_string(share * 100);  // six decimals
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text + "%";
}

std::string held_text(std::uint64_t rows) {
  return counted(rows, "row is", "rows are") + " held back";
}

}  // namespace

std::unique_ptr<RejectMeter> RejectMeter::of(const RunConfig& config) {
  const bool any = std::any_of(config.entities.begin(), config.entities.end(),
                               [](const auto& entity) { return limits(entity.second.rejects); });
  if (!any && !limits(config.rejects)) return nullptr;
  return std::make_unique<RejectMeter>(config);
}

RejectMeter::RejectMeter(const RunConfig& config) : config_(config) {}

void RejectMeter::Sum::add(const std::string& code, const std::string& key, std::size_t keys_max) {
  ++rows;
  ++codes[code];
  if (keys.size() < keys_max) keys.push_back(key);
}

void RejectMeter::entity_begins(const std::string& entity, const EntityConfig& config) {
  const std::lock_guard lock(mutex_);
  entity_ = entity;
  own_ = &config;
  of_entity_ = {};
}

void RejectMeter::held_before(std::uint64_t of_entity, std::uint64_t of_run) {
  const std::lock_guard lock(mutex_);
  of_entity_.rows = before_ = of_entity;
  of_run_.rows = of_run;
}

void RejectMeter::run_holds(std::uint64_t rows, std::uint64_t rows_read) {
  const std::lock_guard lock(mutex_);
  of_run_.rows = rows;
  of_run_.read = rows_read;
}

void RejectMeter::held(bool parked, const std::string& code, const std::string& key) {
  const std::lock_guard lock(mutex_);
  if (finding_) return;  // another thread's row has ended the run already
  const std::size_t keys_max = config_.validation.keys_shown;
  of_entity_.add(code, key, keys_max);
  if (!has_own_budget()) of_run_.add(entity_ + " " + code, entity_ + " " + key, keys_max);
  const bool abort =
      own_->rejects.abort_on_reject.value_or(config_.rejects.abort_on_reject.value_or(false));
  if (abort && !parked) {
    veto("on_reject", "a row is rejected, and on_reject is \"abort\"", of_entity_, entity_);
  }
  judge_count(of_entity_, own_->rejects, entity_);
  judge_count(of_run_, config_.rejects, the_run);
}

void RejectMeter::entity_ends(std::uint64_t rows_read) {
  const std::lock_guard lock(mutex_);
  of_entity_.read = rows_read;
  if (!has_own_budget()) of_run_.read += rows_read;
  judge_count(of_entity_, own_->rejects, entity_);
  judge_share(of_entity_, own_->rejects, entity_);
}

void RejectMeter::run_ends() {
  const std::lock_guard lock(mutex_);
  judge_count(of_run_, config_.rejects, the_run);
  judge_share(of_run_, config_.rejects, the_run);
}

void RejectMeter::judge_count(const Sum& sum, const RejectBudget& budget,
                              const std::string& whose) {
  if (!budget.rows || sum.rows <= *budget.rows) return;
  veto("max_rejects", held_text(sum.rows) + ", max_rejects is " + thousands(*budget.rows), sum,
       whose);
}

void RejectMeter::judge_share(const Sum& sum, const RejectBudget& budget,
                              const std::string& whose) {
  // The limit itself is allowed, whatever its binary fraction is.
  constexpr double tolerance = 1e-9;
  const double allowed = budget.share.value_or(1) * static_cast<double>(sum.read) + tolerance;
  if (!budget.share || static_cast<double>(sum.rows) <= allowed) return;
  veto("max_rejects",
       held_text(sum.rows) + " of " + thousands(sum.read) + " read, max_rejects is " +
           percent(*budget.share),
       sum, whose);
}

void RejectMeter::veto(const std::string& check, const std::string& what, const Sum& sum,
                       const std::string& whose) {
  const std::string message = what + ": " + codes_text(sum.codes);
  const bool of_run = whose == the_run;
  finding_ = {check, of_run ? "" : whose, "mighost", "veto", message, sum.rows, sum.keys};
  std::string where = whose;
  if (of_run) where = "[quarantine] of " + config_.file.string();
  if (!sum.keys.empty()) {
    where += sum.keys.size() == 1 ? ", key " : ", keys ";
    for (std::size_t at = 0; at < sum.keys.size(); ++at) {
      where += (at == 0 ? "" : ", ") + one_line(sum.keys[at]);
    }
    if (sum.keys.size() < sum.rows) where += ", ...";
  }
  throw Error(Exit::vetoed, whose + ": " + message, where,
              "nothing was committed; correct the rows, waive those that will never come (mighost "
              "quarantine --waive), or allow for more");
}

}  // namespace mighost
