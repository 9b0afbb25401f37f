#pragma once

#include "world/node.h"
#include "world/scheduler.h"

namespace streamscope::world {

/// The scheduler's time as nodes see it.
class SchedulerClock final : public Clock {
 public:
  SchedulerClock(const Scheduler& scheduler, base::TimestampMs startMs) : m_scheduler(scheduler), m_startMs(startMs) {}

  base::VirtualTime now() const override { return m_scheduler.now(); }
  base::TimestampMs wallClockMs() const override { return m_startMs + base::microseconds(now()) / 1000; }

 private:
  const Scheduler& m_scheduler;
  const base::TimestampMs m_startMs;
};

}  // namespace streamscope::world
