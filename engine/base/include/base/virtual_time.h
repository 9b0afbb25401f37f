#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace streamscope::base {

/// The clock of a World: integer microseconds since the world began. Nothing inside a world reads any other clock.
struct VirtualClock {
  using rep = int64_t;
  using period = std::micro;
  using duration = std::chrono::duration<rep, period>;
  using time_point = std::chrono::time_point<VirtualClock, duration>;
  static constexpr bool is_steady = true;
};

using Duration = VirtualClock::duration;
using VirtualTime = VirtualClock::time_point;

/// Never.
inline constexpr VirtualTime kVirtualTimeMax = VirtualTime::max();

/// Milliseconds since 1970-01-01T00:00:00Z, as record timestamps carry them.
using TimestampMs = int64_t;

inline int64_t microseconds(VirtualTime time) { return time.time_since_epoch().count(); }

/// "00:01:23.456", hours growing as needed; microseconds are cut, not rounded.
std::string formatVirtualTime(VirtualTime time);

}  // namespace streamscope::base
