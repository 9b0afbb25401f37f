#pragma once

#include "world/clock_setting.h"
#include "world/node.h"
#include "world/scheduler.h"

namespace streamscope::world {

/// The world's time as one node sees it. Only its calendar may be wrong: timers and `now` are monotonic clocks, which
/// nobody sets.
class NodeClock final : public Clock {
 public:
  NodeClock(const Scheduler& scheduler, base::TimestampMs startMs) : m_scheduler(scheduler), m_startMs(startMs) {}

  void set(const ClockSetting& setting) {
    m_setting = setting;
    m_since = now();
  }
  const ClockSetting& setting() const { return m_setting; }

  base::VirtualTime now() const override { return m_scheduler.now(); }
  base::TimestampMs wallClockMs() const override {
    constexpr int64_t kSecondUs = 1'000'000, kMillisecondUs = 1000;
    const int64_t elapsedUs = (now() - m_since).count();
    const int64_t gainUs =
        elapsedUs / kSecondUs * m_setting.driftPpm + elapsedUs % kSecondUs * m_setting.driftPpm / kSecondUs;
    return (m_startMs * kMillisecondUs + base::microseconds(now()) + m_setting.offset.count() + gainUs) /
           kMillisecondUs;
  }

 private:
  const Scheduler& m_scheduler;
  const base::TimestampMs m_startMs;
  ClockSetting m_setting;
  base::VirtualTime m_since{};
};

}  // namespace streamscope::world
