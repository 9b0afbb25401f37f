#pragma once

#include <set>

#include "base/random.h"
#include "lab/snapshot.h"

namespace streamscope::simulation {

/// Brokers that are enough: of every partition they include a member of the ISR and min.insync.replicas replicas.
bool isViable(const lab::Snapshot& snapshot, const std::set<base::BrokerId>& brokers);

/// In half of all draws every broker, else as few as a random order of leaving allows.
std::set<base::BrokerId> drawViableCore(const lab::Snapshot& snapshot, base::Random& random);

/// In half of all draws every controller, else a majority of them, which is enough whichever it is.
std::set<int32_t> drawMajority(const lab::Snapshot& snapshot, base::Random& random);

/// Adds what has become necessary since: the last member of an ISR may have changed.
void growUntilViable(const lab::Snapshot& snapshot, std::set<base::BrokerId>& core);

}  // namespace streamscope::simulation
