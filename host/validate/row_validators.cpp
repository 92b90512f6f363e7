#include "validate/row_validators.hpp"

#include <algorithm>
#include <chrono>

#include "report/error.hpp"
#include "report/log.hpp"
#include "validate/validator_instance.hpp"

namespace mighost {
namespace {

using SeatClock = std::chrono::steady_clock;

std::string late_text(std::chrono::milliseconds limit) {
  const auto number = limit.count();
  return "did not come back within " +
         (number % 1000 == 0 ? std::to_string(number / 1000) + " s"
                             : std::to_string(number) + " ms") +
         " ([validation] time_limit)";
}

// For a validator that is asked to stop with the run.
constexpr std::chrono::seconds patience{2};

mig_severity in_abi(Severity severity) {
  if (severity == Severity::reject) return MIG_REJECT;
  return severity == Severity::abort ? MIG_ABORT : MIG_NOTE;
}

}  // namespace

struct RowValidators::Instance : ValidatorInstance {
  using ValidatorInstance::ValidatorInstance;
};

/// A validator of this entity, and what came of it so far.
struct RowValidators::Seat {
  PlannedValidator planned;
  std::shared_ptr<Instance> instance;  // null: it is not asked any more
  std::string fault;
  RowFindings findings;
  SeatClock::duration spent{};
};

RowValidators::RowValidators(const PlannedEntity& planned,
                             const std::map<std::string, std::shared_ptr<PluginSettings>>& settings,
                             const ValidatorTerms& terms)
    : entity_(planned.entity->name), terms_(terms), thread_(terms.limits.time_limit) {
  for (const PlannedValidator& each : planned.validators) {
    if (each.validator->columns.empty()) continue;  // it only asserts
    auto seat =
        std::make_unique<Seat>(Seat{each, nullptr, {}, RowFindings(terms.limits.keys_shown), {}});
    if (terms.hung != nullptr && terms.hung->count(each.validator) != 0) {
      seat->fault = "did not come back before, and is not asked again";
    } else {
      seat->instance = std::make_shared<Instance>(*each.validator, *planned.entity);
      const auto given = settings.find(each.validator->plugin->family);
      begin(*seat, given == settings.end() ? std::make_shared<PluginSettings>() : given->second);
    }
    seats_.push_back(std::move(seat));
  }
}

RowValidators::~RowValidators() {
  for (const auto& seat : seats_) end(*seat);
}

/// Runs one function of the validator on its thread. False when it is faulty after that.
template <class Call>
bool RowValidators::call(Seat& seat, Call call) {
  const std::shared_ptr<Instance> instance = seat.instance;
  const auto started = SeatClock::now();
  std::optional<SeatClock::time_point> told;  // to stop, when the run does
  const bool back = thread_.run([instance, call] { call(*instance); },
                                [&] {
                                  if (!is_cancelled()) return true;
                                  instance->cancelled = true;
                                  if (!told) told = SeatClock::now();
                                  return SeatClock::now() - *told < patience;
                                });
  seat.spent += SeatClock::now() - started;
  if (back) {
    seat.fault = instance->fault;
  } else {
    instance->disowned = true;
    instance->cancelled = true;
    seat.fault =
        is_cancelled() ? "did not stop when the run did" : late_text(terms_.limits.time_limit);
    if (terms_.hung != nullptr) terms_.hung->insert(seat.planned.validator);
    seat.instance.reset();  // its thread has it for good
  }
  if (seat.fault.empty()) return true;
  log_warn("a validator is faulty: it " + seat.fault,
           {{"validator", check_name(*seat.planned.validator)},
            {"plugin", plugin_title(*seat.planned.validator->plugin)},
            {"entity", entity_}});
  return false;
}

void RowValidators::begin(Seat& seat, const std::shared_ptr<PluginSettings>& settings) {
  const bool begun =
      call(seat, [settings](Instance& instance) { instance.begin(settings->abi()); });
  if (!begun) seat.instance.reset();
}

void RowValidators::end(Seat& seat) {
  if (!seat.instance || !seat.instance->begun) return;
  const std::string before = seat.fault;
  call(seat, [](Instance& instance) { instance.end(); });
  if (!before.empty()) seat.fault = before;
  seat.instance.reset();
}

void RowValidators::show(Seat& seat, const ShownRows& shown) {
  Instance& instance = *seat.instance;
  instance.cells.clear();
  for (const std::uint32_t row : shown.rows) {
    for (const std::size_t column : instance.projection) {
      instance.cells.push_back(shown.cells[row * shown.width + column]);
    }
  }
  const auto rows = static_cast<std::uint32_t>(shown.rows.size());
  const bool sound = call(seat, [rows, first = shown.first_row, memory = shown.memory](
                                    Instance& each) { each.check(rows, first); });
  if (!sound) return end(seat);
  for (RowFinding& finding : instance.findings) {
    finding.row = shown.rows[finding.row];
    if (seat.planned.severity) finding.severity = in_abi(*seat.planned.severity);
  }
  std::stable_sort(instance.findings.begin(), instance.findings.end(),
                   [](const RowFinding& a, const RowFinding& b) { return a.row < b.row; });
}

std::vector<RowFinding> RowValidators::check(const ShownRows& shown, const KeyOfRow& key_of) {
  std::vector<RowFinding> all;
  for (const auto& seat : seats_) {
    if (!seat->instance) continue;
    show(*seat, shown);
    if (is_cancelled()) throw Error(Exit::interrupted, "stopped", entity_);
    if (!seat->instance) continue;
    auto& findings = seat->instance->findings;
    seat->findings.add(findings, key_of);
    std::move(findings.begin(), findings.end(), std::back_inserter(all));
  }
  return all;
}

void RowValidators::finish() {
  for (const auto& seat : seats_) {
    if (!seat->instance) continue;
    call(*seat, [](Instance& instance) { instance.finish(); });
    end(*seat);
  }
}

std::vector<Finding> RowValidators::findings() const {
  std::vector<Finding> all;
  for (const auto& seat : seats_) {
    const Validator& validator = *seat->planned.validator;
    if (!seat->fault.empty()) {
      Finding finding;
      finding.check = check_name(validator);
      finding.entity = entity_;
      finding.plugin = plugin_title(*validator.plugin);
      finding.severity = "veto";
      finding.message = "the validator is faulty: it " + seat->fault +
                        "; repair it, or switch it off in [validation.checks]";
      all.push_back(std::move(finding));
    }
    auto found = seat->findings.to_report(validator, entity_);
    std::move(found.begin(), found.end(), std::back_inserter(all));
  }
  return all;
}

std::vector<CheckReport> RowValidators::checks() const {
  std::vector<CheckReport> all;
  for (const auto& seat : seats_) {
    CheckReport report;
    report.check = check_name(*seat->planned.validator);
    report.entity = entity_;
    report.status = !seat->fault.empty()        ? "faulty"
                    : seat->findings.any_veto() ? "vetoed"
                    : seat->findings.empty()    ? "passed"
                                                : "warned";
    report.seconds = std::chrono::duration<double>(seat->spent).count();
    if (!seat->fault.empty()) report.message = "it " + seat->fault;
    all.push_back(std::move(report));
  }
  return all;
}

}  // namespace mighost
