#include "high_watermark_never_goes_back.h"

namespace streamscope::lab {

void HighWatermarkNeverGoesBack::onEvent(const world::TraceEvent& event) {
  if (const auto* started = std::get_if<world::NodeStarted>(&event.payload)) {
    std::erase_if(m_highWatermarks, [&](const auto& entry) { return entry.first.first == started->node; });
  } else if (const auto* moved = std::get_if<world::HighWatermarkMoved>(&event.payload)) {
    base::Offset& known = m_highWatermarks[{moved->node, moved->partition}];
    if (moved->to < known && m_isClaimed(moved->partition))
      broken(moved->node.toString() + " moved the high watermark of " + moved->partition.toString() + " from " +
             std::to_string(known) + " back to " + std::to_string(moved->to));
    known = moved->to;
  } else if (const auto* cut = std::get_if<world::LogTruncated>(&event.payload)) {
    const auto known = m_highWatermarks.find({cut->node, cut->partition});
    if (known != m_highWatermarks.end() && cut->to < known->second && m_isClaimed(cut->partition))
      broken(cut->node.toString() + " cut " + cut->partition.toString() + " to " + std::to_string(cut->to) +
             ", below its high watermark " + std::to_string(known->second));
  } else if (const auto* removed = std::get_if<world::ReplicaRemoved>(&event.payload)) {
    // Should it come back, it begins empty.
    m_highWatermarks.erase({removed->node, removed->partition});
  } else if (const auto* deleted = std::get_if<world::TopicDeleted>(&event.payload)) {
    std::erase_if(m_highWatermarks, [&](const auto& entry) { return entry.first.second.topic == deleted->topic; });
  }
}

}  // namespace streamscope::lab
