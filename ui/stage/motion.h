#pragma once

#include "base/virtual_time.h"

namespace streamscope::ui {

/// Wall time as the stage counts it, in milliseconds since the window began.
using WallMs = double;

/// A message on a loopback link takes half a millisecond; nobody sees that. A dot lives at least this long.
inline constexpr WallMs kFlightMsMin = 380;
/// A chain of causes may be shown this much after it happened; what would come later is not shown.
inline constexpr WallMs kShownLateMsMax = 900;

/// The share of its way a message has gone at `now`: 0 before it was sent, 1 when it is due.
double flightProgress(base::VirtualTime sent, base::VirtualTime due, base::VirtualTime now);

/// When and how long a dot is shown.
struct FlightShow {
  WallMs begin = 0, end = 0;
  /// True position, from the virtual clock: the flight is slow enough to be watched at this speed.
  bool isTrue = false;
};

/// @param speed      virtual seconds for each second of wall time; 0 while paused
/// @param begin      wall time of the moment it was sent
/// @param notBefore  wall time at which the message that caused it is shown to arrive
FlightShow showFlight(base::VirtualTime sent, base::VirtualTime due, double speed, WallMs begin, WallMs notBefore);

/// 0 to 1 along the way for a stretched flight; eases out a little, so that an arrival is seen as one.
double shownProgress(const FlightShow& show, WallMs now);

/// 1 at the moment something happened, falling to 0 over `length`.
double flashStrength(WallMs happened, WallMs now, WallMs length = 1600);

}  // namespace streamscope::ui
