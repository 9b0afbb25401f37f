#pragma once

#include <functional>
#include <string>

#include "base/result.h"
#include "simulation/trial_run.h"

namespace streamscope::simulation {

/// A trial that breaks the same promise with less, and what happened in it.
struct Shrunk {
  Trial trial;
  TrialOutcome outcome;
  /// Trials run to find it.
  int32_t runs = 0;
};

/// Cuts a trial down while the promise `promise` still breaks: fewer faults (delta debugging, Zeller and Hildebrandt
/// 2002), fewer clients, topics, partitions and brokers, shorter faults. At most `runsMax` trials; `outcome` is that of
/// `trial`.
Shrunk shrink(const Trial& trial, const TrialOutcome& outcome, const std::string& promise, int32_t runsMax,
              const TrialOptions& options = {});

}  // namespace streamscope::simulation
