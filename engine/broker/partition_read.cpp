#include <algorithm>

#include "partition.h"
#include "replica_selector.h"

namespace streamscope::broker {
namespace {

// ListOffsets' timestamps that ask for a place instead of a time (Kafka: ListOffsetsRequest).
constexpr base::TimestampMs kLatest = -1;
constexpr base::TimestampMs kEarliest = -2;
constexpr base::TimestampMs kMaxTimestamp = -3;
constexpr base::TimestampMs kEarliestLocal = -4;

PartitionFetched refusal(base::ErrorCode error) {
  PartitionFetched fetched;
  fetched.error = error;
  return fetched;
}

}  // namespace

base::ErrorCode Partition::checkEpochAndRole(base::LeaderEpoch currentLeaderEpoch, bool onlyFromLeader) const {
  const bool isFencing = currentLeaderEpoch != base::kNoEpoch && !m_context.config.bugs.has(base::KnownBug::FencingOff);
  if (isFencing && currentLeaderEpoch < m_leaderEpoch) return base::ErrorCode::FENCED_LEADER_EPOCH;
  if (isFencing && currentLeaderEpoch > m_leaderEpoch) return base::ErrorCode::UNKNOWN_LEADER_EPOCH;
  if (m_role == Role::Offline || (onlyFromLeader && !isLeader())) return base::ErrorCode::NOT_LEADER_OR_FOLLOWER;
  return base::ErrorCode::NONE;
}

base::Offset Partition::endOffset(FetchIsolation isolation) const {
  switch (isolation) {
    case FetchIsolation::LogEnd:
      return m_log->logEndOffset();
    case FetchIsolation::HighWatermark:
      if (m_context.config.bugs.has(base::KnownBug::ReadPastHighWatermark)) return m_log->logEndOffset();
      return m_log->highWatermark();
    case FetchIsolation::TxnCommitted:
      return m_log->lastStableOffset();
  }
  return m_log->lastStableOffset();
}

PartitionFetched Partition::fetch(const PartitionFetch& question) const {
  const base::ErrorCode refused = checkEpochAndRole(question.currentLeaderEpoch, question.onlyFromLeader);
  if (refused != base::ErrorCode::NONE) return refusal(refused);
  if (question.fetchOffset < m_log->logStartOffset()) return refusal(base::ErrorCode::OFFSET_OUT_OF_RANGE);

  PartitionFetched fetched;
  fetched.highWatermark = highWatermark();
  fetched.lastStableOffset = m_log->lastStableOffset();
  fetched.logStartOffset = m_log->logStartOffset();
  if (question.lastFetchedEpoch != base::kNoEpoch) {
    const auto end = m_log->endOffsetForEpoch(question.lastFetchedEpoch);
    if (end.epoch == base::kNoEpoch || end.endOffset == base::kNoOffset)
      return refusal(base::ErrorCode::OFFSET_OUT_OF_RANGE);
    const bool hasEpoch =
        end.epoch == question.lastFetchedEpoch || m_context.config.bugs.has(base::KnownBug::DivergeOnFastLeaderChange);
    if (!hasEpoch || end.endOffset < question.fetchOffset) {
      fetched.divergingEpoch = end;
      return fetched;
    }
  }
  if (question.fetchOffset > m_log->logEndOffset()) return refusal(base::ErrorCode::OFFSET_OUT_OF_RANGE);
  if (question.isolation == FetchIsolation::TxnCommitted) fetched.abortedTransactions.emplace();
  const base::Offset end = endOffset(question.isolation);
  if (question.fetchOffset >= end || (question.bytesMax == 0 && !question.atLeastOneBatch)) return fetched;
  auto read = m_log->read(question.fetchOffset, end, question.bytesMax, question.atLeastOneBatch);
  if (!read) noteRefusal(read.error());
  if (!read) return refusal(read.error().code);
  fetched.records = std::move(read->records);
  if (question.isolation == FetchIsolation::TxnCommitted && !fetched.records.empty()) {
    auto aborted = m_log->abortedTransactions(question.fetchOffset, read->endOffset);
    if (!aborted) noteRefusal(aborted.error());
    if (!aborted) return refusal(aborted.error().code);
    fetched.abortedTransactions = std::move(*aborted);
  }
  return fetched;
}

base::BrokerId Partition::preferredReadReplica(const std::string& rack, base::Offset fetchOffset) const {
  if (!isLeader() || m_context.config.replicaSelector == ReplicaSelector::None) return base::kNoBroker;
  // Who is fenced has no endpoint to be sent to.
  const auto rackOf = [this](base::BrokerId id) -> std::optional<std::string> {
    const controller::BrokerRegistration* registration = m_context.image.findBroker(id);
    return registration == nullptr || registration->fenced ? std::nullopt : registration->rack;
  };
  const base::VirtualTime now = m_context.node.clock.now();
  std::vector<SelectableReplica> followers;
  for (const FollowerState& follower : m_followers) {
    const bool isInSync = std::ranges::find(m_isr, follower.id()) != m_isr.end();
    if (!isInSync || follower.logEndOffset() < fetchOffset || follower.logStartOffset() > fetchOffset) continue;
    followers.push_back({follower.id(), rackOf(follower.id()), follower.logEndOffset(),
                         now - follower.lastCaughtUpTime().value_or(base::VirtualTime{})});
  }
  const base::BrokerId self = m_context.config.nodeId;
  return selectReadReplica(m_context.config.replicaSelector, rack, {self, rackOf(self), m_log->logEndOffset(), {}},
                           followers);
}

PartitionFetched Partition::referToOtherReplica(const PartitionFetch& question) const {
  const base::ErrorCode refused = checkEpochAndRole(question.currentLeaderEpoch, false);
  if (refused != base::ErrorCode::NONE) return refusal(refused);
  PartitionFetched fetched;
  fetched.highWatermark = highWatermark();
  fetched.lastStableOffset = m_log->lastStableOffset();
  fetched.logStartOffset = m_log->logStartOffset();
  return fetched;
}

base::Result<log::PartitionLog::OffsetAtTime> Partition::offsetForTimestamp(base::TimestampMs timestamp,
                                                                            FetchIsolation isolation) const {
  const base::Offset end = endOffset(isolation);
  // A fresh leader's high watermark may be older than what the old leader had told (KIP-207).
  const bool isEndUncertain =
      isLeader() && isolation != FetchIsolation::LogEnd && m_leaderEpochStartOffset > highWatermark();
  const auto notAvailable = [this] {
    return base::fail(base::ErrorCode::OFFSET_NOT_AVAILABLE,
                      "The high watermark of " + m_name.toString() +
                          " has not yet reached the start of the leader's epoch; try again.");
  };
  if (timestamp == kLatest) {
    if (isEndUncertain) return notAvailable();
    return log::PartitionLog::OffsetAtTime{end, -1, m_leaderEpoch};
  }
  if (timestamp == kEarliest || timestamp == kEarliestLocal)
    return log::PartitionLog::OffsetAtTime{m_log->logStartOffset(), -1, m_log->epochForOffset(m_log->logStartOffset())};
  if (timestamp < kEarliestLocal) return log::PartitionLog::OffsetAtTime{};

  auto found = timestamp == kMaxTimestamp ? m_log->offsetOfMaxTimestamp() : m_log->offsetForTime(timestamp, end);
  if (!found) noteRefusal(found.error());
  if (!found) return found;
  if (found->offset == base::kNoOffset || found->offset >= end) {
    if (isEndUncertain) return notAvailable();
    return log::PartitionLog::OffsetAtTime{};
  }
  return found;
}

}  // namespace streamscope::broker
