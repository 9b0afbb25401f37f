#pragma once

#include <deque>
#include <map>
#include <string>
#include <vector>

#include "lab/snapshot.h"

namespace streamscope::ui {

/// One point of the charts.
struct MetricsSample {
  double seconds = 0;
  double producedPerSecond = 0, consumedPerSecond = 0;
  int64_t totalLag = 0;
  /// By group, or by consumer where it has no group.
  std::map<std::string, int64_t> lag;
};

/// Remembers the totals of snapshots and makes rates of them: a rate is a difference over virtual time, taken over the
/// last `kRateSamples` snapshots so that single batches do not make it jump. Bounded.
class MetricsHistory {
 public:
  static constexpr size_t kSamplesMax = 600;
  static constexpr size_t kRateSamples = 10;

  /// A snapshot that is not later than the last one changes nothing.
  void add(const lab::Snapshot& snapshot);

  const std::deque<MetricsSample>& samples() const { return m_samples; }
  /// Records per second appended to each partition lately.
  const std::map<base::TopicPartition, double>& partitionRates() const { return m_partitionRates; }

 private:
  struct Totals {
    base::VirtualTime time{};
    int64_t produced = 0, consumed = 0;
    std::map<base::TopicPartition, base::Offset> logEndOffsets;
  };
  std::deque<MetricsSample> m_samples;
  std::deque<Totals> m_totals;
  std::map<base::TopicPartition, double> m_partitionRates;
};

}  // namespace streamscope::ui
