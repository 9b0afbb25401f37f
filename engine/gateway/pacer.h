#pragma once

#include <chrono>

#include "base/virtual_time.h"

namespace streamscope::gateway {

using WallTime = std::chrono::steady_clock::time_point;

/// The relation between wall time and a lab's virtual time: a straight line through one anchor, redrawn whenever the
/// speed changes, the lab is paused or played, or it cannot keep up. Pure: whoever asks says what the wall clock shows.
class Pacer {
 public:
  /// Wall time a lab may lag behind before the line is redrawn through where it is: after a suspended laptop or an
  /// overload nobody wants the lost time to be run through in one rush.
  static constexpr std::chrono::milliseconds kLagMax{100};

  explicit Pacer(WallTime wall) : m_wall(wall) {}

  /// Redraws the line from this point on. `speed` > 0; infinity is "as fast as it goes".
  void setSpeed(double speed, WallTime wall, base::VirtualTime virtualNow);
  void play(WallTime wall, base::VirtualTime virtualNow);
  void pause() { m_isPlaying = false; }
  bool isPlaying() const { return m_isPlaying; }
  double speed() const { return m_speed; }
  bool isUnbounded() const;

  /// Virtual time due at this wall time; kVirtualTimeMax when unbounded. Only while playing.
  base::VirtualTime target(WallTime wall) const;
  /// When the wall clock shows that this virtual time is due; only while playing and not unbounded.
  WallTime wallTimeOf(base::VirtualTime time) const;
  /// Gives up lost time when the lab has reached only `reached` and that is too far behind; returns whether it did.
  bool slipIfBehind(WallTime wall, base::VirtualTime reached);

 private:
  void anchor(WallTime wall, base::VirtualTime virtualNow);

  double m_speed = 1;
  bool m_isPlaying = false;
  WallTime m_wall;
  base::VirtualTime m_virtual{};
};

}  // namespace streamscope::gateway
