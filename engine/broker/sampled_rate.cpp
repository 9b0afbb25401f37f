#include "sampled_rate.h"

#include <algorithm>

namespace streamscope::broker {

void SampledRate::record(base::VirtualTime now, int64_t value) {
  if (m_samples.empty()) m_samples.push_back({now, now, 0});
  if (now - m_samples[m_current].start >= m_window) {
    m_current = (m_current + 1) % (static_cast<size_t>(m_samplesMax) + 1);
    if (m_current == m_samples.size()) m_samples.emplace_back();
    m_samples[m_current] = {now, now, 0};
  }
  m_samples[m_current].sum += value;
  m_samples[m_current].lastEvent = now;
}

void SampledRate::dropObsolete(base::VirtualTime now) {
  for (Sample& sample : m_samples)
    if (now - sample.lastEvent >= m_samplesMax * m_window) sample = {now, now, 0};
}

double SampledRate::perSecond(base::VirtualTime now) {
  if (m_samples.empty()) return 0;
  dropObsolete(now);
  int64_t sum = 0;
  base::VirtualTime oldest = now;
  for (const Sample& sample : m_samples) {
    sum += sample.sum;
    oldest = std::min(oldest, sample.start);
  }
  const std::chrono::duration<double> taken = std::max(now - oldest, m_window);
  return static_cast<double>(sum) / taken.count();
}

}  // namespace streamscope::broker
