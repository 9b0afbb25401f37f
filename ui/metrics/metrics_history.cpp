#include "metrics/metrics_history.h"

#include <algorithm>

namespace streamscope::ui {

void MetricsHistory::add(const lab::Snapshot& snapshot) {
  if (!m_totals.empty() && snapshot.time <= m_totals.back().time) return;
  Totals totals{snapshot.time, snapshot.counters.recordsProduced, snapshot.counters.recordsConsumed, {}};
  for (const auto& broker : snapshot.brokers)
    for (const auto& replica : broker.replicas) {
      auto& end = totals.logEndOffsets[replica.partition];
      end = std::max(end, replica.logEndOffset);
    }
  MetricsSample sample;
  sample.seconds = static_cast<double>(base::microseconds(snapshot.time)) / 1e6;
  sample.totalLag = snapshot.counters.totalLag;
  for (const auto& consumer : snapshot.consumers)
    for (const auto& p : consumer.partitions)
      sample.lag[consumer.group.empty() ? consumer.name : consumer.group] += p.lag();
  m_totals.push_back(std::move(totals));
  if (m_totals.size() > kRateSamples) m_totals.pop_front();

  const Totals& then = m_totals.front();
  const Totals& now = m_totals.back();
  const double elapsed = static_cast<double>((now.time - then.time).count()) / 1e6;
  if (elapsed > 0) {
    sample.producedPerSecond = static_cast<double>(std::max<int64_t>(0, now.produced - then.produced)) / elapsed;
    sample.consumedPerSecond = static_cast<double>(std::max<int64_t>(0, now.consumed - then.consumed)) / elapsed;
    m_partitionRates.clear();
    for (const auto& [partition, end] : now.logEndOffsets) {
      const auto before = then.logEndOffsets.find(partition);
      if (before != then.logEndOffsets.end())
        m_partitionRates[partition] = static_cast<double>(std::max<int64_t>(0, end - before->second)) / elapsed;
    }
  }
  m_samples.push_back(std::move(sample));
  if (m_samples.size() > kSamplesMax) m_samples.pop_front();
}

}  // namespace streamscope::ui
