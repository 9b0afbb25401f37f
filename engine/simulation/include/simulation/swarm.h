#pragma once

#include <cstdint>
#include <vector>

#include "base/random.h"
#include "simulation/trial.h"

namespace streamscope::simulation {

/// The world of a seed. Swarm testing: every seed draws how many brokers, which topics, clients and configurations, and
/// which kinds of faults there are at all and how often, because what is average in everything never reaches the
/// corners (Groce et al., "Swarm Testing", 2012).
Trial drawTrial(uint64_t seed);

/// Faults for a given lab between two moments, at most `faultsMax`; by time.
std::vector<Fault> drawFaults(base::Random& random, const lab::LabDescription& lab, base::VirtualTime from,
                              base::VirtualTime end, size_t faultsMax);

}  // namespace streamscope::simulation
