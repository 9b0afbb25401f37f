#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/virtual_time.h"

namespace streamscope::broker {

/// A rate over the last few windows of time, the present one among them. Kafka: SimpleRate over SampledStat, which the
/// replication quotas go by: one sample more than asked for, samples of the age of all windows count no more, and no
/// rate is taken over less than one window.
class SampledRate {
 public:
  SampledRate(int32_t samples, base::Duration window) : m_samplesMax(samples), m_window(window) {}

  void record(base::VirtualTime now, int64_t value);
  double perSecond(base::VirtualTime now);

 private:
  struct Sample {
    base::VirtualTime start{}, lastEvent{};
    int64_t sum = 0;
  };
  void dropObsolete(base::VirtualTime now);

  const int32_t m_samplesMax;
  const base::Duration m_window;
  /// A ring, once it is full.
  std::vector<Sample> m_samples;
  size_t m_current = 0;
};

}  // namespace streamscope::broker
