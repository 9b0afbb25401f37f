#include "stage/lane_scale.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace streamscope::ui {
namespace {

/// The smallest of 1, 2, 5, 10, ... that is not below `value`.
int64_t niceAtLeast(double value) {
  int64_t decade = 1;
  while (static_cast<double>(decade) * 10 < value) decade *= 10;
  for (const int64_t step : {1, 2, 5})
    if (static_cast<double>(decade * step) >= value) return decade * step;
  return decade * 10;
}

}  // namespace

double LaneWindow::x(base::Offset offset, double width) const {
  const double fraction = static_cast<double>(offset - firstOffset) / static_cast<double>(records());
  return std::clamp(fraction, 0.0, 1.0) * width;
}

int64_t recordsPerCell(double recordsPerSecond, int32_t cells, int64_t previous) {
  if (recordsPerSecond < 0.1) return std::max<int64_t>(1, previous);
  const double wanted = recordsPerSecond * kSecondsShown / cells;
  if (previous > 0 && wanted <= static_cast<double>(previous) * 1.2 && wanted >= static_cast<double>(previous) * 0.3)
    return previous;
  return niceAtLeast(wanted);
}

LaneWindow laneWindow(base::Offset logStartOffset, base::Offset logEndOffsetMax, int64_t recordsPerCell,
                      int32_t cells) {
  LaneWindow window{logStartOffset, recordsPerCell, cells};
  const int64_t free = std::max(1, cells / 6) * recordsPerCell;
  window.firstOffset = std::max(logStartOffset, logEndOffsetMax + free - window.records());
  return window;
}

void LaneScales::update(const lab::Snapshot& snapshot, const std::map<base::TopicPartition, double>& recordsPerSecond,
                        int32_t cells) {
  struct Range {
    base::Offset start = std::numeric_limits<base::Offset>::max();
    base::Offset end = 0;
  };
  std::map<base::TopicPartition, Range> ranges;
  for (const auto& broker : snapshot.brokers)
    for (const auto& replica : broker.replicas) {
      auto& range = ranges[replica.partition];
      range.start = std::min(range.start, replica.logStartOffset);
      range.end = std::max(range.end, replica.logEndOffset);
    }
  std::map<base::TopicPartition, LaneWindow> windows;
  for (const auto& [partition, range] : ranges) {
    const auto known = m_windows.find(partition);
    // A first sight of a log without a rate: its last couple of hundred records.
    const auto fallback = niceAtLeast(static_cast<double>(std::min<int64_t>(range.end - range.start, 200)) / cells);
    const int64_t previous = known != m_windows.end() ? known->second.recordsPerCell : fallback;
    const auto rate = recordsPerSecond.find(partition);
    const int64_t perCell = recordsPerCell(rate != recordsPerSecond.end() ? rate->second : 0, cells, previous);
    windows[partition] = laneWindow(range.start, range.end, perCell, cells);
  }
  m_windows = std::move(windows);
}

LaneWindow LaneScales::window(const base::TopicPartition& partition) const {
  const auto it = m_windows.find(partition);
  return it != m_windows.end() ? it->second : LaneWindow{};
}

}  // namespace streamscope::ui
