#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "lab/invariant_checker.h"
#include "simulation/trial.h"

namespace streamscope::simulation {

struct TrialOptions {
  lab::InvariantChecker::Claims claims = lab::InvariantChecker::Claims::AsConfigured;
  /// The only promise that counts, as in lab::Breach; empty: every one.
  std::string promise;
  /// Empty: not recorded; see lab::Lab::Options.
  std::filesystem::path recordTo;
  /// Called for every event of the trace; may be empty.
  std::function<void(const world::TraceEvent&)> onEvent;
};

struct TrialOutcome {
  /// Empty when every promise was kept. The run ends with the first breach.
  std::vector<lab::Breach> breaches;
  base::VirtualTime ended{};
  int64_t batchesPromised = 0;
  uint64_t events = 0;
  /// The lab with every command that was carried out, also those that healed it, and where it ended: run as a lab file
  /// it tells the same story.
  lab::LabDescription told;
};

/// Runs both acts. A refusal is the lab's: a configuration it does not take, a recording that cannot be written.
base::Result<TrialOutcome> runTrial(const Trial& trial, const TrialOptions& options = {});

/// The promises of the second act, beside those of lab::InvariantChecker.
inline constexpr const char* kBecomesWhole = "A healed cluster becomes whole.";
inline constexpr const char* kProducersDrain = "Producers of a healed cluster are answered.";
inline constexpr const char* kConsumersReachTheEnd = "Consumers of a healed cluster reach the end.";

}  // namespace streamscope::simulation
