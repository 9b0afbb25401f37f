#pragma once

#include <cstdint>

#include "base/virtual_time.h"

namespace streamscope::world {

/// How wrong a node's calendar is: ahead of the world's by `offset` at the moment it is set (behind when negative), and
/// from then on gaining `driftPpm` microseconds in each second (losing when negative). It stays over restarts, as a
/// machine's clock does.
struct ClockSetting {
  base::Duration offset{0};
  int32_t driftPpm = 0;
  bool operator==(const ClockSetting&) const = default;
};

}  // namespace streamscope::world
