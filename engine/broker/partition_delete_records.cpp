#include <algorithm>

#include "partition.h"

// The log start offset as DeleteRecords and followers move it. Source: Kafka's Partition (deleteRecordsOnLeader,
// lowWatermarkIfLeader), KIP-107.

namespace streamscope::broker {
namespace {

/// DeleteRecordsRequest.HIGH_WATERMARK.
constexpr base::Offset kUpToHighWatermark = -1;

}  // namespace

base::Result<bool> Partition::moveLogStart(base::Offset offset, const std::string& reason) {
  const base::Offset from = m_log->logStartOffset();
  auto moved = m_log->incrementLogStartOffset(offset);
  if (!moved) noteRefusal(moved.error());
  if (moved && *moved)
    m_context.node.trace.record(
        world::LogStartOffsetMoved{m_context.node.self, m_name, from, m_log->logStartOffset(), reason});
  return moved;
}

base::Result<base::Offset> Partition::deleteRecords(base::Offset offset) {
  if (!isLeader())
    return base::fail(base::ErrorCode::NOT_LEADER_OR_FOLLOWER, "Broker " + std::to_string(m_context.config.nodeId) +
                                                                   " does not lead " + m_name.toString() +
                                                                   "; ask for metadata and send to the leader.");
  if (!m_log->config().cleanupDelete)
    return base::fail(base::ErrorCode::POLICY_VIOLATION,
                      "Records of " + m_name.toString() +
                          " cannot be deleted because its cleanup.policy does not contain delete; add it first.");
  const base::Offset target = offset == kUpToHighWatermark ? highWatermark() : offset;
  if (target < 0)
    return base::fail(base::ErrorCode::OFFSET_OUT_OF_RANGE, "There is no offset " + std::to_string(target) + " in " +
                                                                m_name.toString() +
                                                                "; name one from 0 on, or -1 for the high watermark.");
  if (const auto moved = moveLogStart(target, "client record deletion"); !moved) return base::fail(moved.error());
  return target;
}

base::Offset Partition::lowWatermark() const {
  base::Offset lowest = m_log->logStartOffset();
  for (const FollowerState& follower : m_followers) {
    const controller::BrokerRegistration* broker = m_context.image.findBroker(follower.id());
    if (broker != nullptr && !broker->fenced) lowest = std::min(lowest, follower.logStartOffset());
  }
  return lowest;
}

}  // namespace streamscope::broker
