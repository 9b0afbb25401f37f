#include "stage/motion.h"

#include <algorithm>
#include <cmath>

namespace streamscope::ui {

double flightProgress(base::VirtualTime sent, base::VirtualTime due, base::VirtualTime now) {
  if (due <= sent) return 1;
  return std::clamp(static_cast<double>((now - sent).count()) / static_cast<double>((due - sent).count()), 0.0, 1.0);
}

FlightShow showFlight(base::VirtualTime sent, base::VirtualTime due, double speed, WallMs begin, WallMs notBefore) {
  const double virtualMs = static_cast<double>((due - sent).count()) / 1000.0;
  if (speed > 0 && virtualMs / speed >= kFlightMsMin) return {begin, begin + virtualMs / speed, true};
  const WallMs start = std::max(begin, notBefore);
  return {start, start + kFlightMsMin, false};
}

double shownProgress(const FlightShow& show, WallMs now) {
  if (show.end <= show.begin) return 1;
  const double linear = std::clamp((now - show.begin) / (show.end - show.begin), 0.0, 1.0);
  return linear * (1.25 - 0.25 * linear);
}

double flashStrength(WallMs happened, WallMs now, WallMs length) {
  const double age = (now - happened) / length;
  return age < 0 || age >= 1 ? 0 : 1 - age;
}

}  // namespace streamscope::ui
