#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "simulation/trial_run.h"

namespace streamscope::simulation {

/// What happened in a trial that broke a promise, one line each: what was done, how leaderships changed and logs were
/// cut because of it, what broke. "00:00:07.250  kill broker 2".
struct Story {
  std::vector<std::string> lines;
  TrialOutcome outcome;
};

/// Runs the trial once more and listens. `options.onEvent` is not used.
base::Result<Story> tell(const Trial& trial, const TrialOptions& options);

/// "3 brokers; orders: 1 partition, 3 replicas, min.insync.replicas 2; checkout writes to orders with acks=all".
std::string describeLab(const lab::LabDescription& lab);

}  // namespace streamscope::simulation
