#pragma once

#include <array>
#include <cstdint>
#include <map>

#include "lab/snapshot.h"
#include "stage/lane_scale.h"
#include "stage/stage_layout.h"

namespace streamscope::ui {

/// Everything that decides the pixels of one lane. A lane whose look did not change is not painted again.
struct LaneLook {
  static constexpr size_t kSegmentStartsMax = 8;
  static constexpr size_t kFlagsMax = 6;

  bool isLeader = false, isInSync = false, isPreferredLeader = false;
  /// The broker does not run; what is shown is the last that was known.
  bool isDead = false;
  base::LeaderEpoch leaderEpoch = -1;
  base::Offset logStartOffset = 0, highWatermark = 0, logEndOffset = 0;
  LaneWindow window;
  /// Base offsets of the newest segments, oldest first.
  std::array<base::Offset, kSegmentStartsMax> segmentStarts{};
  uint8_t segmentStartCount = 0;
  /// Positions of consumers, on the leader's lane.
  std::array<base::Offset, kFlagsMax> flags{};
  uint8_t flagCount = 0;
  /// Chooses the hue.
  int hue = 0;

  bool operator==(const LaneLook& other) const;
};

/// Facts about the whole picture that lanes need, gathered once for each.
struct LaneContext {
  explicit LaneContext(const lab::Snapshot& snapshot);
  std::map<std::string, int> hueOfTopic;
  std::map<base::TopicPartition, std::vector<base::Offset>> positions;
};

LaneLook laneLook(const lab::BrokerState& broker, const lab::ReplicaState& replica, const LaneWindow& window,
                  const LaneContext& context);

}  // namespace streamscope::ui
