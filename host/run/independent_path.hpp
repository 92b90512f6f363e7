#pragma once
// The independent path of `mighost verify`: rows of the target are read from the source by their
// keys, transformed again by the plugins that are loaded now, and compared by value. It needs no
// run, and everything that it does to the target happens in the caller's transaction.
#include <atomic>
#include <optional>
#include <string>
#include <vector>

#include "ledger/fingerprints.hpp"
#include "run/run_context.hpp"
#include "verify/verdict.hpp"

namespace mighost {

class IndependentPath {
 public:
  /// Connects to the source and makes a plan. `target` is in a transaction that will be rolled
  /// back; both see one state of their side. Throws Error.
  IndependentPath(const std::vector<const Plugin*>& plugins, const RunConfig& config,
                  Session& target);

  /// `picked` are keys as fingerprints have them. With `values`, what differs is shown.
  SourceComparison look(const std::string& entity, const std::vector<std::string>& picked,
                        bool values);
  /// Of an entity that no run kept fingerprints of, how its rows are read; nothing for an unknown
  /// one.
  std::optional<FingerprintSubject> subject(const std::string& entity) const;

 private:
  const PlannedEntity* planned(const std::string& entity) const;
  void open_books();
  void find_differences(const PlannedEntity& planned, const std::string& comparison, bool values,
                        SourceComparison& result);

  Session source_;
  Plan plan_;
  Progress progress_{Progress::Style::none};
  mig::uuid id_;
  std::atomic<bool> cancelled_{false};
  RunContext run_;
};

}  // namespace mighost
