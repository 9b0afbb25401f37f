#include "machine_faults.h"

namespace streamscope::simulation {

void slowDiskOf(world::Address node, base::Random& random, Fault& fault) {
  lab::SetDisk disk{node};
  disk.operationLatency = std::chrono::microseconds(random.between(100, 5000));
  fault.breaks = {disk};
  fault.repairs = {lab::SetDisk{node}};
}

void skewClockOf(world::Address node, base::Random& random, Fault& fault) {
  lab::SetClock clock{node};
  clock.offset = std::chrono::milliseconds(random.between(-1'500'000, 1'500'000));
  clock.driftPpm = static_cast<int32_t>(random.between(-1000, 1000));
  fault.breaks = {clock};
  fault.repairs = {lab::SetClock{node}};
}

}  // namespace streamscope::simulation
