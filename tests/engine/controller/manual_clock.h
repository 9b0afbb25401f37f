#pragma once

#include "world/node.h"

namespace streamscope::controller {

/// A clock that stands still until a test moves it.
class ManualClock : public world::Clock {
 public:
  base::VirtualTime now() const override { return m_now; }
  base::TimestampMs wallClockMs() const override { return 1'700'000'000'000 + microseconds(m_now) / 1000; }

  void advance(base::Duration duration) { m_now += duration; }

 private:
  base::VirtualTime m_now{};
};

}  // namespace streamscope::controller
