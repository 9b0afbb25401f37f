#pragma once

#include <cstdint>
#include <map>

#include "lab/snapshot.h"

namespace streamscope::ui {

/// The offsets a lane shows: `cells` cells of `recordsPerCell` records from `firstOffset` on. All replicas of a
/// partition share one window, so that one that falls behind is seen to fall behind.
struct LaneWindow {
  base::Offset firstOffset = 0;
  int64_t recordsPerCell = 1;
  int32_t cells = 1;

  int64_t records() const { return recordsPerCell * cells; }
  base::Offset endOffset() const { return firstOffset + records(); }
  /// Where `offset` stands on a strip of this width, clamped to it.
  double x(base::Offset offset, double width) const;
};

/// The records in a cell that let a lane show about `kSecondsShown` at this rate: 1, 2, 5, 10, 20, 50, ... `previous`
/// is kept until the rate has clearly left it, so that the picture does not jump between two scales.
inline constexpr double kSecondsShown = 12;
int64_t recordsPerCell(double recordsPerSecond, int32_t cells, int64_t previous);

/// The window of a partition: its head stays at a fixed place once the log is longer than the window, older records
/// move out on the left. A sixth of the cells stays free at the right for what comes next.
LaneWindow laneWindow(base::Offset logStartOffset, base::Offset logEndOffsetMax, int64_t recordsPerCell, int32_t cells);

/// The windows of all partitions, remembered from picture to picture.
class LaneScales {
 public:
  /// @param recordsPerSecond by partition; a missing one keeps its scale
  void update(const lab::Snapshot& snapshot, const std::map<base::TopicPartition, double>& recordsPerSecond,
              int32_t cells);
  LaneWindow window(const base::TopicPartition& partition) const;

 private:
  std::map<base::TopicPartition, LaneWindow> m_windows;
};

}  // namespace streamscope::ui
