#include "pacer.h"

#include <cmath>

#include "base/assert.h"

namespace streamscope::gateway {

void Pacer::anchor(WallTime wall, base::VirtualTime virtualNow) {
  m_wall = wall;
  m_virtual = virtualNow;
}

void Pacer::setSpeed(double speed, WallTime wall, base::VirtualTime virtualNow) {
  STREAMSCOPE_ASSERT(speed > 0);
  anchor(wall, virtualNow);
  m_speed = speed;
}

void Pacer::play(WallTime wall, base::VirtualTime virtualNow) {
  if (!m_isPlaying) anchor(wall, virtualNow);
  m_isPlaying = true;
}

bool Pacer::isUnbounded() const {
  return std::isinf(m_speed);
}

base::VirtualTime Pacer::target(WallTime wall) const {
  STREAMSCOPE_ASSERT(m_isPlaying);
  if (isUnbounded()) return base::kVirtualTimeMax;
  const std::chrono::duration<double, std::micro> passed = wall - m_wall;
  return m_virtual + base::Duration(static_cast<int64_t>(passed.count() * m_speed));
}

WallTime Pacer::wallTimeOf(base::VirtualTime time) const {
  STREAMSCOPE_ASSERT(m_isPlaying && !isUnbounded());
  // A day ahead is as good as never and cannot overflow.
  constexpr double kAheadMicrosMax = 86'400e6;
  const double ahead = static_cast<double>((time - m_virtual).count()) / m_speed;
  return m_wall + std::chrono::microseconds(static_cast<int64_t>(std::ceil(std::min(ahead, kAheadMicrosMax))));
}

bool Pacer::slipIfBehind(WallTime wall, base::VirtualTime reached) {
  if (!m_isPlaying || isUnbounded()) return false;
  if (wall - wallTimeOf(reached) <= kLagMax) return false;
  anchor(wall, reached);
  return true;
}

}  // namespace streamscope::gateway
