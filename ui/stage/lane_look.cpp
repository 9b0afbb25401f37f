#include "stage/lane_look.h"

#include <algorithm>

#include "shell/node_names.h"

namespace streamscope::ui {

bool LaneLook::operator==(const LaneLook& o) const {
  return isLeader == o.isLeader && isInSync == o.isInSync && isPreferredLeader == o.isPreferredLeader &&
         isDead == o.isDead && leaderEpoch == o.leaderEpoch && logStartOffset == o.logStartOffset &&
         highWatermark == o.highWatermark && logEndOffset == o.logEndOffset &&
         window.firstOffset == o.window.firstOffset && window.recordsPerCell == o.window.recordsPerCell &&
         window.cells == o.window.cells && segmentStartCount == o.segmentStartCount &&
         segmentStarts == o.segmentStarts && flagCount == o.flagCount && flags == o.flags && hue == o.hue;
}

LaneContext::LaneContext(const lab::Snapshot& snapshot) {
  int hue = 0;
  for (const auto& topic : snapshot.topics) {
    hueOfTopic[topic.name] = hue;
    hue += static_cast<int>(topic.partitions.size());
  }
  for (const auto& consumer : snapshot.consumers)
    for (const auto& p : consumer.partitions) positions[p.partition].push_back(p.position);
}

LaneLook laneLook(const lab::BrokerState& broker, const lab::ReplicaState& replica, const LaneWindow& window,
                  const LaneContext& context) {
  LaneLook look;
  look.isDead = isDown(broker);
  look.isLeader = replica.isLeader && !look.isDead;
  look.isInSync = replica.isInSync;
  look.isPreferredLeader = replica.isPreferredLeader;
  look.leaderEpoch = replica.leaderEpoch;
  look.logStartOffset = replica.logStartOffset;
  look.highWatermark = std::min(replica.highWatermark, replica.logEndOffset);
  look.logEndOffset = replica.logEndOffset;
  look.window = window;
  const auto& segments = replica.segments;
  const size_t skipped =
      segments.size() > LaneLook::kSegmentStartsMax ? segments.size() - LaneLook::kSegmentStartsMax : 0;
  for (size_t i = skipped; i < segments.size(); ++i)
    look.segmentStarts[look.segmentStartCount++] = segments[i].baseOffset;
  if (look.isLeader) {
    if (const auto it = context.positions.find(replica.partition); it != context.positions.end())
      for (const auto position : it->second)
        if (look.flagCount < LaneLook::kFlagsMax) look.flags[look.flagCount++] = position;
  }
  const auto hue = context.hueOfTopic.find(replica.partition.topic);
  look.hue = (hue != context.hueOfTopic.end() ? hue->second : 0) + replica.partition.partition;
  return look;
}

}  // namespace streamscope::ui
