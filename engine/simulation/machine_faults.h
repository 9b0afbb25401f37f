#pragma once

#include "base/random.h"
#include "simulation/trial.h"
#include "world/address.h"

namespace streamscope::simulation {

// What may ail a machine, whether a broker or a controller runs on it.

void slowDiskOf(world::Address node, base::Random& random, Fault& fault);
/// By less than message.timestamp.after.max.ms: nothing is refused for it.
void skewClockOf(world::Address node, base::Random& random, Fault& fault);

}  // namespace streamscope::simulation
